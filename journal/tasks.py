from __future__ import annotations

from typing import Any

from celery import shared_task

from journal import actions


@shared_task(name="journal.tasks.sweep")
def sweep(**_: Any) -> int:
    """Deliver entries whose delivery was lost."""
    return actions.sweep()
