"""Whether a decision's numbers can be true."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proposals.tallies import MOST_MEMBERS, wrong_day, wrong_tally

votes = st.none() | st.integers(-5, MOST_MEMBERS + 5)


@pytest.mark.parametrize(
    "tally",
    [
        (41, 12, 2, False),
        (1, 0, 0, False),
        (20, 20, 5, False),
        (55, 0, 0, True),
        (50, 0, 5, True),
        (None, None, None, True),
    ],
)
def test_tallies_that_can_be(tally):
    assert wrong_tally(*tally[:3], is_unanimous=tally[3]) == ""


@pytest.mark.parametrize(
    ("tally", "word"),
    [
        ((None, None, None, False), "üçünü"),
        ((41, None, 2, False), "üçünü"),
        ((41, None, None, True), "üçünü"),
        ((12, 41, 2, False), "aleyhine"),
        ((0, 0, 55, False), "en az bir"),
        ((54, 1, 0, True), "Oy birliğinde"),
        ((400, 100, 1, False), "toplamı"),
        ((41, -1, 0, False), "toplamı"),
    ],
)
def test_tallies_that_cannot_be_say_why(tally, word):
    assert word in wrong_tally(*tally[:3], is_unanimous=tally[3])


@given(votes, votes, votes, st.booleans())
def test_what_passes_is_whole_small_and_carried(yes, no, abstain, is_unanimous):
    if wrong_tally(yes, no, abstain, is_unanimous=is_unanimous):
        return
    if yes is None:
        assert (no, abstain, is_unanimous) == (None, None, True)
        return
    assert yes >= max(no, 1)
    assert min(no, abstain) >= 0
    assert yes + no + abstain <= MOST_MEMBERS
    assert not (is_unanimous and no)


def test_a_decision_is_of_the_meeting_s_day_and_not_of_tomorrow():
    day = date(2026, 8, 13)
    assert wrong_day(day, day, today=day) == ""
    assert "gelecekte" in wrong_day(day, day, today=date(2026, 8, 12))
    assert "13.08.2026" in wrong_day(date(2026, 8, 12), day, today=day)
