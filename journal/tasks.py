from __future__ import annotations

from typing import Any

from celery import shared_task

from journal import actions, sealing


@shared_task(name="journal.tasks.sweep")
def sweep(**_: Any) -> int:
    """Deliver entries whose delivery was lost."""
    return actions.sweep()


@shared_task(name="journal.tasks.seal_when_due")
def seal_when_due(**_: Any) -> int:
    """Seal what waits once something has waited an hour or is urgent, as a declared ballot is; how many heads it made."""
    return len(sealing.look())
