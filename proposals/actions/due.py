"""When the next step of a proposal is due, by the procedure it was submitted under."""

from __future__ import annotations

from datetime import datetime, timedelta

from proposals.models import Proposal
from proposals.stages import Stage


def due_of(proposal: Proposal, stage: Stage, *, at: datetime) -> datetime | None:
    """The moment by which whoever holds the proposal in a stage should have moved on; None when nothing is due."""
    rule = proposal.procedure.rules.get(stage) if proposal.procedure is not None else None
    if rule is None or rule.days is None:
        return None
    return at + timedelta(days=rule.days)
