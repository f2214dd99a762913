"""Late steps: public at once, then told upwards level by level."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import structlog
from django.db import transaction
from django.db.models import Count, F, Q

from councils.actions import calendar_of
from councils.models import Council
from councils.working_time import Calendar, working_days_between
from journal.actions import record
from journal.models import Audience
from proposals.journal_kinds import ProposalKind
from proposals.models import Escalation, Proposal
from proposals.overdue import Level, is_late, levels_due

log = structlog.get_logger(__name__)


def escalate_overdue(*, at: datetime, limit: int = 500) -> int:
    """Tell every late step to whom its lateness has reached; returns how many were told. Safe to run twice and in parallel."""
    told = 0
    for council in Council.objects.all():
        calendar = calendar_of(council)
        for pk in _untold(council, calendar, at=at)[:limit]:
            try:
                told += _tell(pk, calendar, at=at)
            except Exception:  # one proposal's fault must not keep others from being told
                log.exception("late_step_not_told", proposal=pk)
    return told


def _untold(council: Council, calendar: Calendar, *, at: datetime) -> list[int]:
    """Late steps that have reached a level nobody was told at, the longest due first. Those that are told keep no place."""
    told = Count("escalations", filter=Q(escalations__since=F("stage_since")))
    rows = Proposal.objects.filter(council=council).late(at).annotate(told=told).order_by("due_at", "pk")
    reached = cache(lambda due_at: len(levels_due(working_days_between(due_at, at, calendar))))
    return [pk for pk, due_at, told_at in rows.values_list("pk", "due_at", "told") if reached(due_at) > told_at]


@transaction.atomic
def _tell(pk: int, calendar: Calendar, *, at: datetime) -> int:
    proposal = (
        Proposal.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("council", "addressed_to")
        .filter(pk=pk)
        .first()
    )
    if proposal is None or proposal.due_at is None or not is_late(proposal.stage, proposal.due_at, at):
        return 0
    days = working_days_between(proposal.due_at, at, calendar)
    there = set(
        Escalation.objects.filter(proposal=proposal, since=proposal.stage_since).values_list("level", flat=True)
    )
    new = [level for level in levels_due(days) if level not in there]
    for level in new:
        Escalation.objects.create(
            proposal=proposal, since=proposal.stage_since, due_at=proposal.due_at, level=level, at=at
        )
        is_first = level == Level.HOLDER
        record(
            ProposalKind.OVERDUE if is_first else ProposalKind.ESCALATED,
            actor=None,
            subject=proposal,
            topic=proposal.topic,
            council=proposal.council,
            body=proposal.addressed_to,
            at=at,
            audience=Audience.PUBLIC if is_first else Audience.STAFF,
            facts={
                "number": proposal.number,
                "title": proposal.title,
                "stage": proposal.stage,
                "holder": proposal.holder,
                "due": proposal.due_at,
                "level": str(level),
            },
        )
    return len(new)
