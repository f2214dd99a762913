"""The checkers themselves: each turns red for what it is there to find."""

import datetime as dt
import math

from tests.faults import history, invariants
from tests.faults.history import FAIL, INFO, OK, Operation
from tests.faults.invariants import StoredVote, votes_are_kept


def wish(key, paper, *outcomes, times=None, client=1):
    return [
        Operation(client, "vote", paper, key, 0, 0, outcome, {"times": times} if times and outcome == OK else {})
        for outcome in outcomes
    ]


def test_votes_are_kept_sees_lost_doubled_late_and_invented_votes():
    asked = [*wish("a", "yes", OK, times=1), *wish("b", "no", INFO, OK, times=2)]

    assert votes_are_kept(asked, [StoredVote(1, "no", 2)]) == []
    assert votes_are_kept(asked, [])
    assert votes_are_kept(asked, [StoredVote(1, "yes", 2)])
    assert votes_are_kept(asked, [StoredVote(1, "no", 3)])
    assert votes_are_kept(asked, [StoredVote(1, "no", 1)])
    assert votes_are_kept(asked, [StoredVote(1, "no", 2), StoredVote(1, "no", 2)])
    assert votes_are_kept(asked, [StoredVote(1, "no", 2), StoredVote(2, "no", 1)])
    assert votes_are_kept([*asked, *wish("c", "yes", OK, times=2)], [StoredVote(1, "yes", 3)])


def test_an_unknown_vote_may_be_there_or_not_and_a_refused_one_may_not():
    unknown = [*wish("a", "yes", OK, times=1), *wish("b", "no", INFO)]
    refused = [*wish("a", "yes", OK, times=1), *wish("b", "no", FAIL)]

    assert votes_are_kept(unknown, [StoredVote(1, "yes", 1)]) == []
    assert votes_are_kept(unknown, [StoredVote(1, "no", 2)]) == []
    assert votes_are_kept(wish("a", "yes", INFO), []) == []
    assert votes_are_kept(refused, [StoredVote(1, "no", 2)])
    assert invariants.no_refusals(refused)
    assert invariants.no_refusals(unknown) == []


def test_the_other_checkers():
    asked = [Operation(1, "vote", "yes", "a", 0, 0, OK, {"receipt": "K1"})]
    noon = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)

    assert invariants.receipts_are_recorded(asked * 2, [(1, "a", "K1")]) == []
    assert invariants.receipts_are_recorded(asked, [(1, "a", "K2")])
    assert invariants.receipts_are_recorded(asked, [])
    assert invariants.receipts_are_recorded(asked, [(1, "a", "K1"), (1, "a", "K1")])
    assert invariants.lost_answers_are_given(asked, {(1, "a"): "K1"}) == []
    assert invariants.lost_answers_are_given(asked, {(1, "a"): "K2"})
    assert invariants.lost_answers_are_given([], {(1, "a"): "K1"})
    assert invariants.tally_is_recount({"yes": 1}, [StoredVote(1, "yes", 1)]) == []
    assert invariants.tally_is_recount({"yes": 2}, [StoredVote(1, "yes", 1)])
    assert invariants.tally_is_recount({}, [StoredVote(1, "yes", 1)])
    assert invariants.screens_agree({1: "a", 2: "a"}, "a") == []
    assert invariants.screens_agree({1: "a", 2: "b"}, "a")
    assert invariants.logs_have_no_gap({1: [4, 5, 6], 2: []}) == []
    assert invariants.logs_have_no_gap({1: [4, 6]})
    assert invariants.logs_have_no_gap({1: [4, 4]})
    assert invariants.told_to_nobody_else({1: [1.0, 2.0], 2: []}, 2.0) == []
    assert invariants.told_to_nobody_else({1: [1.0, 2.1]}, 2.0)
    assert invariants.nothing_after(noon, {1: noon - dt.timedelta(microseconds=1)}) == []
    assert invariants.nothing_after(noon, {1: noon})
    assert invariants.recovered([1, 4], 5, calm=1) == []
    assert invariants.recovered([1, 7], 5, calm=3) == []
    assert invariants.recovered([1, 7], 5, calm=1)
    assert invariants.effects_are_single(["a", "b"], ["a", "b"]) == []
    assert invariants.effects_are_single(["a", "a"], ["a"])
    assert invariants.effects_are_single([], ["a"])


def test_comments_are_kept_sees_lost_doubled_refused_and_invented_comments():
    asked = [
        Operation(1, "comment", "Yorum", key, 0, 0, outcome) for key, outcome in (("a", OK), ("b", INFO), ("c", FAIL))
    ]

    assert invariants.comments_are_kept(asked, [(1, "a")]) == []
    assert invariants.comments_are_kept(asked, [(1, "a"), (1, "b")]) == []
    assert invariants.comments_are_kept(asked, [])
    assert invariants.comments_are_kept(asked, [(1, "a"), (1, "a")])
    assert invariants.comments_are_kept(asked, [(1, "a"), (1, "c")])
    assert invariants.comments_are_kept(asked, [(1, "a"), (2, "a")])


def test_a_history_is_kept_line_by_line(tmp_path):
    kept = history.History(tmp_path / "history.jsonl")
    for operation in wish("a", "yes", INFO, OK, times=1):
        kept.add(operation)

    assert history.read(kept.path) == kept.operations
    assert (kept.count(OK), kept.count(INFO)) == (1, 1)
    assert (kept.first_answer_after(-1), kept.first_answer_after(0)) == (0, math.inf)
    kept.close()
