"""A mail comes in: it becomes a request, a message, something an officer looks at, or nothing. Each is taken once."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from councils.models import Council
from documents.attachment_content import Checked, check, clean_name
from people.models import Person
from people.verdicts import Refused
from servicerequests import mail_addresses
from servicerequests.actions.applicant import reply_as_applicant
from servicerequests.actions.filing import Said, file_by_mail, version_of
from servicerequests.actions.filing_away import MOST_IN_A_MAIL, keep_files
from servicerequests.actions.moving import locked, move, tell
from servicerequests.actions.saying import say
from servicerequests.journal_kinds import RequestKind
from servicerequests.mail_parsing import Attached, Parsed, Unreadable, parse, sound_address
from servicerequests.models import (
    Filer,
    HeldFor,
    IncomingFile,
    IncomingMail,
    MailboxCursor,
    MailState,
    Message,
    RequestType,
    ServiceRequest,
    Side,
)
from servicerequests.models.request import LONGEST_TEXT
from servicerequests.permissions import may_reply
from servicerequests.states import OPEN, Status
from turkish.kept import in_the_record

log = structlog.get_logger(__name__)
MOST_IN_AN_HOUR = 10
"""Mails taken from one address in an hour; what comes after waits for an officer. A loop of two machines ends here too."""
MOST_FILES_READ = 12
LONGEST_READING = 60
"""Seconds the files of one mail may take; what is not read by then is left out."""


@dataclass(frozen=True)
class Place:
    """Where a mail lies."""

    mailbox: str
    uid_validity: int
    uid: int


def take_mail(
    *, place: Place, raw: bytes, received_at: datetime, at: datetime, is_whole: bool = True
) -> IncomingMail | None:
    """Take a mail that is next in its mailbox; None when it was taken before. One transaction, whatever becomes of it.

    A mail that cannot be read is kept as such and never tried again.
    """
    try:
        parsed = parse(raw, trusted=settings.REQUEST_MAIL_AUTHSERV)
    except Unreadable as error:
        log.warning("request_mail_unreadable", uid=place.uid, why=str(error))
        return set_aside(place=place, why=str(error), received_at=received_at, raw=raw)
    files, left_out = _checked(parsed.attached) if not parsed.automatic else ([], [])
    with transaction.atomic(), in_the_record():
        if not _is_next(place):
            return None
        mail = _row(place, parsed, received_at)
        if IncomingMail.objects.filter(mailbox=place.mailbox, fingerprint=mail.fingerprint).exists():
            return None
        mail.left_out = left_out
        _sort(mail, parsed, files, at=at, is_whole=is_whole)
        return mail


def set_aside(*, place: Place, why: str, received_at: datetime, raw: bytes = b"") -> IncomingMail | None:
    """A mail that cannot be taken is remembered and passed over; it stays in the mailbox."""
    digest = hashlib.sha256(raw or repr(place).encode()).hexdigest()
    with transaction.atomic():
        if not _is_next(place):
            return None
        if IncomingMail.objects.filter(mailbox=place.mailbox, fingerprint=digest).exists():
            return None
        return IncomingMail.objects.create(
            council=_council_for_all(),
            mailbox=place.mailbox,
            uid_validity=place.uid_validity,
            uid=place.uid,
            fingerprint=digest,
            received_at=received_at,
            state=MailState.BROKEN,
            why=why[:40],
        )


def _is_next(place: Place) -> bool:
    """Lock the mailbox and move on to this mail; False when it, or a later one, has been taken."""
    cursor, _new = MailboxCursor.objects.get_or_create(mailbox=place.mailbox)
    cursor = MailboxCursor.objects.select_for_update().get(pk=cursor.pk)
    if cursor.uid_validity == place.uid_validity and place.uid <= cursor.last_uid:
        return False
    cursor.uid_validity, cursor.last_uid, cursor.failures = place.uid_validity, place.uid, 0
    cursor.save()
    return True


def _row(place: Place, parsed: Parsed, received_at: datetime) -> IncomingMail:
    told = "\x1f".join((parsed.message_id, parsed.sender, parsed.subject, parsed.whole, str(parsed.sent_at)))
    return IncomingMail(
        mailbox=place.mailbox,
        uid_validity=place.uid_validity,
        uid=place.uid,
        fingerprint=hashlib.sha256(told.encode("utf-8", "replace")).hexdigest(),
        header_id=parsed.message_id[:260],
        sender=parsed.sender,
        sender_name=parsed.sender_name,
        proof=parsed.proof,
        subject=parsed.subject,
        text=parsed.text,
        whole=parsed.whole,
        sent_at=parsed.sent_at,
        received_at=received_at,
        council=_council(parsed),
    )


def _council(parsed: Parsed) -> Council | None:
    """The council whose address was written to, or the one that takes what names none."""
    named = [rest for rest in mail_addresses.after_plus(parsed.recipients) if rest]
    found = Council.objects.filter(slug__in=named).first() if named else None
    return found or _council_for_all()


def _council_for_all() -> Council | None:
    """Where mails come that name no council."""
    named = (
        Council.objects.filter(slug=settings.REQUEST_MAIL_COUNCIL).first() if settings.REQUEST_MAIL_COUNCIL else None
    )
    return named or Council.objects.order_by("pk").first()


def _checked(attached: Sequence[Attached]) -> tuple[list[Checked], list[str]]:
    """Harmless copies, and what could not be taken with why."""
    found: list[Checked] = []
    left_out: list[str] = []
    until = time.monotonic() + LONGEST_READING
    for each in attached[:MOST_FILES_READ]:
        name = clean_name(each.name, "")
        try:
            if len(found) == MOST_IN_A_MAIL:
                raise ValidationError(_("Bir kerede en çok %(n)s dosya ekleyebilirsiniz.") % {"n": MOST_IN_A_MAIL})
            if time.monotonic() > until:
                raise ValidationError(_("Dosyalar süresinde okunamadı."))
            found.append(check(io.BytesIO(each.content), each.name, max_bytes=settings.ATTACHMENT_MAX_BYTES))
        except ValidationError as error:
            left_out.append(f"{name}: {error.messages[0]}")
    left_out += [clean_name(each.name, "") for each in attached[MOST_FILES_READ:][:50]]
    return found, left_out


# --- What becomes of it -----------------------------------------------------------------------------------------------
def _sort(mail: IncomingMail, parsed: Parsed, files: Sequence[Checked], *, at: datetime, is_whole: bool) -> None:
    if parsed.automatic or _is_ours(parsed):
        mail.state, mail.why = MailState.IGNORED, parsed.automatic or "loop"
        mail.text = mail.whole = ""
        mail.save()
        return
    proven = parsed.proof == "pass"
    mail.person = _owner(parsed.sender) if proven else None
    request = _request_of(parsed)
    mail.suggested = request
    if request is not None:
        mail.council = request.council
    why = _why_held(mail, request, is_whole=is_whole, at=at)
    if not why:
        try:
            with transaction.atomic():
                if request is not None:
                    _thread(mail, request, files, at=at)
                else:
                    _file(mail, files, at=at)
                mail.suggested = None
                mail.save()
                return
        except _Held as held:
            why = held.why
        except (Refused, ValidationError):
            why = HeldFor.REFUSED
        mail.request = mail.message = None
    hold(mail, why, files)


class _Held(Exception):
    def __init__(self, why: HeldFor) -> None:
        super().__init__(why)
        self.why = why


def hold(mail: IncomingMail, why: str, files: Sequence[Checked]) -> None:
    """Keep a mail and its files until an officer has looked at it."""
    mail.state, mail.why = MailState.HELD, why
    mail.save()
    for each in files:
        row = IncomingFile(mail=mail, kind=each.kind, name=each.name, size=len(each.content), digest=each.digest)
        row.file.save(each.name, ContentFile(each.content), save=False)
        row.save()


def _is_ours(parsed: Parsed) -> bool:
    """A mail of our own that came back."""
    own = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip("> ").lower()
    return parsed.sender in {own, mail_addresses.mailbox_address().lower()} or bool(
        mail_addresses.after_plus([parsed.sender])
    )


def _owner(address: str) -> Person | None:
    """Whose verified address it is."""
    found = (
        EmailAddress.objects.select_related("user").filter(email=address, verified=True, user__is_active=True).first()
    )
    return found.user if found is not None else None


def _request_of(parsed: Parsed) -> ServiceRequest | None:
    """By the signed address, then what it refers to, then the number in its subject, which counts with the sender alone."""
    rows = ServiceRequest.objects.select_related("council", "type__type", "unit")
    for number in (
        mail_addresses.number_of(parsed.recipients),
        mail_addresses.number_in_references(parsed.references),
    ):
        if number and (found := rows.filter(number=number).first()):
            return found
    taken = IncomingMail.objects.filter(header_id__in=parsed.references, request__isnull=False, sender=parsed.sender)
    if parsed.sender and parsed.references and (before := rows.filter(mails__in=taken).order_by("pk").first()):
        return before
    number = mail_addresses.number_in_subject(parsed.subject)
    return rows.filter(number=number).first() if number else None


def _why_held(mail: IncomingMail, request: ServiceRequest | None, *, is_whole: bool, at: datetime) -> str:
    """Why an officer looks at it first; nothing when it may be taken."""
    if not is_whole:
        return HeldFor.TOO_LARGE
    if not mail.sender:
        return HeldFor.NO_SENDER
    if mail.proof == "fail":
        return HeldFor.FORGED
    if mail.proof != "pass":
        known = EmailAddress.objects.filter(email=mail.sender, verified=True).exists()
        return HeldFor.NOT_PROVEN if known or request is not None else HeldFor.UNKNOWN
    taken = IncomingMail.objects.filter(sender=mail.sender, received_at__gt=at - timedelta(hours=1))
    if taken.count() >= MOST_IN_AN_HOUR:
        return HeldFor.TOO_MANY
    if request is None:
        return "" if mail.person is not None else HeldFor.UNKNOWN
    if mail.person is not None:
        verdict = may_reply(mail.person, request, at=at)
        return "" if verdict else HeldFor.ENDED if verdict.code == "ended" else HeldFor.OTHER_SENDER
    if request.applicant_id is not None or contact_address(request) != mail.sender:
        return HeldFor.OTHER_SENDER
    return "" if request.status in OPEN else HeldFor.ENDED


def contact_address(request: ServiceRequest) -> str:
    """The e-mail address of who asked without an account, as far as their contact holds one."""
    if request.applicant_id is not None:
        return ""
    return next((found for word in request.contact.split() if (found := sound_address(word.strip(",;<>()")))), "")


def _thread(mail: IncomingMail, request: ServiceRequest, files: Sequence[Checked], *, at: datetime) -> None:
    """The applicant's reply; where it was waited for, the clock runs on."""
    text = said_in(mail)
    if not text and files:
        text = _("Ekteki dosyayı gönderdi.")
    if mail.person is not None:
        message = reply_as_applicant(actor=mail.person, request=request, text=text, files=files, at=at)
    else:
        message = add_reply(request=request, author=None, text=text, files=files, at=at)
    mail.state, mail.request, mail.message = MailState.THREADED, request, message


def add_reply(
    *, request: ServiceRequest, author: Person | None, text: str, files: Sequence[Checked], at: datetime
) -> Message:
    """What the applicant wrote by mail, put into the conversation; in an open request the clock runs on."""
    request = locked(request)
    message = say(request, Side.APPLICANT, author, text, None, at)
    keep_files(request, message, files, actor=author, at=at)
    if request.status == Status.WAITING_APPLICANT:
        move(request, Status.IN_REVIEW, actor=author, at=at)
    tell(RequestKind.REPLIED, request, actor=author, at=at)
    return message


def _file(mail: IncomingMail, files: Sequence[Checked], *, at: datetime) -> None:
    """A new request of somebody we know."""
    assert mail.person is not None
    assert mail.council is not None
    kind = type_for_mail(mail.council)
    if kind is None:
        raise _Held(HeldFor.NO_TYPE)
    request = file_by_mail(
        applicant=mail.person,
        council=mail.council,
        kind=kind,
        said=said_anew(mail),
        files=files,
        at=min(mail.received_at, at),
    )
    mail.state, mail.request = MailState.FILED, request


def type_for_mail(council: Council) -> RequestType | None:
    """The type that is for mails, or the first one everybody may file without answering a question."""
    rows = RequestType.objects.filter(council=council, is_active=True).order_by("position", "slug")
    for kind in sorted(rows, key=lambda row: row.slug != settings.REQUEST_MAIL_TYPE):
        version = version_of(kind)
        if version.filer == Filer.EVERYBODY and not any(question.is_required for question in version.questions):
            return kind
    return None


def said_anew(mail: IncomingMail) -> Said:
    """A mail as a request: its subject, or its first words where it has none."""
    text = said_in(mail, whole=True)
    subject = mail.subject if len(mail.subject) >= 5 else " ".join(text.split())
    return Said(subject if len(subject) <= 160 else subject[:159] + "…", text)


def said_in(mail: IncomingMail, *, whole: bool = False) -> str:
    """What was written, shortened to what a message may hold; the whole stays with the mail."""
    text = mail.whole if whole else mail.text
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 2].rstrip() + " …"
