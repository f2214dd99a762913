from __future__ import annotations

from typing import Any

from celery import shared_task

from ballots.actions import database_now
from solidarity import actions


@shared_task(name="solidarity.tasks.send_tellings", ignore_result=True)
def send_tellings(**_: Any) -> None:
    """Send the letters about posts, by the database's clock."""
    actions.send_tellings(at=database_now())
