"""Who somebody is in a council or an organisation."""

from __future__ import annotations

from datetime import timedelta

import factory
from django.utils import timezone

from councils.models import (
    CouncilOrganisation,
    Membership,
    Officer,
    OfficerRole,
    Residence,
    Role,
)
from organisations.models import Organisation, OrganisationForm, Representative
from people.actions import make_token
from people.models import Person
from tests.factories.base import Factory
from tests.factories.councils import BodyFactory, CouncilFactory, DistrictFactory, PersonFactory
from turkish.text import slugify


class MembershipFactory(Factory):
    class Meta:
        model = Membership

    body = factory.SubFactory(BodyFactory)
    person = factory.SubFactory(PersonFactory)
    role = Role.MEMBER
    has_vote = True
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=100))


class OfficerFactory(Factory):
    class Meta:
        model = Officer

    council = factory.SubFactory(CouncilFactory)
    person = factory.SubFactory(PersonFactory)
    role = OfficerRole.DIRECTORATE


class ResidenceFactory(Factory):
    """A verified residence; `verified=False` leaves it declared only."""

    class Meta:
        model = Residence

    class Params:
        verified = True

    person = factory.SubFactory(PersonFactory)
    council = factory.SubFactory(CouncilFactory)
    district = factory.LazyAttribute(lambda o: DistrictFactory(council=o.council, name="İzmit"))
    declared_at = factory.LazyFunction(timezone.now)
    verified_at = factory.LazyAttribute(lambda o: o.declared_at if o.verified else None)
    verified_by = factory.LazyAttribute(lambda o: PersonFactory() if o.verified else None)


class OrganisationFactory(Factory):
    """A verified organisation; `verified=False` leaves it listed only."""

    class Meta:
        model = Organisation

    class Params:
        verified = True

    name = factory.Sequence(lambda n: f"Dernek {n}")
    slug = factory.LazyAttribute(lambda o: slugify(o.name))
    form = OrganisationForm.ASSOCIATION
    verified_at = factory.LazyAttribute(lambda o: timezone.now() if o.verified else None)
    verified_by = factory.LazyAttribute(lambda o: PersonFactory() if o.verified else None)


class CouncilOrganisationFactory(Factory):
    class Meta:
        model = CouncilOrganisation

    council = factory.SubFactory(CouncilFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class RepresentativeFactory(Factory):
    class Meta:
        model = Representative

    organisation = factory.SubFactory(OrganisationFactory)
    person = factory.SubFactory(PersonFactory)
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=100))


def token(person: Person, *scopes: str, days: int = 30) -> str:
    """A personal access token of somebody, as a program shows it."""
    made = make_token(
        actor=person,
        name="Program",
        scopes=scopes,
        lifetime=timedelta(days=days),
        is_stepped_up=True,
        at=timezone.now(),
    )
    return made[1]
