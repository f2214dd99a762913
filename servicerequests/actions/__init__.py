"""What can be done with a request."""

from servicerequests.actions.answering import answer_request, note_inside, take_up, wait_for_other, write_to_applicant
from servicerequests.actions.applicant import reopen_request, reply_as_applicant, withdraw_request
from servicerequests.actions.assigning import assign_request, set_priority
from servicerequests.actions.clocks import hours_of, set_clocks
from servicerequests.actions.filing import Said, enter_request, file_request, version_of
from servicerequests.actions.filing_away import add_file, keep_files
from servicerequests.actions.reading_log import note_reading
from servicerequests.actions.starting import start_desk

__all__ = [
    "Said",
    "add_file",
    "answer_request",
    "assign_request",
    "enter_request",
    "file_request",
    "hours_of",
    "keep_files",
    "note_inside",
    "note_reading",
    "reopen_request",
    "reply_as_applicant",
    "set_clocks",
    "set_priority",
    "start_desk",
    "take_up",
    "version_of",
    "wait_for_other",
    "withdraw_request",
    "write_to_applicant",
]
