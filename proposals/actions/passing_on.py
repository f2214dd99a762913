"""From the body that adopted a proposal to the general assembly, back to it, and the directorate's own answer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from people.models import Person
from proposals.actions.moving import locked, move, required_reason
from proposals.actions.opinions.preparing import let_go_of
from proposals.journal_kinds import ProposalKind
from proposals.models import Proposal
from proposals.permissions import may_answer_directly, may_give_back, may_put_on_agenda
from proposals.stages import Stage


@transaction.atomic
def put_on_agenda(*, actor: Person, proposal: Proposal, at: datetime) -> Proposal:
    """The executive board puts the proposal on the general assembly's agenda; a second call changes nothing."""
    proposal = locked(proposal)
    if proposal.stage == Stage.GENERAL_ASSEMBLY and proposal.moves.filter(actor=actor, new=proposal.stage).exists():
        return proposal
    may_put_on_agenda(actor, proposal, at=at).require()
    move(proposal, Stage.GENERAL_ASSEMBLY, kind=ProposalKind.PUT_ON_ASSEMBLY_AGENDA, actor=actor, at=at)
    return proposal


@transaction.atomic
def give_back(*, actor: Person, proposal: Proposal, reason: str, reason_code: str, at: datetime) -> Proposal:
    """The board or the general assembly gives the proposal back to its body, which discusses it and votes once more."""
    proposal = locked(proposal)
    may_give_back(actor, proposal, at=at).require()
    let_go_of(proposal)
    proposal.ballot_links.filter(is_current=True).update(is_current=False)
    move(
        proposal,
        Stage.IN_GROUP,
        kind=ProposalKind.GIVEN_BACK,
        actor=actor,
        at=at,
        reason=required_reason(reason),
        reason_code=reason_code,
    )
    return proposal


@transaction.atomic
def accept_directly(*, actor: Person, proposal: Proposal, reason: str, at: datetime) -> Proposal:
    """The directorate takes on what was proposed to it and says what it will do; its implementation is followed."""
    proposal = locked(proposal)
    may_answer_directly(actor, proposal, at=at).require()
    move(
        proposal,
        Stage.IMPLEMENTATION,
        kind=ProposalKind.ACCEPTED_BY_DIRECTORATE,
        actor=actor,
        at=at,
        reason=required_reason(reason),
    )
    return proposal


@transaction.atomic
def decline_directly(*, actor: Person, proposal: Proposal, reason: str, reason_code: str, at: datetime) -> Proposal:
    """The directorate declines what was proposed to it, with a reason everybody reads."""
    proposal = locked(proposal)
    may_answer_directly(actor, proposal, at=at).require()
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
