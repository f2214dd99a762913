"""When a municipal council is expected to meet, and which meeting an opinion goes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councils.meetings.rules import (
    ISTANBUL,
    CalendarRule,
    agenda_closing,
    at_istanbul,
    expected_meetings,
    has_passed,
    nth_weekday,
    target_meeting,
)

START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Meeting:
    pk: int
    starts_at: datetime
    agenda_closes_at: datetime
    is_called_off: bool = False


moments = st.integers(0, 60 * 24 * 365 * 2).map(lambda minutes: START + timedelta(minutes=minutes))


@st.composite
def calendars(draw):
    found = []
    for pk in range(draw(st.integers(0, 8))):
        starts_at = draw(moments)
        closes = starts_at - timedelta(hours=draw(st.integers(1, 24 * 20)))
        found.append(Meeting(pk, starts_at, closes, draw(st.booleans())))
    return found


@given(calendars(), moments, st.sets(st.integers(0, 8)))
def test_the_target_is_the_first_meeting_whose_agenda_was_open(meetings, sent_at, missed):
    target = target_meeting(meetings, sent_at, missed=missed)
    possible = [m for m in meetings if m.agenda_closes_at > sent_at and not m.is_called_off and m.pk not in missed]
    if target is None:
        assert possible == []
        return
    assert target in possible
    assert all(target.starts_at <= other.starts_at for other in possible)
    assert target.starts_at > sent_at  # an agenda closes before its meeting


@given(calendars(), moments, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_whoever_sends_later_never_reaches_an_earlier_meeting(meetings, sent_at, later):
    first, second = target_meeting(meetings, sent_at), target_meeting(meetings, sent_at + later)
    assert second is None or (first is not None and first.starts_at <= second.starts_at)


@given(calendars(), moments)
def test_a_missed_meeting_gives_way_to_the_next_until_none_is_left(meetings, sent_at):
    missed, seen = set(), []
    while (target := target_meeting(meetings, sent_at, missed=missed)) is not None:
        seen.append(target.starts_at)
        missed.add(target.pk)
    assert seen == sorted(seen)
    assert len(seen) == sum(m.agenda_closes_at > sent_at and not m.is_called_off for m in meetings)


def test_an_opinion_sent_at_the_closing_itself_is_too_late():
    meeting = Meeting(1, START + timedelta(days=5), START)
    assert target_meeting([meeting], START - timedelta(seconds=1)) == meeting
    assert target_meeting([meeting], START) is None


@given(st.integers(2000, 2100), st.integers(1, 12), st.integers(1, 4), st.integers(0, 6))
def test_every_month_has_one_such_day_and_the_second_week_is_the_8th_to_the_14th(year, month, week, weekday):
    day = nth_weekday(year, month, week=week, weekday=weekday)
    assert (day.year, day.month, day.weekday()) == (year, month, weekday)
    assert 7 * week - 6 <= day.day <= 7 * week


def test_meetings_of_2026_as_the_usual_rule_expects_them():
    """Second Thursdays, at 14.00 in Istanbul; August is the recess of this council."""
    days = [
        m.astimezone(ISTANBUL)
        for m in expected_meetings(CalendarRule(recess_month=8), after=at_istanbul(date(2026, 1, 8), time(14)))
    ]
    assert [f"{d:%d.%m %H.%M}" for d in days] == [
        "12.02 14.00", "12.03 14.00", "09.04 14.00", "14.05 14.00", "11.06 14.00", "09.07 14.00",
        "10.09 14.00", "08.10 14.00", "12.11 14.00", "10.12 14.00",
    ]  # fmt: skip


def test_the_agenda_closes_three_days_before_at_the_rule_s_hour():
    closing = agenda_closing(at_istanbul(date(2026, 8, 13), time(14)), CalendarRule())
    assert closing == datetime(2026, 8, 10, 14, tzinfo=UTC)  # Monday, 17.00 in Istanbul


@pytest.mark.parametrize(
    ("at", "is_held", "passed"),
    [
        (datetime(2026, 8, 13, 13, 59), False, False),
        (datetime(2026, 8, 13, 14, 0), True, True),
        (datetime(2026, 8, 13, 23, 59), False, False),
        (datetime(2026, 8, 14, 0, 0), False, True),
    ],
)
def test_a_meeting_has_passed_when_it_was_held_or_its_day_is_over(at, is_held, passed):
    meeting = Meeting(1, at_istanbul(date(2026, 8, 13), time(14)), at_istanbul(date(2026, 8, 10), time(17)))
    assert has_passed(meeting, is_held=is_held, at=at.replace(tzinfo=ISTANBUL)) is passed
    off = Meeting(1, meeting.starts_at, meeting.agenda_closes_at, is_called_off=True)
    assert has_passed(off, is_held=False, at=datetime(2027, 1, 1, tzinfo=UTC)) is False
