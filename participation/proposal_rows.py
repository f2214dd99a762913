"""Proposals as `me/_proposals.html` lists them: no query for a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from proposals.models import Proposal
from proposals.reading import Step, mini_steps
from proposals.reading.path import TONES
from proposals.stages import Stage


@dataclass(frozen=True)
class ProposalRow:
    proposal: Proposal
    url: str
    steps: list[Step]
    tone: str
    label: str


def proposal_rows(proposals: Iterable[Proposal]) -> list[ProposalRow]:
    """Rows for proposals prepared by `proposals.reading.cards`."""
    return [
        ProposalRow(row, row.get_absolute_url(), mini_steps(row), TONES[Stage(row.stage)], Stage(row.stage).label)
        for row in proposals
    ]
