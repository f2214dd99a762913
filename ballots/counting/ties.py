"""Ties: what breaks them, and a record of each.

Nothing here looks at an option's number, name or place in a list. A tie is broken by the votes of earlier stages, then by
a lot; a tie for the last seats may be decided by the chair; or it stays open and the result says between whom.
A lot is either drawn by people and given as an order, or follows from a seed that was published before the count: the tied
options are put in the order of SHA-256 of "seed|draw|option", lowest first, where "draw" says what the lot is for
("exclusion 4": the exclusion at the end of stage 4). Anybody can repeat it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class TieAbout(StrEnum):
    SEAT = "seat"
    """Who takes the last seats."""
    SURPLUS = "surplus"
    """Whose surplus moves first."""
    EXCLUSION = "exclusion"
    """Who is excluded."""


class BrokenBy(StrEnum):
    EARLIER_STAGE = "earlier_stage"
    LOT = "lot"
    CHAIR = "chair"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """One tie. Broken in two steps, by an earlier stage to fewer and by lot to one, it is recorded twice."""

    about: TieAbout
    stage: int | None
    """At the end of which stage; None for counts without stages."""
    between: tuple[int, ...]
    places: int
    """How many of them are to be chosen."""
    broken_by: BrokenBy
    by_stage: int | None
    """The earlier stage whose votes told them apart."""
    chosen: tuple[int, ...]
    """Who takes the seats, moves first or is excluded; none while the tie is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TieRule:
    """How ties are broken, as published before the vote."""

    earlier_stages: bool = True
    """In counts by stages: by the votes at the end of the last earlier stage at which they were not equal."""
    seed: str = ""
    """A lot by this seed, see above; "" for none."""
    lot: tuple[int, ...] = ()
    """A lot drawn by people: the options in the order drawn. The first drawn takes the seat or moves first, the last
    drawn is excluded."""
    decided: tuple[int, ...] = ()
    """Whom the chair decided for among those tied for the last seats. Only there: the law that counts by transfers follow
    knows a lot and no choice (SSI 2007/42, rules 49 and 51)."""

    def __post_init__(self) -> None:
        if self.seed and self.lot:
            raise ValueError("A lot is drawn by people or by a seed, not by both")
        if self.decided and (self.seed or self.lot):
            raise ValueError("A tie is decided by the chair or by lot, not by both")
        if len(set(self.lot)) != len(self.lot):
            raise ValueError("A lot draws each option once")

    def draw(self, tied: Iterable[int], purpose: str) -> tuple[int, ...] | None:
        """The tied options in the order of the lot, or None when none is drawn, or not for all of them."""
        between = set(tied)
        if self.seed:
            return tuple(sorted(between, key=lambda option: _digest(f"{self.seed}|{purpose}|{option}")))
        return tuple(option for option in self.lot if option in between) if between <= set(self.lot) else None


OPEN = TieRule()
"""Earlier stages where there are any, and no lot: what they do not tell apart stays a tie."""


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def break_for_seats(tied: Iterable[int], places: int, rule: TieRule, *, stage: int | None = None) -> Tie:
    """Choose `places` of the tied by lot, or as the chair decided. `ValueError` when they decided for others, or too many."""
    between = tuple(sorted(tied))
    if rule.decided:
        if not set(rule.decided) <= set(between) or len(set(rule.decided)) != places:
            raise ValueError("The chair decides among those who are tied, for as many as there are places")
        return _for_seats(stage, between, places, BrokenBy.CHAIR, tuple(sorted(rule.decided)))
    order = rule.draw(between, "seat" if stage is None else f"seat {stage}")
    if order is None:
        return _for_seats(stage, between, places, BrokenBy.NOTHING, ())
    return _for_seats(stage, between, places, BrokenBy.LOT, order[:places])


def _for_seats(stage: int | None, between: tuple[int, ...], places: int, by: BrokenBy, chosen: tuple[int, ...]) -> Tie:
    return Tie(
        about=TieAbout.SEAT,
        stage=stage,
        between=between,
        places=places,
        broken_by=by,
        by_stage=None,
        chosen=chosen,
    )


def break_by_stages(
    about: TieAbout, tied: Iterable[int], history: Sequence[Mapping[int, Fraction]], rule: TieRule
) -> list[Tie]:
    """Choose one of those tied at the end of the last stage of `history` (the votes at the end of each stage).

    The largest moves first, the smallest is excluded: looked for at the last earlier stage at which they differ, and among
    those equal there at the stages before it. What is left is drawn by lot. The last record says who is chosen, if anybody.
    """
    extreme = min if about is TieAbout.EXCLUSION else max
    left, ties, stage = tuple(sorted(tied)), list[Tie](), len(history)
    for earlier in range(len(history) - 1, 0, -1) if rule.earlier_stages else ():
        votes = history[earlier - 1]
        limit = extreme(votes[option] for option in left)
        chosen = tuple(option for option in left if votes[option] == limit)
        if len(chosen) < len(left):
            ties.append(_record(about, stage, left, BrokenBy.EARLIER_STAGE, earlier, chosen))
            left = chosen
        if len(left) == 1:
            return ties
    order = rule.draw(left, f"{about} {stage}")
    if order is None:
        return [*ties, _record(about, stage, left, BrokenBy.NOTHING, None, ())]
    pick = order[-1] if about is TieAbout.EXCLUSION else order[0]
    return [*ties, _record(about, stage, left, BrokenBy.LOT, None, (pick,))]


def _record(
    about: TieAbout, stage: int, between: tuple[int, ...], by: BrokenBy, by_stage: int | None, chosen: tuple[int, ...]
) -> Tie:
    return Tie(about=about, stage=stage, between=between, places=1, broken_by=by, by_stage=by_stage, chosen=chosen)
