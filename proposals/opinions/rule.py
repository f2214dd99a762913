"""By which quorum and majority the general assembly decides on an opinion. Plain data in, plain data out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ballots.counting import Tally
from ballots.deciding import Figures, decide_question
from ballots.models import Base, Majority, Outcome


@dataclass(frozen=True, slots=True)
class AssemblyRule:
    """The quorum in percent of the members, and the majority."""

    quorum_percent: int
    majority: str

    def quorum(self, members: int) -> int:
        """The quorum in people, rounded up, at least one."""
        return max(1, -(-members * self.quorum_percent // 100))

    def outcome(self, *, members: int, present: int, yes: int, no: int, abstain: int) -> Outcome:
        """What a meeting decided: those present make the quorum; abstentions count towards it and not towards the majority."""
        base = Base.MEMBERS if self.majority == Majority.ABSOLUTE else Base.VALID
        figures = Figures(members=members, present=present, cast=yes + no + abstain, valid=yes + no)
        return decide_question(
            Tally(yes, no, abstain),
            figures,
            quorum=self.quorum(members),
            quorum_base=Base.PRESENT,
            majority=self.majority,
            threshold_base=base,
        )


def common_rule(rules: Iterable[AssemblyRule]) -> AssemblyRule | None:
    """The rule that all of them share; None when they differ or there is none."""
    found = set(rules)
    return found.pop() if len(found) == 1 else None
