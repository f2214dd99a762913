"""When a step that a proposal has left was due, by the procedure it was submitted under."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from impact.walks import DueOf
from proposals.stages import Stage

DAYS = {Stage.SUBMITTED: "admissibility_days", Stage.IN_GROUP: "group_days"}


def due_of(row: Mapping[str, Any]) -> DueOf:
    """For the values of one proposal."""

    def due(stage: str, since: datetime) -> datetime | None:
        days = row.get(DAYS.get(Stage(stage), ""))
        return since + timedelta(days=days) if days is not None else None

    return due
