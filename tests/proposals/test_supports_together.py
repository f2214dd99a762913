"""Supports of the same moment are written together, each judged for itself."""

from __future__ import annotations

from threading import Event, Thread
from time import monotonic

import pytest
from django.db import OperationalError, connections
from django.utils import timezone

from journal.group_commit import OutcomeUnknown
from journal.models import Entry
from people.verdicts import Refused, Verdict
from proposals import actions
from proposals.actions import supporting
from proposals.actions.supporting import Asked
from proposals.models import Follow, Proposal, Support
from proposals.stages import Stage
from tests import factories as f

LIMIT = 60


@pytest.fixture
def gathering(kocaeli):
    return f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING, support_threshold=3)


@pytest.fixture
def residents(kocaeli):
    return [f.ResidenceFactory(council=kocaeli).person for _ in range(5)]


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
        with django_assert_num_queries(9):  # two of them the savepoint, more the bulk inserts' own
            supporting.write([Asked(proposal.pk, person, False, at) for person in people])


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

    def wait_until(is_so):
        deadline = monotonic() + LIMIT
        while not is_so():
            assert monotonic() < deadline
            Event().wait(0.01)

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
