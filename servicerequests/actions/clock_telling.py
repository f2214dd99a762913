"""Clocks that run out are told: to whoever holds the request, to the unit's head, to the whole directorate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Q

from councils.models import Council, Officer, OfficerRole
from journal.actions import record
from journal.models import Audience
from people.models import Person
from servicerequests.actions.clocks import hours_of
from servicerequests.actions.moving import locked, move, tell
from servicerequests.escalation import Clock, Level, levels_reached
from servicerequests.journal_kinds import RequestKind
from servicerequests.models import ClockNotice, DeskUnit, ServiceRequest
from servicerequests.states import CLOSES_AFTER, OPEN, Status
from servicerequests.working_time import OfficeHours

log = structlog.get_logger(__name__)
KINDS = {
    Level.WARNING: RequestKind.DUE_SOON,
    Level.HEAD: RequestKind.OVERDUE,
    Level.DIRECTORATE: RequestKind.ESCALATED,
}


def tell_clocks(*, at: datetime, limit: int = 500) -> int:
    """Tell every clock that has reached somebody, in councils whose office is open; returns how many were told.

    Safe to run twice and in parallel.
    """
    told = 0
    for council in Council.objects.all():
        hours = hours_of(council)
        if not hours.is_open(at):
            continue
        for pk in _untold(council, hours, at=at)[:limit]:
            try:
                told += _tell(pk, hours, at=at)
            except Exception:  # one request's fault must not keep others from being told
                log.exception("clock_not_told", request=pk)
    return told


def _running(request: ServiceRequest) -> Iterator[tuple[Clock, datetime | None, datetime | None]]:
    yield Clock.FIRST_ANSWER, request.first_answer_warned_at, request.first_answer_due_at
    yield Clock.RESOLUTION, request.warned_at, request.due_at


def _untold(council: Council, hours: OfficeHours, *, at: datetime) -> list[int]:
    """Requests of which a clock has reached a level that is not told, the longest due first. Two queries."""
    rows = ServiceRequest.objects.filter(council=council, status__in=sorted(OPEN))
    rows = rows.filter(Q(warned_at__lte=at) | Q(first_answer_warned_at__lte=at)).order_by("due_at", "pk")
    rows = rows.only("filed_at", "reopened_at", "first_answer_warned_at", "first_answer_due_at", "warned_at", "due_at")
    reached = list(rows)
    told: dict[tuple[int, str, datetime], int] = defaultdict(int)
    notices = ClockNotice.objects.filter(request__in=[row.pk for row in reached])
    for pk, clock, since in notices.values_list("request", "clock", "since"):
        told[pk, clock, since] += 1
    return [
        row.pk
        for row in reached
        if any(
            len(levels_reached(warned_at, due_at, at=at, hours=hours))
            > told[row.pk, clock, row.reopened_at or row.filed_at]
            for clock, warned_at, due_at in _running(row)
        )
    ]


@transaction.atomic
def _tell(pk: int, hours: OfficeHours, *, at: datetime) -> int:
    rows = ServiceRequest.objects.select_for_update(of=("self",), skip_locked=True).select_related("council")
    request = rows.filter(pk=pk, status__in=sorted(OPEN)).first()
    if request is None:
        return 0
    since, told = request.reopened_at or request.filed_at, 0
    there = set(ClockNotice.objects.filter(request=request, since=since).values_list("clock", "level"))
    for clock, warned_at, due_at in _running(request):
        levels = levels_reached(warned_at, due_at, at=at, hours=hours)
        if due_at is None:
            continue
        for level in levels:
            if (clock, level) in there:
                continue
            ClockNotice.objects.create(request=request, clock=clock, since=since, level=level, due_at=due_at, at=at)
            if level == Level.WARNING and len(levels) > 1:
                continue  # it is late already: nothing is left to warn of
            told += 1
            record(
                KINDS[level],
                actor=None,
                subject=request,
                topic=request.topic,
                council=request.council,
                at=at,
                facts={"number": request.number, "status": request.status, "clock": str(clock), "due": due_at},
                audience=Audience.STAFF,
            )
    return told


def told_of_clock(kind: str, request: ServiceRequest) -> list[Person]:
    """Whom a clock is told to; never who asked. A post that is empty is told upwards."""
    officers = Officer.objects.filter(is_active=True, role=OfficerRole.DIRECTORATE, council=request.council_id)
    unit: DeskUnit = request.unit
    found: list[Officer] = []
    if kind == RequestKind.DUE_SOON:
        found = list(officers.filter(service_requests=request).select_related("person"))
        found = found or list(officers.filter(desks=unit).select_related("person"))
    if kind in {RequestKind.DUE_SOON, RequestKind.OVERDUE}:
        found = found or list(officers.filter(desks_led=unit).select_related("person"))
    found = found or list(officers.select_related("person"))
    return [officer.person for officer in found if officer.person_id != request.applicant_id]


def close_answered(*, at: datetime, limit: int = 500) -> int:
    """Close what was answered thirty days ago and nobody came back to; returns how many."""
    rows = ServiceRequest.objects.filter(status=Status.ANSWERED, ended_at__lt=at - CLOSES_AFTER).order_by("ended_at")
    closed = 0
    for row in rows.only("pk")[:limit]:
        closed += _close(row, at=at)
    return closed


@transaction.atomic
def _close(row: ServiceRequest, *, at: datetime) -> bool:
    request = locked(row)
    if request.status != Status.ANSWERED or request.ended_at is None or request.ended_at >= at - CLOSES_AFTER:
        return False
    move(request, Status.CLOSED, actor=None, at=at, resolution=request.resolution)
    tell(RequestKind.CLOSED, request, actor=None, at=at)
    return True
