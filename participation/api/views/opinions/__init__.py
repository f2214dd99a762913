"""Opinions of the general assembly: public ones, drafts, and the steps from the draft to the municipality."""

from __future__ import annotations

from participation.api.views.opinions.desk import (
    EnterOpinionTally,
    OpenOpinionBallot,
    OpinionDraft,
    OpinionDraftList,
    SendOpinion,
    SettleOpinionTally,
)
from participation.api.views.opinions.reading import OpinionDetail, OpinionDocument, OpinionList, OpinionMinutes

__all__ = [
    "EnterOpinionTally",
    "OpenOpinionBallot",
    "OpinionDetail",
    "OpinionDocument",
    "OpinionDraft",
    "OpinionDraftList",
    "OpinionList",
    "OpinionMinutes",
    "SendOpinion",
    "SettleOpinionTally",
]
