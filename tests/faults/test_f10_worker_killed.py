"""F10: Celery workers are killed in the middle of their tasks."""

import time
from collections import Counter

import pytest

from tests.faults import chores
from tests.faults.invariants import effects_are_single
from tests.faults.tasks import KINDS, Tasks
from tests.faults.town import Town, until

pytestmark = pytest.mark.faults
TASKS, CHORES, DUE_SECONDS, BETWEEN = 500, 150, 40, 40
VISIBLE_AGAIN = 6
"""Seconds after which what a dead worker had taken may be taken again; see `broken.redelivers_soon`."""


def run(kills: int, *, breaks: str = "", patience: float = 90):
    with Town("F10", redis=True) as town:
        wanted = town.chores(CHORES, DUE_SECONDS)
        tasks = Tasks(town)
        tasks.send(town.random.choices(KINDS, k=TASKS))
        worker = tasks.worker(f"works_slowly redelivers_soon {breaks}")
        for _ in range(kills):
            before = len(tasks.notes())
            until(
                lambda n=before: len(tasks.done(n)) >= BETWEEN and tasks.in_the_middle(n),
                f"the worker does nothing: {worker.said()[-500:]}",
                within=90,
            )
            worker.kill()
            # A worker looks for what others left when it starts, and then only every hundred seconds.
            time.sleep(VISIBLE_AGAIN)
            worker = tasks.worker(f"works_slowly redelivers_soon {breaks}")
        until(lambda: chores.are_due(town.rows), "nothing more is due", within=90)
        tasks.send(KINDS)
        tasks.rest(patience)
        tasks.write_down()
        wrong = tasks.never_done() + effects_are_single(chores.effects(town.rows), wanted)
        wrong += chores.left_behind(town.rows)
        town.manage("seal_log")
        wrong += town.complaints_of("verify_log") + town.complaints_of("audit_ballots")
        begun = Counter(task for task, what, _ in tasks.notes() if what == "begun")
        return wrong, {"tasks": len(tasks.sent), "effects": len(wanted), "torn": sum(n > 1 for n in begun.values())}


def test_f10_a_task_of_a_killed_worker_is_done_by_another_and_has_its_effect_once(report):
    wrong, seen = run(kills=4)

    report("F10", kills=4, **seen)
    assert wrong == []
    assert seen["torn"] >= 4  # it was really killed in the middle, each time


def test_f10_control_a_worker_that_acknowledges_early_loses_its_tasks(caught):
    wrong, _seen = run(kills=1, breaks="acknowledges_early")

    caught("F10", "a worker that acknowledges a task as soon as it has it", wrong, "was never done")
