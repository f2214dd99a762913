"""Everything that can be done with a proposal. Each action asks its verdict, writes and records in one transaction."""

from proposals.actions.amending import accept_amendment, decline_amendment, propose_amendment, withdraw_amendment
from proposals.actions.attaching import add_attachment, remove_attachment
from proposals.actions.balloting import conclude_ballot, open_ballot
from proposals.actions.bulk import MOST_AT_ONCE, Deed, Order, Outcome, carry_out
from proposals.actions.decisions import (
    DecisionFields,
    Said,
    add_decision_document,
    confirm_decision,
    enter_decision,
    withdraw_decision,
)
from proposals.actions.drafting import discard_draft, save_draft, start_draft
from proposals.actions.due import recount_due_dates
from proposals.actions.escalating import escalate_overdue
from proposals.actions.following import follow_proposal, unfollow_proposal
from proposals.actions.funding import fund_implementation, serve_objective, stop_funding, stop_serving
from proposals.actions.implementing import (
    abandon_implementation,
    add_milestone,
    finish_implementation,
    finish_milestone,
    move_milestone,
    plan_implementation,
    write_progress,
)
from proposals.actions.in_municipal_council import (
    note_missed_meetings,
    put_on_municipal_agenda,
    refer_to_commission,
    take_back_from_commission,
    take_off_municipal_agenda,
)
from proposals.actions.managing import (
    assign_proposal,
    change_district,
    change_theme,
    forget_view,
    hand_over,
    save_view,
    tag_proposal,
    untag_proposal,
)
from proposals.actions.merging import Part, merge_proposals, split_proposal
from proposals.actions.moving import (
    decline_in_group,
    end_support_periods,
    find_admissible,
    find_inadmissible,
    withdraw_proposal,
)
from proposals.actions.opinions import (
    conclude_opinion_ballot,
    confirm_tally,
    discard_opinion,
    edit_opinion,
    enter_tally,
    open_opinion_ballot,
    prepare_opinion,
    reject_tally,
    send_opinion,
)
from proposals.actions.passing_on import accept_directly, decline_directly, give_back, put_on_agenda
from proposals.actions.reviewing import answer_review, close_reviews, open_reviews
from proposals.actions.revising import revise_proposal
from proposals.actions.submitting import Incomplete, submit_proposal
from proposals.actions.supporting import support_proposal, withdraw_support
from proposals.actions.units import change_unit, merge_unit

__all__ = [
    "MOST_AT_ONCE",
    "DecisionFields",
    "Deed",
    "Incomplete",
    "Order",
    "Outcome",
    "Part",
    "Said",
    "abandon_implementation",
    "accept_amendment",
    "accept_directly",
    "add_attachment",
    "add_decision_document",
    "add_milestone",
    "answer_review",
    "assign_proposal",
    "carry_out",
    "change_district",
    "change_theme",
    "change_unit",
    "close_reviews",
    "conclude_ballot",
    "conclude_opinion_ballot",
    "confirm_decision",
    "confirm_tally",
    "decline_amendment",
    "decline_directly",
    "decline_in_group",
    "discard_draft",
    "discard_opinion",
    "edit_opinion",
    "end_support_periods",
    "enter_decision",
    "enter_tally",
    "escalate_overdue",
    "find_admissible",
    "find_inadmissible",
    "finish_implementation",
    "finish_milestone",
    "follow_proposal",
    "forget_view",
    "fund_implementation",
    "give_back",
    "hand_over",
    "merge_proposals",
    "merge_unit",
    "move_milestone",
    "note_missed_meetings",
    "open_ballot",
    "open_opinion_ballot",
    "open_reviews",
    "plan_implementation",
    "prepare_opinion",
    "propose_amendment",
    "put_on_agenda",
    "put_on_municipal_agenda",
    "recount_due_dates",
    "refer_to_commission",
    "reject_tally",
    "remove_attachment",
    "revise_proposal",
    "save_draft",
    "save_view",
    "send_opinion",
    "serve_objective",
    "split_proposal",
    "start_draft",
    "stop_funding",
    "stop_serving",
    "submit_proposal",
    "support_proposal",
    "tag_proposal",
    "take_back_from_commission",
    "take_off_municipal_agenda",
    "unfollow_proposal",
    "untag_proposal",
    "withdraw_amendment",
    "withdraw_decision",
    "withdraw_proposal",
    "withdraw_support",
    "write_progress",
]
