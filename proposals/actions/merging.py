"""Putting proposals together and taking one apart. Supports, followers and discussions stay, and both sides name each other."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from discussions.actions import open_thread
from journal.actions import record
from people.models import Person
from people.verdicts import no
from proposals.actions.moving import all_locked, locked, move, move_on_if_supported, required_reason
from proposals.actions.submitting import set_number, take_serials
from proposals.actions.supporting import counted_supports
from proposals.journal_kinds import ProposalKind
from proposals.models import MAX_BODY_LENGTH, Proposal, ProposalVersion, StageChange
from proposals.permissions import may_merge, may_split
from proposals.reasons import Reason
from proposals.stages import BEFORE_A_VOTE, Stage

MOST_PARTS = 8


@transaction.atomic
def merge_proposals(
    *,
    actor: Person,
    proposal: Proposal,
    into: Proposal,
    reason: str,
    reason_code: str = Reason.SAME_REQUEST,
    at: datetime,
) -> Proposal:
    """End a proposal in another of the same council; returns the other.

    Who supported the first supports the other from now on, unless they did already; both discussions stay readable.
    Supports that reach the other's threshold move it on. A second call changes nothing.
    """
    try:
        both = all_locked({proposal.pk, into.pk})
    except Proposal.DoesNotExist:
        raise ValidationError({"into": ValidationError(_("Böyle bir öneri yok."), code="unknown")}) from None
    proposal, into = both[proposal.pk], both[into.pk]
    if proposal.stage == Stage.MERGED and proposal.merged_into_id == into.pk:
        return into
    may_merge(actor, proposal, at=at).require()
    if proposal.pk == into.pk or proposal.council_id != into.council_id:
        raise ValidationError({"into": ValidationError(_("Aynı konseyden başka bir öneri seçin."), code="unknown")})
    if into.stage not in BEFORE_A_VOTE:
        no(_("Seçilen öneri bu aşamada başka bir öneriyi alamaz."), code="wrong_stage").require()
    reason = required_reason(reason)
    _bring_supports(proposal, into)
    proposal.merged_into = into
    move(
        proposal,
        Stage.MERGED,
        kind=ProposalKind.MERGED,
        actor=actor,
        at=at,
        reason=reason,
        reason_code=reason_code,
        facts={"into": into.number},
    )
    into.support_count = counted_supports(into)
    into.changed_at = at
    into.save(update_fields=["support_count", "changed_at"])
    record(
        ProposalKind.TOOK_IN,
        actor=actor,
        subject=into,
        topic=into.topic,
        council=into.council,
        body=into.addressed_to,
        at=at,
        facts={
            "number": into.number,
            "title": into.title,
            "other": proposal.number,
            "support": into.support_count,
        },
    )
    move_on_if_supported(into, at=at)
    return into


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes of one of the matters of a proposal that is taken apart."""

    title: str
    summary: str
    text: str


@transaction.atomic
def split_proposal(
    *,
    actor: Person,
    proposal: Proposal,
    parts: Sequence[Part],
    reason: str,
    reason_code: str = Reason.SEVERAL_MATTERS,
    at: datetime,
) -> list[Proposal]:
    """Take a proposal apart into two or more of their own number, each at the same place on the way.

    Every part begins with the author, the supports, the followers and the dates of the whole; the whole ends and stays
    readable with its discussion. Raises `ValidationError` on ``parts``.
    """
    proposal = locked(proposal)
    may_split(actor, proposal, at=at).require()
    reason = required_reason(reason)
    _check_parts(parts)
    stage = Stage(proposal.stage)
    year = timezone.localtime(at).year
    last = take_serials(proposal.council, year, len(parts))
    moves = list(proposal.moves.all())
    made = [
        _part_of(proposal, part, year, serial, moves, actor=actor, at=at)
        for serial, part in enumerate(parts, start=last - len(parts) + 1)
    ]
    numbers = ", ".join(each.number for each in made)
    move(
        proposal,
        Stage.SPLIT,
        kind=ProposalKind.SPLIT,
        actor=actor,
        at=at,
        reason=reason,
        reason_code=reason_code,
        facts={"parts": numbers},
    )
    for each in made:
        record(
            ProposalKind.SPLIT_OFF,
            actor=actor,
            subject=each,
            topic=each.topic,
            council=each.council,
            body=each.addressed_to,
            at=at,
            facts={
                "number": each.number,
                "title": each.title,
                "origin": proposal.number,
                "stage": str(stage),
                "support": each.support_count,
            },
        )
    return made


def _check_parts(parts: Sequence[Part]) -> None:
    if not 2 <= len(parts) <= MOST_PARTS:
        sentence = _("Öneri 2 ile %(most)d arasında parçaya ayrılır.") % {"most": MOST_PARTS}
        raise ValidationError({"parts": ValidationError(sentence, code="wrong_number")})
    for part in parts:
        if not part.title.strip() or not part.text.strip():
            sentence = _("Her parçanın başlığı ve metni olmalı.")
            raise ValidationError({"parts": ValidationError(sentence, code="required")})
        if len(part.title) > 120 or len(part.summary) > 400 or len(part.text) > MAX_BODY_LENGTH:
            sentence = _("Başlık 120, özet 400, metin 20.000 harfi geçemez.")
            raise ValidationError({"parts": ValidationError(sentence, code="too_long")})
    if len({part.title.strip() for part in parts}) < len(parts):
        sentence = _("Her parçaya başka bir başlık verin.")
        raise ValidationError({"parts": ValidationError(sentence, code="same_titles")})


def _part_of(
    whole: Proposal,
    part: Part,
    year: int,
    serial: int,
    moves: Sequence[StageChange],
    *,
    actor: Person,
    at: datetime,
) -> Proposal:
    kept = {
        field.attname: getattr(whole, field.attname)
        for field in Proposal._meta.concrete_fields
        if not field.primary_key and not field.generated and field.attname not in {"thread_id", "source", "source_id"}
    }
    made = Proposal(
        **kept
        | {
            "key": uuid.uuid4(),
            "title": part.title.strip(),
            "summary": part.summary.strip(),
            "text": part.text.strip(),
            "version": 1,
            "created_at": at,
            "changed_at": at,
            "split_from_id": whole.pk,
        }
    )
    set_number(made, year, serial)
    made.thread = open_thread(policy="proposals.proposal")
    made.save(force_insert=True)
    StageChange.objects.bulk_create(
        [
            StageChange(
                proposal=made,
                old=each.old,
                new=each.new,
                actor_id=each.actor_id,
                reason=each.reason,
                reason_code=each.reason_code,
                at=each.at,
            )
            for each in moves
        ]
    )
    ProposalVersion.objects.create(
        proposal=made,
        number=1,
        title=made.title,
        summary=made.summary,
        text=made.text,
        author=actor,
        created_at=at,
    )
    _bring_supports(whole, made)
    made.support_count = counted_supports(made)
    made.save(update_fields=["support_count"])
    return made


# Whoever supports the one supports the other, unless they do already; likewise who follows it, and its author.
_SUPPORTS = """
    INSERT INTO proposals_support (proposal_id, person_id, shows_name, created_at, came_from_id)
    SELECT %(new)s, person_id, shows_name, created_at, coalesce(came_from_id, %(old)s)
      FROM proposals_support WHERE proposal_id = %(old)s ORDER BY id
    ON CONFLICT (proposal_id, person_id) DO NOTHING
"""
_FOLLOWS = """
    INSERT INTO proposals_follow (proposal_id, person_id, created_at)
    SELECT %(new)s, person_id, created_at FROM proposals_follow WHERE proposal_id = %(old)s
    UNION SELECT %(new)s, author_id, changed_at FROM proposals_proposal WHERE id = %(old)s
    ON CONFLICT (proposal_id, person_id) DO NOTHING
"""


def _bring_supports(old: Proposal, new: Proposal) -> None:
    with connection.cursor() as cursor:
        for statement in (_SUPPORTS, _FOLLOWS):
            cursor.execute(statement, {"old": old.pk, "new": new.pk})
