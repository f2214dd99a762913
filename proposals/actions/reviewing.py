"""A year later: those who asked for it say whether it has been done (oldu mu?)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from discussions.markup import clean
from journal.actions import record
from people.models import Person
from proposals.actions.due import set_due
from proposals.actions.moving import locked, move
from proposals.journal_kinds import ProposalKind
from proposals.models import Answer, Proposal, Review, ReviewAnswer
from proposals.permissions import may_review
from proposals.stages import Stage

log = structlog.get_logger(__name__)
OPEN_FOR = timedelta(days=30)


@transaction.atomic
def answer_review(*, actor: Person, proposal: Proposal, answer: str, sentence: str = "", at: datetime) -> ReviewAnswer:
    """One person's answer, given once; a second one is refused with ``already_answered``."""
    proposal = locked(proposal)
    may_review(actor, proposal, at=at).require()
    sentence = " ".join(clean(sentence).split())
    if answer not in Answer.values:
        raise ValidationError({"answer": ValidationError(_("Yanıtlardan birini seçin."), code="unknown_value")})
    if len(sentence) > 300:
        raise ValidationError({"sentence": _("En çok 300 harf yazabilirsiniz.")})
    review = Review.objects.get(proposal=proposal)
    return review.answers.create(person=actor, answer=answer, sentence=sentence, at=at)


def open_reviews(*, at: datetime, limit: int = 200) -> int:
    """Ask the author and the supporters where a year has passed; returns how many. Safe to run twice and in parallel."""
    due = Proposal.objects.filter(stage=Stage.DONE, due_at__lte=at, review__isnull=True).order_by("due_at", "pk")
    return sum(_kept_going(pk, at) for pk in list(due.values_list("pk", flat=True)[:limit]))


def _kept_going(pk: int, at: datetime) -> bool:
    try:
        return _open_review(pk, at=at)
    except Exception:  # one proposal's fault must not keep others from being reviewed
        log.exception("review_not_opened", proposal=pk)
        return False


@transaction.atomic
def _open_review(pk: int, *, at: datetime) -> bool:
    proposal = _free(pk)
    if proposal is None or proposal.due_at is None or proposal.due_at > at:
        return False
    asked = set(proposal.supports.values_list("person_id", flat=True)) | {proposal.author_id}
    _review, is_new = Review.objects.get_or_create(
        proposal=proposal, defaults={"opened_at": at, "closes_at": at + OPEN_FOR, "asked": len(asked)}
    )
    if not is_new:
        return False
    set_due(proposal, None)
    proposal.due_at = at + OPEN_FOR
    proposal.save(update_fields=["due_at", "due_how"])
    record(
        ProposalKind.REVIEW_OPENED,
        actor=None,
        subject=proposal,
        topic=proposal.topic,
        council=proposal.council,
        body=proposal.addressed_to,
        at=at,
        facts={"number": proposal.number, "title": proposal.title, "asked": len(asked)},
    )
    return True


def close_reviews(*, at: datetime, limit: int = 200) -> int:
    """Count the answers where their time is over; returns how many. Safe to run twice and in parallel."""
    ended = 0
    due = Review.objects.filter(closed_at__isnull=True, closes_at__lte=at).order_by("closes_at", "pk")
    for pk in list(due.values_list("proposal_id", flat=True)[:limit]):
        try:
            ended += _close_review(pk, at=at)
        except Exception:  # one proposal's fault must not keep others from their end
            log.exception("review_not_closed", proposal=pk)
    return ended


@transaction.atomic
def _close_review(pk: int, *, at: datetime) -> bool:
    proposal = _free(pk)
    review = Review.objects.filter(proposal_id=pk, closed_at__isnull=True, closes_at__lte=at).first()
    if proposal is None or review is None:
        return False
    counted = Counter(review.answers.values_list("answer", flat=True))
    review.closed_at = at
    review.yes, review.partly, review.no = counted[Answer.YES], counted[Answer.PARTLY], counted[Answer.NO]
    review.save()
    move(
        proposal,
        Stage.REVIEWED,
        kind=ProposalKind.REVIEWED,
        actor=None,
        at=at,
        facts={"yes": review.yes, "partly": review.partly, "no": review.no, "asked": review.asked},
    )
    return True


def _free(pk: int) -> Proposal | None:
    """The done proposal, locked, unless another worker has it or it is not done any more."""
    return (
        Proposal.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("council", "addressed_to", "author", "on_behalf_of", "procedure")
        .filter(pk=pk, stage=Stage.DONE)
        .first()
    )
