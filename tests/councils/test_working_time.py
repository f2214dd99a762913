"""Working days: weekends and holidays are left out, the day it began does not count, half days end at one."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councils.working_time import ISTANBUL, Calendar, Day, due, working_days_between

OCTOBER = Calendar(
    {
        date(2026, 10, 28): Day("Cumhuriyet Bayramı arifesi", is_half=True),
        date(2026, 10, 29): Day("Cumhuriyet Bayramı"),
    }
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ISTANBUL)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-02T10:00", 1, "2026-11-03T17:00"),  # Monday: the day itself does not count
        ("2026-11-02T23:59", 1, "2026-11-03T17:00"),
        ("2026-11-06T09:00", 1, "2026-11-09T17:00"),  # Friday, over the weekend
        ("2026-11-07T12:00", 5, "2026-11-13T17:00"),  # begun on a Saturday
        ("2026-10-27T10:00", 1, "2026-10-28T13:00"),  # ends with the half day
        ("2026-10-27T10:00", 2, "2026-10-30T17:00"),  # the 29th is left out
        ("2026-10-28T14:00", 1, "2026-10-30T17:00"),
    ],
)
def test_a_step_of_working_days_ends_with_the_hours_of_its_last_day(start, days, end):
    assert due(at(start), days, OCTOBER).at == at(end)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-02T10:00", 7, "2026-11-09T17:00"),
        ("2026-10-22T10:00", 7, "2026-10-30T17:00"),  # the 29th is a holiday: the next working day
        ("2026-11-02T10:00", 5, "2026-11-09T17:00"),  # ends on a Saturday: Monday
    ],
)
def test_days_of_the_calendar_all_count_but_the_last_is_a_working_day(start, days, end):
    assert due(at(start), days, OCTOBER, is_working=False).at == at(end)


def test_how_it_was_counted_names_what_did_not_count():
    found = due(at("2026-10-23T10:00"), 4, OCTOBER)
    assert (found.at, found.weekend_days) == (at("2026-10-30T17:00"), 2)
    assert found.skipped == ((date(2026, 10, 29), "Cumhuriyet Bayramı"),)
    assert due(at("2026-10-27T10:00"), 1, OCTOBER).ends_early == "Cumhuriyet Bayramı arifesi"


def test_a_weekend_day_that_is_worked_counts_and_a_holiday_on_a_weekend_skips_nothing_more():
    saturday, sunday = date(2026, 11, 7), date(2026, 11, 8)
    worked = Calendar({saturday: Day("Telafi günü", is_worked=True), sunday: Day("Bayram")})
    assert due(at("2026-11-06T10:00"), 1, worked).at == at("2026-11-07T17:00")
    assert due(at("2026-11-07T10:00"), 1, worked).at == at("2026-11-09T17:00")
    assert due(at("2026-11-07T10:00"), 1, worked).skipped == ()


def test_no_day_and_nobody_who_ever_works_are_errors():
    with pytest.raises(ValueError, match="at least a day"):
        due(at("2026-11-02T10:00"), 0, Calendar())
    with pytest.raises(ValueError, match="without working days"):
        due(at("2026-11-02T10:00"), 1, Calendar(weekdays=frozenset()))


moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(lambda moment: moment.replace(tzinfo=ISTANBUL))
some_days = st.dictionaries(
    st.dates(date(2020, 1, 1), date(2036, 1, 1)),
    st.builds(Day, st.just("Bayram"), is_half=st.booleans(), is_worked=st.booleans()),
    max_size=60,
)
calendars = st.builds(Calendar, some_days)
counts = st.integers(1, 60)


@given(moments, counts, calendars, st.booleans())
def test_it_is_due_on_a_later_working_day(start, days, calendar, is_working):
    found = due(start, days, calendar, is_working=is_working)
    assert found.at > start
    assert found.at.date() > start.date()
    assert calendar.works_on(found.at.date())


@given(moments, counts, counts, calendars)
def test_working_days_add_up(start, one, other, calendar):
    assert due(due(start, one, calendar).at, other, calendar).at == due(start, one + other, calendar).at


@given(moments, counts, calendars)
def test_as_many_working_days_lie_between(start, days, calendar):
    assert working_days_between(start, due(start, days, calendar).at, calendar) == days


@given(moments, counts, calendars, st.dates(date(2020, 1, 1), date(2036, 1, 1)))
def test_one_more_holiday_never_makes_it_earlier(start, days, calendar, day):
    more = Calendar({**calendar.days, day: Day("İdari izin")})
    assert due(start, days, more).at.date() >= due(start, days, calendar).at.date()


@given(moments, counts, calendars)
def test_every_day_between_was_counted_or_named(start, days, calendar):
    found = due(start, days, calendar)
    passed = (found.at.date() - start.date()) // timedelta(days=1)
    assert passed == days + len(found.skipped) + found.weekend_days
