"""Ballots on a proposal: opened by the body's facilitator, concluded when the outcome is declared."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ballots import actions as ballots
from ballots.models import Ballot, Outcome, ResultsVisibility
from ballots.wording import needed_sentence
from councils.models import Membership
from people.models import Person
from people.verdicts import no
from proposals.actions.moving import locked, move
from proposals.journal_kinds import ProposalKind
from proposals.models import Proposal, ProposalBallot
from proposals.permissions import may_open_ballot
from proposals.reasons import Reason
from proposals.routes import next_stage
from proposals.stages import Stage
from turkish.kept import in_the_record

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(days=60)


PASSED_ON = {
    Stage.BOARD: ProposalKind.PASSED_TO_BOARD,
    Stage.GENERAL_ASSEMBLY: ProposalKind.PASSED_TO_ASSEMBLY,
    Stage.ADOPTED: ProposalKind.ADOPTED,
}


def roll(proposal: Proposal, *, at: datetime) -> list[int]:
    """The ids of those with a running, voting seat in the proposal's body: the roll a ballot would take now."""
    day = timezone.localtime(at).date()
    seats = Membership.objects.on(day).voting().filter(body=proposal.addressed_to, person__is_active=True)
    return sorted(set(seats.values_list("person_id", flat=True)))


def quorum_of(size: int, percent: int) -> int:
    """The quorum in people: the percentage of the roll, rounded up, at least one."""
    return max(1, -(-size * percent // 100))


@transaction.atomic
def open_ballot(
    *,
    actor: Person,
    proposal: Proposal,
    closes_at: datetime,
    opens_at: datetime | None = None,
    visibility: str = ResultsVisibility.LIVE,
    at: datetime,
) -> Ballot:
    """Put the proposal to the voting members of its body, on the roll of this moment; without `opens_at` it opens now.

    Raises `ValidationError` on ``closes_at`` or ``opens_at``; refuses with ``no_electors`` for an empty roll.
    """
    proposal = locked(proposal)
    may_open_ballot(actor, proposal, at=at).require()
    if opens_at is not None and opens_at < at - timedelta(minutes=1):
        raise ValidationError({"opens_at": _("Açılış geçmişte olamaz.")})
    starts = max(opens_at or at, at)
    if closes_at - starts < SHORTEST:
        raise ValidationError({"closes_at": _("Oylama en az 5 dakika açık kalmalı.")})
    if closes_at - starts > LONGEST:
        raise ValidationError({"closes_at": _("Oylama en çok 60 gün açık kalabilir.")})
    electors = roll(proposal, at=at)
    if not electors:
        no(_("Oy hakkı olan üye yok."), code="no_electors").require()
    with in_the_record():
        question = _("“%(title)s” önerisi kabul edilsin mi?") % {"title": proposal.title}
    ballot = ballots.open_ballot(
        actor=actor,
        policy="proposals.proposal",
        question=question,
        electors=electors,
        opens_at=opens_at,
        closes_at=closes_at,
        quorum=quorum_of(len(electors), proposal.quorum_percent or 0),
        majority=proposal.majority,
        visibility=visibility,
        at=at,
        place=(proposal.council, proposal.addressed_to),
    )
    ProposalBallot.objects.create(proposal=proposal, ballot=ballot)
    move(
        proposal,
        Stage.BALLOT,
        kind=ProposalKind.BALLOT_OPENED,
        actor=actor,
        at=at,
        due_at=closes_at,
        facts={"ballot": ballot.pk},
    )
    return ballot


@transaction.atomic
def conclude_ballot(*, ballot: Ballot, at: datetime) -> Proposal:
    """Move the proposal by its ballot's declared outcome: adopted, declined, or back to the group."""
    link = ProposalBallot.objects.select_related("proposal").get(ballot=ballot)
    proposal = locked(link.proposal)
    tally = {"yes": ballot.yes_votes, "no": ballot.no_votes, "abstain": ballot.abstentions, "ballot": ballot.pk}
    if ballot.decided_outcome == Outcome.PASSED:
        new = next_stage(proposal, Stage.BALLOT) or Stage.ADOPTED
        move(proposal, new, kind=PASSED_ON[new], actor=None, at=at, facts=tally)
    elif ballot.decided_outcome == Outcome.REJECTED:
        with in_the_record():
            reason = _("Oylamada gereken çoğunluk sağlanmadı. %(needed)s") % {"needed": needed_sentence(ballot)}
        move(
            proposal,
            Stage.DECLINED,
            kind=ProposalKind.DECLINED,
            actor=None,
            at=at,
            reason=reason,
            reason_code=Reason.NO_MAJORITY,
            facts=tally,
        )
    else:
        move(
            proposal,
            Stage.IN_GROUP,
            kind=ProposalKind.BALLOT_WITHOUT_RESULT,
            actor=None,
            at=at,
            facts={**tally, "outcome": ballot.outcome},
        )
        link.is_current = False
        link.save(update_fields=["is_current"])
    return proposal
