"""Moves from stage to stage, each with who, when and why."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from discussions.markup import clean
from journal.actions import record
from people.models import Person
from people.verdicts import Refused
from proposals.actions.due import counted, meeting_due, set_due
from proposals.journal_kinds import ProposalKind
from proposals.models import Proposal, StageChange
from proposals.permissions import may_decide_admissibility, may_decline_in_group, may_withdraw
from proposals.reasons import is_known
from proposals.routes import holder_of, next_stage
from proposals.stages import ENDED, GIVEN_BACK, NEED_REASON, Stage, is_legal

log = structlog.get_logger(__name__)
MIN_REASON = 10


class IllegalMoveError(RuntimeError):
    """A move outside the table: a programming error, never a person's."""


def locked(proposal: Proposal) -> Proposal:
    """The proposal as it is now, its row locked until the commit; refuses with ``gone`` a draft that was discarded meanwhile."""
    try:
        return all_locked([proposal.pk])[proposal.pk]
    except Proposal.DoesNotExist:
        raise Refused(_("Bu taslak bu arada silindi."), "gone") from None


def all_locked(pks: Collection[int]) -> dict[int, Proposal]:
    """Proposals by id, their rows locked in the order of their ids. Raises `Proposal.DoesNotExist` when one is missing."""
    found = {
        proposal.pk: proposal
        for proposal in Proposal.objects.select_for_update(of=("self",))
        .select_related("council", "addressed_to", "author", "on_behalf_of", "procedure")
        .filter(pk__in=pks)
        .order_by("pk")
    }
    if len(found) < len(set(pks)):
        raise Proposal.DoesNotExist
    return found


def required_reason(reason: str) -> str:
    """The trimmed reason; `ValidationError` on the field ``reason`` when it says too little."""
    reason = clean(reason)
    if len(reason) < MIN_REASON:
        raise ValidationError(
            {"reason": _("Gerekçeyi en az 10 harfle yazın; öneriyi yazan ve destekleyenler okuyacak.")}
        )
    if len(reason) > 2000:
        raise ValidationError({"reason": _("Gerekçe en çok 2.000 harf olabilir.")})
    return reason


def required_code(new: Stage, code: str) -> str:
    """The code of a reason; `ValidationError` on the field ``reason_code`` when the exit does not know it."""
    if not is_known(new, code):
        raise ValidationError({"reason_code": ValidationError(_("Gerekçenin türünü seçin."), code="unknown_value")})
    return code


def move(
    proposal: Proposal,
    new: Stage,
    *,
    kind: str,
    actor: Person | None,
    at: datetime,
    reason: str = "",
    reason_code: str = "",
    due_at: datetime | None = None,
    facts: dict[str, Any] | None = None,
) -> StageChange:
    """Move a locked proposal, write down the change and record it; without `due_at` its procedure says when it is due.

    Raises `IllegalMoveError` outside the table.
    """
    old = Stage(proposal.stage)
    if not is_legal(old, new):
        raise IllegalMoveError(f"{old} → {new}")
    needs_reason = new in NEED_REASON or (old, new) in GIVEN_BACK
    if needs_reason and not reason:
        raise ValidationError({"reason": _("Gerekçe yazın.")})
    if needs_reason:
        required_code(new, reason_code)
    proposal.stage = new
    proposal.stage_since = at
    proposal.holder = holder_of(proposal, new)
    due_at = due_at or meeting_due(proposal, new, at=at)
    set_due(proposal, None if due_at or new in ENDED else counted(proposal, new, at=at))
    if due_at:
        proposal.due_at = due_at
    proposal.changed_at = at
    proposal.ended_at = at if new in ENDED else None
    proposal.save()
    change = StageChange.objects.create(
        proposal=proposal, old=old, new=new, actor=actor, reason=reason, reason_code=reason_code, at=at
    )
    record(
        kind,
        actor=actor,
        subject=proposal,
        topic=proposal.topic,
        council=proposal.council,
        body=proposal.addressed_to,
        on_behalf_of=proposal.on_behalf_of if actor is not None and actor.pk == proposal.author_id else None,
        at=at,
        facts={
            "number": proposal.number,
            "title": proposal.title,
            "stage": str(new),
            "reason": reason,
            "support": proposal.support_count,
            **({"reason_code": reason_code} if reason_code else {}),
            **({"body": proposal.addressed_to.name} if proposal.addressed_to is not None else {}),
            **(facts or {}),
        },
    )
    return change


REACHED = {
    Stage.IN_GROUP: ProposalKind.SUPPORT_REACHED,
    Stage.DIRECTORATE: ProposalKind.SUPPORTED_TO_DIRECTORATE,
}


def move_on_if_supported(proposal: Proposal, *, at: datetime) -> None:
    """Move a locked proposal that gathers support to its next step, once its supports reach the threshold."""
    if proposal.stage != Stage.GATHERING or proposal.support_count < (proposal.support_threshold or 1):
        return
    new = next_stage(proposal, Stage.GATHERING) or Stage.IN_GROUP
    move(proposal, new, kind=REACHED[new], actor=None, at=at)


ADMITTED = {
    Stage.GATHERING: ProposalKind.FOUND_ADMISSIBLE,
    Stage.IN_GROUP: ProposalKind.ADMITTED_TO_BODY,
    Stage.DIRECTORATE: ProposalKind.ADMITTED_TO_DIRECTORATE,
}


@transaction.atomic
def find_admissible(*, actor: Person, proposal: Proposal, at: datetime) -> Proposal:
    """The secretary admits a proposal; the next step of its procedure begins, most often gathering support.

    Supports that came with a merger may be enough already: then it moves on at once.
    """
    proposal = locked(proposal)
    may_decide_admissibility(actor, proposal, at=at).require()
    new = next_stage(proposal, Stage.SUBMITTED) or Stage.IN_GROUP
    if new == Stage.GATHERING:
        proposal.support_closes_at = at + timedelta(days=proposal.support_days or 1)
    move(
        proposal,
        new,
        kind=ADMITTED[new],
        actor=actor,
        at=at,
        due_at=proposal.support_closes_at if new == Stage.GATHERING else None,
    )
    move_on_if_supported(proposal, at=at)
    return proposal


@transaction.atomic
def find_inadmissible(*, actor: Person, proposal: Proposal, reason: str, reason_code: str, at: datetime) -> Proposal:
    """The secretary refuses a proposal with a reason its author reads."""
    proposal = locked(proposal)
    may_decide_admissibility(actor, proposal, at=at).require()
    move(
        proposal,
        Stage.INADMISSIBLE,
        kind=ProposalKind.FOUND_INADMISSIBLE,
        actor=actor,
        at=at,
        reason=required_reason(reason),
        reason_code=reason_code,
    )
    return proposal


@transaction.atomic
def decline_in_group(*, actor: Person, proposal: Proposal, reason: str, reason_code: str, at: datetime) -> Proposal:
    """The facilitator enters that the group does not take the proposal on, with the group's reason."""
    proposal = locked(proposal)
    may_decline_in_group(actor, proposal, at=at).require()
    move(
        proposal,
        Stage.DECLINED,
        kind=ProposalKind.DECLINED,
        actor=actor,
        at=at,
        reason=required_reason(reason),
        reason_code=reason_code,
    )
    return proposal


@transaction.atomic
def withdraw_proposal(*, actor: Person, proposal: Proposal, reason: str, reason_code: str, at: datetime) -> Proposal:
    """The author takes the proposal back; its page, supports and discussion stay readable."""
    proposal = locked(proposal)
    if proposal.stage == Stage.WITHDRAWN and proposal.author_id == actor.pk:
        return proposal
    may_withdraw(actor, proposal, at=at).require()
    move(
        proposal,
        Stage.WITHDRAWN,
        kind=ProposalKind.WITHDRAWN,
        actor=actor,
        at=at,
        reason=required_reason(reason),
        reason_code=reason_code,
    )
    return proposal


def end_support_periods(*, at: datetime, limit: int = 200) -> int:
    """End gathering where its time ran out below the threshold; returns how many. Safe to run twice and in parallel."""
    ended = 0
    due = Proposal.objects.filter(stage=Stage.GATHERING, support_closes_at__lte=at).order_by("support_closes_at")
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        try:
            ended += _end_support_period(pk, at=at)
        except Exception:  # one proposal's fault must not keep others from their end
            log.exception("support_period_not_ended", proposal=pk)
    return ended


@transaction.atomic
def _end_support_period(pk: int, *, at: datetime) -> bool:
    proposal = (
        Proposal.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("council", "addressed_to", "author", "on_behalf_of", "procedure")
        .filter(pk=pk, stage=Stage.GATHERING, support_closes_at__lte=at)
        .first()
    )
    if proposal is None:
        return False
    move(proposal, Stage.UNSUPPORTED, kind=ProposalKind.SUPPORT_MISSED, actor=None, at=at)
    return True
