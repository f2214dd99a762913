from __future__ import annotations

from typing import Any

from celery import shared_task

from ballots.actions import database_now
from councils.models import Council
from proposals import actions


@shared_task(name="proposals.tasks.end_support_periods")
def end_support_periods(**_: Any) -> int:
    """End gathering where its time ran out, by the database's clock: that of a worker may be wrong."""
    return actions.end_support_periods(at=database_now())


@shared_task(name="proposals.tasks.escalate_overdue")
def escalate_overdue(**_: Any) -> int:
    """Tell late steps upwards."""
    return actions.escalate_overdue(at=database_now())


@shared_task(name="proposals.tasks.recount_due_dates")
def recount_due_dates(council: int | None = None, **_: Any) -> int:
    """Count the running dates of a council anew after its holidays changed; of every council, where an order was lost."""
    councils = Council.objects.all() if council is None else Council.objects.filter(pk=council)
    return sum(actions.recount_due_dates(council=found, at=database_now()) for found in councils)


@shared_task(name="proposals.tasks.keep_reviews")
def keep_reviews(**_: Any) -> int:
    """Ask a year later, and count the answers when their time is over, by the database's clock."""
    at = database_now()
    return actions.open_reviews(at=at) + actions.close_reviews(at=at)


@shared_task(name="proposals.tasks.note_missed_meetings")
def note_missed_meetings(**_: Any) -> int:
    """Write down which meetings of a municipal council passed without an opinion that had been sent in time."""
    return actions.note_missed_meetings(at=database_now())
