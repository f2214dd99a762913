"""What everybody reads of a request: written by the desk from the original, taken back with a reason."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from discussions.markup import clean
from people.models import Person
from servicerequests.actions.moving import locked, tell
from servicerequests.journal_kinds import RequestKind
from servicerequests.models import Publication, Publicity, ServiceRequest
from servicerequests.models.request import LONGEST_TEXT
from servicerequests.permissions import may_publish, may_take_back


@transaction.atomic
def publish_request(
    *, actor: Person, request: ServiceRequest, subject: str, text: str, answer: str, at: datetime
) -> ServiceRequest:
    """Publish it in the desk's own words, or publish it anew; the original stays as it is and stays private.

    Refuses who does not work at the desk, and what the applicant did not allow. `ValidationError` on ``subject``, ``text``,
    ``answer``.
    """
    request = locked(request)
    may_publish(actor, request).require()
    subject, text, answer = " ".join(clean(subject).split()), clean(text), clean(answer)
    wrong: dict[str, str] = {}
    if not 5 <= len(subject) <= 160:
        wrong["subject"] = _("Konuyu 5 ile 160 harf arasında yazın.")
    if not 10 <= len(text) <= LONGEST_TEXT:
        wrong["text"] = _("Metni 10 ile 10.000 harf arasında yazın.")
    if len(answer) > LONGEST_TEXT or (not request.is_open and len(answer) < 2):
        wrong["answer"] = _("Yanıtı yazın, en çok 10.000 harf.")
    if wrong:
        raise ValidationError({name: [sentence] for name, sentence in wrong.items()})
    Publication.objects.create(request=request, subject=subject, text=text, answer=answer, actor=actor, at=at)
    request.publicity, request.published_at = Publicity.PUBLIC, request.published_at or at
    request.public_subject, request.public_text, request.public_answer = subject, text, answer
    request.save(update_fields=["publicity", "published_at", "public_subject", "public_text", "public_answer"])
    tell(RequestKind.PUBLISHED, request, actor=actor, at=at)
    return request


@transaction.atomic
def take_back(*, actor: Person, request: ServiceRequest, reason: str, at: datetime) -> ServiceRequest:
    """Nobody but its two sides reads it any more: by the desk, or by the applicant, with a reason. Again it changes nothing.

    `ValidationError` on ``reason``.
    """
    request = locked(request)
    may_take_back(actor, request, at=at).require()
    if request.publicity == Publicity.PRIVATE:
        return request
    reason = " ".join(clean(reason).split())
    if not 5 <= len(reason) <= 300:
        raise ValidationError({"reason": [_("Gerekçeyi 5 ile 300 harf arasında yazın.")]})
    was_public = request.publicity == Publicity.PUBLIC
    request.publicity, request.published_at = Publicity.PRIVATE, None
    request.public_subject = request.public_text = request.public_answer = ""
    request.save(update_fields=["publicity", "published_at", "public_subject", "public_text", "public_answer"])
    if was_public:
        Publication.objects.create(request=request, taken_back=reason, actor=actor, at=at)
    tell(RequestKind.TAKEN_BACK, request, actor=actor, at=at)
    return request
