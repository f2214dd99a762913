"""What can be done with lent equipment."""

from lending.actions.items import Described, add_item, add_piece, change_item, retire_piece
from lending.actions.loans import Borrower, cancel_loan, free_on, hand_out, lend, take_back
from lending.actions.prolonging import ask_longer, decide_longer
from lending.actions.reminding import remind

__all__ = [
    "Borrower",
    "Described",
    "add_item",
    "add_piece",
    "ask_longer",
    "cancel_loan",
    "change_item",
    "decide_longer",
    "free_on",
    "hand_out",
    "lend",
    "remind",
    "retire_piece",
    "take_back",
]
