"""What one may ask, the form of a type, and the receipt."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from councils.paging import page_of
from organisations.models import Organisation
from people.access import public, signed_in
from people.verdicts import Refused
from servicerequests import actions
from servicerequests.alike import LONGEST_ASKED, alike, joined_by
from servicerequests.forms import EntryForm, RequestForm
from servicerequests.forms.filing import started_with
from servicerequests.models import RequestTypeVersion, ServiceRequest
from servicerequests.permissions import is_applicant, may_enter, may_file, works_at_desk
from servicerequests.reading import TONES, how_counted, own_requests, type_of, types_of
from servicerequests.states import Status
from servicerequests.suggesting import suggest
from servicerequests.views.finding import find_readable

ON_A_PAGE = 20
TYPED = "typed_request"
"""Where a session keeps what somebody had typed whose log-in had run out, until they are back."""
MOST_KEPT = 40_000


def _asked(request: HttpRequest) -> str:
    return request.GET.get("ne", "").replace("\0", "").strip()[:LONGEST_ASKED]


@public
@require_safe
def request_types(request: HttpRequest) -> HttpResponse:
    """What do you want? What is there already, and what one may ask; below, what oneself has filed."""
    council = request.council  # type: ignore[attr-defined]
    person = request.user
    rows = own_requests(person, council) if person.is_authenticated else None
    page = page_of(request, rows, by=["filed_at", "id"], size=ON_A_PAGE, descending=True) if rows is not None else None
    context = {
        "alike": alike(council, person, _asked(request)),
        "page": page,
        "mine": [{"row": row, "tone": TONES[Status(row.status)]} for row in page.items] if page else [],
        "joined": _joined(request),
        "may_enter": person.is_authenticated and bool(may_enter(person, council)),
        "steps": steps(0),
        "longest": LONGEST_ASKED,
    }
    return render(request, "servicerequests/types.html", context)


def _joined(request: HttpRequest) -> list[dict[str, Any]]:
    """What the reader said "me too" to, the newest first."""
    if not request.user.is_authenticated:
        return []
    council = request.council  # type: ignore[attr-defined]
    rows = list(joined_by(request.user, council).order_by("-joined__at", "-pk")[:ON_A_PAGE])
    for row in rows:
        row.council = council
    return [{"row": row, "tone": TONES[Status(row.status)]} for row in rows]


@public
@require_safe
def request_alike(request: HttpRequest) -> HttpResponse:
    """What fits what is being typed: a part of the page before."""
    found = alike(request.council, request.user, _asked(request))  # type: ignore[attr-defined]
    return render(request, "servicerequests/_alike.html", {"alike": found})


def steps(place: int, back: str = "") -> list[dict[str, Any]]:
    """Where one is on the way; `back` is the address of the first screen."""
    labels = (_("Ne istiyorsunuz?"), _("Ayrıntılar"), _("Alındı"))
    return [
        {
            "label": label,
            "state": "past" if index < place else "now" if index == place else "ahead",
            "url": back if index < place and index == 0 else "",
        }
        for index, label in enumerate(labels)
    ]


# --- The form of a type -----------------------------------------------------------------------------------------------
def keeps_what_was_typed(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Who sends a form after their log-in has run out finds it filled in once they have logged in again.

    Only the letters are kept, in the session, until they are shown once; a browser gives files to nobody twice.
    """

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not request.user.is_authenticated:
            sent = request.POST.copy()
            sent.pop("csrfmiddlewaretoken", None)
            typed = sent.urlencode()
            if len(typed) <= MOST_KEPT:
                request.session[TYPED] = {"path": request.path, "typed": typed}
        return view(request, *args, **kwargs)

    return kept


def _typed_before(request: HttpRequest) -> QueryDict | None:
    """What was typed on this page before the log-in, once."""
    found = request.session.get(TYPED)
    if not found or found.get("path") != request.path:
        return None
    del request.session[TYPED]
    return QueryDict(found["typed"])


def _version(request: HttpRequest, slug: str) -> RequestTypeVersion:
    kind = type_of(request.council, slug)  # type: ignore[attr-defined]
    if kind is None:
        raise Http404
    return actions.version_of(kind)


@keeps_what_was_typed
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def request_new(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of a type."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    version, asked = _version(request, slug), _asked(request)
    mandates = list(Organisation.objects.represented_by(request.user, on=timezone.localtime(at).date()))
    verdict = may_file(request.user, council, version, on_behalf_of=mandates[0] if mandates else None, at=at)
    refused, status = ("" if verdict else str(verdict.reason)), 200 if verdict else 403
    typed = _typed_before(request) if request.method == "GET" else None
    if request.method == "POST":
        form = RequestForm(version, council, request.POST, request.FILES, mandates=mandates)
    elif typed is not None:
        form = RequestForm(version, council, initial=_as_initial(typed), mandates=mandates)
    else:
        form = RequestForm(version, council, initial=_begun(council, asked), mandates=mandates)
    if request.method == "POST" and verdict:
        status = 422
        if form.is_valid():
            try:
                found = actions.file_request(
                    actor=request.user,
                    council=council,
                    kind=version.type,
                    said=form.said(),
                    on_behalf_of=form.behalf(),
                    key=form.cleaned_data["key"],
                    files=form.cleaned_data["files"],
                    at=at,
                )
            except ValidationError as error:
                form.take(error.message_dict)
            except Refused as error:
                refused, status = error.reason, 403
            else:
                return HttpResponseRedirect(reverse("request_receipt", args=[council.slug, found.number]))
    context = {
        "version": version,
        "form": form,
        "refused": refused,
        "allowed": bool(verdict),
        "is_back": typed is not None,
        "steps": steps(1, _start(council.slug, asked)),
        "start_url": _start(council.slug, asked),
    }
    return render(request, "servicerequests/new.html", context, status=status)


def _start(slug: str, asked: str) -> str:
    sent = QueryDict(mutable=True)
    if asked:
        sent["ne"] = asked
    return reverse("request_types", args=[slug]) + (f"?{sent.urlencode()}" if sent else "")


def _begun(council: Any, asked: str) -> dict[str, Any]:
    """What the form begins with; a matter is only suggested where the text speaks of one."""
    found: dict[str, Any] = dict(started_with(asked))
    likely = suggest(council, asked) if asked else []
    if likely:
        found["matter"] = likely[0].matter.slug
    return found


def _as_initial(typed: QueryDict) -> dict[str, Any]:
    """Several answers to one question stay several."""
    return {name: values if len(values) > 1 else values[0] for name, values in typed.lists() if values}


# --- What came by phone, in a visit or a letter -----------------------------------------------------------------------
@signed_in
@require_safe
def request_entry(request: HttpRequest) -> HttpResponse:
    """Which type was it?"""
    council = request.council  # type: ignore[attr-defined]
    may_enter(request.user, council).require()
    return render(request, "servicerequests/entry_types.html", {"types": types_of(council)})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def request_enter(request: HttpRequest, slug: str) -> HttpResponse:
    """An officer writes down what somebody asked."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    may_enter(request.user, council).require()
    version, status = _version(request, slug), 200
    if request.method == "POST":
        form, status = EntryForm(version, council, request.POST, request.FILES), 422
        if form.is_valid():
            try:
                found = actions.enter_request(
                    actor=request.user,
                    council=council,
                    kind=version.type,
                    said=form.said(),
                    key=form.cleaned_data["key"],
                    files=form.cleaned_data["files"],
                    at=at,
                    **form.entered(),
                )
            except ValidationError as error:
                form.take(error.message_dict)
            else:
                return HttpResponseRedirect(reverse("request_receipt", args=[council.slug, found.number]))
    else:
        now = timezone.localtime(at).replace(second=0, microsecond=0)
        form = EntryForm(version, council, initial={"came_at": now})
    return render(request, "servicerequests/enter.html", {"version": version, "form": form}, status=status)


# --- The receipt ------------------------------------------------------------------------------------------------------
@signed_in
@require_safe
def request_receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Number, the day of the answer and how it was counted, what comes next; to be printed and given along."""
    at = timezone.now()
    found = find_readable(request, number, at=at)
    actions.note_reading(reader=request.user, request=found, at=at)
    context = {
        "found": found,
        "how": how_counted(found),
        "skipped": _skipped(found),
        "is_mine": is_applicant(request.user, found, at=at),
        "is_desk": works_at_desk(request.user, found.council),
        "steps": steps(2),
    }
    return render(request, "servicerequests/receipt.html", context)


def _skipped(found: ServiceRequest) -> list[dict[str, Any]]:
    return [{"day": parse_date(day), "name": name} for day, name in found.due_how.get("skipped", [])]
