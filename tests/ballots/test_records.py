"""Records of votes: every way of voting leaves one, nobody can write, change or drop one, and the log has them all."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from ballots import actions
from ballots.auditing import differences
from ballots.models import Ballot, EarlyClosing, Elector, Vote, VoteRecord
from ballots.proxies import give_proxy
from ballots.receipts import receipts_in
from journal import sealing
from journal.models import Leaf, Queued
from journal.verifying import problems
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def voted(opened, electors):
    """A ballot with a vote, a changed vote and another vote."""
    ballot = opened()
    actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes")
    actions.cast_vote(actor=electors[1], ballot=ballot, paper="no")
    actions.cast_vote(actor=electors[1], ballot=ballot, paper="abstain")
    return ballot


def test_every_cast_and_every_change_leaves_a_record_and_repeating_leaves_none(voted, electors):
    actions.cast_vote(actor=electors[0], ballot=voted, paper="yes")
    found = VoteRecord.objects.filter(ballot=voted).order_by("pk").values_list("person", "paper", "times", "key")
    assert list(found) == [
        (electors[0].pk, "yes", 1, None),
        (electors[1].pk, "no", 1, None),
        (electors[1].pk, "abstain", 2, None),
    ]
    for vote in Vote.objects.filter(ballot=voted):
        last = VoteRecord.objects.filter(ballot=voted, person=vote.person_id).latest("times")
        assert (last.paper, last.times, last.at) == (vote.paper, vote.times, vote.changed_at)


def test_many_votes_in_one_statement_leave_one_record_each(opened, electors):
    ballot = opened()
    now = actions.database_now()
    Vote.objects.bulk_create(
        [Vote(ballot=ballot, person=person, paper="yes", cast_at=now, changed_at=now) for person in electors]
    )
    Vote.objects.filter(ballot=ballot, person__in=electors[:2]).update(paper="no", times=2, key=uuid.uuid4())
    assert VoteRecord.objects.filter(ballot=ballot).count() == len(electors) + 2
    assert VoteRecord.objects.filter(ballot=ballot, times=2, key__isnull=False).count() == 2


def test_a_past_ballot_leaves_records_too(owner, electors):
    at = timezone.now() - timedelta(days=3)
    ballot = actions.record_past_ballot(
        actor=electors[0],
        policy="tests.owner",
        question="Geçmişte?",
        electors=[person.pk for person in electors],
        votes={electors[0].pk: ("yes", at)},
        opens_at=at - timedelta(days=1),
        closes_at=at + timedelta(days=1),
    )
    assert VoteRecord.objects.get(ballot=ballot).at == at


def test_a_rolled_back_vote_leaves_nothing(opened, electors):
    ballot = opened()
    with transaction.atomic():
        actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes")
        transaction.set_rollback(True)
    assert (VoteRecord.objects.count(), Queued.objects.filter(source="ballots.vote_record").count()) == (0, 0)


def test_codes_are_fifteen_unmistakable_letters_and_differ_everywhere(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT ballots_new_receipt() FROM generate_series(1, 4000)")
        codes = [row[0] for row in cursor.fetchall()]
    assert len(set(codes)) == 4000
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{15}", code) for code in codes)
    for place in range(15):  # each letter at each place: nothing of a code is fixed
        assert len({code[place] for code in codes}) == 32


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ballots_voterecord SET paper = 'yes'",
        "DELETE FROM ballots_voterecord",
        (
            "INSERT INTO ballots_voterecord (ballot_id, person_id, paper, times, at, receipt) "
            "SELECT ballot_id, person_id, paper, 9, at, 'X' FROM ballots_voterecord LIMIT 1"
        ),
    ],
    ids=["update", "delete", "insert"],
)
def test_the_database_refuses_to_write_records_by_hand(voted, statement):
    refused = pytest.raises(IntegrityError, match="written by the votes alone")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# --- In the sealed log ------------------------------------------------------------------------------------------------
@pytest.fixture
def sealed(voted):
    sealing.seal()
    return voted


def found() -> str:
    return "\n".join(problems())


def test_records_are_sealed(sealed):
    assert Leaf.objects.filter(source="ballots.vote_record").count() == 3
    assert found() == ""


@pytest.mark.parametrize(
    "change",
    [
        {"ballot_id": 0},
        {"person_id": 0},
        {"paper": "yes"},
        {"times": 7},
        {"at": timezone.now()},
        {"key": uuid.uuid4()},
        {"receipt": "0" * 15},
    ],
    ids=lambda change: next(iter(change)),
)
def test_altering_any_field_of_a_record_is_found(sealed, unguarded, change):
    record = VoteRecord.objects.get(times=2)
    with unguarded("ballots_voterecord"):
        VoteRecord.objects.filter(pk=record.pk).update(**change)
    assert f"ballots.vote_record {record.pk} değiştirilmiş" in found()


def test_dropping_a_record_is_found(sealed, unguarded):
    record = VoteRecord.objects.get(times=2)
    with unguarded("ballots_voterecord"):
        VoteRecord.objects.filter(pk=record.pk).delete()
    assert f"ballots.vote_record {record.pk} silinmiş" in found()


def test_swapping_the_papers_of_two_records_is_found(sealed, unguarded, electors):
    with unguarded("ballots_voterecord") as cursor:
        cursor.execute(
            "UPDATE ballots_voterecord a SET paper = b.paper FROM ballots_voterecord b "
            "WHERE a.times = 1 AND b.times = 1 AND a.person_id <> b.person_id"
        )
    assert found().count("değiştirilmiş") == 2


def test_adding_a_record_past_the_triggers_is_found(sealed, unguarded, electors):
    with unguarded("ballots_voterecord"):
        record = VoteRecord.objects.create(
            ballot=sealed, person=electors[2], paper="yes", times=1, at=timezone.now(), receipt="0" * 15
        )
    assert f"ballots.vote_record {record.pk} ne mühürlü ne kuyrukta" in found()


def test_emptying_the_records_is_found(sealed):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE ballots_voterecord")
    assert found().count("silinmiş: mühürlenmişti") == 3


def test_who_closed_a_ballot_early_is_sealed(voted, owner, unguarded):
    actions.close_ballot_now(actor=owner.manager, ballot=voted, reason="Herkes oyunu verdi.")
    sealing.seal()
    assert Leaf.objects.filter(source="ballots.early_closing", row_id=voted.pk).exists()
    assert found() == ""
    with unguarded("ballots_earlyclosing"):
        EarlyClosing.objects.update(reason="Başka bir gerekçe yazıldı.")
    assert f"ballots.early_closing {voted.pk} değiştirilmiş" in found()


# --- Rule, roll and result --------------------------------------------------------------------------------------------
@pytest.fixture
def finished(voted, owner):
    """Closed and sealed."""
    actions.close_ballot_now(actor=owner.manager, ballot=voted, reason="Herkes oyunu verdi.")
    sealing.seal()
    return voted


def test_a_ballot_waits_when_it_opens_and_its_result_is_urgent(voted, owner):
    assert list(Queued.objects.filter(source="ballots.opened").values_list("row_id", "is_urgent")) == [
        (voted.pk, False)
    ]
    assert not sealing.is_due()
    actions.close_ballot_now(actor=owner.manager, ballot=voted, reason="Herkes oyunu verdi.")
    assert list(Queued.objects.filter(is_urgent=True).values_list("source", "row_id")) == [
        ("ballots.declared", voted.pk)
    ]
    assert sealing.is_due()
    sealing.seal()
    assert not sealing.is_due()
    assert found() == ""


@pytest.mark.parametrize(
    ("source", "change"),
    [
        ("opened", {"policy": "other"}),
        ("opened", {"question": "Başka?"}),
        ("opened", {"opens_at": F("opens_at") - timedelta(days=1)}),
        ("opened", {"quorum": 1}),
        ("opened", {"majority": "two_thirds"}),
        ("opened", {"visibility": "after_closing"}),
        ("opened", {"electorate_size": 9}),
        ("opened", {"is_recorded_afterwards": True}),
        ("opened", {"quorum_base": "valid"}),
        ("declared", {"closes_at": F("closes_at") - timedelta(seconds=1)}),
        ("declared", {"declared_at": F("declared_at") + timedelta(seconds=1)}),
        ("declared", {"outcome": "rejected"}),
        ("declared", {"yes_votes": 4}),
        ("declared", {"no_votes": 4}),
        ("declared", {"abstentions": 4}),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)
def test_altering_the_rule_or_the_result_is_found(finished, unguarded, source, change):
    before = Ballot.objects.values(*change).get(pk=finished.pk)
    with unguarded("ballots_ballot"):
        Ballot.objects.filter(pk=finished.pk).update(**change)
    assert Ballot.objects.values(*change).get(pk=finished.pk) != before
    assert f"ballots.{source} {finished.pk} değiştirilmiş" in found()


def test_exchanging_somebody_on_the_roll_is_found(finished, unguarded, electors):
    with unguarded("ballots_elector"):
        Elector.objects.filter(ballot=finished, person=electors[4]).update(person=PersonFactory())
    assert f"ballots.opened {finished.pk} değiştirilmiş" in found()


def test_taking_a_declaration_back_is_found(finished, unguarded):
    with unguarded("ballots_ballot"):
        Ballot.objects.filter(pk=finished.pk).update(declared_at=None, outcome="", yes_votes=None)
    assert f"ballots.declared {finished.pk} silinmiş" in found()


def test_a_roll_that_moves_is_sealed_as_it_was_taken_and_as_it_ended(opened, owner, unguarded, electors):
    ballot = opened(roll_rule="strikes")
    actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes")
    sealing.seal()
    Elector.objects.filter(ballot=ballot, person=electors[4]).update(struck_at=timezone.now())
    Ballot.objects.filter(pk=ballot.pk).update(roll_size=4)
    assert found() == ""
    actions.close_ballot_now(actor=owner.manager, ballot=ballot, reason="Herkes oyunu verdi.")
    sealing.seal()
    assert found() == ""
    assert list(differences()) == []
    with unguarded("ballots_elector"):
        Elector.objects.filter(ballot=ballot, person=electors[3]).update(struck_at=timezone.now())
    assert f"ballots.declared {ballot.pk} değiştirilmiş" in found()
    assert "değişen listenin sayısı 4 yazılmış, listede 3 kişi var." in "\n".join(differences())


def test_a_vote_by_proxy_is_recorded_and_sealed_with_who_cast_it(opened, unguarded, electors):
    giver, holder = electors[:2]
    ballot = opened(proxy_limit=1)
    give_proxy(actor=giver, ballot=ballot, holder=holder)
    actions.cast_vote(actor=holder, ballot=ballot, paper="yes", giver=giver)
    record = VoteRecord.objects.get(ballot=ballot, person=giver)
    assert (record.cast_by, receipts_in(ballot, giver)[0].cast_by) == (holder, holder.display_name)
    sealing.seal()
    assert (found(), list(differences())) == ("", [])
    with unguarded("ballots_voterecord"):
        VoteRecord.objects.filter(pk=record.pk).update(cast_by=None)
    assert f"ballots.vote_record {record.pk} değiştirilmiş" in found()
    assert f"kişi {giver.pk} için oy yes, son kaydı yes" in "\n".join(differences())
