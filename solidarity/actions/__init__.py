"""What can be done on the board."""

from solidarity.actions.matching import answer_match, fulfil, propose_match
from solidarity.actions.moderating import hide_post, report_post, show_post
from solidarity.actions.posting import Said, close_post, post, renew_post
from solidarity.actions.telling import send_tellings
from solidarity.actions.writing import write

__all__ = [
    "Said",
    "answer_match",
    "close_post",
    "fulfil",
    "hide_post",
    "post",
    "propose_match",
    "renew_post",
    "report_post",
    "send_tellings",
    "show_post",
    "write",
]
