"""Posts of the solidarity board, by the actions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from councils.models import Council
from organisations.models import Organisation
from people.models import Person
from solidarity import actions
from solidarity.models import Match, Post
from tests.factories.councils import PersonFactory
from tests.factories.membership import CouncilOrganisationFactory, OrganisationFactory, RepresentativeFactory


def post_of(
    council: Council,
    organisation: Organisation,
    person: Person,
    *,
    side: str = "need",
    at: datetime | None = None,
    **said: Any,
) -> Post:
    said = {
        "sort": "place",
        "title": "Toplantı için salon arıyoruz",
        "text": "Perşembe akşamları otuz kişilik bir yer.",
        **said,
    }
    return actions.post(
        actor=person,
        council=council,
        organisation=organisation,
        said=actions.Said(side=side, **said),
        at=at or timezone.now(),
    )


def another_organisation(council: Council, name: str = "Gebze Gönüllüleri Derneği") -> tuple[Organisation, Person]:
    """A verified organisation of the city with somebody who represents it."""
    organisation, person = OrganisationFactory(name=name), PersonFactory()
    CouncilOrganisationFactory(council=council, organisation=organisation)
    RepresentativeFactory(organisation=organisation, person=person)
    return organisation, person


def matched_posts(council: Council, organisation: Organisation, person: Person, officer: Person) -> tuple[Post, Match]:
    """A need, and the match with another organisation's offer that waits for both sides."""
    other, whose = another_organisation(council)
    need = post_of(council, organisation, person)
    offer = post_of(council, other, whose, side="offer", title="Salonumuzu paylaşırız")
    return need, actions.propose_match(actor=officer, need=need, offer=offer, at=timezone.now())
