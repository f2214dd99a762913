"""What pages and programs show of requests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.models import Council
from discussions.markup import render
from people.models import AnyPerson, Person
from servicerequests.form_fields import shown
from servicerequests.models import (
    IncomingMail,
    MailState,
    Message,
    RequestFile,
    RequestType,
    RequestTypeVersion,
    ServiceRequest,
    Side,
)
from servicerequests.permissions import is_applicant, works_at_desk
from servicerequests.states import OPEN, Status
from turkish.functions import fits, search_query
from turkish.templatetags.turkish_text import day

TONES = {
    Status.NEW: "wait",
    Status.IN_REVIEW: "wait",
    Status.WAITING_APPLICANT: "wait",
    Status.WAITING_OTHER: "wait",
    Status.ANSWERED: "done",
    Status.CLOSED: "plain",
    Status.REDIRECTED: "plain",
}


@dataclass(frozen=True)
class Line:
    """One thing in the conversation."""

    message: Message
    html: SafeString
    is_mine: bool
    is_note: bool
    files: list[RequestFile]


@dataclass(frozen=True)
class RequestPart:
    """A request as one of its two sides reads it."""

    request: ServiceRequest
    html: SafeString
    answers: list[tuple[str, str]]
    lines: list[Line]
    files: list[RequestFile]
    is_desk: bool
    is_applicant: bool
    tone: str
    is_late: bool
    how: str


def types_of(council: Council) -> list[RequestTypeVersion]:
    """The newest version of each type that is open, in the order of the desk. One query."""
    newest = RequestTypeVersion.objects.filter(type__council=council, type__is_active=True)
    found = newest.select_related("type", "unit").order_by("type_id", "-number").distinct("type_id")
    return sorted(found, key=lambda version: (version.type.position, version.type.slug))


def type_of(council: Council, slug: str) -> RequestType | None:
    return RequestType.objects.filter(council=council, slug=slug, is_active=True).first()


def request_part(request: ServiceRequest, person: AnyPerson, *, at: datetime) -> RequestPart:
    """Text, answers, files and conversation; notes of the desk for the desk alone. Two queries, and those of the offices."""
    is_desk, applicant = works_at_desk(person, request.council), is_applicant(person, request, at=at)
    files = files_of(request, is_desk=is_desk, is_applicant=applicant)
    return RequestPart(
        request=request,
        html=render(request.text),
        answers=shown(request.type.questions, request.answers),
        lines=_lines(request, files, is_desk=is_desk, is_applicant=applicant),
        files=[each for each in files if each.message_id is None],
        is_desk=is_desk,
        is_applicant=applicant,
        tone=TONES[Status(request.status)],
        is_late=request.is_open and request.due_at is not None and request.due_at < at,
        how=how_counted(request),
    )


def lines_of(request: ServiceRequest, person: AnyPerson, *, at: datetime) -> list[Line]:
    """What was said, as the person may read it."""
    is_desk, applicant = works_at_desk(person, request.council), is_applicant(person, request, at=at)
    files = files_of(request, is_desk=is_desk, is_applicant=applicant)
    return _lines(request, files, is_desk=is_desk, is_applicant=applicant)


def files_to_read(request: ServiceRequest, person: AnyPerson, *, at: datetime) -> QuerySet[RequestFile]:
    """The files the person may have; who is on neither side has none."""
    is_desk, applicant = works_at_desk(person, request.council), is_applicant(person, request, at=at)
    return files_of(request, is_desk=is_desk, is_applicant=applicant)


def files_of(request: ServiceRequest, *, is_desk: bool, is_applicant: bool) -> QuerySet[RequestFile]:
    """Files of the request and its messages; those of notes are the desk's."""
    rows = RequestFile.objects.filter(request=request)
    if is_applicant or not is_desk:
        rows = rows.exclude(message__side=Side.NOTE)
    return rows if is_desk or is_applicant else rows.none()


def _lines(request: ServiceRequest, files: Iterable[RequestFile], *, is_desk: bool, is_applicant: bool) -> list[Line]:
    """Notes are the desk's; who asked and works there too reads their own request as everybody reads theirs."""
    rows = request.messages.select_related("author", "mail").defer("mail__whole", "mail__text")
    if not is_desk or is_applicant:
        rows = rows.exclude(side=Side.NOTE)
    mine = Side.APPLICANT if is_applicant else Side.DESK
    beside: dict[int | None, list[RequestFile]] = defaultdict(list)
    for file in files:
        beside[file.message_id].append(file)
    return [Line(row, render(row.text), row.side == mine, row.side == Side.NOTE, beside[row.pk]) for row in rows]


def how_counted(request: ServiceRequest) -> str:
    """How the date of the answer came about, in one or two sentences; empty when nothing is due."""
    how: dict[str, Any] = request.due_how
    if request.due_at is None or not how:
        return ""
    by_law = _("Yasal süre: %(law)s.")
    sentences = [by_law % {"law": how["by_law"]}] if how.get("by_law") else _counted(how)
    if how.get("is_extended"):
        sentences.append(_("Başka bir kuruma sorulduğu için süre uzadı."))
    if "moved" in how:
        sentences.append(why_moved(how["moved"]))
    return " ".join(sentences)


def _counted(how: dict[str, Any]) -> list[str]:
    start = parse_datetime(how["start"])
    found = ngettext(
        "%(start)s gününden sonraki %(days)d iş günü.", "%(start)s gününden sonraki %(days)d iş günü.", how["days"]
    )
    sentences = [found % {"start": day(timezone.localtime(start)) if start else "", "days": how["days"]}]
    if how["skipped"]:
        sentences.append(_("Tatil: %(names)s.") % {"names": ", ".join(name for _day, name in how["skipped"])})
    if how["paused_minutes"]:
        sentences.append(_("Sizden bilgi beklendiği süre sayılmadı."))
    return sentences


def why_moved(moved: dict[str, Any]) -> str:
    """Why the promised day is another than it was, in one sentence."""
    values = {
        "names": ", ".join(f"{name} ({day(date.fromisoformat(on))})" for on, name in moved["off"] or moved["worked"]),
        "before": day(timezone.localtime(datetime.fromisoformat(moved["before"]))),
    }
    if moved["off"]:
        return _("Tatil olduğu için son gün değişti: %(names)s. Önceki son gün: %(before)s.") % values
    if moved["worked"]:
        return _("Artık tatil olmadığı için son gün değişti: %(names)s. Önceki son gün: %(before)s.") % values
    return _("Müdürlüğün çalışma saatleri değiştiği için son gün değişti. Önceki son gün: %(before)s.") % values


def own_requests(
    person: Person, council: Council | None = None, *, with_text: bool = False
) -> QuerySet[ServiceRequest]:
    """What a person filed, in a council or anywhere."""
    rows = ServiceRequest.objects.filter(applicant=person).select_related("type", "council")
    rows = rows.defer("public_text", "council__outline", "council__about")
    if council is not None:
        rows = rows.filter(council=council)
    return rows if with_text else rows.defer("text", "answers")


def mails_of(council: Council, *, is_done: bool = False) -> QuerySet[IncomingMail]:
    """Mails that wait at the desk, or those that came to an end there, without what machines wrote; in no order."""
    rows = IncomingMail.objects.filter(council=council).defer("text", "whole", "left_out")
    if is_done:
        return rows.exclude(state__in=[MailState.HELD, MailState.IGNORED])
    return rows.filter(state=MailState.HELD)


def published(council: Council, text: str = "") -> QuerySet[ServiceRequest]:
    """What was published, or what of it has these words; the original is not searched."""
    rows = ServiceRequest.objects.filter(council=council, publicity="public").select_related("type")
    if text:
        query = search_query(text)
        rows = rows.filter(fits(query, "public_search")) if query else rows.none()
    return rows.defer("text", "answers")


def last_answer(request: ServiceRequest) -> str:
    """What the desk said last, questions apart; empty where it said nothing."""
    said = Message.objects.filter(request=request, side=Side.DESK, is_question=False).order_by("-at", "-pk")
    return said.values_list("text", flat=True).first() or ""


def open_in(council: Council) -> QuerySet[ServiceRequest]:
    """What the desk still owes an answer, in no order."""
    return ServiceRequest.objects.filter(council=council, status__in=sorted(OPEN)).select_related("type", "unit")


def open_by_unit(council: Council) -> dict[int, int]:
    return dict(open_in(council).order_by().values_list("unit").annotate(n=Count("pk")))
