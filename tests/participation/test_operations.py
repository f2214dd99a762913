"""What an operator reads names what the installation does."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

OPERATIONS = Path(settings.BASE_DIR, "docs", "operations.md").read_text()
SECONDS = {"s": 1, "min": 60, "h": 3_600, "day": 86_400}
ROW = re.compile(r"^\| `([a-z-]+)` \| (\d+) (s|min|h|day) \| [^|]+ \| [^|]+ \|$", re.MULTILINE)


def test_each_periodic_task_is_named_with_how_often_it_runs():
    told = {name: int(count) * SECONDS[unit] for name, count, unit in ROW.findall(OPERATIONS)}
    assert told == {name: entry["schedule"] for name, entry in settings.CELERY_BEAT_SCHEDULE.items()}
