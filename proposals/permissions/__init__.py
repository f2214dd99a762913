"""Who may do what with a proposal, and when."""

from __future__ import annotations

from proposals.permissions.amending import (
    may_accept_amendment,
    may_amend,
    may_decline_amendment,
    may_withdraw_amendment,
)
from proposals.permissions.deciding import (
    may_answer_directly,
    may_decide_admissibility,
    may_decline_in_group,
    may_give_back,
    may_merge,
    may_open_ballot,
    may_put_on_agenda,
    may_split,
)
from proposals.permissions.implementing import may_implement, may_review
from proposals.permissions.office import may_hand_over, may_manage_proposals, office_staff
from proposals.permissions.policies import ProposalBallotPolicy, ProposalThreadPolicy
from proposals.permissions.taking_part import may_follow, may_support, may_withdraw_support
from proposals.permissions.writing import may_act_for, may_edit_draft, may_revise, may_submit, may_withdraw, may_write

__all__ = [
    "ProposalBallotPolicy",
    "ProposalThreadPolicy",
    "may_accept_amendment",
    "may_act_for",
    "may_amend",
    "may_answer_directly",
    "may_decide_admissibility",
    "may_decline_amendment",
    "may_decline_in_group",
    "may_edit_draft",
    "may_follow",
    "may_give_back",
    "may_hand_over",
    "may_implement",
    "may_manage_proposals",
    "may_merge",
    "may_open_ballot",
    "may_put_on_agenda",
    "may_review",
    "may_revise",
    "may_split",
    "may_submit",
    "may_support",
    "may_withdraw",
    "may_withdraw_amendment",
    "may_withdraw_support",
    "may_write",
    "office_staff",
]
