"""What can be done with a request."""

from servicerequests.actions.answering import answer_request, note_inside, take_up, wait_for_other, write_to_applicant
from servicerequests.actions.applicant import reopen_request, reply_as_applicant, withdraw_request
from servicerequests.actions.assigning import assign_request, set_priority
from servicerequests.actions.bulk import carry_out
from servicerequests.actions.clock_telling import close_answered, tell_clocks, told_of_clock
from servicerequests.actions.clocks import hours_of, set_clocks
from servicerequests.actions.filing import Said, enter_request, file_request, version_of
from servicerequests.actions.filing_away import add_file, keep_files
from servicerequests.actions.joining import join_request, leave_request
from servicerequests.actions.mail_sorting import accept_mail, attach_mail, discard_mail, forget_mails, forget_sender
from servicerequests.actions.mail_taking import Place, contact_address, set_aside, take_mail
from servicerequests.actions.making_articles import make_article
from servicerequests.actions.matters import keep_matter, matter_by_rule, set_matter
from servicerequests.actions.publishing import publish_request, take_back
from servicerequests.actions.reading_log import note_mail_reading, note_reading
from servicerequests.actions.recounting import recount_requests
from servicerequests.actions.starting import start_desk
from servicerequests.actions.types import open_desk, set_office_hours, set_type, set_unit

__all__ = [
    "Place",
    "Said",
    "accept_mail",
    "add_file",
    "answer_request",
    "assign_request",
    "attach_mail",
    "carry_out",
    "close_answered",
    "contact_address",
    "discard_mail",
    "enter_request",
    "file_request",
    "forget_mails",
    "forget_sender",
    "hours_of",
    "join_request",
    "keep_files",
    "keep_matter",
    "leave_request",
    "make_article",
    "matter_by_rule",
    "note_inside",
    "note_mail_reading",
    "note_reading",
    "open_desk",
    "publish_request",
    "recount_requests",
    "reopen_request",
    "reply_as_applicant",
    "set_aside",
    "set_clocks",
    "set_matter",
    "set_office_hours",
    "set_priority",
    "set_type",
    "set_unit",
    "start_desk",
    "take_back",
    "take_mail",
    "take_up",
    "tell_clocks",
    "told_of_clock",
    "version_of",
    "wait_for_other",
    "withdraw_request",
    "write_to_applicant",
]
