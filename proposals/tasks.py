from __future__ import annotations

from typing import Any

from celery import shared_task

from ballots.actions import database_now
from proposals import actions


@shared_task(name="proposals.tasks.end_support_periods")
def end_support_periods(**_: Any) -> int:
    """End gathering where its time ran out, by the database's clock: that of a worker may be wrong."""
    return actions.end_support_periods(at=database_now())
