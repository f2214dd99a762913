from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from proposals import actions


@shared_task(name="proposals.tasks.end_support_periods")
def end_support_periods(**_: Any) -> int:
    """End gathering where its time ran out."""
    return actions.end_support_periods(at=timezone.now())
