"""Following: who wants to read of every step."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from people.models import Person
from proposals.models import Follow, Proposal
from proposals.permissions import may_follow


@transaction.atomic
def follow_proposal(*, actor: Person, proposal: Proposal, at: datetime) -> Follow:
    """Follow a proposal; a second call changes nothing."""
    may_follow(actor, proposal).require()
    follow, _created = Follow.objects.get_or_create(proposal=proposal, person=actor, defaults={"created_at": at})
    return follow


@transaction.atomic
def unfollow_proposal(*, actor: Person, proposal: Proposal) -> None:
    """Stop following; a second call changes nothing."""
    may_follow(actor, proposal).require()
    Follow.objects.filter(proposal=proposal, person=actor).delete()
