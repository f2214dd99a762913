"""Clocks counted anew when the calendar or the office's hours change: only what moves is locked and written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from councils.models import Council
from servicerequests.actions.clocks import CLOCKS, hours_of, pauses_of, set_clocks
from servicerequests.actions.moving import tell
from servicerequests.journal_kinds import RequestKind
from servicerequests.models import ServiceRequest
from servicerequests.states import OPEN
from servicerequests.working_time import OfficeHours
from servicerequests.working_time import Pause as Paused

LOOKED_AT, BATCH = 1_000, 100


def recount_requests(*, council: Council, at: datetime) -> int:
    """Count the clocks of every open request of a council anew; returns how many promised days moved.

    A thousand are looked at together, and those that change are locked a hundred a transaction, each moved day by itself in
    the record. Safe to run twice and while requests move on.
    """
    rows = ServiceRequest.objects.filter(council=council, status__in=sorted(OPEN)).select_related("type")
    rows = rows.defer("text", "answers", "public_text").order_by("pk")
    hours, moved, last = hours_of(council), 0, 0
    while few := list(rows.filter(pk__gt=last)[:LOOKED_AT]):
        last = few[-1].pk
        pauses = pauses_of([row.pk for row in few])
        changed = [row.pk for row in few if _count(row, hours, pauses[row.pk])]
        for start in range(0, len(changed), BATCH):
            moved += _write(council, hours, changed[start : start + BATCH], at=at)
    return moved


def _count(request: ServiceRequest, hours: OfficeHours, pauses: Sequence[Paused]) -> bool:
    """Count a request anew, not saved; whether anything is different."""
    before = {name: getattr(request, name) for name in CLOCKS}
    set_clocks(request, hours=hours, pauses=pauses)
    return any(getattr(request, name) != value for name, value in before.items())


@transaction.atomic
def _write(council: Council, hours: OfficeHours, pks: list[int], *, at: datetime) -> int:
    rows = ServiceRequest.objects.select_for_update(of=("self",)).select_related("type", "council")
    rows = rows.filter(pk__in=pks, status__in=sorted(OPEN)).defer("text", "answers", "public_text").order_by("pk")
    requests, moved = list(rows), 0
    pauses = pauses_of([row.pk for row in requests])
    for request in requests:
        before, how = request.due_at, request.due_how
        if not _count(request, hours, pauses[request.pk]):
            continue
        if before is None or request.due_at is None or before == request.due_at:
            request.save(update_fields=CLOCKS)
            continue
        request.due_how["moved"] = _why(how, request.due_how, before)
        request.save(update_fields=CLOCKS)
        moved += 1
        tell(RequestKind.DUE_MOVED, request, actor=None, at=at, due=request.due_at, before=before)
    return moved


def _why(old: dict[str, Any], new: dict[str, Any], before: datetime) -> dict[str, Any]:
    """What moved a day, as it is kept with the request: days that are off now, days that no more are, else the hours."""
    skipped, now_skipped = old.get("skipped", []), new["skipped"]
    return {
        "before": before.isoformat(),
        "off": [each for each in now_skipped if each not in skipped],
        "worked": [each for each in skipped if each not in now_skipped],
    }
