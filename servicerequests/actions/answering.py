"""What the desk says: answers, questions back, notes; and waiting for another body."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.attachment_content import Checked
from people.models import Person
from servicerequests.actions.filing_away import keep_files
from servicerequests.actions.moving import locked, move, tell
from servicerequests.actions.saying import answered_first, said_before, say
from servicerequests.journal_kinds import RequestKind
from servicerequests.models import Message, ServiceRequest, Side
from servicerequests.permissions import may_answer
from servicerequests.states import Resolution, Status
from turkish.kept import in_the_record
from turkish.templatetags.turkish_text import day


@transaction.atomic
def answer_request(
    *,
    actor: Person,
    request: ServiceRequest,
    text: str,
    resolution: Resolution | str,
    key: UUID | None = None,
    files: Sequence[Checked] = (),
    at: datetime,
) -> Message:
    """Answer it for good, with what came of it. Refuses who does not work at the desk, and what has ended."""
    request = locked(request)
    if (before := said_before(key, request)) is not None:
        return before
    may_answer(actor, request).require()
    message = say(request, Side.DESK, actor, text, key, at)
    keep_files(request, message, files, actor=actor, at=at)
    answered_first(request, at)
    new = Status.REDIRECTED if resolution == Resolution.REDIRECTED else Status.ANSWERED
    move(request, new, actor=actor, at=at, resolution=resolution)
    tell(RequestKind.ANSWERED, request, actor=actor, at=at, resolution=str(resolution))
    return message


@transaction.atomic
def write_to_applicant(
    *,
    actor: Person,
    request: ServiceRequest,
    text: str,
    asks: bool = False,
    key: UUID | None = None,
    files: Sequence[Checked] = (),
    at: datetime,
) -> Message:
    """Say something between; a question stops the clock until the applicant replies."""
    request = locked(request)
    if (before := said_before(key, request)) is not None:
        return before
    may_answer(actor, request).require()
    message = say(request, Side.DESK, actor, text, key, at, asks=asks)
    keep_files(request, message, files, actor=actor, at=at)
    answered_first(request, at)
    if asks and request.status != Status.WAITING_APPLICANT:
        move(request, Status.WAITING_APPLICANT, actor=actor, at=at)
    elif not asks and request.status == Status.NEW:
        move(request, Status.IN_REVIEW, actor=actor, at=at)
    tell(RequestKind.ASKED_BACK if asks else RequestKind.MOVED, request, actor=actor, at=at)
    return message


@transaction.atomic
def note_inside(
    *,
    actor: Person,
    request: ServiceRequest,
    text: str,
    key: UUID | None = None,
    files: Sequence[Checked] = (),
    at: datetime,
) -> Message:
    """A note the applicant never reads, also beside what has ended."""
    request = locked(request)
    if (before := said_before(key, request)) is not None:
        return before
    verdict = may_answer(actor, request)
    if not verdict and verdict.code != "ended":
        verdict.require()
    message = say(request, Side.NOTE, actor, text, key, at)
    keep_files(request, message, files, actor=actor, at=at)
    return message


@transaction.atomic
def wait_for_other(
    *, actor: Person, request: ServiceRequest, whom: str, files: Sequence[Checked] = (), at: datetime
) -> ServiceRequest:
    """Another body is asked; the clock runs on. The note says whom.

    Where the law gives more days for that, they are counted from the first time on, and the applicant is told in writing.
    """
    request = locked(request)
    may_answer(actor, request).require()
    before = request.asked_other_at
    note = say(request, Side.NOTE, actor, whom, None, at)
    keep_files(request, note, files, actor=actor, at=at)
    move(request, Status.WAITING_OTHER, actor=actor, at=at)
    if request.asked_other_at == before or request.ceiling_at is None:
        tell(RequestKind.MOVED, request, actor=actor, at=at)
        return request
    with in_the_record():
        text = _(
            "Yanıt için başka bir birime ya da kuruma sorduk. Bu durumda yasal süre %(days)s gün yerine %(more)s gündür "
            "(%(law)s). Yasal sürenin son günü: %(day)s."
        ) % {
            "days": request.type.ceiling_days,
            "more": request.type.ceiling_days_extended,
            "law": request.type.law,
            "day": day(timezone.localtime(request.ceiling_at)),
        }
    say(request, Side.DESK, actor, text, None, at)
    tell(RequestKind.EXTENDED, request, actor=actor, at=at, due=request.due_at)
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
