"""The Schulze method: published examples, Debian's quorum and majority, ties."""

from fractions import Fraction
from math import sqrt

import pytest

from ballots.counting import Default, InvalidPaper, TieRule, count_schulze, debian_quorum


def schulze(papers, options, **more):
    return count_schulze(papers.items(), range(1, options + 1), **more)


def letters(papers):
    """Papers of the literature, such as `ACBED`, with options numbered from A on."""
    return {">".join(str("ABCDEFGH".index(letter) + 1) for letter in paper): count for paper, count in papers.items()}


EXAMPLE = letters({"ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8})


def test_the_worked_example_of_45_voters():
    """The example of Wikipedia's and Schulze's texts: E > A > C > B > D, with every strongest path."""
    count = schulze(EXAMPLE, 5)

    assert count.ranking == ((5,), (1,), (3,), (2,), (4,))
    assert count.winners == (5,)
    assert {a: {b: found[0] for b, found in row.items()} for a, row in count.strengths.items()} == {
        1: {2: 28, 3: 28, 4: 30, 5: 24},
        2: {1: 25, 3: 28, 4: 33, 5: 24},
        3: {1: 25, 2: 29, 4: 29, 5: 24},
        4: {1: 25, 2: 28, 3: 28, 5: 24},
        5: {1: 25, 2: 28, 3: 28, 4: 31},
    }


def test_several_seats_follow_the_ranking():
    assert schulze(EXAMPLE, 5, seats=3).winners == (5, 1, 3)
    assert schulze(EXAMPLE, 5, seats=9).winners == (5, 1, 3, 2, 4)


def test_unranked_options_are_equal_and_last():
    assert schulze({"1": 1, "2=3": 1}, 4).pairwise == schulze({"1>2=3=4": 1, "2=3>1=4": 1}, 4).pairwise


def test_a_tie_is_told_or_drawn():
    count = schulze({"1>2": 1, "2>1": 1}, 3)
    drawn = schulze({"1>2": 1, "2>1": 1}, 3, ties=TieRule(lot=(2, 1)))

    assert (count.winners, count.unresolved.between, count.ranking) == ((), (1, 2), ((1, 2), (3,)))
    assert (drawn.winners, drawn.unresolved) == ((2,), None)
    assert schulze({"1>2": 1, "2>1": 1}, 3, seats=2).winners == (1, 2)
    assert schulze({"1=2=3": 4}, 3).unresolved.between == (1, 2, 3)


@pytest.mark.parametrize("papers", [{}, {"blank": 3}])
def test_without_a_valid_paper_nobody_wins(papers):
    count = schulze(papers, 3)

    assert (count.winners, count.ties, count.blank) == ((), (), sum(papers.values()))


def test_one_option_and_a_withdrawn_one():
    assert schulze({"1": 1}, 1).winners == (1,)
    count = schulze({"2>1": 5, "2": 1}, 3, withdrawn=[2])
    assert (count.winners, count.valid, count.blank) == ((1,), 5, 1)


def test_an_option_at_the_quorum_passes_and_one_below_is_dropped():
    papers = {"1>3>2": 4, "2>3>1": 3}

    at = schulze(papers, 3, default=Default(3, quorum=4))
    below = schulze(papers, 3, default=Default(3, quorum=Fraction(9, 2)))

    assert (at.winners, at.dropped) == ((1,), (2,))
    assert (below.winners, below.dropped) == ((3,), (1, 2))


def test_a_majority_must_be_exceeded():
    exactly = schulze({"1>2": 6, "2>1": 2}, 2, default=Default(2, majorities={1: 3}))
    above = schulze({"1>2": 7, "2>1": 2}, 2, default=Default(2, majorities={1: 3}))
    even = schulze({"1>2": 2, "2>1": 2}, 2, default=Default(2))

    assert exactly.winners == (2,)
    assert above.winners == (1,)
    assert even.winners == (2,)


def test_dropped_options_count_in_no_defeat():
    # 1 beats 2 and is beaten by the default: what is left is 2.
    count = schulze({"1>2>3": 2, "3>1>2": 2, "2>3>1": 3}, 3, default=Default(3))

    assert count.dropped == (1,)
    assert count.winners == (2,)
    assert {(d.winner, d.loser) for d in count.defeats} == {(2, 3)}


def test_the_default_option_must_stand():
    with pytest.raises(ValueError, match="default"):
        schulze({"1": 1}, 2, default=Default(3))


def test_equal_ranks_are_written_in_rising_order():
    with pytest.raises(InvalidPaper):
        schulze({"2=1": 1}, 2)


@pytest.mark.parametrize("developers", [0, 1, 4, 16, 100, 908, 911, 965, 1000, 1024])
def test_debian_quorum(developers):
    needed = debian_quorum(developers)

    assert needed >= 3 * sqrt(developers) / 2 > needed - 1 or developers == 0 == needed
