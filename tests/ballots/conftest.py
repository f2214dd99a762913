"""An owner of ballots that belongs to the tests: everything is public, `manager` manages, calls are remembered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ballots import actions, policies
from people.verdicts import YES, no
from proposals.models import ProposalBallot
from proposals.stages import Stage
from tests.factories import MembershipFactory, PersonFactory, ProposalFactory


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


# --- A ballot on a proposal, as its pages show it ----------------------------------------------------------------------
@pytest.fixture
def members(ulasim, derya, mehmet):
    """derya leads the transport group, mehmet and two others sit in it with a vote."""
    others = [PersonFactory(display_name=name) for name in ("Çiğdem Ak", "Zeynep Şahin")]
    for person in (mehmet, *others):
        MembershipFactory(body=ulasim, person=person)
    return [derya, mehmet, *others]


@pytest.fixture
def proposal(ulasim):
    return ProposalFactory(council=ulasim.council, addressed_to=ulasim, stage=Stage.BALLOT)


@pytest.fixture
def on_proposal(proposal, members, derya):
    """Open a ballot on the proposal: `on_proposal(visibility=…, in_=seconds, quorum=…)`."""

    def open_(*, in_=-3600, **rule):
        now = actions.database_now()
        ballot = actions.open_ballot(
            actor=derya,
            policy="proposals.proposal",
            question="Öneri kabul edilsin mi?",
            electors=[person.pk for person in members],
            opens_at=now + timedelta(seconds=in_),
            closes_at=now + timedelta(days=2),
            at=timezone.now(),
            **{"quorum": 2} | rule,
        )
        ProposalBallot.objects.create(proposal=proposal, ballot=ballot)
        return ballot

    return open_
