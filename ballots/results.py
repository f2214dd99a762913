"""Counting a ballot from its rows: grouped papers out of the database, a count and an outcome out of the pure rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count as CountRows

from ballots import counting, deciding
from ballots.models import Ballot, Choice, Method, Outcome, SealedLot, TieRule, Vote
from ballots.rules import LOTS

Papers = list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Recount:
    """What the rows say now: for yes/no a tally, for options the count as it is stored."""

    outcome: Outcome
    tally: counting.Tally | None
    result: dict[str, Any] | None


def papers_of(ballot: Ballot) -> Papers:
    """Each distinct paper with how often it was cast."""
    return list(Vote.objects.filter(ballot=ballot).values_list("paper").annotate(CountRows("pk")).order_by("paper"))


def tally_of(papers: Iterable[tuple[str, int]]) -> counting.Tally:
    """The count of a yes/no ballot."""
    counts = dict(papers)
    return counting.Tally(counts.get(Choice.YES, 0), counts.get(Choice.NO, 0), counts.get(Choice.ABSTAIN, 0))


def count_papers(ballot: Ballot, papers: Papers, *, seed: str = "", decided: tuple[int, ...] = ()) -> counting.Count:
    """Count the papers of a ballot with options by its method and its tie rule; `decided` is what the chair chose."""
    options = range(1, ballot.option_count + 1)
    by_stages = ballot.tie_rule in (TieRule.EARLIER, TieRule.EARLIER_LOT)
    ties = counting.TieRule(earlier_stages=by_stages, seed=seed, decided=decided)
    match Method(ballot.method):
        case Method.SINGLE:
            return counting.count_single(papers, options, seats=ballot.seats, ties=ties)
        case Method.APPROVAL:
            return counting.count_approval(
                papers, options, least=ballot.least, most=ballot.most, seats=ballot.seats, ties=ties
            )
        case Method.SCORE:
            return counting.count_score(papers, options, highest=ballot.highest, seats=ballot.seats, ties=ties)
        case Method.SCHULZE:
            return counting.count_schulze(papers, options, seats=ballot.seats, ties=ties)
        case Method.IRV:
            return counting.count_runoff(papers, options, ties=ties)
        case Method.STV:
            return counting.count_stv(papers, options, seats=ballot.seats, ties=ties)
    raise ValueError(f"{ballot.method} has no options")


def recount(ballot: Ballot, papers: Papers | None = None, *, decided: tuple[int, ...] = ()) -> Recount:
    """Count the rows as they stand, or the papers given, by the ballot's rule; with `decided` as the chair decided.

    The seed of its lot is used, so ask only after closing. `ValueError` when the chair decided for others than the tied.
    """
    papers = papers_of(ballot) if papers is None else papers
    rule: dict[str, Any] = {
        "quorum": ballot.quorum,
        "quorum_base": ballot.quorum_base,
        "majority": ballot.majority,
        "threshold_base": ballot.threshold_base,
    }
    cast = sum(times for _paper, times in papers)
    if ballot.method == Method.YES_NO:
        tally = tally_of(papers)
        figures = _figures(ballot, cast=cast, valid=tally.yes + tally.no)
        return Recount(deciding.decide_question(tally, figures, **rule), tally, None)
    seed = SealedLot.objects.get(ballot=ballot).seed if ballot.tie_rule in LOTS else ""
    count = count_papers(ballot, papers, seed=seed, decided=decided)
    votes = tied = None
    if isinstance(count, counting.SumCount):
        votes = count.votes[count.winners[0]] if count.winners else None
        if ballot.tie_rule == TieRule.CHAIR and count.unresolved is not None:
            tied = count.votes[count.unresolved.between[0]]
    figures = _figures(ballot, cast=cast, valid=count.valid)
    outcome = deciding.decide_election(count, figures, **rule, winning_votes=votes, tied_votes=tied)
    return Recount(outcome, None, count.as_json())


def _figures(ballot: Ballot, *, cast: int, valid: int) -> deciding.Figures:
    return deciding.Figures(members=ballot.members, present=ballot.present, cast=cast, valid=valid)
