"""Cases 1 to 7, 10, 12, 16 and 21: one person, one vote, in its time, for good. Races of many are in tests/ballots."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from ballots import actions
from ballots.models import Vote, VoteRecord
from people.actions import check_identity
from people.models import Person
from people.verdicts import Refused
from proposals import actions as proposals
from proposals.models import Proposal, Support
from proposals.stages import Stage
from tests import factories as f
from tests.ballots.conftest import electors, opened, owner  # noqa: F401 - fixtures
from tests.ballots.test_actions import pass_time
from tests.ballots.test_races import (
    test_a_vote_that_meets_the_count_is_refused_and_without_guards_would_be_lost as _meets,
)

pytestmark = pytest.mark.django_db
with_commits = pytest.mark.django_db(transaction=True)


# --- 1 and 2: at the same moment --------------------------------------------------------------------------------------
@with_commits
def test_001_many_votes_of_one_person_at_once_are_one_row(opened, electors, side_by_side):  # noqa: F811
    ballot, person = opened(), electors[0]
    side_by_side([lambda: [actions.cast_vote(actor=person, ballot=ballot, paper="yes") for _ in range(5)]] * 10)
    assert Vote.objects.count() == 1
    assert VoteRecord.objects.count() == 1


@with_commits
def test_002_supporting_and_taking_it_back_at_once_ends_in_a_count_of_the_rows(kocaeli, side_by_side):
    people = [f.ResidenceFactory(council=kocaeli).person for _ in range(4)]
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING, support_threshold=50)

    def on_and_off(person: Person) -> None:
        for _ in range(3):
            proposals.support_proposal(actor=person, proposal=proposal, at=timezone.now())
            proposals.withdraw_support(actor=person, proposal=proposal, at=timezone.now())
        proposals.support_proposal(actor=person, proposal=proposal, at=timezone.now())

    side_by_side([lambda person=person: on_and_off(person) for person in people * 2])
    rows = Support.objects.filter(proposal=proposal).count()
    assert Proposal.objects.get(pk=proposal.pk).support_count == rows <= 4


READ: dict[int, int] = {}


def support_without_a_lock(*, actor: Person, proposal: Proposal, at: object) -> None:
    """What the guard of case 2 is for: a count that was read before others wrote theirs."""
    before = READ.setdefault(proposal.pk, proposal.support_count)
    _, created = Support.objects.get_or_create(proposal=proposal, person=actor, defaults={"created_at": timezone.now()})
    if created:
        Proposal.objects.filter(pk=proposal.pk).update(support_count=before + 1)


def vote_without_a_constraint(*, actor: Person, ballot: object, paper: str) -> None:
    """What the guard of case 1 is for: look, wait, write."""
    if not Vote.objects.filter(ballot=ballot, person=actor).exists():
        time.sleep(1)
        now = actions.database_now()
        Vote.objects.create(ballot=ballot, person=actor, paper=paper, cast_at=now, changed_at=now)


# --- 3: in the database -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("table", "definition"),
    [
        ("ballots_vote", "UNIQUE (ballot_id, person_id)"),
        ("ballots_elector", "UNIQUE (ballot_id, person_id)"),
        ("proposals_support", "UNIQUE (proposal_id, person_id)"),
        ("discussions_comment", "UNIQUE (author_id, key)"),
        ("people_identitycheck", "UNIQUE (number_hash)"),
    ],
)
def test_003_once_is_a_constraint_of_the_database(table, definition):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass", [table])
        assert definition in {row[0] for row in cursor.fetchall()}


# --- 4 and 5: in its time ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("wrong_by", [-600, 600, 86_400])
def test_004_the_clock_of_the_web_server_opens_and_closes_nothing(opened, electors, monkeypatch, wrong_by):  # noqa: F811
    late, early, now = opened(), opened(in_=3600), opened()
    pass_time(late, closes_in=-1)
    there = timezone.now() + timedelta(seconds=wrong_by)
    monkeypatch.setattr(timezone, "now", lambda: there)
    for ballot, code in ((late, "closed"), (early, "not_open_yet")):
        with pytest.raises(Refused) as refusal:
            actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes")
        assert refusal.value.code == code
    actions.cast_vote(actor=electors[0], ballot=now, paper="yes")
    assert list(Vote.objects.values_list("ballot", flat=True)) == [now.pk]


def test_005_nobody_votes_before_the_opening_nor_after_the_outcome(opened, electors, owner):  # noqa: F811
    ended, early = opened(), opened(in_=60)
    actions.close_ballot_now(actor=owner.manager, ballot=ended, reason="Herkes oyunu verdi.")
    for ballot, code in ((ended, "closed"), (early, "not_open_yet")):
        with pytest.raises(Refused) as refusal:
            actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes")
        assert refusal.value.code == code
    assert not Vote.objects.exists()


# --- 6 and 21: for good -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    [
        "question = 'Başka bir soru'", "quorum = 0", "majority = 'absolute'", "visibility = 'after_closing'",
        "method = 'approval'", "opens_at = opens_at + interval '1 hour'", "closes_at = closes_at + interval '1 hour'",
        "electorate_size = 1",
    ],
)  # fmt: skip
def test_006_what_was_opened_is_not_changed(opened, change):  # noqa: F811
    ballot = opened(quorum=2)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE ballots_ballot SET {change} WHERE id = %s", [ballot.pk])


def test_006_the_roll_is_not_changed(opened, electors):  # noqa: F811
    ballot = opened(people=electors[:3])
    for change, values in (
        ("UPDATE ballots_elector SET person_id = %s WHERE ballot_id = %s", [electors[4].pk, ballot.pk]),
        ("DELETE FROM ballots_elector WHERE ballot_id = %s AND person_id = %s", [ballot.pk, electors[0].pk]),
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change, values)


@pytest.mark.parametrize("change", ["DELETE FROM ballots_vote", "UPDATE ballots_vote SET person_id = person_id + 1"])
def test_021_a_vote_is_neither_taken_away_nor_given_to_somebody_else(opened, electors, change):  # noqa: F811
    actions.cast_vote(actor=electors[0], ballot=opened(), paper="yes")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


# --- 7: what is no paper ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "paper",
    [
        "maybe", "", "YES", "yes ", "1", "0", "-1", 2**63, ["yes"], {"yes": 1}, None, True, "yes,no", "yes\u0000", "evet",
        "y" * 5_000,
    ],
)  # fmt: skip
def test_007_what_is_no_paper_of_this_ballot_stores_nothing(opened, electors, client, paper):  # noqa: F811
    ballot = opened()
    client.force_login(electors[0])
    answer = client.put(f"/api/v1/ballots/{ballot.pk}/vote/", {"paper": paper}, content_type="application/json")
    assert answer.status_code == 400
    assert not Vote.objects.exists()


# --- 10: one person, one account --------------------------------------------------------------------------------------
@pytest.mark.parametrize("written", ["17291716060", " 17291716060 ", "172 917 160 60", "١٧٢٩١٧١٦٠٦٠"])
def test_010_one_identity_verifies_one_account(db, written):
    first, second, officer = f.PersonFactory(), f.PersonFactory(), f.PersonFactory()
    check_identity(actor=officer, person=first, number="17291716060", at=timezone.now())
    with pytest.raises((Refused, ValueError)):
        check_identity(actor=officer, person=second, number=written, at=timezone.now())


@pytest.mark.parametrize("address", ["AYSE@ornek.invalid", "Ayse@Ornek.Invalid"])
def test_010_one_address_has_one_account(ayse, address):
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(email=address, display_name="Bir başkası")


# --- 12: a vote that meets the count ----------------------------------------------------------------------------------
LOCKS_AND_LOOKS_AGAIN = (True, True)


@with_commits
def test_012_a_vote_that_meets_the_closing_is_counted_or_refused(opened, owner, electors, monkeypatch):  # noqa: F811
    _meets(opened, owner, electors, monkeypatch, *LOCKS_AND_LOOKS_AGAIN, True)


# --- 16: who voted how ------------------------------------------------------------------------------------------------
def test_016_the_list_of_voters_is_for_those_the_owner_names(world):
    for role in ("mehmet", "president", "neighbour", "directorate", "superuser", "visitor"):
        client = world.client(role)
        for path in (f"/oylama/{world.things.ballot.pk}/oylar/", f"/api/v1/ballots/{world.things.ballot.pk}/votes/"):
            assert client.get(path).status_code in {302, 403, 404}, (role, path)
    answer = world.client("member").get(reverse_of_the_roll_call(world))
    assert answer.status_code == 200
    for role in ("mehmet", "neighbour"):
        assert world.client(role).get(reverse_of_the_roll_call(world)).status_code == 403, role


def reverse_of_the_roll_call(world) -> str:
    from django.urls import reverse

    return reverse("ballot_roll_call", args=[world.things.ballot.pk])
