"""Both clocks of a request, counted whenever something changes that they depend on, and how they were counted."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time
from typing import Any

from councils.actions import calendar_of
from councils.models import Council
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

FASTER = {Priority.HIGH: 2, Priority.USUAL: 1, Priority.LOW: 1}
"""By how much a priority divides the targets of a type; the law's days stay as they are."""


def hours_of(council: Council) -> OfficeHours:
    """When the council's directorate is open. Two queries."""
    spans: dict[int, list[Span]] = defaultdict(list)
    rows = OfficeSpan.objects.filter(council=council).order_by("weekday", "opens")
    for weekday, opens, closes in rows.values_list("weekday", "opens", "closes"):
        spans[weekday].append((opens, closes))
    kept: dict[int, tuple[tuple[time, time], ...]] = {day: tuple(found) for day, found in spans.items()}
    return OfficeHours(kept or USUAL, calendar_of(council))


def set_clocks(request: ServiceRequest, *, hours: OfficeHours | None = None) -> None:
    """Count the running clocks of a locked request anew; the caller saves `CLOCKS`."""
    hours = hours or hours_of(request.council)
    start, version = request.reopened_at or request.filed_at, request.type
    faster = FASTER[Priority(request.priority)]
    pauses = []
    if request.pk is not None:
        pauses = list(Pause.objects.filter(request=request).values_list("began_at", "ended_at"))
    if request.reopened_at is None and request.first_answered_at is None:
        request.first_answer_due_at = due_in_hours(start, version.first_answer / faster, hours, pauses).at
    else:
        request.first_answer_due_at = None
    if version.ceiling_days is not None:
        request.ceiling_at = ceiling(start, version.ceiling_days, hours, is_working=version.ceiling_is_working)
    else:
        request.ceiling_at = None
    found = due_in_days(start, max(1, -(-version.resolution_days // faster)), hours, pauses)
    request.due_how = as_facts(found)
    request.due_at = None
    if request.is_open and request.status != Status.WAITING_APPLICANT:
        request.due_at = found.at
        if found.at is not None and request.ceiling_at is not None and request.ceiling_at < found.at:
            request.due_at = request.ceiling_at
            request.due_how["by_law"] = version.law


CLOCKS = ["first_answer_due_at", "due_at", "due_how", "ceiling_at"]


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
