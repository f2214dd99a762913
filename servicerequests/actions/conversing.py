"""What applicant and desk say to each other, and what follows from it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from councils.models import Officer, OfficerRole
from discussions.markup import clean
from people.models import Person
from servicerequests.actions.clocks import CLOCKS, set_clocks
from servicerequests.actions.moving import locked, move, tell
from servicerequests.journal_kinds import RequestKind
from servicerequests.models import DeskUnit, Message, Priority, ServiceRequest, Side
from servicerequests.models.request import LONGEST_TEXT
from servicerequests.permissions import may_answer, may_reopen, may_reply, may_withdraw
from servicerequests.states import Resolution, Status


def _text(text: str) -> str:
    text = clean(text)
    if not 2 <= len(text) <= LONGEST_TEXT:
        raise ValidationError({"text": _("Bir şey yazın, en çok 10.000 harf.")})
    return text


def _said_before(key: UUID | None, request: ServiceRequest) -> Message | None:
    """The message of a form that was sent twice; the request's lock keeps the second waiting for the first."""
    return Message.objects.filter(key=key, request=request).first() if key is not None else None


def _say(
    request: ServiceRequest,
    side: Side,
    author: Person,
    text: str,
    key: UUID | None,
    at: datetime,
    *,
    asks: bool = False,
) -> Message:
    return Message.objects.create(
        request=request, side=side, author=author, text=_text(text), is_question=asks, key=key or uuid4(), at=at
    )


def _answered_first(request: ServiceRequest, at: datetime) -> None:
    """The first word of the desk to the applicant stops the clock of the first answer."""
    if request.first_answered_at is None:
        request.first_answered_at, request.first_answer_due_at = at, None
        request.save(update_fields=["first_answered_at", "first_answer_due_at"])


@transaction.atomic
def answer_request(
    *,
    actor: Person,
    request: ServiceRequest,
    text: str,
    resolution: Resolution | str,
    key: UUID | None = None,
    at: datetime,
) -> Message:
    """Answer it for good, with what came of it. Refuses who does not work at the desk, and what has ended."""
    request = locked(request)
    if (before := _said_before(key, request)) is not None:
        return before
    may_answer(actor, request).require()
    message = _say(request, Side.DESK, actor, text, key, at)
    _answered_first(request, at)
    new = Status.REDIRECTED if resolution == Resolution.REDIRECTED else Status.ANSWERED
    move(request, new, actor=actor, at=at, resolution=resolution)
    tell(RequestKind.ANSWERED, request, actor=actor, at=at, resolution=str(resolution))
    return message


@transaction.atomic
def write_to_applicant(
    *, actor: Person, request: ServiceRequest, text: str, asks: bool = False, key: UUID | None = None, at: datetime
) -> Message:
    """Say something between; a question stops the clock until the applicant replies."""
    request = locked(request)
    if (before := _said_before(key, request)) is not None:
        return before
    may_answer(actor, request).require()
    message = _say(request, Side.DESK, actor, text, key, at, asks=asks)
    _answered_first(request, at)
    if asks and request.status != Status.WAITING_APPLICANT:
        move(request, Status.WAITING_APPLICANT, actor=actor, at=at)
    elif not asks and request.status == Status.NEW:
        move(request, Status.IN_REVIEW, actor=actor, at=at)
    tell(RequestKind.ASKED_BACK if asks else RequestKind.MOVED, request, actor=actor, at=at)
    return message


@transaction.atomic
def note_inside(*, actor: Person, request: ServiceRequest, text: str, key: UUID | None = None, at: datetime) -> Message:
    """A note the applicant never reads, also beside what has ended."""
    request = locked(request)
    if (before := _said_before(key, request)) is not None:
        return before
    verdict = may_answer(actor, request)
    if not verdict and verdict.code != "ended":
        verdict.require()
    return _say(request, Side.NOTE, actor, text, key, at)


@transaction.atomic
def reply_as_applicant(
    *, actor: Person, request: ServiceRequest, text: str, key: UUID | None = None, at: datetime
) -> Message:
    """The applicant's side says something; where it was waited for, the clock runs on."""
    request = locked(request)
    if (before := _said_before(key, request)) is not None:
        return before
    may_reply(actor, request, at=at).require()
    message = _say(request, Side.APPLICANT, actor, text, key, at)
    if request.status == Status.WAITING_APPLICANT:
        move(request, Status.IN_REVIEW, actor=actor, at=at)
    tell(RequestKind.REPLIED, request, actor=actor, at=at)
    return message


@transaction.atomic
def reopen_request(*, actor: Person, request: ServiceRequest, text: str, at: datetime) -> ServiceRequest:
    """Once, within 30 days, with what is missing in the answer; the clock of the type begins anew."""
    request = locked(request)
    may_reopen(actor, request, at=at).require()
    _say(request, Side.APPLICANT, actor, text, None, at)
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


@transaction.atomic
def wait_for_other(*, actor: Person, request: ServiceRequest, whom: str, at: datetime) -> ServiceRequest:
    """Another body is asked; the clock runs on. The note says whom."""
    request = locked(request)
    may_answer(actor, request).require()
    _say(request, Side.NOTE, actor, whom, None, at)
    move(request, Status.WAITING_OTHER, actor=actor, at=at)
    tell(RequestKind.MOVED, request, actor=actor, at=at)
    return request


@transaction.atomic
def take_up(*, actor: Person, request: ServiceRequest, at: datetime) -> ServiceRequest:
    """Begin, or go on after another body has answered; again it changes nothing."""
    request = locked(request)
    may_answer(actor, request).require()
    if request.status != Status.IN_REVIEW:
        move(request, Status.IN_REVIEW, actor=actor, at=at)
        tell(RequestKind.MOVED, request, actor=actor, at=at)
    return request


@transaction.atomic
def assign_request(
    *, actor: Person, request: ServiceRequest, unit: DeskUnit, assignee: Officer | None, at: datetime
) -> ServiceRequest:
    """Give it to a unit, and to one of its officers or to nobody yet. `ValidationError` on ``unit``, ``assignee``."""
    request = locked(request)
    may_answer(actor, request).require()
    if unit.council_id != request.council_id or not unit.is_active:
        raise ValidationError({"unit": _("Listedeki birimlerden birini seçin.")})
    if assignee is not None and (
        assignee.council_id != request.council_id
        or assignee.role != OfficerRole.DIRECTORATE
        or not assignee.is_active
        or assignee.person_id == request.applicant_id
    ):
        raise ValidationError({"assignee": _("Listedeki görevlilerden birini seçin.")})
    if (request.unit_id, request.assignee_id) == (unit.pk, assignee.pk if assignee else None):
        return request
    request.unit, request.assignee, request.changed_at = unit, assignee, at
    request.save(update_fields=["unit", "assignee", "changed_at"])
    tell(RequestKind.ASSIGNED, request, actor=actor, at=at, unit=unit.name)
    return request


@transaction.atomic
def set_priority(*, actor: Person, request: ServiceRequest, priority: Priority, at: datetime) -> ServiceRequest:
    """Another priority has other targets; the clocks are counted anew from the beginning."""
    request = locked(request)
    may_answer(actor, request).require()
    if request.priority != priority:
        request.priority, request.changed_at = priority, at
        set_clocks(request)
        request.save(update_fields=["priority", "changed_at", *CLOCKS])
        tell(RequestKind.MOVED, request, actor=actor, at=at)
    return request
