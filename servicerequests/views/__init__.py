"""Filing a request, following it, and the desk that answers."""

from servicerequests.views.conversation import (
    request_answer,
    request_detail,
    request_reopen,
    request_reply,
    request_withdraw,
)
from servicerequests.views.desk import request_assign, request_desk, request_desk_bulk
from servicerequests.views.files import request_file
from servicerequests.views.filing import (
    request_alike,
    request_enter,
    request_entry,
    request_new,
    request_receipt,
    request_types,
)
from servicerequests.views.joining import request_join
from servicerequests.views.mail import mail_accept, mail_attach, mail_detail, mail_discard, mail_file, mail_list
from servicerequests.views.making_articles import request_article
from servicerequests.views.matters import (
    request_matter_add,
    request_matter_edit,
    request_matter_hint,
    request_matter_set,
    request_matters,
)
from servicerequests.views.published import request_list
from servicerequests.views.publishing import request_publish, request_take_back
from servicerequests.views.types import (
    desk_unit_add,
    desk_unit_edit,
    office_hours_set,
    request_rules,
    request_rules_start,
    request_type_add,
    request_type_detail,
    request_type_edit,
)

__all__ = [
    "desk_unit_add",
    "desk_unit_edit",
    "mail_accept",
    "mail_attach",
    "mail_detail",
    "mail_discard",
    "mail_file",
    "mail_list",
    "office_hours_set",
    "request_alike",
    "request_answer",
    "request_article",
    "request_assign",
    "request_desk",
    "request_desk_bulk",
    "request_detail",
    "request_enter",
    "request_entry",
    "request_file",
    "request_join",
    "request_list",
    "request_matter_add",
    "request_matter_edit",
    "request_matter_hint",
    "request_matter_set",
    "request_matters",
    "request_new",
    "request_publish",
    "request_receipt",
    "request_reopen",
    "request_reply",
    "request_rules",
    "request_rules_start",
    "request_take_back",
    "request_type_add",
    "request_type_detail",
    "request_type_edit",
    "request_types",
    "request_withdraw",
]
