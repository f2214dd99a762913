"""A message is written down once, and the first word of the desk stops the clock of the first answer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from discussions.markup import clean
from people.models import Person
from servicerequests.models import Message, ServiceRequest, Side
from servicerequests.models.request import LONGEST_TEXT


def _text(text: str) -> str:
    text = clean(text)
    if not 2 <= len(text) <= LONGEST_TEXT:
        raise ValidationError({"text": _("Bir şey yazın, en çok 10.000 harf.")})
    return text


def said_before(key: UUID | None, request: ServiceRequest) -> Message | None:
    """The message of a form that was sent twice; the request's lock keeps the second waiting for the first."""
    return Message.objects.filter(key=key, request=request).first() if key is not None else None


def say(
    request: ServiceRequest,
    side: Side,
    author: Person | None,
    text: str,
    key: UUID | None,
    at: datetime,
    *,
    asks: bool = False,
) -> Message:
    return Message.objects.create(
        request=request, side=side, author=author, text=_text(text), is_question=asks, key=key or uuid4(), at=at
    )


def answered_first(request: ServiceRequest, at: datetime) -> None:
    """The first word of the desk to the applicant stops the clock of the first answer."""
    if request.first_answered_at is None:
        request.first_answered_at, request.first_answer_due_at = at, None
        request.save(update_fields=["first_answered_at", "first_answer_due_at"])
