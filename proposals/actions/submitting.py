"""Submission: a complete draft becomes a numbered, public proposal."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from councils.actions import start_procedures
from councils.models import Council, Procedure, Route
from discussions.actions import open_thread
from people.models import Person
from proposals.actions.drafting import _require_one_council
from proposals.actions.moving import locked, move
from proposals.completeness import gaps
from proposals.journal_kinds import ProposalKind
from proposals.models import NumberSeries, Proposal, ProposalVersion
from proposals.permissions import may_submit
from proposals.routes import stages_of
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
    assert proposal.addressed_to is not None
    copy_procedure(proposal, procedure_for(proposal.council, Route.to(proposal.addressed_to), at=at))
    proposal.submitted_at = at
    year = timezone.localtime(at).year
    set_number(proposal, year, take_serials(proposal.council, year))
    proposal.thread = open_thread(policy="proposals.proposal")
    move(proposal, Stage.SUBMITTED, kind=ProposalKind.SUBMITTED, actor=actor, at=at)
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


def procedure_for(council: Council, route: Route, *, at: datetime) -> Procedure:
    """The council's procedure of today for a route; one that has none yet starts from the presets."""
    found = Procedure.objects.in_force(council, route)
    if found is None:
        start_procedures(council=council, at=at)
        found = Procedure.objects.in_force(council, route)
    assert found is not None
    return found


def copy_procedure(proposal: Proposal, procedure: Procedure) -> None:
    """Freeze the council's procedure of today into the proposal."""
    proposal.procedure = procedure
    proposal.way = stages_of(procedure)
    proposal.admissibility_days = procedure.admissibility_days
    proposal.support_threshold = procedure.support_threshold
    proposal.support_days = procedure.support_days
    proposal.group_days = procedure.group_days
    proposal.ballot_days = procedure.ballot_days
    proposal.quorum_percent = procedure.quorum_percent
    proposal.majority = procedure.majority


def set_number(proposal: Proposal, year: int, serial: int) -> None:
    """Set the citable number, such as KOC-2026-0042."""
    proposal.year, proposal.serial = year, serial
    proposal.number = f"{proposal.council.code}-{year}-{serial:04d}"


def take_serials(council: Council, year: int, count: int = 1) -> int:
    """Take the next serials of a council and year and return the last of them.

    The series' row stays locked until the commit, so no number is missing and none is given twice.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {NumberSeries._meta.db_table} AS s (council_id, year, last) VALUES (%s, %s, %s) "  # noqa: S608
            "ON CONFLICT (council_id, year) DO UPDATE SET last = s.last + excluded.last RETURNING last",
            [council.pk, year, count],
        )
        row = cursor.fetchone()
    return int(row[0])
