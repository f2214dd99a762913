"""The page of a request and what its two sides say there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.access import public, signed_in
from people.verdicts import Refused
from servicerequests import actions
from servicerequests.alike import joining_of
from servicerequests.beside import beside
from servicerequests.desk_reading import choices_of, officer_of
from servicerequests.forms import AnswerForm, MessageForm
from servicerequests.forms.desk import AssignForm
from servicerequests.forms.matters import SortForm
from servicerequests.forms.publishing import TakeBackForm
from servicerequests.models import Publicity, ServiceRequest
from servicerequests.permissions import (
    may_answer,
    may_publish,
    may_read,
    may_reopen,
    may_reply,
    may_take_back,
    may_withdraw,
)
from servicerequests.reading import TONES, request_part
from servicerequests.states import Status
from servicerequests.views.finding import find_readable, find_request
from servicerequests.views.going_back import back_to


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
        context = {"found": found, "tone": TONES[Status(found.status)], "joining": joining_of(found, request.user)}
        return render(request, "servicerequests/published.html", context)
    context = request_context(request, found, reply=reply, answer=answer, reopening=reopening, refused=refused, at=at)
    return render(request, "servicerequests/detail.html", context, status=status)


def request_context(
    request: HttpRequest,
    found: ServiceRequest,
    *,
    reply: MessageForm | None = None,
    answer: AnswerForm | None = None,
    reopening: MessageForm | None = None,
    refused: str = "",
    at: datetime,
) -> dict[str, Any]:
    """What the page of a request shows to whoever may read it; that the desk reads it is noted."""
    actions.note_reading(reader=request.user, request=found, at=at)
    part = request_part(found, request.user, at=at)
    context: dict[str, Any] = {"found": found, "part": part, "refused": refused, "joined": found.joined.count()}
    context["beside"] = beside(found, is_desk=part.is_desk)
    if may_reply(request.user, found, at=at):
        context["reply"] = reply or MessageForm()
        context["may_withdraw"] = bool(may_withdraw(request.user, found, at=at))
    elif may_reopen(request.user, found, at=at):
        context["reopening"] = reopening or MessageForm()
    context["may_publish"] = bool(may_publish(request.user, found))
    if found.publicity != Publicity.PRIVATE and may_take_back(request.user, found, at=at):
        context["take_back"] = TakeBackForm()
    if may_answer(request.user, found):
        choices = choices_of(found.council)
        matter = found.matter.slug if found.matter else None
        context["assign"] = AssignForm(found, choices)
        context["sort"] = SortForm(found.council, initial={"matter": matter})
        context["answer"] = answer or AnswerForm()
        officer = officer_of(request.user, found.council)
        context["may_take"] = officer is not None and officer.pk != found.assignee_id
    return context


@signed_in
@require_POST
def request_reply(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant's side says something."""
    at = timezone.now()
    found, form = find_readable(request, number, at=at), MessageForm(request.POST, request.FILES)
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
    at = timezone.now()
    found, form = find_readable(request, number, at=at), MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return _detail(request, found, reopening=form, status=422)
    try:
        actions.reopen_request(
            actor=request.user,
            request=found,
            text=form.cleaned_data["text"],
            files=form.cleaned_data["files"],
            at=at,
        )
    except Refused as error:
        return _detail(request, find_request(request, number), reopening=form, refused=error.reason, status=403)
    messages.success(request, _("Başvurunuz yeniden açıldı."))
    return HttpResponseRedirect(found.get_absolute_url())


@signed_in
@require_POST
def request_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Nothing is asked any more."""
    at = timezone.now()
    found = find_readable(request, number, at=at)
    actions.withdraw_request(actor=request.user, request=found, at=at)
    messages.success(request, _("Başvurunuz geri çekildi."))
    return HttpResponseRedirect(found.get_absolute_url())


@signed_in
@require_POST
def request_answer(request: HttpRequest, number: str) -> HttpResponse:
    """What the desk does with it."""
    at = timezone.now()
    found, form = find_readable(request, number, at=at), AnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        return _detail(request, found, answer=form, status=422)
    data = form.cleaned_data
    files = data["files"]
    said = {"actor": request.user, "request": found, "text": data["text"], "key": data["key"], "files": files, "at": at}
    try:
        match data["deed"]:
            case "answer":
                actions.answer_request(resolution=data["resolution"], **said)
            case "say":
                actions.write_to_applicant(**said)
            case "ask":
                actions.write_to_applicant(asks=True, **said)
            case "other":
                actions.wait_for_other(actor=request.user, request=found, whom=data["text"], files=files, at=at)
            case _:
                actions.note_inside(**said)
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            form.add_error(name if name in form.fields else None, sentences)
        return _detail(request, find_request(request, number), answer=form, status=422)
    except Refused as error:
        return _detail(request, find_request(request, number), answer=form, refused=error.reason, status=403)
    messages.success(request, _("Kaydedildi."))
    return HttpResponseRedirect(back_to(request, found))
