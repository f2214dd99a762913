"""The municipal council's decisions, and the steps of an opinion before the council."""

from __future__ import annotations

from participation.api.views.decisions.in_council import (
    OpinionAgenda,
    OpinionCommission,
    OpinionCommissionReport,
    OpinionDecision,
    OpinionInCouncil,
    OpinionOffAgenda,
)
from participation.api.views.decisions.reading import (
    DecisionConfirm,
    DecisionDetail,
    DecisionDocuments,
    DecisionFile,
    DecisionList,
    DecisionWithdraw,
)

__all__ = [
    "DecisionConfirm",
    "DecisionDetail",
    "DecisionDocuments",
    "DecisionFile",
    "DecisionList",
    "DecisionWithdraw",
    "OpinionAgenda",
    "OpinionCommission",
    "OpinionCommissionReport",
    "OpinionDecision",
    "OpinionInCouncil",
    "OpinionOffAgenda",
]
