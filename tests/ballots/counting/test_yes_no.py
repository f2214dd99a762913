"""The rules of counting, against published examples and for every number Hypothesis finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots.counting import Tally, needed_yes, outcome, share, tally
from ballots.models import Choice, Majority, Outcome

MAJORITIES = st.sampled_from(list(Majority))


@st.composite
def ballots(draw):
    electorate = draw(st.integers(0, 10_000))
    yes = draw(st.integers(0, electorate))
    no = draw(st.integers(0, electorate - yes))
    abstain = draw(st.integers(0, electorate - yes - no))
    quorum = draw(st.integers(0, electorate))
    return {"yes": yes, "no": no, "abstain": abstain, "electorate": electorate, "quorum": quorum}


@pytest.mark.parametrize(
    ("yes", "no", "abstain", "electorate", "quorum", "majority", "expected"),
    [
        # RONR 44:1 and 44:4: of 20 votes cast, abstentions left out, a majority is 11; 19 votes, 10; tie fails.
        (11, 9, 0, 30, 0, Majority.SIMPLE, Outcome.PASSED),
        (10, 9, 1, 30, 0, Majority.SIMPLE, Outcome.PASSED),
        (10, 10, 0, 30, 0, Majority.SIMPLE, Outcome.TIED),
        (9, 10, 11, 30, 0, Majority.SIMPLE, Outcome.REJECTED),
        # RONR 44:3 and 44:5: two thirds of 30 is 20, of 31 is 21, of 32 is 22, of 33 is 22.
        (20, 10, 0, 99, 0, Majority.TWO_THIRDS, Outcome.PASSED),
        (20, 11, 0, 99, 0, Majority.TWO_THIRDS, Outcome.REJECTED),
        (21, 10, 0, 99, 0, Majority.TWO_THIRDS, Outcome.PASSED),
        (21, 11, 0, 99, 0, Majority.TWO_THIRDS, Outcome.REJECTED),
        (22, 10, 0, 99, 0, Majority.TWO_THIRDS, Outcome.PASSED),
        (22, 11, 60, 99, 0, Majority.TWO_THIRDS, Outcome.PASSED),
        # RONR 44:9: of a membership of 21 the majority of the entire membership is 11, whoever votes.
        (11, 0, 0, 21, 0, Majority.ABSOLUTE, Outcome.PASSED),
        (10, 0, 0, 21, 0, Majority.ABSOLUTE, Outcome.REJECTED),
        (10, 10, 0, 20, 0, Majority.ABSOLUTE, Outcome.REJECTED),
        # The picture of the proposal's page: 13, 4 and 2 of 21, quorum 11.
        (13, 4, 2, 21, 11, Majority.ABSOLUTE, Outcome.PASSED),
        # The quorum counts everybody who voted; one fewer decides nothing.
        (6, 4, 1, 21, 11, Majority.SIMPLE, Outcome.PASSED),
        (6, 4, 0, 21, 11, Majority.SIMPLE, Outcome.NO_QUORUM),
        # All abstain; nobody votes; nobody could vote.
        (0, 0, 12, 21, 11, Majority.SIMPLE, Outcome.TIED),
        (0, 0, 12, 21, 11, Majority.ABSOLUTE, Outcome.REJECTED),
        (0, 0, 12, 21, 11, Majority.TWO_THIRDS, Outcome.REJECTED),
        (0, 0, 0, 21, 0, Majority.SIMPLE, Outcome.NO_QUORUM),
        (0, 0, 0, 21, 0, Majority.TWO_THIRDS, Outcome.NO_QUORUM),
        (0, 0, 0, 0, 0, Majority.ABSOLUTE, Outcome.NO_QUORUM),
    ],
)
def test_published_and_border_cases(yes, no, abstain, electorate, quorum, majority, expected):
    numbers = {"yes": yes, "no": no, "abstain": abstain, "electorate": electorate, "quorum": quorum}

    assert outcome(**numbers, majority=majority) == expected


@given(ballots(), MAJORITIES)
def test_every_possible_count_has_an_outcome(numbers, majority):
    assert outcome(**numbers, majority=majority) in {
        Outcome.PASSED, Outcome.REJECTED, Outcome.TIED, Outcome.NO_QUORUM,
    }  # fmt: skip


@given(ballots(), MAJORITIES)
def test_nothing_passes_without_quorum_or_without_a_yes(numbers, majority):
    decided = outcome(**numbers, majority=majority)

    turnout = numbers["yes"] + numbers["no"] + numbers["abstain"]
    assert (decided == Outcome.NO_QUORUM) == (turnout == 0 or turnout < numbers["quorum"])
    assert decided != Outcome.PASSED or numbers["yes"] > 0


@given(ballots(), MAJORITIES)
def test_one_more_yes_never_turns_a_pass_into_anything_else(numbers, majority):
    turnout = numbers["yes"] + numbers["no"] + numbers["abstain"]
    if outcome(**numbers, majority=majority) == Outcome.PASSED and turnout < numbers["electorate"]:
        more = {**numbers, "yes": numbers["yes"] + 1}

        assert outcome(**more, majority=majority) == Outcome.PASSED


@given(ballots())
def test_a_simple_majority_treats_both_sides_alike(numbers):
    swapped = {**numbers, "yes": numbers["no"], "no": numbers["yes"]}
    mirror = {Outcome.PASSED: Outcome.REJECTED, Outcome.REJECTED: Outcome.PASSED}

    decided = outcome(**numbers, majority=Majority.SIMPLE)

    assert outcome(**swapped, majority=Majority.SIMPLE) == mirror.get(decided, decided)


@given(ballots(), MAJORITIES)
def test_abstentions_only_count_towards_the_quorum(numbers, majority):
    without = {**numbers, "abstain": 0, "quorum": 0}
    reached = {**numbers, "quorum": 0}
    if numbers["yes"] + numbers["no"]:
        assert outcome(**reached, majority=majority) == outcome(**without, majority=majority)


@given(ballots())
def test_a_stricter_majority_never_passes_what_a_simple_one_does_not(numbers):
    if outcome(**numbers, majority=Majority.SIMPLE) != Outcome.PASSED:
        assert outcome(**numbers, majority=Majority.TWO_THIRDS) != Outcome.PASSED
        assert outcome(**numbers, majority=Majority.ABSOLUTE) != Outcome.PASSED


@pytest.mark.parametrize(
    "numbers",
    [
        {"yes": -1, "no": 0, "abstain": 0, "electorate": 3, "quorum": 0},
        {"yes": 2, "no": 2, "abstain": 0, "electorate": 3, "quorum": 0},
        {"yes": 0, "no": 0, "abstain": 0, "electorate": 3, "quorum": 4},
    ],
)
def test_numbers_no_ballot_can_have_are_an_error(numbers):
    with pytest.raises(ValueError, match="one ballot"):
        outcome(**numbers, majority=Majority.SIMPLE)


@given(st.lists(st.sampled_from(Choice.values)))
def test_a_tally_counts_each_choice_once(choices):
    count = tally(choices)

    assert count == Tally(choices.count("yes"), choices.count("no"), choices.count("abstain"))
    assert count.turnout == len(choices)


def test_a_choice_nobody_knows_is_not_dropped_silently():
    with pytest.raises(ValueError, match="blank"):
        tally(["yes", "blank"])


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_share_is_the_nearest_percent_in_integers(count, whole):
    assert abs(share(count, whole) * whole - 100 * count) * 2 <= whole
    assert share(count, 0) == 0


@pytest.mark.parametrize(
    ("yes", "no", "electorate", "majority", "needed"),
    [
        (8, 2, 16, Majority.ABSOLUTE, 9),
        (8, 2, 17, Majority.ABSOLUTE, 9),
        (20, 11, 99, Majority.TWO_THIRDS, 21),
        (0, 0, 9, Majority.TWO_THIRDS, 1),
        (9, 10, 30, Majority.SIMPLE, 10),
    ],
)
def test_what_was_needed_is_said_in_votes(yes, no, electorate, majority, needed):
    assert needed_yes(yes=yes, no=no, electorate=electorate, majority=majority) == needed


@given(ballots(), MAJORITIES)
def test_what_was_needed_would_have_passed_and_one_less_would_not(ballot, majority):
    cast = ballot["yes"] + ballot["no"]
    needed = needed_yes(yes=ballot["yes"], no=ballot["no"], electorate=ballot["electorate"], majority=majority)
    if needed > cast:
        return  # not enough people voted, whatever they said

    def with_yes(yes):
        return outcome(**ballot | {"yes": yes, "no": cast - yes, "quorum": 0}, majority=majority)

    assert with_yes(needed) == Outcome.PASSED
    assert with_yes(needed - 1) != Outcome.PASSED
