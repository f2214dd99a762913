from __future__ import annotations

from typing import Any

from celery import shared_task

from ballots.actions import database_now
from councils.actions import seed_holidays
from councils.models import Council


@shared_task(name="councils.tasks.write_holidays")
def write_holidays(**_: Any) -> int:
    """Keep the public holidays of the years ahead in every council's table."""
    return sum(seed_holidays(council=council, at=database_now()) for council in Council.objects.all())
