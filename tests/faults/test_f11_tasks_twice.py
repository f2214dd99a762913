"""F11: every task is delivered twice, in any order, side by side."""

import random
import time
from threading import Thread

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from ballots import actions, auditing
from ballots.models import Ballot
from journal import sealing, verifying
from participation.celery import app
from tests import factories as f
from tests.faults import chores
from tests.faults.invariants import effects_are_single

pytestmark = pytest.mark.django_db(transaction=True)
app.loader.import_default_modules()
OURS = sorted(name for name in app.tasks if not name.startswith("celery."))
EACH = 4


def rows(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


@pytest.fixture
def wanted(ulasim, derya):
    """What every task finds to do; the effects that must come about."""
    members = [derya, *f.PersonFactory.create_batch(3)]
    for member in members[1:]:
        f.MembershipFactory(body=ulasim, person=member)
    found = chores.make(ulasim, members, derya, EACH, 0)
    deadline = time.monotonic() + 60
    while Ballot.objects.filter(closes_at__gt=actions.database_now()).count() > 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


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


def test_f11_every_task_twice_has_each_effect_once(wanted):
    assert len(OURS) >= 7
    assert len(chores.left_behind(rows)) == len(chores.LEFT)  # each finds something

    assert run(OURS) == []

    assert effects_are_single(chores.effects(rows), wanted) == []
    # Entries that the tasks themselves recorded may be owed still: the sweep takes what is older than its grace.
    rows("UPDATE journal_undelivered SET since = since - interval '1 hour' RETURNING entry_id")
    assert run(["journal.tasks.sweep"]) == []
    assert chores.left_behind(rows) == []
    sealing.seal()
    assert [*verifying.problems(), *auditing.differences()] == []


def test_f11_control_a_task_that_does_not_look_is_found(wanted, monkeypatch):
    @transaction.atomic
    def declare_again():
        for ballot in Ballot.objects.filter(closes_at__lte=timezone.now()):
            ballot.declared_at = ballot.closes_at
            actions._record_outcome(ballot, actor=None, place=(None, None))

    monkeypatch.setattr(app.tasks["ballots.tasks.declare_ended_ballots"], "run", declare_again)

    assert run(OURS) == []
    assert any("times" in complaint for complaint in effects_are_single(chores.effects(rows), wanted))
