"""The desk's clock: it runs while the office is open, stands still while the applicant is waited for, and can be explained."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councils.working_time import ISTANBUL, Calendar, Day
from servicerequests.escalation import warned_at
from servicerequests.working_time import USUAL, OfficeHours, after, ceiling, due_in_days, due_in_hours, worked

OCTOBER = Calendar(
    {
        date(2026, 10, 28): Day("Cumhuriyet Bayramı arifesi", is_half=True),
        date(2026, 10, 29): Day("Cumhuriyet Bayramı"),
        date(2026, 11, 7): Day("Telafi günü", is_worked=True),
    }
)
OFFICE = OfficeHours(calendar=OCTOBER)
HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ISTANBUL)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-02T09:00", 2, "2026-11-02T11:00"),
        ("2026-11-02T11:30", 2, "2026-11-02T14:30"),  # lunch does not count
        ("2026-11-02T17:00", 1, "2026-11-03T09:00"),  # the evening does not count
        ("2026-11-02T16:30", 1, "2026-11-02T17:30"),  # done with the last minute of the day
        ("2026-10-23T16:50", 1, "2026-10-26T08:50"),  # Friday evening, over the weekend
        ("2026-11-01T11:00", 1, "2026-11-02T09:30"),  # created on a Sunday
        ("2026-11-02T03:00", 8, "2026-11-02T17:30"),  # created at night
        ("2026-11-02T12:45", 1, "2026-11-02T14:30"),  # created at lunch
        ("2026-10-28T12:00", 1, "2026-10-28T13:00"),  # half a day, worked through
        ("2026-10-28T12:00", 1.5, "2026-10-30T09:00"),  # half a day, then a holiday
        ("2026-11-06T17:00", 1, "2026-11-07T09:00"),  # a Saturday that is worked
    ],
)
def test_a_target_in_hours_runs_while_the_office_is_open(start, hours, end):
    assert due_in_hours(at(start), hours * HOUR, OFFICE).at == at(end)


def test_it_stands_still_only_while_the_desk_waits_for_the_applicant():
    start, asked, told = at("2026-11-02T09:00"), at("2026-11-02T10:00"), at("2026-11-04T09:00")
    waiting = due_in_hours(start, 3 * HOUR, OFFICE, [(asked, None)])
    assert (waiting.at, waiting.left) == (None, 2 * HOUR)
    found = due_in_hours(start, 3 * HOUR, OFFICE, [(asked, told)])
    assert (found.at, found.paused) == (at("2026-11-04T11:00"), 15 * HOUR)


def test_a_question_asked_after_the_time_has_run_out_saves_nobody():
    start = at("2026-11-02T09:00")
    assert due_in_hours(start, HOUR, OFFICE, [(at("2026-11-02T11:00"), None)]).at == at("2026-11-02T10:00")
    assert due_in_days(start, 1, OFFICE, [(at("2026-11-04T11:00"), None)]).at == at("2026-11-03T17:30")


def test_a_pause_outside_the_hours_moves_nothing():
    pause = (at("2026-11-02T18:00"), at("2026-11-03T08:00"))
    assert due_in_hours(at("2026-11-02T17:00"), HOUR, OFFICE, [pause]).at == at("2026-11-03T09:00")


@pytest.mark.parametrize(
    ("pauses", "end"),
    [
        (
            [("2026-11-02T11:00", "2026-11-02T17:00"), ("2026-11-02T14:00", "2026-11-02T15:00")],
            "2026-11-03T10:00",
        ),  # nested
        (
            [("2026-11-02T11:00", "2026-11-02T14:00"), ("2026-11-02T14:00", "2026-11-03T09:00")],
            "2026-11-03T11:00",
        ),  # touching
        ([("2026-10-31T10:00", "2026-11-01T10:00")], "2026-11-02T14:00"),  # over, before it began
        ([("2026-11-02T12:30", "2026-11-02T13:30")], "2026-11-02T14:00"),  # the length of lunch
    ],
)
def test_pauses_count_once_and_only_where_the_office_was_open(pauses, end):
    found = due_in_hours(at("2026-11-02T09:00"), 4 * HOUR, OFFICE, [(at(since), at(until)) for since, until in pauses])
    assert found.at == at(end)


def test_a_pause_over_a_weekend_and_a_holiday_takes_only_what_would_have_run():
    pause = (
        at("2026-10-27T17:00"),
        at("2026-11-02T09:00"),
    )  # half an hour, half a day, a holiday, a Friday, half an hour
    found = due_in_hours(at("2026-10-27T16:30"), 2 * HOUR, OFFICE, [pause])
    assert (found.at, found.paused) == (at("2026-11-02T10:30"), 13.5 * HOUR)


def test_clocks_are_those_of_istanbul_which_are_no_more_put_forward_or_back():
    utc = datetime.fromisoformat("2026-03-27T21:30+00:00")  # Saturday there already
    assert due_in_hours(utc, HOUR, OFFICE).at == at("2026-03-30T09:30")
    assert worked(at("2026-03-29T00:00"), at("2026-03-30T09:30"), OFFICE) == HOUR
    assert worked(at("2026-10-24T00:00"), at("2026-10-26T09:30"), OFFICE) == HOUR


def test_a_holiday_that_is_added_later_moves_what_lies_behind_it():
    start = at("2026-11-02T16:30")
    added = OfficeHours(calendar=Calendar({date(2026, 11, 3): Day("İdari izin")}))
    assert due_in_hours(start, 2 * HOUR, OfficeHours()).at == at("2026-11-03T09:30")
    found = due_in_hours(start, 2 * HOUR, added)
    assert (found.at, found.skipped) == (at("2026-11-04T09:30"), ((date(2026, 11, 3), "İdari izin"),))


@pytest.mark.parametrize(
    ("start", "days", "pauses", "end"),
    [
        ("2026-11-02T10:00", 2, [], "2026-11-04T17:30"),
        ("2026-10-23T16:50", 3, [], "2026-10-28T13:00"),  # ends with the half day
        ("2026-10-23T16:50", 4, [], "2026-10-30T17:30"),
        ("2026-11-02T10:00", 2, [("2026-11-03T10:00", "2026-11-05T10:00")], "2026-11-06T17:30"),
        ("2026-11-02T10:00", 1, [("2026-11-03T10:00", "2026-11-03T11:00")], "2026-11-03T17:30"),  # on its last day
        ("2026-11-02T10:00", 1, [("2026-11-03T10:00", "2026-11-04T18:00")], "2026-11-05T17:30"),
        ("2026-11-02T10:00", 3, [("2026-11-03T10:00", None)], None),
    ],
)
def test_a_target_in_days_ends_with_the_hours_of_its_last_day(start, days, pauses, end):
    paused = [(at(since), until and at(until)) for since, until in pauses]
    assert due_in_days(at(start), days, OFFICE, paused).at == (end and at(end))


def test_the_law_s_last_day_knows_no_pause():
    assert ceiling(at("2026-10-12T10:00"), 15, OFFICE, is_working=True) == at("2026-11-03T17:30")
    assert ceiling(at("2026-09-28T10:00"), 30, OFFICE, is_working=False) == at("2026-10-28T13:00")
    assert ceiling(at("2026-09-29T10:00"), 30, OFFICE, is_working=False) == at("2026-10-30T17:30")


def test_an_office_that_never_opens_and_a_target_below_nothing_are_errors():
    with pytest.raises(ValueError, match="never opens"):
        after(at("2026-11-02T10:00"), HOUR, OfficeHours({}))
    with pytest.raises(ValueError, match="below nothing"):
        after(at("2026-11-02T10:00"), -HOUR, OFFICE)


# --- For every office, every calendar and every pause -------------------------------------------------------------
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda moment: moment.replace(tzinfo=ISTANBUL))
targets = st.timedeltas(timedelta(), timedelta(hours=60))
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
spans = st.lists(clocks, min_size=2, max_size=4, unique=True).map(
    lambda found: tuple(zip(sorted(found)[::2], sorted(found)[1::2], strict=False))
)
calendars = st.dictionaries(
    st.dates(date(2026, 1, 1), date(2027, 6, 1)),
    st.builds(Day, st.just("Bayram"), is_half=st.booleans(), is_worked=st.booleans()),
    max_size=30,
).map(Calendar)
offices = st.builds(
    lambda weekend, calendar: OfficeHours({**USUAL, **weekend}, calendar),
    st.dictionaries(st.integers(0, 6), spans, max_size=3),
    calendars,
)
pauses = st.lists(
    st.tuples(moments, st.timedeltas(timedelta(), timedelta(days=9))).map(
        lambda pause: (pause[0], pause[0] + pause[1])
    ),
    max_size=4,
)


@given(moments, targets, offices, pauses)
def test_due_is_never_before_the_start_and_exactly_that_much_has_run(start, target, office, waits):
    found = after(start, target, office, waits)
    assert found >= start
    assert worked(start, found, office, waits) == target


@given(moments, targets, targets, offices, pauses)
def test_two_targets_one_after_the_other_are_their_sum(start, first, second, office, waits):
    assert after(after(start, first, office, waits), second, office, waits) == after(
        start, first + second, office, waits
    )


@given(moments, targets, offices, pauses, st.tuples(moments, st.timedeltas(timedelta(), timedelta(days=9))))
def test_one_pause_more_never_shortens(start, target, office, waits, pause):
    more = [*waits, (pause[0], pause[0] + pause[1])]
    assert after(start, target, office, more) >= after(start, target, office, waits)


@given(moments, targets, offices, pauses)
def test_it_is_warned_of_between_the_start_and_the_end_with_a_quarter_left(start, target, office, waits):
    due = after(start, target, office, waits)
    warned = warned_at(start, due, office, waits)
    assert start <= warned <= due
    assert abs(worked(warned, due, office, waits) - target / 4) < timedelta(milliseconds=1)


@given(moments, st.integers(1, 30), offices, pauses, st.tuples(moments, st.timedeltas(timedelta(), timedelta(days=9))))
def test_one_pause_more_never_shortens_a_target_in_days(start, days, office, waits, pause):
    more = [*waits, (pause[0], pause[0] + pause[1])]
    before, now = due_in_days(start, days, office, waits), due_in_days(start, days, office, more)
    assert start <= before.at <= now.at


@given(moments, targets, offices, st.dates(date(2026, 1, 1), date(2027, 1, 1)))
def test_a_holiday_more_never_shortens_and_half_of_one_is_no_longer_than_a_whole(start, target, office, day):
    def with_(special):
        return OfficeHours(office.spans, Calendar({**office.calendar.days, day: special}))

    half, whole = with_(Day("Arife", is_half=True)), with_(Day("Bayram"))
    assert after(start, target, half) <= after(start, target, whole)


@given(moments, moments, moments, offices)
def test_working_time_adds_up(one, two, three, office):
    first, second, third = sorted((one, two, three))
    assert worked(first, third, office) == worked(first, second, office) + worked(second, third, office)
    assert worked(third, first, office) == timedelta()


def test_usual_hours_are_eight_a_day():
    assert worked(at("2026-11-02T00:00"), at("2026-11-03T00:00"), OFFICE) == 8 * HOUR
    assert OFFICE.is_open(at("2026-11-02T08:30"))
    assert not OFFICE.is_open(at("2026-11-02T12:30"))
    assert OfficeHours({0: ((time(9), time(9)),)}).on(date(2026, 11, 2)) == []
