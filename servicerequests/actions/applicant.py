"""What the applicant's side does: replies, reopens, withdraws."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from documents.attachment_content import Checked
from people.models import Person
from servicerequests.actions.filing_away import keep_files
from servicerequests.actions.moving import locked, move, tell
from servicerequests.actions.saying import said_before, say
from servicerequests.journal_kinds import RequestKind
from servicerequests.models import Message, ServiceRequest, Side
from servicerequests.permissions import may_reopen, may_reply, may_withdraw
from servicerequests.states import Resolution, Status


@transaction.atomic
def reply_as_applicant(
    *,
    actor: Person,
    request: ServiceRequest,
    text: str,
    key: UUID | None = None,
    files: Sequence[Checked] = (),
    at: datetime,
) -> Message:
    """The applicant's side says something; where it was waited for, the clock runs on."""
    request = locked(request)
    if (before := said_before(key, request)) is not None:
        return before
    may_reply(actor, request, at=at).require()
    message = say(request, Side.APPLICANT, actor, text, key, at)
    keep_files(request, message, files, actor=actor, at=at)
    if request.status == Status.WAITING_APPLICANT:
        move(request, Status.IN_REVIEW, actor=actor, at=at)
    tell(RequestKind.REPLIED, request, actor=actor, at=at)
    return message


@transaction.atomic
def reopen_request(
    *, actor: Person, request: ServiceRequest, text: str, files: Sequence[Checked] = (), at: datetime
) -> ServiceRequest:
    """Once, within 30 days, with what is missing in the answer; the clock of the type begins anew."""
    request = locked(request)
    may_reopen(actor, request, at=at).require()
    message = say(request, Side.APPLICANT, actor, text, None, at)
    keep_files(request, message, files, actor=actor, at=at)
    move(request, Status.IN_REVIEW, actor=actor, at=at)
    tell(RequestKind.REOPENED, request, actor=actor, at=at)
    return request


@transaction.atomic
def withdraw_request(*, actor: Person, request: ServiceRequest, at: datetime) -> ServiceRequest:
    """The applicant needs no answer any more; again it changes nothing."""
    request = locked(request)
    if request.resolution == Resolution.WITHDRAWN:
        return request
    may_withdraw(actor, request, at=at).require()
    move(request, Status.CLOSED, actor=actor, at=at, resolution=Resolution.WITHDRAWN)
    tell(RequestKind.WITHDRAWN, request, actor=actor, at=at)
    return request
