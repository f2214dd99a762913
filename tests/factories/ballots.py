"""Ballots and their rolls."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from django.db import transaction
from django.utils import timezone

from ballots.models import Ballot, Elector
from people.models import Person
from tests.factories.base import Factory
from tests.factories.councils import PersonFactory


class BallotFactory(Factory):
    """A ballot that is open now; `electors` are the people on its roll."""

    class Meta:
        model = Ballot
        skip_postgeneration_save = True

    class Params:
        electors_list: list[Person] = []

    policy = "proposals.proposal"
    question = "Öneri kabul edilsin mi?"
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=2))
    opened_by = factory.SubFactory(PersonFactory)
    created_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class: type[Ballot], *args: Any, **kwargs: Any) -> Ballot:
        electors = kwargs.pop("electors", [])
        kwargs.setdefault("electorate_size", len(electors))
        with transaction.atomic():  # the roll is taken in the transaction that opens the ballot
            ballot = super()._create(model_class, *args, **kwargs)
            Elector.objects.bulk_create([Elector(ballot=ballot, person=person) for person in electors])
        return ballot
