"""When a running clock is told to whom: a warning, then upwards. Plain data in, plain data out; no ORM.

Nothing is told while the office is closed: what is reached in the night or on a holiday is told when it opens.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _l

from servicerequests.working_time import OfficeHours, Pause, after, due_in_days, worked

WARNED_WITH = 0.75
"""The part of its working time after which a clock is warned of."""
DAYS_TO_DIRECTORATE = 1
"""Working days that are left to the unit's head before the whole directorate is told."""


class Clock(models.TextChoices):
    """Which of a request's two clocks (süre)."""

    FIRST_ANSWER = "first_answer", _l("İlk yanıt")
    RESOLUTION = "resolution", _l("Sonuç")


class Level(models.TextChoices):
    """Whom a clock is told to (bildirim basamağı), in this order."""

    WARNING = "warning", _l("Başvuruyu yürüten")
    HEAD = "head", _l("Birim sorumlusu")
    DIRECTORATE = "directorate", _l("Müdürlük")


def warned_at(
    start: datetime, due_at: datetime | None, hours: OfficeHours, pauses: Sequence[Pause] = ()
) -> datetime | None:
    """When three quarters of a clock's working time have run; nothing while it stands still."""
    if due_at is None:
        return None
    return after(start, worked(start, due_at, hours, pauses) * WARNED_WITH, hours, pauses)


def levels_reached(
    warned_at: datetime | None, due_at: datetime | None, *, at: datetime, hours: OfficeHours
) -> list[Level]:
    """The levels a clock has reached at a moment, in order; none while the office is closed."""
    if due_at is None or warned_at is None or at < warned_at or not hours.is_open(at):
        return []
    if at < due_at:
        return [Level.WARNING]
    last = due_in_days(due_at, DAYS_TO_DIRECTORATE, hours).at
    if last is None or at < last:
        return [Level.WARNING, Level.HEAD]
    return list(Level)
