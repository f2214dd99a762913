"""The audit: every ballot recounted from votes and from records; each kind of manipulation is told."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone

from ballots import actions
from ballots.auditing import Seen, differences
from ballots.models import Ballot, EarlyClosing, Elector, SealedLot, Vote, VoteRecord
from journal.models import Entry
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def declared(opened, owner, electors):
    """Closed early with two for, one against, and one who changed to abstaining; one did not vote."""
    ballot = opened(quorum=2)
    for person, paper in zip(electors, ("yes", "yes", "no", "no"), strict=False):
        actions.cast_vote(actor=person, ballot=ballot, paper=paper)
    actions.cast_vote(actor=electors[3], ballot=ballot, paper="abstain")
    return actions.close_ballot_now(actor=owner.manager, ballot=ballot, reason="Herkes oyunu verdi.")


def found() -> str:
    return "\n".join(differences())


def test_ballots_that_fit_have_no_differences(declared, opened, owner, electors):
    actions.cast_vote(actor=electors[0], ballot=opened(), paper="yes")
    opened(in_=3600)
    at = timezone.localtime() - timedelta(days=3)  # the record tells it in the zone it was given
    actions.record_past_ballot(
        actor=electors[0],
        policy="tests.owner",
        question="Geçmişte?",
        electors=[person.pk for person in electors],
        votes={electors[0].pk: ("yes", at)},
        opens_at=at - timedelta(days=1),
        closes_at=at + timedelta(days=1),
    )
    seen = Seen()
    assert list(differences(seen)) == []
    assert (seen.ballots, seen.votes) == (4, 6)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"yes_votes": 3}, ["kabul 3 ilan edilmiş, oylardan 2 çıkıyor", "oy kayıtlarından 2", "yes 2, oylamada 3"]),
        ({"no_votes": 0}, ["ret 0 ilan edilmiş, oylardan 1 çıkıyor", "no 1, oylamada 0"]),
        ({"abstentions": 9}, ["çekimser 9 ilan edilmiş, oylardan 1 çıkıyor"]),
        ({"outcome": "rejected"}, ["sonuç rejected ilan edilmiş, oylardan passed çıkıyor"]),
        ({"electorate_size": 6}, ["oy hakkı olanların sayısı 6 yazılmış, listede 5 kişi var", "electorate 5"]),
        ({"quorum": 5}, ["sonuç passed ilan edilmiş, oylardan no_quorum çıkıyor", "quorum 2, oylamada 5"]),
        ({"majority": "absolute"}, ["majority simple, oylamada absolute"]),
        ({"question": "Başka bir soru?"}, ["question Sahil yolu birleştirilsin mi?, oylamada Başka bir soru?"]),
        ({"opens_at": F("opens_at") - timedelta(days=1)}, ["açılış satırında opens_at"]),
        ({"closes_at": F("closes_at") - timedelta(minutes=30)}, ["erken kapanışın anı", "sürenin dışında"]),
        ({"declared_at": F("closes_at") - timedelta(seconds=1)}, ["kapanıştan önce ilan edilmiş"]),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_changed_ballot_is_told(declared, unguarded, change, told):
    with unguarded("ballots_ballot") as cursor:
        for constraint in ("ballot_absolute_majority_is_of_the_members",):
            cursor.execute(f"ALTER TABLE ballots_ballot DROP CONSTRAINT IF EXISTS {constraint}")
        Ballot.objects.filter(pk=declared.pk).update(**change)
    text = found()
    for sentence in told:
        assert sentence in text
    assert all(line.startswith(f"Oylama {declared.pk}: ") for line in text.splitlines())


def test_a_changed_vote_is_told(declared, unguarded, electors):
    with unguarded("ballots_vote"):
        Vote.objects.filter(ballot=declared, person=electors[0]).update(paper="no")
    assert f"kişi {electors[0].pk} için oy no, son kaydı yes" in found()
    assert "kabul 2 ilan edilmiş, oylardan 1 çıkıyor" in found()
    assert "oy kayıtlarından" not in found()


def test_a_dropped_vote_is_told(declared, unguarded, electors):
    with unguarded("ballots_vote"):
        Vote.objects.filter(ballot=declared, person=electors[0]).delete()
    assert f"kişi {electors[0].pk} için oy kaydı var (yes), oyu yok." in found()


def test_a_vote_added_past_the_records_is_told(declared, unguarded, electors):
    moment = declared.closes_at - timedelta(minutes=1)
    with unguarded("ballots_vote"):
        Vote.objects.create(ballot=declared, person=electors[4], paper="yes", cast_at=moment, changed_at=moment)
    assert f"kişi {electors[4].pk} için oy var (yes), kaydı yok." in found()
    assert "kabul 2 ilan edilmiş, oylardan 3 çıkıyor" in found()


def test_a_vote_of_somebody_not_on_the_roll_is_told(declared, unguarded):
    stranger = PersonFactory()
    moment = declared.closes_at - timedelta(minutes=1)
    with unguarded("ballots_vote") as cursor:
        cursor.execute("ALTER TABLE ballots_vote DROP CONSTRAINT vote_is_by_somebody_on_the_roll")
        Vote.objects.create(ballot=declared, person=stranger, paper="yes", cast_at=moment, changed_at=moment)
    assert f"kişi {stranger.pk} listede değil, ama oyu var." in found()


def test_two_votes_of_one_person_are_told(declared, unguarded, electors):
    moment = declared.closes_at - timedelta(minutes=1)
    with unguarded("ballots_vote") as cursor:
        cursor.execute("ALTER TABLE ballots_vote DROP CONSTRAINT one_vote_per_person")
        Vote.objects.create(ballot=declared, person=electors[0], paper="yes", cast_at=moment, changed_at=moment)
    assert f"kişi {electors[0].pk} için 2 oy var." in found()


@pytest.mark.parametrize(
    "change",
    [
        {"cast_at": F("cast_at") - timedelta(days=1)},
        {"changed_at": F("changed_at") + timedelta(days=1)},
        {"cast_at": F("changed_at") + timedelta(seconds=1)},
    ],
    ids=["before", "after", "backwards"],
)
def test_a_vote_outside_the_moments_is_told(declared, unguarded, electors, change):
    with unguarded("ballots_vote"):
        Vote.objects.filter(ballot=declared, person=electors[0]).update(**change)
    assert f"kişi {electors[0].pk} için oyun anı, oylamanın açık olduğu sürenin dışında." in found()


def test_a_paper_that_is_none_is_told(declared, unguarded, electors):
    with unguarded("ballots_vote") as cursor:
        cursor.execute("ALTER TABLE ballots_vote DROP CONSTRAINT IF EXISTS vote_paper_is_known")
        Vote.objects.filter(ballot=declared, person=electors[0]).update(paper="maybe")
    assert "1 oy bu oylamanın pusulası değil: maybe." in found()


@pytest.fixture
def elected(opened, owner, electors):
    """An election of one of three, by instant run-off with a lot, declared."""
    ballot = opened(method="irv", options=["Ayşe", "Mehmet", "Elif"])
    for person, paper in zip(electors, ("1>2>3", "1>3", "1", "2>1", "3>1"), strict=True):
        actions.cast_vote(actor=person, ballot=ballot, paper=paper)
    return actions.close_ballot_now(actor=owner.manager, ballot=ballot, reason="Herkes oyunu verdi.")


def test_an_election_is_recounted_with_its_lot(elected, unguarded, electors):
    assert found() == ""
    with unguarded("ballots_vote"):
        Vote.objects.filter(ballot=elected, person__in=electors[:2]).update(paper="2>3")
    assert "winners [1] ilan edilmiş, oylardan [2] çıkıyor" in found()
    assert "oy kayıtlarından" not in found()


def test_a_changed_count_or_lot_is_told(elected, unguarded):
    with unguarded("ballots_ballot", "ballots_sealedlot"):
        Ballot.objects.filter(pk=elected.pk).update(result=elected.result | {"winners": [2]})
        assert "winners [2] ilan edilmiş, oylardan [1] çıkıyor" in found()
        SealedLot.objects.update(seed="x" * 20)
    assert "kuranın tohumu, açılışta yayımlanan özetle uyuşmuyor." in found()


def test_somebody_added_to_the_roll_is_told(declared, unguarded):
    with unguarded("ballots_elector"):
        Elector.objects.create(ballot=declared, person=PersonFactory())
    assert "oy hakkı olanların sayısı 5 yazılmış, listede 6 kişi var." in found()


@pytest.mark.parametrize("times", [1, 2])
def test_a_dropped_record_is_told(declared, unguarded, electors, times):
    with unguarded("ballots_voterecord"):
        VoteRecord.objects.filter(ballot=declared, person=electors[3], times=times).delete()
    assert f"kişi {electors[3].pk} için o" in found()


@pytest.mark.parametrize("change", [{"paper": "yes"}, {"times": 7}, {"at": F("at") - timedelta(minutes=5)}], ids=str)
def test_a_changed_record_is_told(declared, unguarded, electors, change):
    with unguarded("ballots_voterecord"):
        VoteRecord.objects.filter(ballot=declared, person=electors[3], times=2).update(**change)
    assert f"kişi {electors[3].pk} için" in found()


def test_an_added_record_is_told(declared, unguarded, electors):
    with unguarded("ballots_voterecord"):
        VoteRecord.objects.create(
            ballot=declared, person=electors[4], paper="no", times=1, at=declared.opens_at, receipt="0" * 15
        )
    assert f"kişi {electors[4].pk} için oy kaydı var (no), oyu yok." in found()
    assert "ret 1 ilan edilmiş, oy kayıtlarından 2 çıkıyor" in found()


def test_a_changed_early_closing_is_told(declared, unguarded):
    with unguarded("ballots_earlyclosing"):
        EarlyClosing.objects.update(announced_closes_at=F("announced_closes_at") + timedelta(days=1))
    assert "kayıt defterindeki açılış satırında closes_at" in found()


def test_the_line_of_the_record_that_is_changed_dropped_or_doubled_is_told(declared, unguarded):
    with unguarded("journal_entry", "journal_undelivered"):
        entry = Entry.objects.get(topic=declared.topic, kind="ballots.declared")
        Entry.objects.filter(pk=entry.pk).update(facts=entry.facts | {"yes": 1})
        assert "kayıt defterindeki sonuç satırında yes 1, oylamada 2." in found()
        entry.delete()
        assert "kayıt defterinde 0 sonuç satırı var, 1 olmalıydı." in found()


def test_an_open_ballot_is_checked_too(opened, unguarded, electors):
    ballot = opened()
    actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes")
    with unguarded("ballots_vote"):
        Vote.objects.update(paper="no")
    assert f"Oylama {ballot.pk}: kişi {electors[0].pk} için oy no, son kaydı yes" in found()


def test_the_number_of_queries_does_not_grow_with_ballots(opened, electors, django_assert_num_queries):
    opened()
    with django_assert_num_queries(16):
        list(differences())
    for _ in range(5):
        actions.cast_vote(actor=electors[0], ballot=opened(), paper="yes")
    with django_assert_num_queries(16):
        list(differences())


def test_the_command_says_ok_or_the_differences(declared, unguarded):
    out, err = StringIO(), StringIO()
    call_command("audit_ballots", stdout=out, stderr=err)
    assert (out.getvalue(), err.getvalue()) == ("Tutuyor: 1 oylama ve 4 oy yeniden sayıldı, fark yok.\n", "")
    with unguarded("ballots_ballot"):
        Ballot.objects.update(yes_votes=3)
    with pytest.raises(SystemExit) as stop:
        call_command("audit_ballots", stdout=out, stderr=err)
    assert stop.value.code == 1
    assert "kabul 3 ilan edilmiş" in err.getvalue()
    assert err.getvalue().endswith("4 oy yeniden sayıldı, 3 fark var.\n")


@pytest.mark.django_db(transaction=True)
def test_the_audit_sees_one_moment(declared):
    run_through = differences()
    assert list(run_through) == []
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("off",)
