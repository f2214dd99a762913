"""What is done with an opinion. Every action locks the opinion first and its proposals after it, by their ids."""

from proposals.actions.opinions.preparing import discard_opinion, edit_opinion, prepare_opinion
from proposals.actions.opinions.sending import send_opinion
from proposals.actions.opinions.tallying import confirm_tally, enter_tally, reject_tally
from proposals.actions.opinions.voting import conclude_opinion_ballot, open_opinion_ballot

__all__ = [
    "conclude_opinion_ballot",
    "confirm_tally",
    "discard_opinion",
    "edit_opinion",
    "enter_tally",
    "open_opinion_ballot",
    "prepare_opinion",
    "reject_tally",
    "send_opinion",
]
