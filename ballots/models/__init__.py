"""One question put to an electorate between two moments, and the votes it gets."""

from __future__ import annotations

from ballots.models.ballot import Ballot, BallotOption, ChairDecision, EarlyClosing, OpenTie, SealedLot
from ballots.models.voting import Elector, Proxy, Vote, VoteRecord
from ballots.words import (
    CHAIR_DECIDES,
    COUNTED_BASES,
    MAX_OPTION,
    MAX_OPTIONS,
    MAX_PAPER,
    MAX_PROXIES,
    MAX_REASON,
    MAX_SCORE,
    RANKED,
    SEVERAL_SEATS,
    Base,
    Choice,
    Majority,
    Method,
    Outcome,
    Phase,
    ResultsVisibility,
    RollRule,
    TieRule,
)

__all__ = [
    "CHAIR_DECIDES",
    "COUNTED_BASES",
    "MAX_OPTION",
    "MAX_OPTIONS",
    "MAX_PAPER",
    "MAX_PROXIES",
    "MAX_REASON",
    "MAX_SCORE",
    "RANKED",
    "SEVERAL_SEATS",
    "Ballot",
    "BallotOption",
    "Base",
    "ChairDecision",
    "Choice",
    "EarlyClosing",
    "Elector",
    "Majority",
    "Method",
    "OpenTie",
    "Outcome",
    "Phase",
    "Proxy",
    "ResultsVisibility",
    "RollRule",
    "SealedLot",
    "TieRule",
    "Vote",
    "VoteRecord",
]
