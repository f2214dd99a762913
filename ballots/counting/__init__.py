"""Counting ballots: papers in, results out. No clock, no database, only integers and fractions; see docs/counting.md."""

from __future__ import annotations

from ballots.counting.papers import InvalidPaper
from ballots.counting.results import (
    Count,
    Defeat,
    ElectedBy,
    SchulzeCount,
    Stage,
    StagedCount,
    StageKind,
    SumCount,
    TransferableCount,
    decimal,
)
from ballots.counting.schulze import Default, count_schulze, debian_quorum
from ballots.counting.sums import count_approval, count_score, count_single
from ballots.counting.ties import BrokenBy, Tie, TieAbout, TieRule
from ballots.counting.transfers import count_runoff, count_stv
from ballots.counting.yes_no import Tally, needed_yes, outcome, share, tally

__all__ = [
    "BrokenBy",
    "Count",
    "Default",
    "Defeat",
    "ElectedBy",
    "InvalidPaper",
    "SchulzeCount",
    "Stage",
    "StageKind",
    "StagedCount",
    "SumCount",
    "Tally",
    "Tie",
    "TieAbout",
    "TieRule",
    "TransferableCount",
    "count_approval",
    "count_runoff",
    "count_schulze",
    "count_score",
    "count_single",
    "count_stv",
    "debian_quorum",
    "decimal",
    "needed_yes",
    "outcome",
    "share",
    "tally",
]
