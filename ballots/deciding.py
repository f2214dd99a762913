"""What a count decides: quorum and threshold by the base the rule names. Plain numbers in, an outcome out.

The four bases, from the widest to the narrowest (Robert's Rules of Order Newly Revised, 12th ed., 44:7-9):

- members: the entire membership, here everybody who had the right to vote;
- present: those at the meeting, as the one who opened the ballot wrote down;
- cast: everybody who handed in a paper, blank papers and abstentions included;
- valid: papers that choose something: blank papers and abstentions are left out (44:1, 45:32).
"""

from __future__ import annotations

from dataclasses import dataclass

from ballots.counting import Count, Tally
from ballots.models import Base, Majority, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How many people each base has."""

    members: int
    present: int | None = None
    cast: int
    valid: int

    def of(self, base: str) -> int:
        """The number of a base. `ValueError` for the present when nobody counted them."""
        found = {
            Base.MEMBERS: self.members,
            Base.PRESENT: self.present,
            Base.CAST: self.cast,
            Base.VALID: self.valid,
        }[Base(base)]
        if found is None:
            raise ValueError("Nobody has counted who is present")
        return found


def needed(majority: str, whole: int) -> int:
    """The fewest votes of a whole that are enough: more than half of it, or two thirds of it rounded up; at least one."""
    if Majority(majority) == Majority.TWO_THIRDS:
        return max(1, -(-2 * whole // 3))
    return whole // 2 + 1


def meets_quorum(figures: Figures, *, quorum: int, base: str) -> bool:
    """Whether enough take part; with nobody's paper never."""
    return figures.cast > 0 and figures.of(base) >= quorum


def decide_question(
    count: Tally, figures: Figures, *, quorum: int, quorum_base: str, majority: str, threshold_base: str
) -> Outcome:
    """What a yes/no count decides; equally many yes and no of the valid votes are a tie by the simple majority."""
    if not meets_quorum(figures, quorum=quorum, base=quorum_base):
        return Outcome.NO_QUORUM
    if majority == Majority.SIMPLE and threshold_base == Base.VALID and count.yes == count.no:
        return Outcome.TIED
    passed = count.yes >= needed(majority, figures.of(threshold_base))
    return Outcome.PASSED if passed else Outcome.REJECTED


def decide_election(
    count: Count,
    figures: Figures,
    *,
    quorum: int,
    quorum_base: str,
    majority: str,
    threshold_base: str,
    winning_votes: int | None,
    tied_votes: int | None = None,
) -> Outcome:
    """What a count of options decides. `winning_votes` are those of the winner where a threshold is asked.

    A tie that the rule left open is told as such; winners below the threshold and papers that name nobody decide nothing.
    `tied_votes` are those of the tied where the chair is to decide between them: below the threshold nobody is asked.
    """
    if not meets_quorum(figures, quorum=quorum, base=quorum_base):
        return Outcome.NO_QUORUM
    if count.unresolved is not None:
        if majority and tied_votes is not None and tied_votes < needed(majority, figures.of(threshold_base)):
            return Outcome.UNDECIDED
        return Outcome.TIED
    if not count.winners:
        return Outcome.UNDECIDED
    if majority and (winning_votes or 0) < needed(majority, figures.of(threshold_base)):
        return Outcome.UNDECIDED
    return Outcome.ELECTED
