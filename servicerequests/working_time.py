"""When an answer is due in an office's working time. Plain data in, plain data out; no ORM.

Two kinds of target. A target in hours runs only while the office is open and stands still while the desk waits for the
applicant. A target in days ends with the hours of the last day, the day it began does not count (law 6100, article 92); a pause
moves it by as many working days as it took. A legal ceiling counts days and knows no pause: law 4982 on information,
article 11, 15 working days, 30 where another body is asked; law 3071 on petitions, article 7, 30 days; law 6698 on
personal data, article 13, 30 days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from councils.working_time import (
    CLOSES_ON_HALF_DAYS,
    ISTANBUL,
    MOST_IDLE_DAYS,
    WORKING_WEEKDAYS,
    Calendar,
    due,
    working_days_between,
)

Span = tuple[time, time]
Pause = tuple[datetime, datetime | None]
"""From when to when the desk waited for the applicant; None while it still does."""

NOTHING = timedelta()
USUAL: Mapping[int, tuple[Span, ...]] = dict.fromkeys(
    range(5), ((time(8, 30), time(12, 30)), (time(13, 30), time(17, 30)))
)
"""The usual hours of a municipality's offices, with the hour of lunch left out."""


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Spans of the day by weekday (0 is Monday), around what is special about single days."""

    spans: Mapping[int, tuple[Span, ...]] = field(default_factory=lambda: USUAL)
    calendar: Calendar = field(default_factory=Calendar)

    def on(self, day: date) -> list[tuple[datetime, datetime]]:
        """When the office is open on a day, in order. A weekend that is worked has the hours of the week's first day."""
        special = self.calendar.days.get(day)
        spans = self.spans.get(day.weekday(), ())
        if special is not None and special.is_worked and not spans:
            spans = self.spans[min(self.spans)] if self.spans else ()
        if special is not None and not special.is_worked:
            spans = _until_one(spans) if special.is_half else ()
        return [
            (datetime.combine(day, opens, ISTANBUL), datetime.combine(day, closes, ISTANBUL))
            for opens, closes in spans
            if opens < closes
        ]

    def closes_on(self, day: date) -> datetime:
        """The end of a working day's hours; its own end where the office has none."""
        spans = self.on(day)
        return spans[-1][1] if spans else self.calendar.closes_on(day)

    def is_open(self, at: datetime) -> bool:
        return any(opens <= at < closes for opens, closes in self.on(at.astimezone(ISTANBUL).date()))


@dataclass(frozen=True, slots=True)
class Explained:
    """A due moment and how it came about; `at` is None while it stands still, `left` is what has not run of a target in hours."""

    at: datetime | None
    start: datetime
    hours: timedelta | None = None
    days: int | None = None
    paused: timedelta = NOTHING
    skipped: tuple[tuple[date, str], ...] = ()
    left: timedelta = NOTHING


def worked(start: datetime, end: datetime, hours: OfficeHours, pauses: Sequence[Pause] = ()) -> timedelta:
    """How long the office was open between two moments, pauses left out; nothing when the second is not later."""
    return sum((until - since for since, until in _running(start, hours, pauses, end=end)), NOTHING)


def after(start: datetime, target: timedelta, hours: OfficeHours, pauses: Sequence[Pause] = ()) -> datetime | None:
    """The earliest moment at which that much working time has run; None when it stands still before that.

    Raises `ValueError` for a target below nothing, and for an office that never opens.
    """
    if target < NOTHING:
        raise ValueError("a target is not below nothing")
    if target == NOTHING:
        return start
    left = target
    for since, until in _running(start, hours, pauses):
        if until - since >= left:
            return since + left
        left -= until - since
    return None


def due_in_hours(start: datetime, target: timedelta, hours: OfficeHours, pauses: Sequence[Pause] = ()) -> Explained:
    """When a target of working time is due, and what did not count."""
    at = after(start, target, hours, pauses)
    until = at or _stands_still_since(pauses)
    left = NOTHING if at is not None else target - worked(start, until, hours, pauses)
    return Explained(
        at=at,
        start=start,
        hours=target,
        paused=worked(start, until, hours) - worked(start, until, hours, pauses),
        skipped=_named(start, until, hours.calendar),
        left=left,
    )


def due_in_days(start: datetime, days: int, hours: OfficeHours, pauses: Sequence[Pause] = ()) -> Explained:
    """When a target of working days, at least 1, is due: with the hours of its last day, moved by each pause's working days."""
    calendar = hours.calendar
    found = due(start, days, calendar).at
    paused = NOTHING
    for since, until in _merged(pauses):
        if since >= hours.closes_on(found.astimezone(ISTANBUL).date()):
            break
        if until is None:
            return Explained(None, start, days=days, paused=paused, skipped=_named(start, since, calendar))
        since = max(since, start)
        left = working_days_between(since, found, calendar)
        found = max(found, due(until, left, calendar).at if left else _next_close(until, hours))
        paused += worked(since, until, hours)
    last = found.astimezone(ISTANBUL).date()
    return Explained(hours.closes_on(last), start, days=days, paused=paused, skipped=_named(start, found, calendar))


def ceiling(start: datetime, days: int, hours: OfficeHours, *, is_working: bool) -> datetime:
    """The last moment the law allows. Nothing moves it but the calendar: to the law Monday to Friday are working days, whenever
    an office opens."""
    calendar = replace(hours.calendar, weekdays=WORKING_WEEKDAYS)
    return hours.closes_on(due(start, days, calendar, is_working=is_working).at.astimezone(ISTANBUL).date())


# --- Parts --------------------------------------------------------------------------------------------------------
def _running(
    start: datetime, hours: OfficeHours, pauses: Sequence[Pause], *, end: datetime | None = None
) -> Iterator[tuple[datetime, datetime]]:
    """The spans in which time runs, from a moment on; they end where a pause has no end, or at `end`."""
    merged = _merged(pauses)
    day, idle = start.astimezone(ISTANBUL).date(), 0
    while end is None or day <= end.astimezone(ISTANBUL).date():
        spans = hours.on(day)
        idle = 0 if spans else idle + 1
        if idle > MOST_IDLE_DAYS and end is None:
            raise ValueError("an office that never opens")
        for opens, closes in spans:
            since, until = max(opens, start), closes if end is None else min(closes, end)
            for pause_from, pause_to in merged:
                if pause_to is None and pause_from <= since:
                    return
                if pause_from < until and (pause_to is None or pause_to > since):
                    if since < pause_from:
                        yield since, pause_from
                    if pause_to is None:
                        return
                    since = max(since, pause_to)
            if since < until:
                yield since, until
        day += timedelta(days=1)


def _until_one(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The hours of half a day: it ends at one, and nobody goes to lunch before that."""
    if not spans:
        return ()
    return ((spans[0][0], min(spans[-1][1], CLOSES_ON_HALF_DAYS)),)


def _merged(pauses: Iterable[Pause]) -> list[Pause]:
    """Pauses in order, those that touch put together; nothing comes after one without an end."""
    found: list[Pause] = []
    for since, until in sorted(pauses, key=lambda pause: pause[0]):
        if until is not None and until <= since:
            continue
        if found:
            before, end = found[-1]
            if end is None:
                break
            if since <= end:
                found[-1] = (before, None if until is None else max(end, until))
                continue
        found.append((since, until))
    return found


def _stands_still_since(pauses: Sequence[Pause]) -> datetime:
    return _merged(pauses)[-1][0]


def _next_close(at: datetime, hours: OfficeHours) -> datetime:
    """The end of the working hours of the day of a moment, or of the next working day when they are over."""
    day = at.astimezone(ISTANBUL).date()
    if hours.calendar.works_on(day) and at <= hours.closes_on(day):
        return hours.closes_on(day)
    return hours.closes_on(due(at, 1, hours.calendar).at.astimezone(ISTANBUL).date())


def _named(start: datetime, end: datetime, calendar: Calendar) -> tuple[tuple[date, str], ...]:
    """The days with a name, off or half, that lie on the way."""
    first, last = start.astimezone(ISTANBUL).date(), end.astimezone(ISTANBUL).date()
    return tuple(
        (day, special.name)
        for day, special in sorted(calendar.days.items())
        if first <= day <= last and not special.is_worked and day.weekday() in calendar.weekdays
    )
