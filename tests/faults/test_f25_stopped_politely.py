"""F25: a server and a worker are asked to stop (SIGTERM) with sockets open and a task at work."""

import signal
import time

import pytest

from tests.faults import chores
from tests.faults.clients import Writer, at_work
from tests.faults.invariants import effects_are_single, logs_have_no_gap, screens_agree
from tests.faults.screens import Audience
from tests.faults.tasks import KINDS, Tasks
from tests.faults.town import Town, until

pytestmark = pytest.mark.faults
SCREENS, TASKS, CHORES = 100, 100, 20


def run(how: int, *, patience: float = 30):
    with Town("F25", redis=True) as town:
        log, state = f"thread:{town.facts['thread']}", f"state:thread:{town.facts['thread']}"
        web, live = town.serve(tasks=False), town.serve(tasks=False)
        with Audience(SCREENS, lambda _: live.port, log=log, state=state) as audience:
            until(audience.are_in, "the screens did not join")
            writers = [Writer(town, n, lambda: web.port, about=town.facts["thread"], pause=0.5) for n in range(3)]
            with at_work(writers):
                time.sleep(1)
                live.signal(how)
                until(live.is_dead, "the server did not stop")
                live = town.serve(port=live.port, tasks=False)
                time.sleep(1)
            head, deadline = town.head_of(log), time.monotonic() + patience
            while set(audience.positions().values()) != {head} and time.monotonic() < deadline:
                time.sleep(0.1)
            wrong = screens_agree(audience.positions(), head) + logs_have_no_gap(audience.logs())
            wrong += [f"screen {s.number} was closed with {s.codes}" for s in audience.screens if s.codes[:1] != [1012]]
        return wrong, head


def test_f25_screens_are_sent_away_with_1012_and_miss_nothing(report):
    wrong, head = run(signal.SIGTERM)

    report("F25", screens=SCREENS, entries=head)
    assert wrong == []


def test_f25_control_a_killed_server_says_nothing(caught):
    wrong, _head = run(signal.SIGKILL)

    caught("F25", "a server that is killed instead", wrong, "was closed with")


def stop_a_worker(how: int):
    """In the middle of its tasks; then another does what is left."""
    with Town("F25", redis=True) as town:
        wanted = town.chores(CHORES, 0)
        tasks = Tasks(town)
        tasks.send(town.random.choices(KINDS, k=TASKS))
        worker = tasks.worker()
        until(lambda: len(tasks.done()) > 5 and tasks.in_the_middle(), "the worker does nothing", within=90)
        worker.signal(how)
        until(worker.is_dead, "the worker did not stop", within=60)
        wrong = [f"{task} was begun and not finished" for task in tasks.in_the_middle()]
        kept, done = tasks.waiting(), len(set(tasks.done()))
        if kept + done != TASKS:
            wrong.append(f"{TASKS} were sent, {done} are done and {kept} are kept")
        if not wrong:
            tasks.worker()
            until(lambda: not tasks.waiting(), "the next worker does not do the rest", within=90)
            wrong += tasks.never_done() + effects_are_single(chores.effects(town.rows), wanted)
            wrong += chores.left_behind(town.rows)
        tasks.write_down()
        return wrong, {"tasks": TASKS, "done_before": done, "kept": kept}


def test_f25_a_worker_finishes_its_tasks_before_it_stops_and_leaves_the_others(report):
    wrong, seen = stop_a_worker(signal.SIGTERM)

    report("F25 worker", **seen)
    assert wrong == []
    assert seen["kept"] > 0  # there was more to do


def test_f25_control_a_killed_worker_finishes_nothing(caught):
    wrong, _seen = stop_a_worker(signal.SIGKILL)

    caught("F25 worker", "a worker that is killed instead", wrong, "was begun and not finished")
