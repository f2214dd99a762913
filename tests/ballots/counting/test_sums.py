"""Single choice, approval and score."""

import pytest

from ballots.counting import BrokenBy, InvalidPaper, TieRule, count_approval, count_score, count_single

OPTIONS = (1, 2, 3)


def test_single_choice():
    count = count_single({"1": 4, "3": 5, "abstain": 2}.items(), OPTIONS)

    assert count.as_json() == {
        "method": "single",
        "options": [1, 2, 3],
        "seats": 1,
        "papers": 11,
        "valid": 9,
        "blank": 2,
        "winners": [3],
        "ranking": [[3], [1], [2]],
        "ties": [],
        "unresolved": False,
        "votes": {"1": 4, "2": 0, "3": 5},
    }


def test_approval():
    count = count_approval({"1,2": 3, "2": 1, "2,3": 2}.items(), OPTIONS, most=2, seats=2)

    assert count.votes == {1: 3, 2: 6, 3: 2}
    assert count.winners == (2, 1)


@pytest.mark.parametrize("paper", ["1", "1,2,3", "2,1", "1,1", "1,4", "1,,2", "1>2"])
def test_approval_refuses_too_few_too_many_and_nonsense(paper):
    with pytest.raises(InvalidPaper):
        count_approval([(paper, 1)], OPTIONS, least=2, most=2)


def test_score():
    count = count_score({"1:5,2:0,3:4": 2, "2:3": 1, "blank": 1}.items(), OPTIONS, highest=5)

    assert count.votes == {1: 10, 2: 3, 3: 8}
    assert count.winners == (1,)


@pytest.mark.parametrize("paper", ["1:6", "1:5,1:4", "2:1,1:1", "1", "1:-1", "1:05", "1:", "4:1", "1:5.0"])
def test_score_refuses_what_is_out_of_range(paper):
    with pytest.raises(InvalidPaper):
        count_score([(paper, 1)], OPTIONS, highest=5)


def test_a_tie_for_the_last_seat_is_told_or_drawn_and_a_tie_among_winners_is_none():
    papers = {"1": 5, "2": 3, "3": 3}.items()

    told = count_single(papers, OPTIONS, seats=2)
    drawn = count_single(papers, OPTIONS, seats=2, ties=TieRule(lot=(3, 2)))
    enough = count_single(papers, OPTIONS, seats=3)

    assert (told.winners, told.unresolved.between, told.unresolved.places) == ((1,), (2, 3), 1)
    assert (drawn.winners, drawn.ties[0].broken_by) == ((1, 3), BrokenBy.LOT)
    assert (enough.winners, enough.ties, enough.ranking) == ((1, 2, 3), (), ((1,), (2, 3)))


def test_an_option_that_nobody_chose_wins_nothing():
    assert count_single({"1": 5}.items(), OPTIONS, seats=3).winners == (1,)
    assert count_single({}.items(), OPTIONS).winners == ()
    assert count_single({"blank": 2}.items(), OPTIONS).winners == ()
    assert count_score({"1:0": 5}.items(), OPTIONS, highest=5).winners == ()
    assert count_approval({"1": 1}.items(), (1,), seats=2).winners == (1,)


def test_unknown_options_must_not_vanish():
    with pytest.raises(InvalidPaper, match="not on the ballot: 4"):
        count_single({"4": 1}.items(), OPTIONS)
