"""Filing a request, following it, and the desk that answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from councils.paging import page_of
from organisations.models import Organisation
from people.access import public, signed_in
from people.verdicts import Refused
from servicerequests import actions
from servicerequests.forms import AnswerForm, MessageForm, RequestForm
from servicerequests.models import ServiceRequest
from servicerequests.permissions import (
    may_answer,
    may_file,
    may_read,
    may_reopen,
    may_reply,
    may_withdraw,
    works_at_desk,
)
from servicerequests.reading import TONES, own_requests, published, request_part, type_of, types_of
from servicerequests.states import Status

ON_A_PAGE = 20


def find_request(request: HttpRequest, number: str) -> ServiceRequest:
    """A request of the page's council, whoever asks; 404 for any other."""
    council = request.council  # type: ignore[attr-defined]
    rows = ServiceRequest.objects.select_related("type__type", "unit", "applicant", "on_behalf_of", "assignee__person")
    found = rows.filter(council=council, number=number).first()
    if found is None:
        raise Http404
    found.council = council
    return found


@public
@require_safe
def request_types(request: HttpRequest) -> HttpResponse:
    """What one may ask of the directorate, in how many days it answers; below, what oneself has filed."""
    council = request.council  # type: ignore[attr-defined]
    rows = own_requests(request.user, council) if request.user.is_authenticated else None
    page = page_of(request, rows, by=["filed_at", "id"], size=ON_A_PAGE, descending=True) if rows is not None else None
    context = {
        "types": types_of(council),
        "page": page,
        "mine": [{"row": row, "tone": TONES[Status(row.status)]} for row in page.items] if page else [],
    }
    return render(request, "servicerequests/types.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def request_new(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of a type."""
    council, at = request.council, timezone.now()  # type: ignore[attr-defined]
    kind = type_of(council, slug)
    if kind is None:
        raise Http404
    version = actions.version_of(kind)
    mandates = list(Organisation.objects.represented_by(request.user, on=timezone.localtime(at).date()))
    form = RequestForm(version, council, request.POST or None, mandates=mandates)
    verdict = may_file(request.user, council, version, on_behalf_of=mandates[0] if mandates else None, at=at)
    refused, status = ("" if verdict else str(verdict.reason)), 200 if verdict else 403
    if request.method == "POST" and verdict:
        status = 422
        if form.is_valid():
            try:
                found = actions.file_request(
                    actor=request.user,
                    council=council,
                    kind=kind,
                    said=form.said(),
                    on_behalf_of=form.behalf(),
                    key=form.cleaned_data["key"],
                    at=at,
                )
            except ValidationError as error:
                form.take(error.message_dict)
            except Refused as error:
                refused, status = error.reason, 403
            else:
                messages.success(request, _("Başvurunuz alındı. Numarası: %(number)s") % {"number": found.number})
                return HttpResponseRedirect(found.get_absolute_url())
    context = {"version": version, "form": form, "refused": refused, "allowed": bool(verdict)}
    return render(request, "servicerequests/new.html", context, status=status)


@public
@require_safe
def request_detail(request: HttpRequest, number: str) -> HttpResponse:
    """A request for its two sides; for everybody else what was published of it, or nothing."""
    return _detail(request, find_request(request, number))


def _detail(
    request: HttpRequest,
    found: ServiceRequest,
    *,
    reply: MessageForm | None = None,
    answer: AnswerForm | None = None,
    reopening: MessageForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    at = timezone.now()
    if not may_read(request.user, found, at=at):
        if not ServiceRequest.objects.visible_to(request.user).filter(pk=found.pk).exists():
            raise Http404
        return render(request, "servicerequests/published.html", {"found": found, "tone": TONES[Status(found.status)]})
    part = request_part(found, request.user, at=at)
    context: dict[str, Any] = {"found": found, "part": part, "refused": refused}
    if may_reply(request.user, found, at=at):
        context["reply"] = reply or MessageForm()
        context["may_withdraw"] = bool(may_withdraw(request.user, found, at=at))
    elif may_reopen(request.user, found, at=at):
        context["reopening"] = reopening or MessageForm()
    if may_answer(request.user, found):
        context["answer"] = answer or AnswerForm()
    return render(request, "servicerequests/detail.html", context, status=status)


@signed_in
@require_POST
def request_reply(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant's side says something."""
    found, form, at = find_request(request, number), MessageForm(request.POST), timezone.now()
    may_read(request.user, found, at=at).require()
    if not form.is_valid():
        return _detail(request, found, reply=form, status=422)
    try:
        actions.reply_as_applicant(actor=request.user, request=found, at=at, **form.cleaned_data)
    except Refused as error:
        return _detail(request, find_request(request, number), reply=form, refused=error.reason, status=403)
    messages.success(request, _("İletiniz müdürlüğe ulaştı."))
    return HttpResponseRedirect(found.get_absolute_url())


@signed_in
@require_POST
def request_reopen(request: HttpRequest, number: str) -> HttpResponse:
    """What is missing in the answer."""
    found, form, at = find_request(request, number), MessageForm(request.POST), timezone.now()
    may_read(request.user, found, at=at).require()
    if not form.is_valid():
        return _detail(request, found, reopening=form, status=422)
    try:
        actions.reopen_request(actor=request.user, request=found, text=form.cleaned_data["text"], at=at)
    except Refused as error:
        return _detail(request, find_request(request, number), reopening=form, refused=error.reason, status=403)
    messages.success(request, _("Başvurunuz yeniden açıldı."))
    return HttpResponseRedirect(found.get_absolute_url())


@signed_in
@require_POST
def request_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Nothing is asked any more."""
    found, at = find_request(request, number), timezone.now()
    may_read(request.user, found, at=at).require()
    actions.withdraw_request(actor=request.user, request=found, at=at)
    messages.success(request, _("Başvurunuz geri çekildi."))
    return HttpResponseRedirect(found.get_absolute_url())


@signed_in
@require_POST
def request_answer(request: HttpRequest, number: str) -> HttpResponse:
    """What the desk does with it."""
    found, form, at = find_request(request, number), AnswerForm(request.POST), timezone.now()
    may_read(request.user, found, at=at).require()
    if not form.is_valid():
        return _detail(request, found, answer=form, status=422)
    data = form.cleaned_data
    said = {"actor": request.user, "request": found, "text": data["text"], "key": data["key"], "at": at}
    try:
        match data["deed"]:
            case "answer":
                actions.answer_request(resolution=data["resolution"], **said)
            case "say":
                actions.write_to_applicant(**said)
            case "ask":
                actions.write_to_applicant(asks=True, **said)
            case "other":
                actions.wait_for_other(actor=request.user, request=found, whom=data["text"], at=at)
            case _:
                actions.note_inside(**said)
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            form.add_error(name if name in form.fields else None, sentences)
        return _detail(request, find_request(request, number), answer=form, status=422)
    except Refused as error:
        return _detail(request, find_request(request, number), answer=form, refused=error.reason, status=403)
    messages.success(request, _("Kaydedildi."))
    return HttpResponseRedirect(found.get_absolute_url())


@public
@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    """What was published, the newest first."""
    council = request.council  # type: ignore[attr-defined]
    page = page_of(request, published(council), by=["published_at", "id"], size=ON_A_PAGE, descending=True)
    for row in page.items:
        row.council = council
    context = {
        "page": page,
        "rows": [{"row": row, "tone": TONES[Status(row.status)]} for row in page.items],
        "is_desk": works_at_desk(request.user, council),
        "new_url": reverse("request_types", args=[council.slug]),
    }
    return render(request, "servicerequests/list.html", context)
