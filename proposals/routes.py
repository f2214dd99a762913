"""The way of a proposal: the steps of the procedure it was submitted under, what follows on what, and who holds it."""

from __future__ import annotations

from councils.models import Procedure
from councils.procedures import HOLDERS
from proposals.models import Proposal
from proposals.stages import ENDED, PATH, Stage


def stages_of(procedure: Procedure) -> list[str]:
    """The stages a procedure knows, in order; what `Proposal.way` keeps of it."""
    steps = set(procedure.rules)
    return [str(stage) for stage in PATH if stage in steps or (stage == Stage.REVIEWED and Stage.DONE in steps)]


def way(proposal: Proposal) -> tuple[Stage, ...]:
    """The stages of the proposal's procedure, in order; the whole path for a draft that has none yet."""
    return tuple(Stage(stage) for stage in proposal.way) or PATH


def next_stage(proposal: Proposal, after: Stage) -> Stage | None:
    """The stage that follows on the proposal's way; None at its end."""
    ahead = PATH[PATH.index(after) + 1 :]
    return next((stage for stage in way(proposal) if stage in ahead), None)


def holder_of(proposal: Proposal, stage: Stage) -> str:
    """Who must act in a stage by the proposal's procedure; empty for a draft and where the way has ended."""
    if stage in ENDED or stage == Stage.DRAFT:
        return ""
    rule = proposal.procedure.rules.get(stage) if proposal.procedure is not None else None
    return (
        rule.holder
        if rule is not None
        else next((holders[0] for step, holders in HOLDERS.items() if step == stage), "")
    )
