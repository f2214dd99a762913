"""Submission: a complete draft becomes a numbered, public proposal."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from councils.models import Council, Procedure
from discussions.actions import open_thread
from people.models import Person
from proposals.actions.drafting import _require_one_council
from proposals.actions.moving import locked, move
from proposals.completeness import gaps
from proposals.journal_kinds import ProposalKind
from proposals.models import NumberSeries, Proposal, ProposalVersion
from proposals.permissions import may_submit
from proposals.stages import Stage


class Incomplete(ValidationError):
    """The draft lacks something; one sentence per field."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__({gap.field: [str(gap.sentence)] for gap in gaps(proposal)})


@transaction.atomic
def submit_proposal(*, actor: Person, proposal: Proposal, at: datetime) -> Proposal:
    """Give the draft its number, copy the council's procedure into it and publish it.

    A second call by the author changes nothing. Raises `Incomplete` with the missing fields.
    """
    proposal = locked(proposal)
    if not proposal.is_draft and proposal.author_id == actor.pk:
        return proposal
    may_submit(actor, proposal, at=at).require()
    _require_one_council(proposal)
    if gaps(proposal):
        raise Incomplete(proposal)
    copy_procedure(proposal)
    proposal.submitted_at = at
    give_number(proposal, at=at)
    proposal.thread = open_thread(policy="proposals.proposal")
    move(
        proposal,
        Stage.SUBMITTED,
        kind=ProposalKind.SUBMITTED,
        actor=actor,
        at=at,
        due_at=at + timedelta(days=proposal.admissibility_days or 0),
    )
    ProposalVersion.objects.create(
        proposal=proposal,
        number=1,
        title=proposal.title,
        summary=proposal.summary,
        text=proposal.text,
        author=actor,
        created_at=at,
    )
    return proposal


def copy_procedure(proposal: Proposal) -> None:
    """Freeze the council's procedure of today into the proposal."""
    procedure, _created = Procedure.objects.get_or_create(council=proposal.council)
    proposal.admissibility_days = procedure.admissibility_days
    proposal.support_threshold = procedure.support_threshold
    proposal.support_days = procedure.support_days
    proposal.group_days = procedure.group_days
    proposal.ballot_days = procedure.ballot_days
    proposal.quorum_percent = procedure.quorum_percent
    proposal.majority = procedure.majority


def give_number(proposal: Proposal, *, at: datetime) -> None:
    """Set the next number of the council and year. The series' row stays locked until the commit: no gap, no double."""
    proposal.year = timezone.localtime(at).year
    proposal.serial = next_serial(proposal.council, proposal.year)
    proposal.number = f"{proposal.council.code}-{proposal.year}-{proposal.serial:04d}"


def next_serial(council: Council, year: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {NumberSeries._meta.db_table} AS s (council_id, year, last) VALUES (%s, %s, 1) "  # noqa: S608
            "ON CONFLICT (council_id, year) DO UPDATE SET last = s.last + 1 RETURNING last",
            [council.pk, year],
        )
        row = cursor.fetchone()
    return int(row[0])
