"""When the next step of a proposal is due, by the procedure it was submitted under and the council's holidays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction

from councils.actions import calendar_of
from councils.meetings.rules import target_meeting
from councils.models import Council, MunicipalMeeting
from councils.working_time import Calendar, Due, due
from journal.actions import record
from proposals.journal_kinds import ProposalKind
from proposals.models import Proposal
from proposals.stages import Stage

log = structlog.get_logger(__name__)
LOOKED_AT, BATCH = 1_000, 100


def counted(proposal: Proposal, stage: Stage, *, at: datetime, calendar: Calendar | None = None) -> Due | None:
    """When whoever holds the proposal in a stage since a moment should have moved on, and how that is counted."""
    rule = proposal.procedure.rules.get(stage) if proposal.procedure is not None else None
    if rule is None or rule.days is None:
        return None
    calendar = calendar or calendar_of(proposal.council)
    return due(at, rule.days, calendar, is_working=rule.is_working_days)


def meeting_due(
    proposal: Proposal, stage: Stage, *, at: datetime, meetings: Iterable[MunicipalMeeting] | None = None
) -> datetime | None:
    """What is sent to the municipal council is due at the first meeting whose agenda is open; None for any other stage.

    The law names the meeting, whatever number of days a procedure says. `meetings` are the council's, where they are at hand.
    """
    if stage != Stage.SENT:
        return None
    if meetings is None:
        meetings = MunicipalMeeting.objects.filter(council=proposal.council_id, agenda_closes_at__gt=at)
    target = target_meeting(meetings, at)
    return target.starts_at if target is not None else None


def due_of(
    proposal: Proposal,
    stage: Stage,
    *,
    at: datetime,
    calendar: Calendar | None = None,
    meetings: Iterable[MunicipalMeeting] | None = None,
) -> datetime | None:
    """The moment by which whoever holds the proposal in a stage should have moved on; None when nothing is due.

    Who asks for many proposals gives the council's calendar and meetings, so that neither is read for each of them.
    """
    if (meeting := meeting_due(proposal, stage, at=at, meetings=meetings)) is not None:
        return meeting
    found = counted(proposal, stage, at=at, calendar=calendar)
    return found.at if found is not None else None


def set_due(proposal: Proposal, found: Due | None) -> None:
    """Put a counted date on a proposal, with how it was counted; the caller saves."""
    proposal.due_at = found.at if found is not None else None
    proposal.due_how = as_facts(found) if found is not None else {}


def as_facts(found: Due) -> dict[str, Any]:
    """How a date was counted, as it is kept with the proposal."""
    return {
        "start": found.start.isoformat(),
        "days": found.days,
        "is_working": found.is_working,
        "skipped": [[day.isoformat(), name] for day, name in found.skipped],
        "weekend_days": found.weekend_days,
        "ends_early": found.ends_early,
    }


def recount_due_dates(*, council: Council, at: datetime) -> int:
    """Count every running date of a council anew, after its holidays changed; returns how many moved.

    A thousand proposals are looked at together, and those whose date changes are locked a hundred a transaction, each by
    itself in the record. Safe to run twice and while proposals move on.
    """
    running = Proposal.objects.filter(council=council, due_at__isnull=False).exclude(due_how={})
    rows = running.select_related("procedure").prefetch_related("procedure__steps")
    rows = rows.only("council", "stage", "stage_since", "due_at", "due_how", "procedure").order_by("pk")
    calendar, moved, last = calendar_of(council), 0, 0
    while few := list(rows.filter(pk__gt=last)[:LOOKED_AT]):
        last = few[-1].pk
        changed = [row.pk for row in few if _counted_anew(row, calendar) is not None]
        for start in range(0, len(changed), BATCH):
            moved += _recount(council, changed[start : start + BATCH], at=at)
    return moved


def _counted_anew(proposal: Proposal, calendar: Calendar) -> Due | None:
    """The date of a proposal by a calendar, where it or how it is counted differs from what stands."""
    found = counted(proposal, Stage(proposal.stage), at=proposal.stage_since, calendar=calendar)
    if found is None or (found.at == proposal.due_at and as_facts(found) == proposal.due_how):
        return None
    return found


@transaction.atomic
def _recount(council: Council, pks: list[int], *, at: datetime) -> int:
    calendar, moved = calendar_of(council), 0
    rows = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("council", "addressed_to", "procedure")
        .prefetch_related("procedure__steps")
        .defer("summary", "text", "search")
        .filter(pk__in=pks, due_at__isnull=False)
        .exclude(due_how={})
    )
    for proposal in rows.order_by("pk"):
        found = _counted_anew(proposal, calendar)
        if found is None:
            continue
        before = proposal.due_at
        set_due(proposal, found)
        proposal.save(update_fields=["due_at", "due_how"])
        if before == found.at:
            continue
        moved += 1
        record(
            ProposalKind.DUE_MOVED,
            actor=None,
            subject=proposal,
            topic=proposal.topic,
            council=council,
            body=proposal.addressed_to,
            at=at,
            facts={
                "number": proposal.number,
                "title": proposal.title,
                "stage": proposal.stage,
                "due": found.at,
                "before": before,
            },
        )
    return moved
