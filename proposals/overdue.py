"""Which steps can be late, and whom a late one is told to and when. Plain data, no table."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _l

from councils.models import Holder
from proposals.stages import Stage

# Stages that end by themselves at their moment: nobody is late with them.
BY_THE_CLOCK = frozenset({Stage.GATHERING, Stage.BALLOT, Stage.DONE})
LATE_HOLDERS = tuple(holder for holder in Holder.values if holder not in {Holder.CITIZENS, Holder.SUPPORTERS})


class Level(models.TextChoices):
    """Whom a late step is told to (bildirim basamağı), in this order."""

    HOLDER = "holder", _l("Adımı elinde tutan")
    LEADER = "leader", _l("Öneriyi görüşenlerin başkanı")
    SECRETARIAT = "secretariat", _l("Genel sekreterlik")


WAITS: dict[Level, int] = {Level.HOLDER: 0, Level.LEADER: 3, Level.SECRETARIAT: 6}
"""Working days after the due date."""


def is_late(stage: str, due_at: datetime | None, at: datetime) -> bool:
    """Whether somebody is late with a step at a moment."""
    return due_at is not None and due_at < at and Stage(stage) not in BY_THE_CLOCK


def late_at(at: datetime) -> Q:
    """The same of rows that have a stage, a holder and a due moment."""
    return Q(holder__in=LATE_HOLDERS, due_at__lt=at) & ~Q(stage__in=sorted(BY_THE_CLOCK))


def levels_due(days_late: int) -> list[Level]:
    """The levels a step that is so many working days late has reached."""
    return [level for level, wait in WAITS.items() if days_late >= wait]
