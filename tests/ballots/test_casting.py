"""Many votes in one statement: each is judged for itself, and each answer comes after the commit of its vote."""

from threading import Event, Thread
from time import monotonic

import pytest
from django.db import OperationalError, connection, connections

from ballots import actions, casting
from ballots.casting import Cast, Receipt
from ballots.models import Ballot, Vote
from journal.group_commit import OutcomeUnknown
from people.verdicts import Refused
from tests.factories import PersonFactory

LIMIT = 60


def test_one_statement_judges_each_vote_for_itself(opened, electors):
    early, late, here = opened(in_=3600), opened(), opened()
    Ballot.objects.filter(pk=late.pk).update(closes_at=actions.database_now())
    stranger = PersonFactory()
    voters = [person.pk for person in electors]
    casts = [
        Cast(early.pk, voters[0], "yes"),
        Cast(late.pk, voters[0], "yes"),
        Cast(here.pk, voters[0], "yes"),
        Cast(here.pk, stranger.pk, "yes"),
        Cast(here.pk, voters[1], "no"),
        Cast(here.pk + 1_000_000, voters[1], "no"),
    ]

    answers = casting.write(casts)

    kinds = [answer if isinstance(answer, str) else answer.paper for answer in answers]
    assert kinds == ["not_open_yet", "closed", "yes", "not_on_roll", "no", "not_open_yet"]
    assert sorted(Vote.objects.values_list("ballot", "person", "paper")) == [
        (here.pk, voters[0], "yes"),
        (here.pk, voters[1], "no"),
    ]


def test_a_batch_is_one_statement_however_many_vote(opened, electors, django_assert_num_queries):
    ballot = opened()
    with django_assert_num_queries(4):  # votes, codes, and the savepoint of the test's transaction
        casting.write([Cast(ballot.pk, person.pk, "yes") for person in electors])
    assert Vote.objects.count() == 5


def test_a_batch_holds_first_votes_changes_and_votes_said_again(opened, electors):
    ballot = opened()
    for person in electors[:2]:
        actions.cast_vote(actor=person, ballot=ballot, paper="yes")
    papers = ["yes", "no", "abstain"]
    answers = casting.write(
        [Cast(ballot.pk, person.pk, paper) for person, paper in zip(electors, papers, strict=False)]
    )
    assert [(answer.paper, answer.times) for answer in answers] == [("yes", 1), ("no", 2), ("abstain", 1)]
    assert [answer.vote_id for answer in answers] == [Vote.objects.get(person=person).pk for person in electors[:3]]


def test_the_screens_are_told_once_for_a_batch(opened, electors, monkeypatch):
    ballot, told = opened(), []
    monkeypatch.setattr(casting, "touch", told.append)
    casting.write([Cast(ballot.pk, person.pk, "yes") for person in electors])
    casting.write([Cast(ballot.pk, person.pk, "yes") for person in electors])
    assert told == [f"state:ballot:{ballot.pk}"]


@pytest.mark.parametrize("fault", [OutcomeUnknown(), OperationalError("server closed the connection")])
def test_a_vote_whose_outcome_is_unknown_says_so_and_invites_to_repeat(opened, electors, monkeypatch, fault):
    def lose(cast):
        raise fault

    ballot = opened()
    monkeypatch.setattr(casting, "drop_in", lose)
    with pytest.raises(Refused, match=r"bilinmiyor. Aynı oyu yeniden gönderin") as refusal:
        actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes")
    assert refusal.value.code == "outcome_unknown"


# --- With real commits ------------------------------------------------------------------------------------------------
def wait_until(is_so):
    deadline = monotonic() + LIMIT
    while not is_so():
        assert monotonic() < deadline, "it did not come about"
        Event().wait(0.01)


@pytest.mark.django_db(transaction=True)
def test_votes_that_wait_for_the_disk_share_the_next_commit_and_nobody_is_answered_before_it(
    opened, electors, monkeypatch
):
    """The first batch is held at the disk; those behind it are one batch, unanswered while nothing is committed."""
    ballot, sizes, go_on = opened(), [], Event()
    write, answers = casting.write, {}

    def slowly(casts):
        sizes.append(len(casts))
        assert go_on.wait(LIMIT)
        return write(casts)

    monkeypatch.setattr(casting.box, "_write", slowly)
    monkeypatch.setattr(casting.box, "patience", LIMIT)

    def vote(person):
        try:
            answers[person.pk] = actions.cast_vote(actor=person, ballot=ballot, paper="yes")
            assert Vote.objects.filter(person=person).exists()
        finally:
            connections.close_all()

    threads = [Thread(target=vote, args=[person]) for person in electors]
    threads[0].start()
    wait_until(lambda: sizes == [1])
    for thread in threads[1:]:
        thread.start()
    wait_until(lambda: len(casting.box._queue) == 4)
    assert (answers, Vote.objects.count()) == ({}, 0)
    go_on.set()
    for thread in threads:
        thread.join(LIMIT)

    assert sizes == [1, 4]
    assert sorted(answers) == sorted(person.pk for person in electors)


@pytest.mark.django_db(transaction=True)
def test_one_vote_that_breaks_the_statement_keeps_no_other_from_its_commit(opened, electors, side_by_side, monkeypatch):
    """A fault the statement cannot foresee: the batch is taken apart and only its cause is told."""
    ballot = opened()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp_fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF NEW.person_id = {electors[2].pk} THEN RAISE EXCEPTION 'a fault'; END IF; RETURN NEW; END $$; "
            "CREATE TRIGGER a_fault BEFORE INSERT ON ballots_vote FOR EACH ROW EXECUTE FUNCTION pg_temp_fault()"
        )
    try:
        answers = side_by_side(
            [lambda p=person: actions.cast_vote(actor=p, ballot=ballot, paper="yes") for person in electors]
        )
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER a_fault ON ballots_vote; DROP FUNCTION pg_temp_fault()")

    assert [isinstance(answer, Receipt) for answer in answers] == [True, True, False, True, True]
    assert "a fault" in str(answers[2])
    assert set(Vote.objects.values_list("person", flat=True)) == {p.pk for p in electors if p != electors[2]}


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_write_the_same_people_crosswise_do_not_wait_for_each_other_for_ever(opened, side_by_side):
    """Batches of two processes in opposite orders: rows are written in one order, so none is the victim of a deadlock."""
    people = PersonFactory.create_batch(40)
    ballot = opened(people=people)
    there = [Cast(ballot.pk, person.pk, "yes") for person in people]

    def write(casts, paper):
        return [
            casting.write([Cast(each.ballot, each.person, paper) for each in casts])
            if turn % 2
            else casting.write(casts)
            for turn in range(6)
        ]

    answers = side_by_side([lambda: write(there, "no"), lambda: write(there[::-1], "abstain")] * 2)

    assert all(isinstance(each, Receipt) for batches in answers for batch in batches for each in batch)
    assert Vote.objects.count() == 40
