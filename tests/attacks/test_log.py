"""Case 22: the sealed log against somebody who owns the database, and the receipts of everybody who voted."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from ballots import actions
from ballots.models import VoteRecord
from journal import sealing
from journal.models import Head

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(world):
    """The facilitator and a member have voted, and everything is sealed."""
    for role, paper in (("facilitator", "no"), ("member", "yes")):
        actions.cast_vote(actor=world.people[role], ballot=world.things.ballot, paper=paper)
    sealing.seal()
    return world


def verify() -> int:
    """The exit code of `verify_log`."""
    try:
        call_command("verify_log", stdout=StringIO(), stderr=StringIO())
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def altered() -> None:
    VoteRecord.objects.filter(pk=VoteRecord.objects.latest("pk").pk).update(paper="no")


def dropped() -> None:
    VoteRecord.objects.latest("pk").delete()


def swapped() -> None:
    first, second = VoteRecord.objects.order_by("pk")
    for record, paper in ((first, second.paper), (second, first.paper)):
        VoteRecord.objects.filter(pk=record.pk).update(paper=paper)


def added() -> None:
    record = VoteRecord.objects.latest("pk")
    record.pk, record.receipt, record.times = None, "0" * 15, 2
    record.save(force_insert=True)


@pytest.mark.parametrize("attack", [altered, dropped, swapped, added], ids=lambda attack: attack.__name__)
def test_022_a_record_that_is_altered_dropped_swapped_or_added_makes_verify_log_fail(sealed, unguarded, attack):
    assert verify() == 0
    with unguarded("ballots_voterecord"):
        attack()
    assert verify() == 1


def test_022_a_head_made_anew_is_not_the_one_before_the_next(sealed, unguarded):
    actions.close_ballot_now(
        actor=sealed.people["facilitator"], ballot=sealed.things.ballot, reason="Herkes oyunu verdi."
    )
    sealing.seal()
    first = Head.objects.get(number=1)
    with unguarded("journal_head"):
        forged = sealing.head_hash(
            number=1, previous=bytes(32), size=first.size, root=bytes(first.root), at=first.at.replace(year=2020)
        )
        Head.objects.filter(number=1).update(at=first.at.replace(year=2020), hash=forged)
    assert verify() == 1


def test_022_the_receipt_of_every_voter_proves_inclusion_under_the_published_root(sealed):
    published = sealed.client("visitor").get(reverse("seal_file")).json()["heads"]
    roots = {head["root"] for head in published}
    for role in ("facilitator", "member"):
        client = sealed.client(role)
        proof = client.get(reverse("ballot_receipt_proof", args=[sealed.things.ballot.pk, 1])).json()
        assert proof["head"]["root"] in roots
        page = sealed.client("visitor").post(reverse("proof_check"), {"proof": json.dumps(proof)})
        assert "Kanıt doğru" in page.content.decode()
        broken = json.dumps(proof | {"path": ["0" * 64, *proof["path"][1:]]})
        page = sealed.client("visitor").post(reverse("proof_check"), {"proof": broken})
        assert "Kanıt tutmuyor" in page.content.decode()
