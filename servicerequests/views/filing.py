"""What one may ask, and the form of a type."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from councils.paging import page_of
from organisations.models import Organisation
from people.access import public, signed_in
from people.verdicts import Refused
from servicerequests import actions
from servicerequests.forms import RequestForm
from servicerequests.permissions import (
    may_file,
)
from servicerequests.reading import TONES, own_requests, type_of, types_of
from servicerequests.states import Status

ON_A_PAGE = 20


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
    form = RequestForm(version, council, request.POST or None, request.FILES or None, mandates=mandates)
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
                    files=form.cleaned_data["files"],
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
