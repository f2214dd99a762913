"""An owner of ballots that belongs to the tests: everything is public, `manager` manages, calls are remembered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ballots import actions, policies
from people.verdicts import YES, no
from tests.factories import PersonFactory


class OwnerOfTests:
    def __init__(self):
        self.manager = None
        self.readable = True
        self.told = []

    def may_read(self, person, ballot):
        return self.readable

    def may_manage(self, person, ballot, *, at):
        return YES if person == self.manager else no("Oylamayı kolaylaştırıcı yönetir.", code="not_facilitator")

    def may_see_roll_call(self, person, ballot, *, at):
        on_roll = person.is_authenticated and ballot.electors.filter(person_id=person.pk).exists()
        return YES if on_roll else no("Listeyi üyeler görür.", code="not_member")

    def address(self, ballot):
        return f"/oylama/{ballot.pk}/"

    def place(self, ballot):
        return None, None

    def declared(self, ballot, *, at):
        self.told.append((ballot.pk, ballot.outcome))


@pytest.fixture
def owner():
    owner = OwnerOfTests()
    policies.register("tests.owner", owner)
    yield owner
    policies._policies.pop("tests.owner")


@pytest.fixture
def electors(db):
    return PersonFactory.create_batch(5)


@pytest.fixture
def opened(owner, electors):
    """Open a ballot of the electors, as if an hour ago: `opened(quorum=3, in_=-60, lasts=120)`, seconds from now."""
    owner.manager = owner.manager or PersonFactory(display_name="Derya Öztürk")

    def open_(*, lasts: float = 7200, in_: float = -3600, people=None, **rule):
        at = timezone.now()
        people = electors if people is None else people
        return actions.open_ballot(
            actor=owner.manager,
            policy="tests.owner",
            question="Sahil yolu birleştirilsin mi?",
            electors=[person.pk for person in people],
            opens_at=actions.database_now() + timedelta(seconds=in_),
            closes_at=actions.database_now() + timedelta(seconds=in_ + lasts),
            at=at,
            **rule,
        )

    return open_
