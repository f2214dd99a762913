"""What an officer does with a held mail: a new request, a message of one that is there, or away with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from documents.attachment_content import Checked
from people.models import Person
from people.verdicts import no
from servicerequests.actions.filing import Said, file_by_mail
from servicerequests.actions.mail_taking import add_reply, contact_address, said_in
from servicerequests.actions.moving import locked, move, tell
from servicerequests.journal_kinds import RequestKind
from servicerequests.models import IncomingMail, MailState, Message, RequestType, ServiceRequest
from servicerequests.permissions import is_applicant, may_answer, may_sort_mail, reopens_in_time
from servicerequests.states import OPEN, Status

KEPT = timedelta(days=180)
"""How long a mail nothing came of is kept."""


@transaction.atomic
def accept_mail(
    *, actor: Person, mail: IncomingMail, kind: RequestType, said: Said, named: str, at: datetime
) -> ServiceRequest:
    """Make it a request of the chosen type, from when the mail came. Its sender's only where the address was proven.

    Refuses who does not work at the desk, and a mail that has been decided. `ValidationError` as `file_request`.
    """
    mail = _locked(actor, mail)
    assert mail.council is not None
    named = " ".join(named.split()) or mail.sender
    if mail.person is None and not 2 <= len(named) <= 120:
        raise ValidationError({"named": _("Başvuranın adını yazın, en çok 120 harf.")})
    own = mail.person_id == actor.pk
    if own:
        no(_("Kendi e-postanızı başka bir görevli kabul eder."), code="own_request").require()
    request = file_by_mail(
        applicant=mail.person,
        council=mail.council,
        kind=kind,
        said=said,
        named="" if mail.person else named,
        contact="" if mail.person else mail.sender,
        entered_by=actor,
        files=_files(mail),
        at=min(mail.received_at, at),
    )
    _decide(mail, actor, at, state=MailState.FILED, request=request)
    return request


@transaction.atomic
def attach_mail(
    *, actor: Person, mail: IncomingMail, request: ServiceRequest, reopens: bool = False, at: datetime
) -> Message:
    """Put it into the conversation of a request; one that was answered is opened again where it still may be.

    Refuses as answering does, but for what has ended. `ValidationError` on ``reopens`` and ``number``.
    """
    mail = _locked(actor, mail)
    request = locked(request)
    if request.council_id != mail.council_id:
        raise ValidationError({"number": _("Bu numarayla bir başvuru yok.")})
    verdict = may_answer(actor, request)
    if not verdict and verdict.code != "ended":
        verdict.require()
    if reopens and (request.status in OPEN or not reopens_in_time(request, at=at)):
        raise ValidationError({"reopens": _("Bu başvuru yeniden açılamaz.")})
    author = mail.person if mail.person is not None and is_applicant(mail.person, request, at=at) else None
    message = add_reply(request=request, author=author, text=_text(mail, request), files=_files(mail), at=at)
    if reopens:
        request = locked(request)
        move(request, Status.IN_REVIEW, actor=actor, at=at)
        tell(RequestKind.REOPENED, request, actor=actor, at=at)
    _decide(mail, actor, at, state=MailState.THREADED, request=request, message=message)
    return message


@transaction.atomic
def discard_mail(*, actor: Person, mail: IncomingMail, reason: str, at: datetime) -> IncomingMail:
    """Away with it, with why; nobody is answered. `ValidationError` on ``reason``."""
    mail = _locked(actor, mail)
    reason = " ".join(reason.split())
    if not 3 <= len(reason) <= 300:
        raise ValidationError({"reason": _("Gerekçeyi en az 3, en çok 300 harfle yazın.")})
    _decide(mail, actor, at, state=MailState.DISCARDED, reason=reason)
    return mail


def _locked(actor: Person, mail: IncomingMail) -> IncomingMail:
    rows = IncomingMail.objects.select_for_update(of=("self",)).select_related("council", "person", "suggested")
    mail = rows.get(pk=mail.pk)
    may_sort_mail(actor, mail.council).require()
    if mail.state != MailState.HELD:
        no(_("Bu e-postaya başka bir görevli baktı."), code="decided").require()
    return mail


def _text(mail: IncomingMail, request: ServiceRequest) -> str:
    """Who wrote it stands above what came from an address that is not the applicant's."""
    text = said_in(mail)
    known = mail.sender and mail.sender == contact_address(request)
    return (
        text if known or mail.person is not None else f"{mail.sender_name} <{mail.sender}>\n\n{text}".strip()[:10_000]
    )


def _files(mail: IncomingMail) -> Sequence[Checked]:
    found = []
    for row in mail.files.all():
        with row.file.open("rb") as handle:
            found.append(Checked(row.kind, handle.read(), row.name, row.digest))
    return found


def _decide(mail: IncomingMail, actor: Person, at: datetime, **values: object) -> None:
    """Its files have gone to the request, or go away."""
    for name, value in values.items():
        setattr(mail, name, value)
    mail.decided_by, mail.decided_at = actor, at
    mail.save()
    for row in mail.files.all():
        transaction.on_commit(lambda file=row.file: file.delete(save=False), robust=True)  # type: ignore[misc]
    mail.files.all().delete()


def forget_mails(*, at: datetime) -> int:
    """Let go of mails nothing came of once they are old; returns how many. What became part of a request stays with it."""
    without = [MailState.DISCARDED, MailState.IGNORED, MailState.BROKEN]
    return IncomingMail.objects.filter(state__in=without, received_at__lt=at - KEPT).delete()[0]


@transaction.atomic
def forget_sender(*, person: int) -> None:
    """Name and address leave the mails of an account that was closed; what they became stays, without the name."""
    IncomingMail.objects.filter(person=person).update(
        sender="", sender_name="", header_id="", subject="", text="", whole=""
    )
