"""When a municipal council is expected to meet, and which meeting an opinion goes to. Plain data in, plain data out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

ISTANBUL = ZoneInfo("Europe/Istanbul")
MONTHS_AHEAD = 12
"""How many months are planned at once."""


@dataclass(frozen=True, slots=True)
class CalendarRule:
    """The week of the month (1 to 4), the weekday (0 is Monday), the hour, and when the agenda closes before it."""

    week: int = 2
    weekday: int = 3
    begins: time = time(14)
    notice_days: int = 3
    agenda_closes: time = time(17)
    recess_month: int | None = None


def at_istanbul(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=ISTANBUL)


def nth_weekday(year: int, month: int, *, week: int, weekday: int) -> date:
    """The day of a month: the second Thursday lies between the 8th and the 14th."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (week - 1))


def agenda_closing(starts_at: datetime, rule: CalendarRule) -> datetime:
    """When the agenda of a meeting closes: so many days before, at the rule's hour."""
    day = starts_at.astimezone(ISTANBUL).date() - timedelta(days=rule.notice_days)
    return at_istanbul(day, rule.agenda_closes)


def expected_meetings(rule: CalendarRule, *, after: datetime, months: int = MONTHS_AHEAD) -> Iterator[datetime]:
    """The moments at which the council is expected to meet in the months from `after` on, the month of the recess left out.

    A meeting of the first month that has begun already is none of them.
    """
    today = after.astimezone(ISTANBUL)
    for ahead in range(months):
        year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
        month += 1
        if month == rule.recess_month:
            continue
        starts_at = at_istanbul(nth_weekday(year, month, week=rule.week, weekday=rule.weekday), rule.begins)
        if starts_at > after:
            yield starts_at


class Meeting(Protocol):
    """What the question below needs to know of a meeting."""

    @property
    def pk(self) -> int: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def agenda_closes_at(self) -> datetime: ...
    @property
    def is_called_off(self) -> bool: ...


M = TypeVar("M", bound=Meeting)


def target_meeting(meetings: Iterable[M], sent_at: datetime, *, missed: Collection[int] = ()) -> M | None:
    """The meeting an opinion belongs to: the first whose agenda was still open when the opinion was sent.

    Law 5393, article 76: opinions are put on the agenda of the first meeting. One that was called off is none, and so is one
    that passed without the opinion (`missed`, by id): the next takes its place. None when no such meeting is known.
    """
    open_ones = [m for m in meetings if not m.is_called_off and m.agenda_closes_at > sent_at and m.pk not in missed]
    return min(open_ones, key=lambda meeting: (meeting.starts_at, meeting.pk), default=None)


def has_passed(meeting: Meeting, *, is_held: bool, at: datetime) -> bool:
    """Whether a meeting is over: it was held, or its day is over and nobody has said that it was called off."""
    if meeting.is_called_off or at < meeting.starts_at:
        return False
    day_after = meeting.starts_at.astimezone(ISTANBUL).date() + timedelta(days=1)
    return is_held or at >= at_istanbul(day_after, time(0))
