"""What every action on opinions does: locking, moving the opinion, and moving all of its proposals together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Council
from journal.actions import record
from people.models import Person
from people.verdicts import Refused
from proposals.actions.moving import IllegalMoveError, all_locked, move
from proposals.journal_kinds import ProposalKind
from proposals.models import Opinion, OpinionSeries, Proposal
from proposals.opinion_states import OpinionState, is_legal_for_opinions
from proposals.opinions.rule import AssemblyRule, common_rule
from proposals.reasons import Reason
from proposals.stages import Stage


def locked_opinion(opinion: Opinion) -> tuple[Opinion, list[Proposal]]:
    """The opinion and its proposals as they are now, locked until the commit; refuses with ``gone`` a discarded draft."""
    found = Opinion.objects.select_for_update(of=("self",)).select_related("council").filter(pk=opinion.pk).first()
    if found is None:
        raise Refused(_("Bu taslak bu arada silindi."), "gone")
    pks = list(found.links.filter(is_current=True).values_list("proposal_id", flat=True))
    proposals = list(all_locked(pks).values())
    for proposal in proposals:
        proposal.council = found.council
    return found, proposals


def set_state(opinion: Opinion, new: OpinionState, *, at: datetime) -> None:
    """Move a locked opinion. Raises `IllegalMoveError` outside the table."""
    if not is_legal_for_opinions(opinion.state, new):
        raise IllegalMoveError(f"{opinion.state} → {new}")
    opinion.state, opinion.state_since = new, at


def rule_of(proposals: Iterable[Proposal]) -> AssemblyRule:
    """The rule of the general assembly that the proposals' frozen procedures share.

    `ValidationError` on ``proposals`` when there are none, or when they are decided by different rules.
    """
    rules = []
    for proposal in proposals:
        step = proposal.procedure.rules.get(Stage.GENERAL_ASSEMBLY) if proposal.procedure is not None else None
        if step is None:
            raise ValidationError({"proposals": _("Bu önerinin usulünde genel kurul adımı yok.")})
        rules.append(AssemblyRule(step.quorum_percent or 0, step.majority))
    if not rules:
        raise ValidationError({"proposals": _("Görüşe en az bir öneri ekleyin.")})
    rule = common_rule(rules)
    if rule is None:
        raise ValidationError(
            {
                "proposals": _(
                    "Bu öneriler genel kurulda farklı yeter sayı ya da çoğunlukla karara bağlanır; ayrı görüşler hazırlayın."
                )
            }
        )
    return rule


def tell(
    kind: ProposalKind,
    opinion: Opinion,
    proposals: Iterable[Proposal],
    *,
    actor: Person | None,
    at: datetime,
    **facts: Any,
) -> None:
    """Record on each proposal what happened to its opinion while it stays in its stage."""
    for proposal in proposals:
        record(
            kind,
            actor=actor,
            subject=proposal,
            topic=proposal.topic,
            council=opinion.council,
            body=proposal.addressed_to,
            at=at,
            facts={
                "number": proposal.number,
                "title": proposal.title,
                "stage": proposal.stage,
                "opinion": opinion.number,
                **facts,
            },
        )


def take_number(opinion: Opinion, *, at: datetime) -> None:
    """Give a locked opinion the next number of its council and year, such as KOC-G-2026-0007; it keeps the one it has."""
    if opinion.number:
        return
    year = timezone.localtime(at).year
    serial = _take_serial(opinion.council, year)
    opinion.year, opinion.serial = year, serial
    opinion.number = f"{opinion.council.code}-G-{year}-{serial:04d}"


def _take_serial(council: Council, year: int) -> int:
    """The series' row stays locked until the commit, so no number is missing and none is given twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {OpinionSeries._meta.db_table} AS s (council_id, year, last) VALUES (%s, %s, 1) "  # noqa: S608
            "ON CONFLICT (council_id, year) DO UPDATE SET last = s.last + 1 RETURNING last",
            [council.pk, year],
        )
        row = cursor.fetchone()
    return int(row[0])


def adopt(opinion: Opinion, proposals: Iterable[Proposal], *, actor: Person | None, at: datetime, **facts: Any) -> None:
    """The general assembly said yes: every proposal of the opinion goes on."""
    set_state(opinion, OpinionState.ADOPTED, at=at)
    opinion.adopted_at = at
    opinion.save()
    for proposal in proposals:
        move(
            proposal,
            Stage.OPINION,
            kind=ProposalKind.BECAME_OPINION,
            actor=actor,
            at=at,
            facts={"opinion": opinion.number, **facts},
        )


def decline(
    opinion: Opinion, proposals: Iterable[Proposal], *, reason: str, actor: Person | None, at: datetime, **facts: Any
) -> None:
    """The general assembly said no: every proposal of the opinion ends, with the reason."""
    set_state(opinion, OpinionState.DECLINED, at=at)
    opinion.save()
    for proposal in proposals:
        move(
            proposal,
            Stage.DECLINED,
            kind=ProposalKind.DECLINED,
            actor=actor,
            at=at,
            reason=reason,
            reason_code=Reason.NO_MAJORITY,
            facts={"opinion": opinion.number, **facts},
        )


def back_to_draft(
    opinion: Opinion, proposals: Iterable[Proposal], *, actor: Person | None, at: datetime, **facts: Any
) -> None:
    """Nothing was decided: the opinion may be edited and put to the assembly again; its proposals stay where they are."""
    set_state(opinion, OpinionState.DRAFT, at=at)
    opinion.save()
    tell(ProposalKind.OPINION_WITHOUT_RESULT, opinion, proposals, actor=actor, at=at, **facts)
