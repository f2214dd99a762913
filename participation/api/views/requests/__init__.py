"""The directorate's desk: what may be asked, one's own requests, and what is said in them."""

from participation.api.views.requests.alike import RequestAlike, RequestJoined
from participation.api.views.requests.desk import (
    RequestAnswer,
    RequestAsk,
    RequestAssign,
    RequestDesk,
    RequestNote,
    RequestTakeUp,
    RequestTell,
    RequestWait,
)
from participation.api.views.requests.files import RequestFileContent, RequestFileList
from participation.api.views.requests.matters import MatterDetail, MatterList, MatterSuggestions, RequestMatter
from participation.api.views.requests.own import (
    MessageList,
    RequestDetail,
    RequestList,
    RequestReopen,
    RequestTypeList,
    RequestWithdraw,
)
from participation.api.views.requests.published import PublishedDetail, PublishedList, RequestPublish, RequestTakeBack
from participation.api.views.requests.rules import OfficeHoursList, RequestTypeVersionList

__all__ = [
    "MatterDetail",
    "MatterList",
    "MatterSuggestions",
    "MessageList",
    "OfficeHoursList",
    "PublishedDetail",
    "PublishedList",
    "RequestAlike",
    "RequestAnswer",
    "RequestAsk",
    "RequestAssign",
    "RequestDesk",
    "RequestDetail",
    "RequestFileContent",
    "RequestFileList",
    "RequestJoined",
    "RequestList",
    "RequestMatter",
    "RequestNote",
    "RequestPublish",
    "RequestReopen",
    "RequestTakeBack",
    "RequestTakeUp",
    "RequestTell",
    "RequestTypeList",
    "RequestTypeVersionList",
    "RequestWait",
    "RequestWithdraw",
]
