"""F11: every task is delivered twice, in any order, side by side."""

import random
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from ballots import actions
from ballots.models import Ballot
from journal.models import Entry, Undelivered
from participation.celery import app
from proposals.stages import Stage
from tests import factories as f
from tests.faults.invariants import effects_are_single

pytestmark = pytest.mark.django_db(transaction=True)
app.loader.import_default_modules()
OURS = sorted(name for name in app.tasks if not name.startswith("celery."))
BALLOTS, PROPOSALS = 4, 4


@pytest.fixture
def work(kocaeli, ulasim, derya):
    """What each task finds to do; returns the effects that must come about, by name."""
    now, wanted = timezone.now(), []
    for _ in range(BALLOTS):
        proposal = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, author=derya, stage=Stage.BALLOT)
        ballot = f.BallotFactory(
            electors=[derya],
            opened_by=derya,
            opens_at=now - timedelta(hours=1),
            closes_at=now - timedelta(minutes=1),
        )
        f.ProposalBallotFactory(proposal=proposal, ballot=ballot)
        wanted.append(f"ballots.declared {ballot.pk}")
    for _ in range(PROPOSALS):
        proposal = f.ProposalFactory(
            council=kocaeli,
            addressed_to=ulasim,
            author=derya,
            stage=Stage.GATHERING,
            support_closes_at=now - timedelta(minutes=1),
        )
        wanted.append(f"proposals.support_missed {proposal.pk}")
    return wanted


def run(names):
    """Each task twice, shuffled, over four threads."""
    errors = []
    order = [*names, *names]
    random.Random(11).shuffle(order)

    def work(mine):
        try:
            for name in mine:
                app.tasks[name].run()
        except Exception as error:
            errors.append(repr(error))
        finally:
            connections.close_all()

    threads = [Thread(target=work, args=[order[n::4]]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return errors


def effects():
    kinds = ["ballots.declared", "proposals.support_missed"]
    told = Entry.objects.filter(kind__in=kinds).values_list("kind", "subject_id")
    return [f"{kind} {subject}" for kind, subject in told]


def test_f11_every_task_twice_has_each_effect_once(work):
    assert len(OURS) >= 5

    assert run(OURS) == []

    assert effects_are_single(effects(), work) == []
    assert not Ballot.objects.filter(declared_at=None).exists()
    # What is told is owed to nobody any more: the sweep delivers what is older than its grace.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_undelivered SET since = since - interval '1 hour'")
    assert run(["journal.tasks.sweep"]) == []
    assert not Undelivered.objects.exists()


def test_f11_control_a_task_that_does_not_look_is_found(work, monkeypatch):
    @transaction.atomic
    def declare_again():
        for ballot in Ballot.objects.filter(closes_at__lte=timezone.now()):
            ballot.declared_at = ballot.closes_at
            actions._record_outcome(ballot, actor=None, place=(None, None))

    monkeypatch.setattr(app.tasks["ballots.tasks.declare_ended_ballots"], "run", declare_again)

    assert run(OURS) == []
    assert effects_are_single(effects(), work) != []
