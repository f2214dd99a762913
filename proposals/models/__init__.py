"""Proposals, everything that is written about one, and its way to policy."""

from __future__ import annotations

from proposals.models.amendment import Amendment, AmendmentDecision
from proposals.models.attachment import Attachment, AttachmentKind, attachment_path
from proposals.models.balloting import ProposalBallot
from proposals.models.budget import BudgetLine, BudgetShare, Objective, ServedObjective, StrategicPlan
from proposals.models.decision import (
    Decision,
    DecisionDocument,
    DecisionOutcome,
    DecisionQuerySet,
    DecisionState,
    DocumentKind,
    Outcome,
    decision_path,
)
from proposals.models.escalation import Escalation
from proposals.models.implementation import (
    Answer,
    Implementation,
    Milestone,
    MilestoneChange,
    ProgressNote,
    Review,
    ReviewAnswer,
    Unit,
)
from proposals.models.municipal import AgendaItem, CommissionStage, MissedMeeting
from proposals.models.office import Assignment, SavedView, Tag, Tagging
from proposals.models.opinion import (
    AssemblyTally,
    Opinion,
    OpinionBallot,
    OpinionProposal,
    OpinionQuerySet,
    OpinionSeries,
    TallyState,
)
from proposals.models.proposal import (
    MAX_BODY_LENGTH,
    NumberSeries,
    Proposal,
    ProposalQuerySet,
    ProposalVersion,
    StageChange,
)
from proposals.models.taking_part import Follow, Support

__all__ = [
    "MAX_BODY_LENGTH",
    "AgendaItem",
    "Amendment",
    "AmendmentDecision",
    "Answer",
    "AssemblyTally",
    "Assignment",
    "Attachment",
    "AttachmentKind",
    "BudgetLine",
    "BudgetShare",
    "CommissionStage",
    "Decision",
    "DecisionDocument",
    "DecisionOutcome",
    "DecisionQuerySet",
    "DecisionState",
    "DocumentKind",
    "Escalation",
    "Follow",
    "Implementation",
    "Milestone",
    "MilestoneChange",
    "MissedMeeting",
    "NumberSeries",
    "Objective",
    "Opinion",
    "OpinionBallot",
    "OpinionProposal",
    "OpinionQuerySet",
    "OpinionSeries",
    "Outcome",
    "ProgressNote",
    "Proposal",
    "ProposalBallot",
    "ProposalQuerySet",
    "ProposalVersion",
    "Review",
    "ReviewAnswer",
    "SavedView",
    "ServedObjective",
    "StageChange",
    "StrategicPlan",
    "Support",
    "Tag",
    "Tagging",
    "TallyState",
    "Unit",
    "attachment_path",
    "decision_path",
]
