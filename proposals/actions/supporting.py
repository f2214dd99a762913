"""Support: one per resident, taken back as long as it is gathered."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from journal.actions import touch
from people.models import Person
from proposals.actions.moving import locked, move
from proposals.journal_kinds import ProposalKind
from proposals.models import Follow, Proposal, Support
from proposals.permissions import may_support, may_withdraw_support
from proposals.stages import Stage


@transaction.atomic
def support_proposal(*, actor: Person, proposal: Proposal, shows_name: bool = False, at: datetime) -> Support:
    """Add the actor's support; a second call only changes whether the name is shown.

    The support that reaches the threshold moves the proposal to its group at once. The proposal's row is locked, so
    the count always equals the rows and no two supports reach the threshold.
    """
    proposal = locked(proposal)
    may_support(actor, proposal, at=at).require()
    support, created = Support.objects.get_or_create(
        proposal=proposal, person=actor, defaults={"shows_name": shows_name, "created_at": at}
    )
    if not created:
        if support.shows_name != shows_name:
            support.shows_name = shows_name
            support.save(update_fields=["shows_name"])
        return support
    proposal.support_count = counted_supports(proposal)
    Follow.objects.get_or_create(proposal=proposal, person=actor, defaults={"created_at": at})
    if proposal.support_count >= (proposal.support_threshold or 1):
        move(
            proposal,
            Stage.IN_GROUP,
            kind=ProposalKind.SUPPORT_REACHED,
            actor=None,
            at=at,
            due_at=at + timedelta(days=proposal.group_days or 0),
        )
    else:
        proposal.save(update_fields=["support_count"])
        touch(f"state:{proposal.topic}")
    return support


@transaction.atomic
def withdraw_support(*, actor: Person, proposal: Proposal, at: datetime) -> bool:
    """Take the actor's support back; False when there was none."""
    proposal = locked(proposal)
    may_withdraw_support(actor, proposal, at=at).require()
    deleted, _rows = Support.objects.filter(proposal=proposal, person=actor).delete()
    if not deleted:
        return False
    proposal.support_count = counted_supports(proposal)
    proposal.save(update_fields=["support_count"])
    touch(f"state:{proposal.topic}")
    return True


def counted_supports(proposal: Proposal) -> int:
    """The supports of a proposal: its rows, and those counted elsewhere before it was imported."""
    return proposal.earlier_supports + proposal.supports.count()
