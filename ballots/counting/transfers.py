"""Counts by transfers: instant run-off and the single transferable vote by weighted inclusive Gregory.

STV follows the Scottish Local Government Elections Order 2007 (SSI 2007/42), Schedule 1, rules 45 to 52:

- the quota is the number of valid papers divided by one more than the seats, without its fraction, plus one (46);
- a candidate who has the quota is elected (47); every surplus is transferred, the largest first, also when it cannot change
  anything, and of equal ones that of the candidate who had more votes at the last earlier stage at which they differed, then
  by lot (49);
- all papers of the candidate move, each at surplus x its value / the candidate's votes, cut to five decimals (48);
- when no surplus is left, the candidate with the fewest votes is excluded, and of equal ones the one who had fewer at the
  last earlier stage at which they differed, then by lot (51); the papers move at the value they came with, in one stage (50);
- when as many candidates continue as vacancies are left, they are elected and nothing more is transferred (52). As in the
  official counts, that is asked when a stage is complete: the papers of somebody just excluded are still transferred.

Instant run-off excludes the last one by one, with the same rule for ties, until somebody has more than half of the votes that
are still in play.

Only integers: votes are counted in hundred-thousandths in STV, in whole votes in instant run-off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from typing import Any

from ballots.counting.papers import InvalidPaper, parse_ranking, read_box, require_known
from ballots.counting.results import (
    ElectedBy,
    Election,
    Stage,
    StagedCount,
    StageKind,
    TransferableCount,
)
from ballots.counting.ties import OPEN, Tie, TieAbout, TieRule, break_by_stages

Order = tuple[int, ...]
Parcel = dict[tuple[Order, int], int]
"""Papers by what they rank from here on and by their value, with how many there are."""


def count_stv(
    papers: Iterable[tuple[str, int]],
    options: Iterable[int],
    *,
    seats: int,
    withdrawn: Iterable[int] = (),
    ties: TieRule = OPEN,
) -> TransferableCount:
    """Fill the seats by the single transferable vote. Raises `InvalidPaper` for equal ranks.

    With no more options than seats all are elected at the first stage; without a valid paper nobody is.
    """
    count = _Transfers(papers, options, withdrawn, seats=seats, unit=100_000, rule=ties)
    count.quota = count.valid // (seats + 1) + 1
    while count.goes_on():
        reached = [option for option in count.continuing if count.votes[option] >= count.quota * count.unit]
        count.elect(reached, ElectedBy.QUOTA)
        if len(count.continuing) <= seats - len(count.winners):
            count.elect(list(count.continuing), ElectedBy.LAST_VACANCIES)
        if len(count.winners) == seats or not count.continuing:
            break
        if waiting := [option for option in count.winners if count.votes[option] > count.quota * count.unit]:
            count.move_surplus(waiting)
        else:
            count.exclude()
    return TransferableCount(method="stv", quota=count.quota if count.valid else None, **count.result())


def count_runoff(
    papers: Iterable[tuple[str, int]], options: Iterable[int], *, withdrawn: Iterable[int] = (), ties: TieRule = OPEN
) -> StagedCount:
    """Elect one by instant run-off. Raises `InvalidPaper` for equal ranks. Without a valid paper nobody is elected."""
    count = _Transfers(papers, options, withdrawn, seats=1, unit=1, rule=ties)
    while count.goes_on():
        in_play = sum(count.votes[option] for option in count.continuing)
        count.elect([option for option in count.continuing if 2 * count.votes[option] > in_play], ElectedBy.MAJORITY)
        if count.winners:
            break
        count.exclude()
    return StagedCount(method="runoff", quota=None, **count.result())


class _Transfers:
    """A count under way: who holds which papers, and what happened stage by stage."""

    def __init__(
        self,
        papers: Iterable[tuple[str, int]],
        options: Iterable[int],
        withdrawn: Iterable[int],
        *,
        seats: int,
        unit: int,
        rule: TieRule,
    ) -> None:
        if seats < 1:
            raise ValueError("There is at least one seat")
        known, gone = frozenset(options), frozenset(withdrawn)

        def read(paper: str) -> Order:
            ranks = parse_ranking(paper)
            order = tuple(rank[0] for rank in ranks)
            if any(len(rank) > 1 for rank in ranks):
                raise InvalidPaper(f"{paper!r}: equal ranks are not allowed here")
            require_known(order, known, paper)
            return tuple(option for option in order if option not in gone)

        box = read_box(papers, known, read)
        lost = box.valid.pop((), 0)  # papers that named none but withdrawn options
        self.options, self.withdrawn = box.options, tuple(sorted(gone))
        self.valid, self.blank = box.valid_papers, box.blank + lost
        self.seats, self.unit, self.rule, self.quota = seats, unit, rule, 0
        self.continuing = dict.fromkeys(
            option for option in box.options if option not in gone
        )  # a set that keeps order
        self.winners: list[int] = []
        self.ranks: list[tuple[int, ...]] = []  # the winners, those elected together with equal votes in one
        self.out: list[int] = []
        self.ties: list[Tie] = []
        self.is_stuck = False
        self.piles: dict[int, Parcel] = {option: {} for option in self.continuing}
        self.votes = dict.fromkeys(self.continuing, 0)
        self.non_transferable = self.rounding = 0
        self.history: list[dict[int, Fraction]] = []
        self.stages: list[Stage] = []
        self._open_stage(StageKind.FIRST, None)
        self._hand_over({(order, unit): count for order, count in box.valid.items()})
        self._close_stage()

    def goes_on(self) -> bool:
        return self.valid > 0 and not self.is_stuck

    # --- Steps ---------------------------------------------------------------------------------------------------------

    def elect(self, chosen: list[int], by: ElectedBy) -> None:
        """At the end of the stage at hand; the one with more votes first."""
        for rank in self._by_votes(chosen):
            self.ranks.append(rank)
            for option in rank:
                self.winners.append(option)
                del self.continuing[option]
                self._note(elected=(*self.stages[-1].elected, Election(option=option, by=by)))

    def move_surplus(self, waiting: list[int]) -> None:
        largest = max(self.votes[option] for option in waiting)
        option = self._one_of(TieAbout.SURPLUS, [option for option in waiting if self.votes[option] == largest])
        if option is None:
            return
        self._open_stage(StageKind.SURPLUS, option)
        held, kept = self.votes[option], self.quota * self.unit
        surplus = held - kept
        moved: Counter[tuple[Order, int]] = Counter()
        for (order, value), count in self.piles[option].items():
            moved[order, surplus * value // held] += count
        self.piles[option] = {}
        self.votes[option] = kept
        self.rounding += surplus - sum(value * count for (_, value), count in moved.items())
        self._hand_over(moved)
        self._close_stage()

    def exclude(self) -> None:
        fewest = min(self.votes[option] for option in self.continuing)
        option = self._one_of(TieAbout.EXCLUSION, [o for o in self.continuing if self.votes[o] == fewest])
        if option is None:
            return
        self._note(excluded=option)
        del self.continuing[option]
        self.out.append(option)
        self._open_stage(StageKind.EXCLUSION, option)
        self.votes[option] = 0
        self._hand_over(self.piles.pop(option))
        self._close_stage()

    def _one_of(self, about: TieAbout, tied: list[int]) -> int | None:
        if len(tied) == 1:
            return tied[0]
        self.ties += break_by_stages(about, tied, self.history, self.rule)
        if self.ties[-1].chosen:
            return self.ties[-1].chosen[0]
        self.is_stuck = True
        return None

    def _hand_over(self, parcel: Parcel) -> None:
        """Give each paper to the continuing option it ranks next."""
        for (order, value), count in parcel.items():
            for place, option in enumerate(order):
                if option in self.continuing:
                    pile, key = self.piles[option], (order[place + 1 :], value)
                    pile[key] = pile.get(key, 0) + count
                    self.votes[option] += value * count
                    self._received[option] += value * count
                    break
            else:
                self.non_transferable += value * count

    # --- Record --------------------------------------------------------------------------------------------------------

    def _open_stage(self, kind: StageKind, option: int | None) -> None:
        self._kind, self._of, self._received = kind, option, Counter[int]()

    def _close_stage(self) -> None:
        votes = {option: Fraction(votes, self.unit) for option, votes in self.votes.items()}
        self.history.append(votes)
        self.stages.append(
            Stage(
                number=len(self.stages) + 1,
                kind=self._kind,
                option=self._of,
                votes=votes,
                transfers={option: Fraction(gain, self.unit) for option, gain in sorted(self._received.items())},
                non_transferable=Fraction(self.non_transferable, self.unit),
                rounding=Fraction(self.rounding, self.unit),
                elected=(),
                excluded=None,
            )
        )

    def _note(self, *, elected: tuple[Election, ...] | None = None, excluded: int | None = None) -> None:
        """Write on the last stage what was decided at its end."""
        last = self.stages[-1]
        self.stages[-1] = replace(
            last, elected=last.elected if elected is None else elected, excluded=excluded or last.excluded
        )

    def _by_votes(self, options: Iterable[int]) -> list[tuple[int, ...]]:
        ordered = sorted(options, key=lambda option: -self.votes[option])
        return [tuple(rank) for _, rank in groupby(ordered, key=lambda option: self.votes[option])]

    def result(self) -> dict[str, Any]:
        return {
            "options": self.options,
            "withdrawn": self.withdrawn,
            "seats": self.seats,
            "papers": self.valid + self.blank,
            "valid": self.valid,
            "blank": self.blank,
            "winners": tuple(self.winners),
            "ranking": (
                *self.ranks,
                *self._by_votes(self.continuing),
                *((option,) for option in reversed(self.out)),
            ),
            "ties": tuple(self.ties),
            "stages": tuple(self.stages),
        }
