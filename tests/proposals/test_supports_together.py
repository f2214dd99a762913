"""Supports of the same moment are written together, each judged for itself."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from signal import SIGKILL
from threading import Event, Thread
from time import monotonic
from urllib.parse import quote, urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import InternalError, OperationalError, connection, connections
from django.utils import timezone

from ballots.actions import database_now
from journal.group_commit import OutcomeUnknown
from journal.models import Entry
from people.verdicts import Refused, Verdict
from proposals import actions
from proposals.actions import supporting
from proposals.actions.supporting import Asked
from proposals.models import Follow, Proposal, Support
from proposals.stages import Stage
from tests import factories as f
from tests.api.conftest import Api

LIMIT = 60


@pytest.fixture
def gathering(kocaeli):
    return f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING, support_threshold=3)


@pytest.fixture
def residents(kocaeli):
    return [f.ResidenceFactory(council=kocaeli).person for _ in range(5)]


def wait_until(is_so):
    deadline = monotonic() + LIMIT
    while not is_so():
        assert monotonic() < deadline, "it did not come about"
        Event().wait(0.01)


def told(answers):
    return [answer.code if isinstance(answer, Verdict) else answer.person_id for answer in answers]


def test_a_batch_judges_each_for_itself_and_moves_the_proposal_once(kocaeli, gathering, residents):
    other = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING, support_threshold=10)
    ended = f.ProposalFactory(council=kocaeli, stage=Stage.IN_GROUP)
    stranger, at = f.PersonFactory(), timezone.now()

    answers = supporting.write(
        [
            Asked(gathering.pk, residents[0], False, at),
            Asked(gathering.pk, stranger, False, at),
            Asked(ended.pk, residents[0], False, at),
            Asked(gathering.pk, residents[1], True, at),
            Asked(other.pk, residents[2], False, at),
            Asked(gathering.pk, residents[2], False, at),
            Asked(gathering.pk, residents[3], False, at),
            Asked(other.pk, residents[3], False, at),
        ]
    )

    who = [person.pk for person in residents]
    assert told(answers) == [
        who[0], "not_resident", "not_gathering", who[1], who[2], who[2], "not_gathering", who[3],
    ]  # fmt: skip
    stored = {p.pk: (p.stage, p.support_count, p.supports.count(), p.moves.count()) for p in Proposal.objects.all()}
    assert stored == {
        gathering.pk: (Stage.IN_GROUP, 3, 3, 1),
        other.pk: (Stage.GATHERING, 2, 2, 0),
        ended.pk: (Stage.IN_GROUP, ended.support_count, 0, 0),
    }
    assert Support.objects.get(proposal=gathering, person=residents[1]).shows_name is True
    assert Follow.objects.count() == 5
    assert Entry.objects.filter(kind="proposals.support_reached").count() == 1


def test_saying_it_again_in_a_batch_changes_only_whether_the_name_is_shown(gathering, residents):
    at = timezone.now()
    first, again = supporting.write([Asked(gathering.pk, residents[0], shows, at) for shows in (False, False)])
    assert first is again
    (shown,) = supporting.write([Asked(gathering.pk, residents[0], True, at)])
    assert (shown.pk, shown.shows_name, Support.objects.count()) == (first.pk, True, 1)
    gathering.refresh_from_db()
    assert gathering.support_count == 1


def test_a_batch_asks_the_database_the_same_however_many_give(kocaeli, residents, django_assert_num_queries):
    at = timezone.now()
    for people in (residents[:1], residents):
        proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING, support_threshold=100)
        with django_assert_num_queries(10):  # two of them the savepoint, more the bulk inserts' own
            supporting.write([Asked(proposal.pk, person, False, at) for person in people])


@pytest.mark.django_db
def test_a_support_stands_under_the_moment_of_the_database_whatever_the_web_server_says(
    gathering, residents, monkeypatch
):
    before = database_now()
    monkeypatch.setattr(timezone, "now", lambda: before - timedelta(days=400))
    support = actions.support_proposal(actor=residents[0], proposal=gathering)
    assert before <= support.created_at <= database_now()


@pytest.mark.django_db(transaction=True)
def test_supports_that_wait_share_a_commit_and_nobody_is_answered_before_it(gathering, residents, monkeypatch):
    sizes, go_on, answers, write = [], Event(), {}, supporting.write

    def slowly(asked):
        sizes.append(len(asked))
        assert go_on.wait(LIMIT)
        return write(asked)

    monkeypatch.setattr(supporting.desk, "_write", slowly)
    monkeypatch.setattr(supporting.desk, "patience", LIMIT)

    def support(person):
        try:
            answers[person.pk] = actions.support_proposal(actor=person, proposal=gathering, at=timezone.now())
        except Refused as refusal:
            answers[person.pk] = refusal.code
        finally:
            connections.close_all()

    threads = [Thread(target=support, args=[person]) for person in residents]
    threads[0].start()
    wait_until(lambda: sizes == [1])
    for thread in threads[1:]:
        thread.start()
    wait_until(lambda: len(supporting.desk._queue) == 4)
    assert (answers, Support.objects.count()) == ({}, 0)
    go_on.set()
    for thread in threads:
        thread.join(LIMIT)

    assert sizes == [1, 4]
    assert sum(isinstance(answer, Support) for answer in answers.values()) == Support.objects.count() == 3
    assert sum(answer == "not_gathering" for answer in answers.values()) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", [OutcomeUnknown(), OperationalError("server closed the connection")])
def test_a_support_whose_outcome_is_unknown_says_so(gathering, residents, monkeypatch, fault):
    def lose(asked):
        raise fault

    monkeypatch.setattr(supporting.desk, "ask", lose)
    with pytest.raises(Refused, match="sayılıp sayılmadığı bilinmiyor") as refusal:
        actions.support_proposal(actor=residents[0], proposal=gathering, at=timezone.now())
    assert refusal.value.code == "outcome_unknown"


# --- What goes wrong --------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_whoever_waits_for_the_leader_holds_no_connection(gathering, residents, monkeypatch):
    held = []

    def answer(asked):
        held.append(connection.connection)
        return Support(proposal=gathering, person=asked.person)

    monkeypatch.setattr(supporting.desk, "ask", answer)
    connection.ensure_connection()
    actions.support_proposal(actor=residents[0], proposal=gathering, at=timezone.now())
    assert held == [None]


@pytest.mark.django_db(transaction=True)
def test_one_support_that_breaks_the_statement_keeps_no_other_from_its_commit(
    kocaeli, residents, side_by_side, monkeypatch
):
    """All five are one batch: it waits behind one that is held, is taken apart, and only the cause is told."""
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING, support_threshold=100)
    first = f.ResidenceFactory(council=kocaeli).person
    sizes, go_on, answers, write = [], Event(), [], supporting.write

    def slowly(asked):
        sizes.append(len(asked))
        assert go_on.wait(LIMIT)
        return write(asked)

    monkeypatch.setattr(supporting.desk, "_write", slowly)
    monkeypatch.setattr(supporting.desk, "patience", LIMIT)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION a_support_fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF NEW.person_id = {residents[2].pk} THEN RAISE EXCEPTION 'a fault' USING ERRCODE = 'XX000'; END IF; "
            "RETURN NEW; END $$; CREATE TRIGGER a_fault BEFORE INSERT ON proposals_support "
            "FOR EACH ROW EXECUTE FUNCTION a_support_fault()"
        )
    held = Thread(target=supporting.desk.ask, args=[Asked(proposal.pk, first, False, timezone.now())])
    try:
        held.start()
        wait_until(lambda: sizes == [1])

        def release():
            wait_until(lambda: len(supporting.desk._queue) == 5)
            go_on.set()

        answers = side_by_side(
            [
                lambda p=person: actions.support_proposal(actor=p, proposal=proposal, at=timezone.now())
                for person in residents
            ]
            + [release]
        )[:5]
        held.join(LIMIT)
    finally:
        go_on.set()
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER a_fault ON proposals_support; DROP FUNCTION a_support_fault()")

    assert sizes[:2] == [1, 5]
    assert min(sizes[2:]) == 1  # the order of the five decides in how many steps the cause is found
    assert [isinstance(answer, Support) for answer in answers] == [True, True, False, True, True]
    assert isinstance(answers[2], InternalError)
    there = {first.pk} | {person.pk for person in residents if person != residents[2]}
    assert set(Support.objects.values_list("person", flat=True)) == there
    assert set(Follow.objects.values_list("person", flat=True)) == there
    proposal.refresh_from_db()
    assert proposal.support_count == 5


@pytest.mark.django_db(transaction=True)
def test_a_support_whose_answer_was_lost_is_there_and_counts_once_when_it_is_given_again(
    gathering, residents, monkeypatch
):
    """The connection is lost between the commit and the answer: the person hears "unknown", gives it again and knows."""
    write = supporting.write

    def commit_and_lose_the_answer(asked):
        write(asked)
        raise OutcomeUnknown

    with monkeypatch.context() as patch:
        patch.setattr(supporting.desk, "_write", commit_and_lose_the_answer)
        with pytest.raises(Refused, match="bilinmiyor") as refused:
            actions.support_proposal(actor=residents[0], proposal=gathering, at=timezone.now())
    again = actions.support_proposal(actor=residents[0], proposal=gathering, at=timezone.now())

    gathering.refresh_from_db()
    assert refused.value.code == "outcome_unknown"
    assert (Support.objects.get(), gathering.support_count, Follow.objects.count()) == (again, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_key_gives_the_lost_answer_of_a_support_again(gathering, residents):
    """With a key the support, the key and the answer are one commit, so the repetition is answered like the first."""
    path = f"councils/{gathering.council.slug}/proposals/{gathering.number}/support/"
    headers = {"Idempotency-Key": "6f1d1b1e-0f5a-4f6e-9a51-2f0c0c0c0c01"}
    api = Api(residents[0])

    first = api.put(path, {"shows_name": True}, headers=headers)
    taken_back = Api(residents[0]).delete(path)
    again = api.put(path, {"shows_name": True}, headers=headers)

    assert (first.status_code, taken_back.status_code, again["Idempotent-Replayed"]) == (200, 200, "true")
    assert first.json() == again.json()
    assert Support.objects.count() == 0  # the answer is of the first request; nothing was done again


DIES_AFTER_THE_COMMIT = """
import os, signal, sys
import django
django.setup()
from django.utils import timezone
from people.models import Person
from proposals.actions import supporting
from proposals.models import Proposal
write = supporting.write
def write_and_die(asked):
    write(asked)
    os.kill(os.getpid(), signal.SIGKILL)
supporting.desk._write = write_and_die
actor, proposal = Person.objects.get(pk=sys.argv[1]), Proposal.objects.get(pk=sys.argv[2])
supporting.support_proposal(actor=actor, proposal=proposal, at=timezone.now())
"""


@pytest.mark.django_db(transaction=True)
def test_a_support_outlives_the_process_that_was_killed_between_its_commit_and_its_answer(gathering, residents):
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=quote(f"/{connection.settings_dict['NAME']}"))
    died = subprocess.run(
        [sys.executable, "-c", DIES_AFTER_THE_COMMIT, str(residents[0].pk), str(gathering.pk)],
        cwd=Path(settings.BASE_DIR),
        env={
            **os.environ,
            "DATABASE_URL": urlunsplit(database),
            "DJANGO_SETTINGS_MODULE": "participation.settings",
        },
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert died.returncode == -SIGKILL, died.stderr[-2000:]

    again = actions.support_proposal(actor=residents[0], proposal=gathering, at=timezone.now())

    gathering.refresh_from_db()
    assert (Support.objects.get(), gathering.support_count, Follow.objects.count()) == (again, 1, 1)
