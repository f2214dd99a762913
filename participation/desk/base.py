"""Whose desk it is, and what a kind of work is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.models import Body, BodyKind, Council, Membership, Officer
from councils.permissions import is_directorate_officer, is_secretary
from people.models import Person
from people.verdicts import YES, Verdict, no
from proposals.models import Proposal
from proposals.models.proposal import NEVER
from turkish.templatetags.turkish_text import left

TASKS_SHOWN = 8
"""How many of each kind stand on the desk's first page."""
TASKS_ON_A_PAGE = 30
SOON = timedelta(days=2)


def has_desk(person: Person, council: Council, *, at: datetime) -> bool:
    """Whether the person holds any office in the council: a leading seat, or a place on the municipality's staff. One query."""
    day = timezone.localtime(at).date()
    seats = Membership.objects.on(day).leading().filter(person=person, body__council=council)
    posts = Officer.objects.filter(person=person, council=council, is_active=True)
    return seats.values("pk").union(posts.values("pk"), all=True)[:1].exists()


def may_open_desk(person: Person, council: Council, *, at: datetime) -> Verdict:
    if not has_desk(person, council, at=at):
        return no(
            _("Masam, bu konseyde görevi olanlar içindir. Sizin burada kayıtlı bir göreviniz yok."), code="no_office"
        )
    return YES


@dataclass(frozen=True)
class Office:
    """What a person is responsible for in a council at a moment."""

    person: Person
    council: Council
    at: datetime
    is_secretary: bool
    is_directorate_officer: bool
    leads: list[Body]

    @property
    def led(self) -> list[int]:
        return [body.pk for body in self.leads]


def office_of(person: Person, council: Council, *, at: datetime) -> Office:
    """Three queries."""
    day = timezone.localtime(at).date()
    seats = Membership.objects.on(day).leading().filter(person=person, body__council=council).select_related("body")
    leads = [seat.body for seat in seats.order_by("pk") if seat.body.kind != BodyKind.SECRETARIAT]
    for body in leads:
        body.council = council
    return Office(
        person,
        council,
        at,
        is_secretary=is_secretary(person, council, at=at),
        is_directorate_officer=is_directorate_officer(person, council),
        leads=leads,
    )


@dataclass(frozen=True)
class Task:
    """One thing that waits for me."""

    title: str
    url: str
    note: str
    action: str
    act_url: str
    due: datetime | None = None
    # Since when it waits, where nothing is due.
    since: datetime | None = None
    # What the clock says, and how urgent it is: "late", "soon" or nothing.
    clock: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Section:
    """Tasks of one kind: the first ones, or a page of them."""

    key: str
    title: str | Promise
    count: int
    tasks: list[Task]
    url: str = ""
    previous: str | None = None
    next: str | None = None

    @property
    def more(self) -> int:
        return self.count - len(self.tasks)


@dataclass(frozen=True)
class Kind:
    """A kind of work: whose it is, its rows in the order of urgency, and how a row is told."""

    key: str
    title: str | Promise
    concerns: Callable[[Office], bool]
    rows: Callable[[Office], QuerySet[Any]]
    by: tuple[str, ...]
    tell: Callable[[Office, list[Any]], list[Task]]
    # Work that is rare stands on the desk only while there is some.
    hides_empty: bool = False


def clock_of(due: datetime | None, at: datetime) -> tuple[str, str]:
    """What is left or how late it is, and the tone."""
    if due is None or due >= NEVER:
        return "", ""
    if due <= at:
        days = (at - due).days
        late = ngettext("%(n)d gün geçti", "%(n)d gün geçti", days) % {"n": days} if days else _("süresi doldu")
        return late, "late"
    return _("%(time)s kaldı") % {"time": left(due)}, "soon" if due - at <= SOON else ""


def due_first(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return (
        rows.select_related("author", "on_behalf_of", "addressed_to")
        .defer("text", "search")
        .annotate(due=Coalesce("due_at", Value(NEVER)))
    )


def proposal_task(office: Office, row: Proposal, action: str, page: str) -> Task:
    row.council = office.council
    who = row.author.display_name
    if row.on_behalf_of:
        who = _("%(person)s, %(organisation)s adına") % {"person": who, "organisation": row.on_behalf_of.name}
    clock, tone = clock_of(row.due_at, office.at)
    act_url = reverse(page, args=[office.council.slug, row.number])
    note = f"{row.number} · {who} · {row.addressed_to}"
    return Task(row.title, row.get_absolute_url(), note, action, act_url, due=row.due_at, clock=clock, tone=tone)
