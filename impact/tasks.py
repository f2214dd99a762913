from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from impact import actions
from impact.opendata import writing

ROUNDS = 20


@shared_task(name="impact.tasks.refresh", ignore_result=True)
def refresh(**_: Any) -> None:
    """Every two seconds; safe to run twice and beside itself."""
    for _round in range(ROUNDS):
        actions.refresh()
        if not actions.has_more():
            return


@shared_task(name="impact.tasks.write_open_data", ignore_result=True)
def write_open_data(**_: Any) -> None:
    """Every hour: today's files where there are none yet. Safe to run twice and beside itself."""
    writing.write_open_data(at=timezone.now())
