"""Counting a ballot: plain numbers in, an outcome out. No clock, no database, only integers.

Rules and where they come from:

- Abstentions count towards the quorum and not towards a majority. Robert's Rules of Order Newly Revised, 12th ed.,
  44:1 (a majority is more than half of the votes cast, abstentions left out) and 44:3 (two thirds likewise);
  44:9 for a majority of the entire membership.
- The quorum is a number of people fixed when the roll was taken. Law 5393 on municipalities, article 22, is the model:
  the council meets with the absolute majority of its full membership and decides by those who take part.
- A tie does not pass. It is told apart from a rejection, because the same article lets a chair break it and a city
  council's procedure may send the matter back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ballots.models import Choice, Majority, Outcome


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people chose what, in votes."""

    yes: int = 0
    no: int = 0
    abstain: int = 0

    @property
    def turnout(self) -> int:
        return self.yes + self.no + self.abstain


def tally(choices: Iterable[str]) -> Tally:
    """Count choices one by one. An unknown choice is a `ValueError`: it must not vanish from a count."""
    counts = Counter(str(choice) for choice in choices)
    unknown = set(counts) - set(Choice.values)
    if unknown:
        raise ValueError(f"Unknown choices: {sorted(unknown)}")
    return Tally(counts[Choice.YES], counts[Choice.NO], counts[Choice.ABSTAIN])


def share(count: int, whole: int) -> int:
    """A part of a whole in percent, rounded half up; 0 when there is no whole."""
    return (200 * count + whole) // (2 * whole) if whole > 0 else 0


def needed_yes(*, yes: int, no: int, electorate: int, majority: str) -> int:
    """The fewest yes votes that would have passed when as many people answer yes or no as did.

    - `SIMPLE`: more than half of the yes and no votes.
    - `ABSOLUTE`: more than half of the electorate.
    - `TWO_THIRDS`: two thirds of the yes and no votes, rounded up, at least one.
    """
    match Majority(majority):
        case Majority.SIMPLE:
            return (yes + no) // 2 + 1
        case Majority.ABSOLUTE:
            return electorate // 2 + 1
        case Majority.TWO_THIRDS:
            return max(1, -(-2 * (yes + no) // 3))


def outcome(*, yes: int, no: int, abstain: int, electorate: int, quorum: int, majority: str) -> Outcome:
    """What a count decides. All numbers are votes or people.

    - Fewer people than the quorum, or nobody at all (even when no quorum is asked): `NO_QUORUM`.
    - `SIMPLE`: more yes than no passes, equally many (also none of either, when all abstain) is `TIED`.
    - `ABSOLUTE`: yes from more than half of the electorate passes, everything else is rejected.
    - `TWO_THIRDS`: at least one yes, and yes at least two thirds of yes and no, passes, everything else is rejected.

    Raises `ValueError` for numbers no ballot can have.
    """
    turnout = yes + no + abstain
    if min(yes, no, abstain, quorum) < 0 or turnout > electorate or quorum > electorate:
        raise ValueError("These numbers cannot come from one ballot")
    if turnout == 0 or turnout < quorum:
        return Outcome.NO_QUORUM
    match Majority(majority):
        case Majority.SIMPLE:
            if yes == no:
                return Outcome.TIED
            passed = yes > no
        case Majority.ABSOLUTE:
            passed = 2 * yes > electorate
        case Majority.TWO_THIRDS:
            passed = yes > 0 and 3 * yes >= 2 * (yes + no)
    return Outcome.PASSED if passed else Outcome.REJECTED
