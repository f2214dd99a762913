"""Single choice, approval and score: the options with the largest sums win.

An option that nobody chose wins nothing, however many seats are left. Ties for the last seats go to the lot, if one is
drawn, or stay open; ties among winners change nothing and are only shown as equal ranks.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from ballots.counting.papers import (
    Box,
    InvalidPaper,
    parse_approval,
    parse_score,
    parse_single,
    read_box,
    require_known,
)
from ballots.counting.results import SumCount
from ballots.counting.ties import OPEN, Tie, TieRule, break_for_seats


def count_single(
    papers: Iterable[tuple[str, int]], options: Iterable[int], *, seats: int = 1, ties: TieRule = OPEN
) -> SumCount:
    """Plurality: one option a paper, the most votes win. Papers are grouped: (paper, how often)."""
    known = frozenset(options)

    def read(paper: str) -> int:
        option = parse_single(paper)
        require_known([option], known, paper)
        return option

    box = read_box(papers, known, read)
    return _sum("single", box, [((option, count),) for option, count in box.valid.items()], seats, ties)


def count_approval(
    papers: Iterable[tuple[str, int]],
    options: Iterable[int],
    *,
    least: int = 1,
    most: int | None = None,
    seats: int = 1,
    ties: TieRule = OPEN,
) -> SumCount:
    """Approval: a paper names from `least` to `most` options, the most approvals win.

    Raises `InvalidPaper` for a paper that names fewer or more.
    """
    known = frozenset(options)
    limit = len(known) if most is None else most

    def read(paper: str) -> tuple[int, ...]:
        approved = parse_approval(paper)
        require_known(approved, known, paper)
        if not least <= len(approved) <= limit:
            raise InvalidPaper(f"{paper!r}: names {len(approved)} options, asked are {least} to {limit}")
        return approved

    box = read_box(papers, known, read)
    gains = [tuple((option, count) for option in approved) for approved, count in box.valid.items()]
    return _sum("approval", box, gains, seats, ties)


def count_score(
    papers: Iterable[tuple[str, int]], options: Iterable[int], *, highest: int, seats: int = 1, ties: TieRule = OPEN
) -> SumCount:
    """Score: a paper gives options 0 to `highest` points, the largest sum wins; an option left out gets 0.

    Raises `InvalidPaper` for more points than `highest`.
    """
    known = frozenset(options)

    def read(paper: str) -> tuple[tuple[int, int], ...]:
        pairs = parse_score(paper)
        require_known([option for option, _ in pairs], known, paper)
        if any(points > highest for _, points in pairs):
            raise InvalidPaper(f"{paper!r}: the highest score is {highest}")
        return pairs

    box = read_box(papers, known, read)
    gains = [tuple((option, points * count) for option, points in pairs) for pairs, count in box.valid.items()]
    return _sum("score", box, gains, seats, ties)


def _sum(
    method: str, box: Box[Any], gains: Iterable[tuple[tuple[int, int], ...]], seats: int, rule: TieRule
) -> SumCount:
    if seats < 1:
        raise ValueError("There is at least one seat")
    votes = dict.fromkeys(box.options, 0)
    for paper in gains:
        for option, gain in paper:
            votes[option] += gain
    by_votes = sorted(box.options, key=lambda option: -votes[option])
    ranking = tuple(tuple(rank) for _, rank in groupby(by_votes, key=lambda option: votes[option]))
    winners, ties = fill_seats([rank for rank in ranking if votes[rank[0]] > 0], seats, rule)
    return SumCount(
        method=method,
        options=box.options,
        seats=seats,
        papers=box.valid_papers + box.blank,
        valid=box.valid_papers,
        blank=box.blank,
        winners=winners,
        ranking=ranking,
        ties=ties,
        votes=votes,
    )


def fill_seats(
    ranking: Iterable[tuple[int, ...]], seats: int, rule: TieRule
) -> tuple[tuple[int, ...], tuple[Tie, ...]]:
    """Give seats rank by rank; a rank that is too large for what is left is a tie."""
    winners: tuple[int, ...] = ()
    for rank in ranking:
        left = seats - len(winners)
        if left and len(rank) > left:
            tie = break_for_seats(rank, left, rule)
            return winners + tie.chosen, (tie,)
        winners += rank if left else ()
    return winners, ()
