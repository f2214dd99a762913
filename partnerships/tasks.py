from __future__ import annotations

from typing import Any

from celery import shared_task

from ballots.actions import database_now
from partnerships import actions


@shared_task(name="partnerships.tasks.remind", ignore_result=True)
def remind(**_: Any) -> None:
    """Remind of protocols that run out, by the database's clock."""
    actions.remind(at=database_now())
