"""F10: a Celery worker is killed in the middle of a task that it alone had."""

import time

import celery
import pytest

from tests.faults.invariants import effects_are_single
from tests.faults.town import Town, until

pytestmark = pytest.mark.faults
BALLOTS = 30
VISIBLE_AGAIN = 6
"""Seconds after which what a dead worker had taken may be taken again; see `broken.redelivers_soon`."""
WORKER = ["celery", "worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]


def declared(town: Town) -> list[str]:
    return [str(row[0]) for row in town.rows("SELECT subject_id FROM journal_entry WHERE kind = 'ballots.declared'")]


def run(kills: int, *, breaks: str = "", patience: float = 60):
    with Town("F10", redis=True) as town:
        ballots = [str(ballot) for ballot in town.add_ballots(BALLOTS, 1)]
        time.sleep(1.5)
        how = {"breaks": f"declares_slowly redelivers_soon {breaks}"}
        with celery.Celery(broker=town.environment(1)["REDIS_URL"]) as sender:
            sender.send_task("ballots.tasks.declare_ended_ballots")  # once; nothing repeats it
        worker = town.run(WORKER, **how)
        for number in range(kills):
            before = len(declared(town))
            until(
                lambda n=before: len(declared(town)) > n,
                "the worker does nothing",
                within=90 if not number else patience,
            )
            worker.kill()
            # A worker looks for what others left when it starts, and then only every hundred seconds.
            time.sleep(VISIBLE_AGAIN)
            worker = town.run(WORKER, **how)
        deadline = time.monotonic() + patience
        while len(set(declared(town))) < BALLOTS and time.monotonic() < deadline:
            time.sleep(0.2)
        undeclared = town.rows("SELECT count(*) FROM ballots_ballot WHERE declared_at IS NULL AND closes_at < now()")[
            0
        ][0]
        wrong = effects_are_single(declared(town), ballots)
        return wrong, undeclared


def test_f10_a_task_of_a_killed_worker_is_done_by_another_once(report):
    wrong, undeclared = run(kills=2)

    report("F10", kills=2, ballots=BALLOTS)
    assert wrong == []
    assert undeclared == 0


def test_f10_control_a_worker_that_acknowledges_early_loses_its_task():
    wrong, _undeclared = run(kills=1, breaks="acknowledges_early", patience=12)

    assert wrong != []
