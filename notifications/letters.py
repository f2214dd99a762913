"""Mails about requests, in the language of their reader: what happened, what is next, and how to answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from documents.attachment_files import TYPES, shown_name
from journal.models import Entry
from notifications.composing import header_text
from notifications.frequencies import frequencies_of
from notifications.leaving import leaving_token
from notifications.models import Letter, RequestRole
from servicerequests import mail_addresses
from servicerequests.escalation import Clock
from servicerequests.journal_kinds import RequestKind
from servicerequests.mail_parsing import REPLY_ABOVE
from servicerequests.models import IncomingMail, Message, Publicity, ServiceRequest, Side
from servicerequests.reading import how_counted
from servicerequests.states import Status
from turkish.templatetags.turkish_text import day

Words = str | Promise

TOLD: dict[str, tuple[Words, Words]] = {
    RequestKind.FILED: (_l("Başvurunuz alındı"), _l("Başvurunuz alındı, numarası {number}.")),
    RequestKind.ASKED_BACK: (
        _l("Müdürlük sizden bilgi istiyor"),
        _l(
            "Müdürlük, {number} numaralı başvurunuzu yanıtlamak için sizden bilgi istiyor. Siz yazana kadar süre durur."
        ),
    ),
    RequestKind.ANSWERED: (_l("Başvurunuz yanıtlandı"), _l("{number} numaralı başvurunuz yanıtlandı.")),
    RequestKind.REOPENED: (_l("Başvurunuz yeniden açıldı"), _l("{number} numaralı başvurunuz yeniden açıldı.")),
    RequestKind.EXTENDED: (
        _l("Başvurunuzun süresi uzadı"),
        _l("{number} numaralı başvurunuzu yanıtlamak için başka bir birime ya da kuruma soruldu."),
    ),
    RequestKind.DUE_MOVED: (
        _l("Başvurunuzun son günü değişti"),
        _l("{number} numaralı başvurunuzun son günü değişti."),
    ),
    RequestKind.TYPE_CHANGED: (
        _l("Başvurunuzun türü değişti"),
        _l("{number} numaralı başvurunuzun türü değişti: {type}."),
    ),
}
"""What the applicant is told of, with the subject of the mail."""
REDIRECTED: tuple[Words, Words] = (
    _l("Başvurunuz yönlendirildi"),
    _l("{number} numaralı başvurunuz ilgili kuruma yönlendirildi."),
)
WRITTEN: tuple[Words, Words] = (
    _l("Müdürlük başvurunuzla ilgili yazdı"),
    _l("Müdürlük, {number} numaralı başvurunuzla ilgili yazdı."),
)
TO_DESK: dict[str, tuple[Words, Words]] = {
    RequestKind.FILED: (_l("Yeni başvuru"), _l("Biriminize yeni bir başvuru geldi: {number}.")),
    RequestKind.ASSIGNED: (
        _l("Size bir başvuru verildi"),
        _l("{number} numaralı başvuru size ya da biriminize verildi."),
    ),
    RequestKind.REPLIED: (_l("Başvuran yazdı"), _l("{number} numaralı başvuruda başvuran yazdı.")),
    RequestKind.REOPENED: (_l("Başvuru yeniden açıldı"), _l("{number} numaralı başvuru yeniden açıldı.")),
    RequestKind.WITHDRAWN: (_l("Başvuru geri çekildi"), _l("{number} numaralı başvuru geri çekildi.")),
    RequestKind.DUE_SOON: (_l("Süre dolmak üzere"), _l("{number} numaralı başvurunun süresi dolmak üzere.")),
    RequestKind.OVERDUE: (_l("Süresi geçti"), _l("{number} numaralı başvuru süresinde yanıtlanmadı.")),
    RequestKind.ESCALATED: (
        _l("Hâlâ yanıtlanmadı"),
        _l("{number} numaralı başvuru, süresinin üstünden bir iş günü geçtiği hâlde yanıtlanmadı."),
    ),
}
TO_JOINED: tuple[Words, Words] = (
    _l("Katıldığınız başvuru yanıtlandı"),
    _l("Sizin de katıldığınız {number} numaralı başvuru yanıtlandı."),
)


CLOCKS = frozenset({RequestKind.DUE_SOON, RequestKind.OVERDUE, RequestKind.ESCALATED})
"""Told to officers by the clock; whom, says `servicerequests.actions.told_of_clock`."""
DATED = frozenset(
    {
        RequestKind.FILED,
        RequestKind.REOPENED,
        RequestKind.TYPE_CHANGED,
        RequestKind.EXTENDED,
        RequestKind.DUE_MOVED,
    }
)
"""The applicant is told with these by when an answer comes."""
SILENT = frozenset(
    {
        RequestKind.FILED,
        RequestKind.REPLIED,
        RequestKind.REOPENED,
        RequestKind.ASSIGNED,
        RequestKind.WITHDRAWN,
        RequestKind.PUBLISHED,
        RequestKind.DUE_MOVED,
        *CLOCKS,
    }
)
"""Kinds that tell nothing the desk wrote, whatever it wrote at the same moment."""


def is_told(entry: Entry, request: ServiceRequest) -> bool:
    """Whether the applicant is told: of a kind with words, or because the desk wrote something."""
    return entry.kind in TOLD or _said(entry, request) is not None


def is_told_to_desk(entry: Entry) -> bool:
    return entry.kind in TO_DESK


def is_told_to_joined(entry: Entry) -> bool:
    return entry.kind == RequestKind.ANSWERED


def _said(entry: Entry, request: ServiceRequest) -> Message | None:
    """What the desk wrote to the applicant with an entry. Notes are of another side and never found here."""
    if entry.kind in SILENT:
        return None
    return Message.objects.filter(request=request, side=Side.DESK, at=entry.at).order_by("-pk").first()


def compose_letter(letter: Letter) -> EmailMultiAlternatives | None:
    """The message of a letter; None when it is not wanted any more: the account closed, or mails stopped."""
    person = letter.person
    if person is not None and (not person.is_active or frequencies_of(person.pk)[letter.role] != "now"):
        return None
    with translation.override(person.language if person is not None else settings.LANGUAGE_CODE):
        match letter.role:
            case RequestRole.APPLICANT:
                return _to_applicant(letter)
            case RequestRole.DESK:
                return _to_desk(letter)
            case _:
                return _to_joined(letter)


def _to_applicant(letter: Letter) -> EmailMultiAlternatives:
    request, entry = letter.request, letter.entry
    said = _said(entry, request)
    is_redirected = entry.kind == RequestKind.ANSWERED and entry.facts.get("status") == Status.REDIRECTED
    title, lead = REDIRECTED if is_redirected else TOLD.get(entry.kind, WRITTEN)
    lines = [str(lead).format(number=request.number, type=request.type.words)]
    if request.due_at is not None and entry.kind in DATED:
        lines.append(_("En geç %(day)s günü yanıtlanır.") % {"day": day(request.due_at)})
        lines.append(how_counted(request))
    reply_to = mail_addresses.reply_address(request.number)
    files = list(said.files.all()) if said is not None else []
    message = _message(
        letter,
        subject=_subject(request.number, str(title), request.subject),
        context={
            "name": letter.person.display_name if letter.person is not None else request.named,
            "lead": " ".join(line for line in lines if line),
            "text": said.text if said is not None else "",
            "files": len(files),
            "is_enclosed": letter.person is None,
            "can_answer": bool(reply_to),
            "resolution": request.get_resolution_display() if entry.kind == RequestKind.ANSWERED else "",
            "above": REPLY_ABOVE if reply_to and request.is_open else "",
            "ended": not request.is_open,
            "url": request.get_absolute_url() if letter.person is not None else "",
        },
        headers=_thread(letter, reply_to),
    )
    if letter.person is None:  # who has no account cannot fetch them from the page
        for file in files:
            with file.file.open("rb") as handle:
                message.attach(shown_name(file), handle.read(), TYPES[file.kind])
    return message


def _thread(letter: Letter, reply_to: str) -> dict[str, str]:
    """Every mail of a request stands in one thread; who wrote to us by mail finds the answer below it."""
    number = letter.request.number
    came = IncomingMail.objects.filter(request=letter.request).exclude(header_id="").order_by("pk")
    before = [mail_addresses.thread_id(number), *came.values_list("header_id", flat=True)[:5]]
    headers = {
        "Message-ID": mail_addresses.message_id(number, letter.pk),
        "References": " ".join(before),
        "In-Reply-To": before[-1],
    }
    return headers | ({"Reply-To": reply_to} if reply_to else {})


def _to_desk(letter: Letter) -> EmailMultiAlternatives:
    """For an officer: that something happened, and where. What the applicant wrote stays on the page."""
    request = letter.request
    title, lead = TO_DESK[letter.entry.kind]
    lines = [str(lead).format(number=request.number)]
    if letter.entry.kind in CLOCKS:
        due = timezone.localtime(datetime.fromisoformat(letter.entry.facts["due"]))
        values = {"clock": Clock(letter.entry.facts["clock"]).label, "day": day(due), "clock_time": f"{due:%H.%M}"}
        lines.append(_("%(clock)s için son an: %(day)s %(clock_time)s.") % values)
    elif request.due_at is not None:
        lines.append(_("En geç %(day)s günü yanıtlanır.") % {"day": day(request.due_at)})
    thread = mail_addresses.desk_thread_id(request.number)
    host = thread.rpartition("@")[2]
    return _message(
        letter,
        subject=_subject(request.number, str(title), request.subject),
        context={"lead": " ".join(lines), "url": request.get_absolute_url()},
        headers={"Message-ID": f"<masa.{letter.pk}@{host}", "References": thread, "In-Reply-To": thread},
    )


def _to_joined(letter: Letter) -> EmailMultiAlternatives:
    """For who has the same concern: what is public of it, and nothing else."""
    request = letter.request
    is_public = request.publicity == Publicity.PUBLIC
    title, lead = TO_JOINED
    host = mail_addresses.desk_thread_id(request.number).rpartition("@")[2]
    return _message(
        letter,
        subject=_subject(request.number, str(title), request.public_subject if is_public else ""),
        context={
            "lead": str(lead).format(number=request.number),
            "awaited": not is_public,
            "url": request.get_absolute_url() if is_public else "",
        },
        headers={"Message-ID": f"<katilan.{letter.pk}@{host}"},
    )


def _subject(number: str, title: str, about: str) -> str:
    return header_text(f"[{number}] {title}: {about}" if about else f"[{number}] {title}")


def _message(
    letter: Letter, *, subject: str, context: dict[str, Any], headers: dict[str, str]
) -> EmailMultiAlternatives:
    person = letter.person
    shown = {
        "person": person,
        "site": settings.SITE_URL,
        "council": letter.request.council.name,
        "language": person.language if person is not None else settings.LANGUAGE_CODE,
        "name": person.display_name if person is not None else "",
        **context,
    }
    # Answers of machines to machines end here (RFC 3834).
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", **headers}
    if person is not None:
        shown["leave"] = settings.SITE_URL + reverse("notice_leave", args=[leaving_token(person.pk, [letter.role])])
        shown["choices"] = settings.SITE_URL + reverse("notice_choices")
        headers["List-Unsubscribe"] = f"<{shown['leave']}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("notifications/email/request.txt", shown).lstrip("\n"),
        to=[letter.sent_to],
        headers=headers,
    )
    message.attach_alternative(render_to_string("notifications/email/request.html", shown), "text/html")
    return message
