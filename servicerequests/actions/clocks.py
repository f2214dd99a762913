"""Both clocks of a request, counted whenever something changes that they depend on, and how they were counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from councils.actions import calendar_of
from councils.models import Council
from servicerequests.escalation import warned_at
from servicerequests.models import OfficeSpan, Pause, Priority, ServiceRequest
from servicerequests.states import Status
from servicerequests.working_time import (
    USUAL,
    Explained,
    OfficeHours,
    Span,
    ceiling,
    due_in_days,
    due_in_hours,
)
from servicerequests.working_time import Pause as Paused

FASTER = {Priority.HIGH: 2, Priority.USUAL: 1, Priority.LOW: 1}
"""By how much a priority divides the targets of a type; the law's days stay as they are."""


def hours_of(council: Council) -> OfficeHours:
    """When the council's directorate is open. Two queries."""
    spans: dict[int, list[Span]] = defaultdict(list)
    rows = OfficeSpan.objects.filter(council=council).order_by("weekday", "opens")
    for weekday, opens, closes in rows.values_list("weekday", "opens", "closes"):
        spans[weekday].append((opens, closes))
    kept: dict[int, tuple[tuple[time, time], ...]] = {day: tuple(found) for day, found in spans.items()}
    calendar = calendar_of(council)
    if kept:  # a day of the office is one on which it opens
        calendar = replace(calendar, weekdays=frozenset(kept))
    return OfficeHours(kept or USUAL, calendar)


def set_clocks(
    request: ServiceRequest, *, hours: OfficeHours | None = None, pauses: Sequence[Paused] | None = None
) -> None:
    """Count the running clocks of a locked request anew; the caller saves `CLOCKS`. Who counts many gives hours and pauses."""
    hours = hours or hours_of(request.council)
    start, version = request.reopened_at or request.filed_at, request.type
    faster = FASTER[Priority(request.priority)]
    if pauses is None:
        pauses = pauses_of([request.pk])[request.pk] if request.pk is not None else []
    if request.is_open and request.reopened_at is None and request.first_answered_at is None:
        request.first_answer_due_at = due_in_hours(start, version.first_answer / faster, hours, pauses).at
    else:
        request.first_answer_due_at = None
    days, law_s_days = version.resolution_days, version.ceiling_days
    if request.asked_other_at is not None and law_s_days is not None and version.ceiling_days_extended is not None:
        days += version.ceiling_days_extended - law_s_days
        law_s_days = version.ceiling_days_extended
    if law_s_days is not None:
        request.ceiling_at = ceiling(start, law_s_days, hours, is_working=version.ceiling_is_working)
    else:
        request.ceiling_at = None
    found = due_in_days(start, max(1, -(-days // faster)), hours, pauses)
    before, request.due_how = request.due_how, as_facts(found)
    if "moved" in before and before["start"] == request.due_how["start"]:
        request.due_how["moved"] = before["moved"]
    request.due_at = None
    if request.is_open and request.status != Status.WAITING_APPLICANT:
        request.due_at = found.at
        if found.at is not None and request.ceiling_at is not None and request.ceiling_at < found.at:
            request.due_at = request.ceiling_at
            request.due_how["by_law"] = version.law
    if request.asked_other_at is not None:
        request.due_how["is_extended"] = True
    request.first_answer_warned_at = warned_at(start, request.first_answer_due_at, hours, pauses)
    request.warned_at = warned_at(start, request.due_at, hours, pauses)


CLOCKS = ["first_answer_due_at", "first_answer_warned_at", "due_at", "warned_at", "due_how", "ceiling_at"]
"""What `set_clocks` writes."""


def pauses_of(requests: Collection[int]) -> dict[int, list[Paused]]:
    """The pauses of some requests, by their keys. One query."""
    found: dict[int, list[Paused]] = {pk: [] for pk in requests}
    rows = Pause.objects.filter(request__in=requests).values_list("request", "began_at", "ended_at")
    for pk, began_at, ended_at in rows:
        found[pk].append((began_at, ended_at))
    return found


def as_facts(found: Explained) -> dict[str, Any]:
    """How a date was counted, as it is kept with the request."""
    return {
        "start": found.start.isoformat(),
        "days": found.days,
        "paused_minutes": round(found.paused.total_seconds() / 60),
        "skipped": [[day.isoformat(), name] for day, name in found.skipped],
    }


def is_in_time(request: ServiceRequest, at: datetime) -> bool:
    """Whether an answer at a moment comes in time, by the clock as it stood."""
    due = request.due_at or request.ceiling_at
    return due is None or at <= due
