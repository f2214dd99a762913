"""When a step that lasts a number of days is due. Plain data in, plain data out; no ORM.

Sources: law 6100 (HMK) article 92, the day of the event does not count; article 93, holidays within a term of days
count, and a term whose last day is a holiday ends on the next working day; law 2429 on national days and holidays. A term of
working days (iş günü) leaves weekends and holidays out. The eve of a holiday (arife), off from 13.00, is a working day that
ends at 13.00.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ISTANBUL = ZoneInfo("Europe/Istanbul")
WORKING_WEEKDAYS = frozenset(range(5))
CLOSES = time(17, 0)
CLOSES_ON_HALF_DAYS = time(13, 0)
# A calendar on which nobody ever works would have no answer.
MOST_IDLE_DAYS = 400


@dataclass(frozen=True, slots=True)
class Day:
    """What is special about a day: off, half a day, or worked although it is a weekend."""

    name: str
    is_half: bool = False
    is_worked: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of an office: which weekdays it works, and what is special about single days."""

    days: Mapping[date, Day] = field(default_factory=dict)
    weekdays: frozenset[int] = WORKING_WEEKDAYS

    def works_on(self, day: date) -> bool:
        special = self.days.get(day)
        if special is not None:
            return special.is_worked or (special.is_half and day.weekday() in self.weekdays)
        return day.weekday() in self.weekdays

    def closes_on(self, day: date) -> datetime:
        """The end of the working hours of a working day."""
        special = self.days.get(day)
        clock = CLOSES_ON_HALF_DAYS if special is not None and special.is_half else CLOSES
        return datetime.combine(day, clock, ISTANBUL)


@dataclass(frozen=True, slots=True)
class Due:
    """A due moment and how it came about. `skipped` are the named days that did not count, weekends apart."""

    at: datetime
    start: date
    days: int
    is_working: bool
    skipped: tuple[tuple[date, str], ...] = ()
    weekend_days: int = 0
    ends_early: str = ""
    """The name of the half day on which it ends."""


def due(start: datetime, days: int, calendar: Calendar, *, is_working: bool = True) -> Due:
    """The end of the working hours of the day on which a step of that many days, at least 1, that began at a moment is due.

    Raises `ValueError` for fewer days, and for a calendar without working days.
    """
    if days < 1:
        raise ValueError("a step lasts at least a day")
    first = start.astimezone(ISTANBUL).date()
    skipped: list[tuple[date, str]] = []
    weekend_days = left = idle = 0
    day, left = (first, days) if is_working else (first + timedelta(days=days - 1), 1)
    while left:
        day += timedelta(days=1)
        if calendar.works_on(day):
            left, idle = left - 1, 0
            continue
        idle += 1
        if idle > MOST_IDLE_DAYS:
            raise ValueError("a calendar without working days")
        if day.weekday() in calendar.weekdays and day in calendar.days:
            skipped.append((day, calendar.days[day].name))
        else:
            weekend_days += 1
    special = calendar.days.get(day)
    early = special.name if special is not None and special.is_half else ""
    return Due(calendar.closes_on(day), first, days, is_working, tuple(skipped), weekend_days, early)


def working_days_between(start: datetime, end: datetime, calendar: Calendar) -> int:
    """How many working days have begun after the day of one moment, up to the day of another; 0 when there is none."""
    day, last, count = start.astimezone(ISTANBUL).date(), end.astimezone(ISTANBUL).date(), 0
    while day < last:
        day += timedelta(days=1)
        count += calendar.works_on(day)
    return count
