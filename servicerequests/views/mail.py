"""Mails that wait for an officer: the list, one of them, and what becomes of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from councils.paging import page_of
from documents.attachment_files import file_answer
from people.access import signed_in
from people.verdicts import Refused
from servicerequests import actions
from servicerequests.actions.mail_taking import said_anew
from servicerequests.forms.mail import AcceptMailForm, AttachMailForm, DiscardMailForm
from servicerequests.models import IncomingMail, MailState, ServiceRequest
from servicerequests.permissions import may_sort_mail
from servicerequests.reading import mails_of, type_of, types_of

ON_A_PAGE = 30


@signed_in
@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """Held mails, the oldest first; with ``gor=bakilan`` those that were decided, the newest first."""
    council = request.council  # type: ignore[attr-defined]
    if not may_sort_mail(request.user, council):
        raise Http404
    is_done = request.GET.get("gor") == "bakilan"
    rows = mails_of(council, is_done=is_done)
    page = page_of(request, rows, by=["received_at", "id"], size=ON_A_PAGE, descending=is_done)
    return render(request, "servicerequests/mail/list.html", {"page": page, "is_done": is_done})


def _find(request: HttpRequest, pk: int) -> IncomingMail:
    """A mail of the council, for its desk; 404 for everybody else."""
    council = request.council  # type: ignore[attr-defined]
    if not may_sort_mail(request.user, council):
        raise Http404
    rows = IncomingMail.objects.select_related("person", "request", "suggested", "decided_by")
    found = rows.filter(council=council, pk=pk).first()
    if found is None:
        raise Http404
    found.council = council
    return found


@signed_in
@require_safe
def mail_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail as it came, and what can be done with it."""
    return _detail(request, _find(request, pk))


def _detail(
    request: HttpRequest,
    mail: IncomingMail,
    *,
    accepting: AcceptMailForm | None = None,
    attaching: AttachMailForm | None = None,
    discarding: DiscardMailForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    actions.note_mail_reading(reader=request.user, mail=mail, at=timezone.now())
    context: dict[str, Any] = {"mail": mail, "refused": refused, "files": list(mail.files.all())}
    if mail.state == MailState.HELD:
        suggested = mail.suggested.number if mail.suggested else ""
        context["accepting"] = accepting or _accepting(request, mail)
        context["attaching"] = attaching or AttachMailForm(initial={"number": suggested})
        context["discarding"] = discarding or DiscardMailForm()
    return render(request, "servicerequests/mail/detail.html", context, status=status)


def _accepting(request: HttpRequest, mail: IncomingMail, data: Any = None) -> AcceptMailForm:
    said = said_anew(mail)
    initial = {"named": mail.sender_name or mail.sender, "subject": said.subject, "text": said.text}
    types = types_of(request.council)  # type: ignore[attr-defined]
    return AcceptMailForm(types, data, is_proven=mail.person is not None, initial=initial)


@signed_in
@require_POST
def mail_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """It becomes a request."""
    mail = _find(request, pk)
    form = _accepting(request, mail, request.POST)
    if not form.is_valid():
        return _detail(request, mail, accepting=form, status=422)
    data = form.cleaned_data
    kind = type_of(request.council, data["kind"])  # type: ignore[attr-defined]
    assert kind is not None  # one of the choices
    try:
        made = actions.accept_mail(
            actor=request.user,
            mail=mail,
            kind=kind,
            said=actions.Said(data["subject"], data["text"]),
            named=data.get("named", ""),
            at=timezone.now(),
        )
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            for sentence in sentences:
                # Questions of a type have no field here: such a type is entered on the form of the desk.
                form.add_error(name if name in form.fields else "kind", sentence)
        return _detail(request, mail, accepting=form, status=422)
    except Refused as error:
        return _detail(request, _find(request, pk), accepting=form, refused=error.reason, status=403)
    messages.success(request, _("Başvuru açıldı: %(number)s") % {"number": made.number})
    return HttpResponseRedirect(made.get_absolute_url())


@signed_in
@require_POST
def mail_attach(request: HttpRequest, pk: int) -> HttpResponse:
    """It goes into the conversation of a request."""
    mail, form = _find(request, pk), AttachMailForm(request.POST)
    if not form.is_valid():
        return _detail(request, mail, attaching=form, status=422)
    council = request.council  # type: ignore[attr-defined]
    number = form.cleaned_data["number"].strip().upper()
    found = ServiceRequest.objects.filter(council=council, number=number).first()
    if found is None:
        form.add_error("number", _("Bu numarayla bir başvuru yok."))
        return _detail(request, mail, attaching=form, status=422)
    try:
        actions.attach_mail(
            actor=request.user,
            mail=mail,
            request=found,
            reopens=form.cleaned_data["reopens"],
            at=timezone.now(),
        )
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            form.add_error(name if name in form.fields else None, sentences)
        return _detail(request, mail, attaching=form, status=422)
    except Refused as error:
        return _detail(request, _find(request, pk), attaching=form, refused=error.reason, status=403)
    messages.success(request, _("E-posta yazışmaya eklendi."))
    found.council = council
    return HttpResponseRedirect(found.get_absolute_url())


@signed_in
@require_POST
def mail_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Away with it."""
    mail, form = _find(request, pk), DiscardMailForm(request.POST)
    if not form.is_valid():
        return _detail(request, mail, discarding=form, status=422)
    try:
        actions.discard_mail(actor=request.user, mail=mail, reason=form.cleaned_data["reason"], at=timezone.now())
    except ValidationError as error:
        form.add_error("reason", error.message_dict["reason"])
        return _detail(request, mail, discarding=form, status=422)
    except Refused as error:
        return _detail(request, _find(request, pk), discarding=form, refused=error.reason, status=403)
    messages.success(request, _("E-posta ayıklandı."))
    return HttpResponseRedirect(reverse("mail_list", args=[request.council.slug]))  # type: ignore[attr-defined]


@signed_in
@require_safe
def mail_file(request: HttpRequest, pk: int, file_id: int) -> HttpResponseBase:
    """A file of a held mail, as a download."""
    file = _find(request, pk).files.filter(pk=file_id).first()
    if file is None:
        raise Http404
    return file_answer(file, as_attachment=True)
