from __future__ import annotations

from typing import Any

from celery import shared_task

from impact import actions

ROUNDS = 20


@shared_task(name="impact.tasks.refresh", ignore_result=True)
def refresh(**_: Any) -> None:
    """Every two seconds; safe to run twice and beside itself."""
    for _round in range(ROUNDS):
        actions.refresh()
        if not actions.has_more():
            return
