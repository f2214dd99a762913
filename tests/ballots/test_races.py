"""What happens at the same moment, with real threads, connections and commits.

Each race has its control: the same race with the guard taken out, in which the fault must appear. So a race that
passes only because nothing raced is found.
"""

from contextlib import contextmanager
from itertools import cycle
from threading import Barrier, Event, Lock, Thread
from time import monotonic, sleep

import pytest
from django.db import connection, connections

from ballots import actions, casting
from ballots.models import Ballot, Vote
from ballots.results import papers_of
from journal.models import Entry
from people.verdicts import Refused
from tests.factories import PersonFactory

EARLY = "Oy hakkı olan herkes oyunu verdi."

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def without_trigger():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ballots_vote DISABLE TRIGGER ballots_vote_is_cast_while_open")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE ballots_vote ENABLE TRIGGER ballots_vote_is_cast_while_open")


@contextmanager
def without_constraint():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ballots_vote DROP CONSTRAINT one_vote_per_person")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE ballots_vote")
            cursor.execute("ALTER TABLE ballots_vote ADD CONSTRAINT one_vote_per_person UNIQUE (ballot_id, person_id)")


# --- One person -------------------------------------------------------------------------------------------------------
def test_fifty_parallel_votes_of_one_person_are_one_row(opened, electors, side_by_side):
    ballot, person = opened(), electors[0]

    def twice_and_more():
        return [actions.cast_vote(actor=person, ballot=ballot, paper="yes") for _ in range(5)]

    answers = side_by_side([twice_and_more] * 10)

    vote = Vote.objects.get()
    assert (vote.paper, vote.times) == ("yes", 1)
    assert {receipt.vote_id for receipts in answers for receipt in receipts} == {vote.pk}


def test_control_checking_before_inserting_stores_one_person_several_times(opened, electors, side_by_side):
    """The same race with the usual "exists? no: create" and without the constraint: more than one row."""
    ballot, person = opened(), electors[0]
    everybody_has_checked = Barrier(10)

    def check_then_insert():
        exists = Vote.objects.filter(ballot=ballot, person=person).exists()
        everybody_has_checked.wait(timeout=60)
        if not exists:
            now = actions.database_now()
            Vote.objects.create(ballot=ballot, person=person, paper="yes", cast_at=now, changed_at=now)

    with without_constraint():
        side_by_side([check_then_insert] * 10)
        assert Vote.objects.count() == 10


def test_parallel_changes_of_one_vote_end_in_one_of_them_and_lose_none(opened, electors, side_by_side):
    ballot, person = opened(), electors[0]
    choices = ["yes", "no", "abstain"] * 4

    answers = side_by_side(
        [lambda choice=choice: actions.cast_vote(actor=person, ballot=ballot, paper=choice) for choice in choices]
    )

    vote = Vote.objects.get()
    assert [receipt.paper for receipt in answers] == choices
    assert vote.times == max(receipt.times for receipt in answers)
    assert vote.paper == max(answers, key=lambda receipt: receipt.times).paper
    assert sum(times for _paper, times in papers_of(ballot)) == 1


# --- Closing ----------------------------------------------------------------------------------------------------------
def test_closing_while_200_votes_are_in_flight_counts_exactly_those_answered(opened, owner, side_by_side, monkeypatch):
    """The last voter of each batch comes when it is being counted, so that some are too late on every machine."""
    people = PersonFactory.create_batch(200)
    ballot = opened(people=people)
    answered, refused, lock, counting = [], [], Lock(), Event()
    write_outcome = actions._write_outcome
    monkeypatch.setattr(
        actions, "_write_outcome", lambda *args, **named: (write_outcome(*args, **named), counting.set())
    )

    def vote(batch):
        for person in batch:
            if person is batch[-1]:
                counting.wait(timeout=60)
            try:
                receipt = actions.cast_vote(actor=person, ballot=ballot, paper="yes")
            except Refused as refusal:
                with lock:
                    refused.append((person.pk, refusal.code))
            else:
                with lock:
                    answered.append((person.pk, receipt.changed_at))

    def close():
        deadline = monotonic() + 60
        while len(answered) < 60 and monotonic() < deadline:
            sleep(0.001)
        return actions.close_ballot_now(actor=owner.manager, ballot=ballot, reason=EARLY)

    *_, closed = side_by_side([*(lambda batch=people[i::20]: vote(batch) for i in range(20)), close])

    assert isinstance(closed, Ballot), closed
    assert len(answered) + len(refused) == 200
    assert 60 <= len(answered) <= 180
    assert {code for _, code in refused} == {"closed"}
    assert set(Vote.objects.values_list("person_id", flat=True)) == {person for person, _ in answered}
    assert closed.yes_votes == len(answered)
    assert max(moment for _, moment in answered) < closed.closes_at
    assert owner.told == [(ballot.pk, closed.outcome)]


@pytest.mark.parametrize(
    ("for_share", "trigger", "is_safe"),
    [(True, True, True), (True, False, True), (False, True, True), (False, False, False)],
    ids=["both guards", "lock only", "trigger only", "control: neither"],
)
def test_a_vote_that_meets_the_count_is_refused_and_without_guards_would_be_lost(
    opened, owner, electors, monkeypatch, for_share, trigger, is_safe
):
    """A vote arrives after the count and before its commit. It may not be answered, because it is not counted.

    Either guard alone refuses it. With neither, the vote is answered and missing from the count: the fault is real.
    """
    ballot = opened()
    if not for_share:
        monkeypatch.setattr(casting, "CAST", casting.CAST.replace("FOR SHARE OF ballot", ""))
    counted, answers = Event(), []
    write_outcome = actions._write_outcome

    def write_and_wait_for_the_vote(ballot, *, at):
        write_outcome(ballot, at=at)
        counted.set()
        wait_until_somebody_waits_for_a_lock()

    monkeypatch.setattr(actions, "_write_outcome", write_and_wait_for_the_vote)

    def vote():
        try:
            counted.wait(timeout=60)
            answers.append(actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes"))
        except Refused as refusal:
            answers.append(refusal.code)
        finally:
            connections.close_all()

    def race():
        voter = Thread(target=vote)
        voter.start()
        declared = actions.close_ballot_now(actor=owner.manager, ballot=ballot, reason=EARLY)
        voter.join(timeout=60)
        return declared

    if trigger:
        declared = race()
    else:
        with without_trigger():
            declared = race()

    lost = Vote.objects.count() - declared.yes_votes
    assert (answers == ["closed"], lost) == ((True, 0) if is_safe else (False, 1))


def wait_until_somebody_waits_for_a_lock():
    deadline = monotonic() + 60
    with connection.cursor() as cursor:
        while monotonic() < deadline:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND backend_type = 'client backend' AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
            sleep(0.01)
    raise AssertionError("the vote did not meet the count")


def test_a_vote_that_was_written_before_the_count_is_waited_for(opened, owner, electors):
    """The count may not overtake a vote that has been written and not committed yet."""
    ballot = opened()
    written, go_on = Event(), Event()

    def vote_slowly():
        from django.db import transaction

        try:
            with transaction.atomic():
                actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes")
                written.set()
                go_on.wait(timeout=60)
        finally:
            connections.close_all()

    def let_go():
        try:
            wait_until_somebody_waits_for_a_lock()
        finally:
            go_on.set()
            connections.close_all()

    voter, helper = Thread(target=vote_slowly), Thread(target=let_go)
    voter.start()
    assert written.wait(timeout=60)
    helper.start()
    closed = actions.close_ballot_now(actor=owner.manager, ballot=ballot, reason=EARLY)
    voter.join(timeout=60)
    helper.join(timeout=60)

    assert closed.yes_votes == Vote.objects.count() == 1


def test_a_ballot_that_ends_by_the_clock_takes_no_vote_past_its_end(opened, owner, side_by_side):
    people = PersonFactory.create_batch(60)
    ballot = opened(in_=-3600, lasts=3601, people=people)

    def vote_until_it_is_over(batch):
        for turn, person in enumerate(cycle(batch)):
            try:
                actions.cast_vote(actor=person, ballot=ballot, paper=("yes", "no")[turn // len(batch) % 2])
            except Refused as refusal:
                return refusal.code
            sleep(0.005)
        return None

    codes = side_by_side([lambda batch=people[i::12]: vote_until_it_is_over(batch) for i in range(12)])
    declared = actions.declare_outcome(ballot)

    assert codes == ["closed"] * 12
    assert Vote.objects.filter(changed_at__gte=ballot.closes_at).count() == 0
    assert declared.yes_votes + declared.no_votes == Vote.objects.count()


def test_several_workers_declare_each_ballot_once(opened, owner, side_by_side):
    ended = [opened() for _ in range(6)]
    for ballot in ended:
        Ballot.objects.filter(pk=ballot.pk).update(closes_at=actions.database_now())

    declared = side_by_side([actions.declare_ended_ballots] * 8)

    assert sorted(pk for pks in declared for pk in pks) == sorted(ballot.pk for ballot in ended)
    assert sorted(pk for pk, _ in owner.told) == sorted(ballot.pk for ballot in ended)
    assert Entry.objects.filter(kind="ballots.declared").count() == 6
