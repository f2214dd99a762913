"""What one reader is to a proposal, asked in one query: their support, their follow, whether they live in the city."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, Subquery

from councils.models import Residence
from people.models import AnyPerson, Person
from proposals.models import Follow, Proposal, Support


@dataclass(frozen=True)
class OwnSupport:
    shows_name: bool


@dataclass(frozen=True)
class OwnPart:
    support: OwnSupport | None = None
    follows: bool = False
    is_resident: bool = False


def own_part(person: AnyPerson, proposal: Proposal) -> OwnPart:
    """Nothing for a visitor."""
    if not person.is_authenticated:
        return OwnPart()
    supports = Support.objects.filter(proposal=proposal, person=person.pk)
    follows = Follow.objects.filter(proposal=proposal, person=person.pk)
    residences = Residence.objects.filter(council=proposal.council_id, person=person.pk, verified_at__isnull=False)
    row = Person.objects.filter(pk=person.pk).values_list(
        Subquery(supports.values("shows_name")[:1]), Exists(follows), Exists(residences)
    )
    shows_name, does_follow, is_resident = row.get()
    return OwnPart(None if shows_name is None else OwnSupport(shows_name), does_follow, is_resident)
