"""The request desk: types, requests and what is said in them."""

from servicerequests.models.clock import ClockNotice
from servicerequests.models.kinds import DeskUnit, Filer, OfficeSpan, Priority, RequestType, RequestTypeVersion
from servicerequests.models.mail import HeldFor, IncomingFile, IncomingMail, MailboxCursor, MailState
from servicerequests.models.matters import Matter, MatterBy, MatterChange
from servicerequests.models.publishing import Publication
from servicerequests.models.request import Channel, Publicity, RequestQuerySet, RequestSeries, ServiceRequest
from servicerequests.models.saying import Joined, Message, Pause, RequestFile, Side, StatusChange
from servicerequests.models.sources import ArticleSource

__all__ = [
    "ArticleSource",
    "Channel",
    "ClockNotice",
    "DeskUnit",
    "Filer",
    "HeldFor",
    "IncomingFile",
    "IncomingMail",
    "Joined",
    "MailState",
    "MailboxCursor",
    "Matter",
    "MatterBy",
    "MatterChange",
    "Message",
    "OfficeSpan",
    "Pause",
    "Priority",
    "Publication",
    "Publicity",
    "RequestFile",
    "RequestQuerySet",
    "RequestSeries",
    "RequestType",
    "RequestTypeVersion",
    "ServiceRequest",
    "Side",
    "StatusChange",
]
