"""The single transferable vote and instant run-off at their edges; rules as in SSI 2007/42, Schedule 1."""

import time
from fractions import Fraction
from itertools import permutations

import pytest

from ballots.counting import BrokenBy, ElectedBy, InvalidPaper, StageKind, TieAbout, TieRule, count_runoff, count_stv

SEED = TieRule(seed="2026-11-30 Kocaeli")


def stv(papers, options, seats, **more):
    return count_stv(papers.items(), range(1, options + 1), seats=seats, **more)


def runoff(papers, options, **more):
    return count_runoff(papers.items(), range(1, options + 1), **more)


def moves(count):
    return [(stage.kind, stage.option) for stage in count.stages]


def test_a_surplus_moves_all_papers_at_a_value_cut_to_five_decimals():
    count = stv({"1>2": 7, "1>3": 2, "1": 1, "2": 1, "3": 2}, 3, 2)

    first, second = count.stages[:2]
    assert count.quota == 13 // 3 + 1 == 5
    assert first.votes == {1: 10, 2: 1, 3: 2}
    assert second.transfers == {2: 7 * Fraction(1, 2), 3: 2 * Fraction(1, 2)}
    assert second.votes == {1: 5, 2: Fraction(9, 2), 3: 3}
    assert second.non_transferable == Fraction(1, 2)


def test_what_the_cutting_loses_is_told():
    count = stv({"1>2": 6, "1>3": 1, "2": 2, "3": 2}, 3, 2)

    second = count.stages[1]
    assert second.transfers == {2: 6 * Fraction(42857, 100_000), 3: Fraction(42857, 100_000)}
    assert second.rounding == 3 - 7 * Fraction(42857, 100_000)


def test_a_second_transfer_multiplies_the_values_and_cuts_again():
    # 1 has 9 with quota 5: papers move at 4/9 = 0.44444. 2 then has 4 + 6 * 0.44444 = 6.66664, a surplus of 1.66664.
    count = stv({"1>2>3": 6, "1>3": 3, "2>4": 4, "4": 2, "3": 1}, 4, 3)

    assert moves(count)[:3] == [(StageKind.FIRST, None), (StageKind.SURPLUS, 1), (StageKind.SURPLUS, 2)]
    assert count.stages[1].votes[2] == Fraction("6.66664")
    surplus = Fraction("1.66664")
    first_hand = Fraction(int(surplus / Fraction("6.66664") * 100_000), 100_000)
    second_hand = Fraction(int(surplus * Fraction("0.44444") / Fraction("6.66664") * 100_000), 100_000)
    assert count.stages[2].transfers == {4: 4 * first_hand, 3: 6 * second_hand}


def test_several_reach_the_quota_at_once_and_the_largest_surplus_moves_first():
    count = stv({"1>3": 8, "2>4": 10, "3": 2, "4": 1}, 4, 3)

    assert [one.option for one in count.stages[0].elected] == [2, 1]
    assert moves(count)[1:3] == [(StageKind.SURPLUS, 2), (StageKind.SURPLUS, 1)]


def test_of_equal_surpluses_the_one_ahead_at_the_last_different_stage_moves_first():
    # After the exclusion of 5 both 1 and 2 have 9; at the first stage 1 had 7 and 2 had 8.
    papers = {"1>3": 7, "2>4": 8, "5>1": 2, "5>2": 1, "3": 5, "4": 4}
    count = stv(papers, 5, 3)

    assert count.quota == 7
    assert moves(count)[1] == (StageKind.SURPLUS, 2)
    tied = stv({"1>3": 8, "2>4": 8, "3": 3, "4": 2}, 4, 3)
    assert (tied.unresolved.about, tied.unresolved.between) == (TieAbout.SURPLUS, (1, 2))
    assert tied.winners == (1, 2)
    drawn = stv({"1>3": 8, "2>4": 8, "3": 3, "4": 2}, 4, 3, ties=TieRule(lot=(2, 1)))
    assert moves(drawn)[1] == (StageKind.SURPLUS, 2)
    assert drawn.unresolved is None


def test_of_equal_last_ones_the_one_behind_at_the_last_different_stage_is_excluded():
    # 4 goes first and lifts 3 to the votes of 2; before that 3 was behind.
    count = stv({"1": 9, "2>1": 5, "3>1": 4, "4>3": 1, "5": 9}, 5, 1)

    assert [tie.broken_by for tie in count.ties] == [BrokenBy.EARLIER_STAGE]
    assert (count.ties[0].between, count.ties[0].chosen, count.ties[0].by_stage) == ((2, 3), (3,), 1)
    assert count.stages[1].excluded == 3


def test_three_equal_last_ones_are_narrowed_by_a_stage_and_the_rest_by_lot():
    # 6 lifts 4 to the votes of 2 and 3, which were equal at every stage; 4 was behind them.
    ahead = stv({"1": 9, "2": 4, "3": 4, "4": 3, "6>4": 1, "5": 9}, 6, 1)
    # 6 lifts 2 and 3 to the votes of 4; before that they were behind, equal: the lot is left.
    papers = {"1": 9, "2": 5, "3": 5, "4": 6, "6>2": 1, "6>3": 1, "5": 9}
    behind = stv(papers, 6, 1)
    drawn = stv(papers, 6, 1, ties=TieRule(lot=(3, 2)))

    assert ahead.ties[0].chosen == (4,)
    assert behind.ties[-2].between == (2, 3, 4)
    assert behind.ties[-2].chosen == (2, 3)
    assert (behind.ties[-1].between, behind.ties[-1].broken_by) == ((2, 3), BrokenBy.NOTHING)
    assert [tie.broken_by for tie in drawn.ties[:2]] == [BrokenBy.EARLIER_STAGE, BrokenBy.LOT]
    assert drawn.ties[1].chosen == (2,)


def test_an_open_tie_stops_the_count_and_says_between_whom():
    count = stv({"1": 5, "2": 2, "3": 2}, 3, 2)

    assert count.winners == (1,)
    assert count.unresolved.between == (2, 3)
    assert count.unresolved.about is TieAbout.EXCLUSION
    assert count.as_json()["unresolved"] is True
    assert count.ranking == ((1,), (2, 3))


def test_a_lot_by_a_seed_can_be_repeated_and_depends_on_the_seed_alone():
    papers = {"1": 5, "2": 2, "3": 2}
    results = {seed: stv(papers, 3, 2, ties=TieRule(seed=str(seed))).winners for seed in range(20)}

    assert stv(papers, 3, 2, ties=SEED).winners == stv(papers, 3, 2, ties=SEED).winners
    assert set(results.values()) == {(1, 2), (1, 3)}


def test_a_lot_that_does_not_name_all_tied_leaves_the_tie_open():
    assert stv({"1": 5, "2": 2, "3": 2}, 3, 2, ties=TieRule(lot=(2,))).unresolved is not None


def test_a_lot_comes_from_people_or_from_a_seed():
    with pytest.raises(ValueError, match="not by both"):
        TieRule(seed="a", lot=(1, 2))
    with pytest.raises(ValueError, match="once"):
        TieRule(lot=(1, 1))


def test_the_last_vacancies_are_filled_when_as_many_continue():
    count = stv({"1": 10, "2": 4, "3>2": 3, "4>1": 2}, 4, 3)

    last = count.stages[-1]
    assert {(one.option, one.by) for one in last.elected} == {
        (2, ElectedBy.LAST_VACANCIES),
        (3, ElectedBy.LAST_VACANCIES),
    }
    assert count.winners == (1, 2, 3)


def test_no_surplus_moves_when_as_many_continue_as_vacancies_are_left():
    count = stv({"1>2": 10, "2": 1, "3": 1}, 3, 3)

    assert len(count.stages) == 1
    assert [(one.option, one.by.value) for one in count.stages[0].elected] == [
        (1, "quota"),
        (2, "last_vacancies"),
        (3, "last_vacancies"),
    ]


def test_no_surplus_moves_when_all_seats_are_filled():
    assert len(stv({"1>3": 10, "2>3": 10, "3": 1}, 3, 2).stages) == 1


def test_a_surplus_that_cannot_change_anything_moves_all_the_same():
    count = stv({"1>2": 12, "2": 7, "3": 1, "4": 0}, 4, 2)

    assert count.quota == 7
    assert len(count.stages) == 1
    count = stv({"1>2": 8, "2": 6, "3": 5, "4": 1}, 4, 2)
    assert moves(count)[1] == (StageKind.SURPLUS, 1)


@pytest.mark.parametrize("papers", [{}, {"blank": 4}, {"blank": 2, "abstain": 1}])
@pytest.mark.parametrize(("options", "seats"), [(1, 1), (2, 3), (4, 2)])
def test_without_a_valid_paper_nobody_is_elected(papers, options, seats):
    for count in (stv(papers, options, seats), runoff(papers, options)):
        assert (count.winners, count.ties, count.valid, count.blank) == ((), (), 0, sum(papers.values()))
        assert count.quota is None
        assert count.ranking == (tuple(range(1, options + 1)),)


@pytest.mark.parametrize(("options", "seats"), [(1, 1), (1, 3), (2, 2), (2, 5)])
def test_no_more_options_than_seats_are_all_elected_at_once(options, seats):
    count = stv({"1": 3}, options, seats)

    assert set(count.winners) == set(range(1, options + 1))
    assert len(count.stages) == 1


def test_withdrawn_options_are_passed_over():
    count = stv({"2>1": 3, "2": 2, "3": 2}, 3, 1, withdrawn=[2])

    assert (count.valid, count.blank, count.papers) == (5, 2, 7)
    assert count.stages[0].votes == {1: 3, 3: 2}
    assert stv({"1": 2}, 1, 1, withdrawn=[1]).winners == ()


@pytest.mark.parametrize("paper", ["1=2", "1>1", "4", "0", "01", "1>", "", "1,2", "yes", "１", "1 > 2", "-1"])
def test_a_paper_that_is_not_in_order_is_refused(paper):
    with pytest.raises(InvalidPaper):
        stv({paper: 1}, 3, 1)
    with pytest.raises(InvalidPaper):
        runoff({paper: 1}, 3)


def test_nonsense_is_refused():
    for call in (lambda: stv({"1": -1}, 1, 1), lambda: stv({"1": 1}, 0, 1), lambda: stv({"1": 1}, 1, 0)):
        with pytest.raises(ValueError):
            call()


def test_runoff_ends_with_more_than_half_of_what_is_in_play():
    # The capital of Tennessee: Memphis, Nashville, Chattanooga, Knoxville; Knoxville wins.
    count = runoff({"1>2>3>4": 42, "2>3>4>1": 26, "3>4>2>1": 15, "4>3>2>1": 17}, 4)

    assert count.winners == (4,)
    assert [stage.excluded for stage in count.stages] == [3, 2, None]
    assert [stage.votes[4] for stage in count.stages] == [17, 32, 58]
    assert count.ranking == ((4,), (1,), (2,), (3,))
    assert count.stages[-1].elected[0].by is ElectedBy.MAJORITY


def test_runoff_half_is_not_enough_and_two_equal_last_ones_are_a_tie():
    count = runoff({"1": 5, "2": 5}, 2)

    assert count.winners == ()
    assert count.unresolved.between == (1, 2)
    assert len(runoff({"1": 5, "2": 5}, 2, ties=SEED).winners) == 1


def test_runoff_papers_run_out():
    count = runoff({"1": 4, "2": 3, "3": 2}, 3)

    assert count.winners == (1,)
    assert count.stages[-1].non_transferable == 2
    assert count.as_json()["stages"][-1]["votes"] == {"1": 4, "2": 3, "3": 0}


def test_ten_thousand_different_papers_are_counted_in_no_time():
    papers = {
        ">".join(map(str, order)): 1 for order, _ in zip(permutations(range(1, 13), 8), range(10_000), strict=False)
    }
    papers |= {f"{first}>{second}": 3 for first in range(1, 13) for second in range(1, 13) if first != second}

    began = time.process_time()
    count = stv(papers, 12, 4, ties=SEED)

    assert len(count.winners) == 4
    assert time.process_time() - began < 20  # a tenth of it on a slow machine
