"""F25: a server and a worker are asked to stop (SIGTERM) with sockets open and a task at work."""

import signal
import time

import celery
import pytest

from tests.faults.clients import Writer, at_work
from tests.faults.invariants import effects_are_single, logs_have_no_gap, screens_agree
from tests.faults.screens import Audience
from tests.faults.test_f10_worker_killed import WORKER, declared
from tests.faults.town import Town, until

pytestmark = pytest.mark.faults
SCREENS, BALLOTS = 60, 15


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


def test_f25_control_a_killed_server_says_nothing():
    wrong, _head = run(signal.SIGKILL)

    assert any("was closed with" in complaint for complaint in wrong)


def test_f25_a_worker_finishes_its_task_before_it_stops():
    with Town("F25", redis=True) as town:
        ballots = [str(ballot) for ballot in town.add_ballots(BALLOTS, 1)]
        time.sleep(1.5)
        with celery.Celery(broker=town.environment(1)["REDIS_URL"]) as sender:
            sender.send_task("ballots.tasks.declare_ended_ballots")
        worker = town.run(WORKER, breaks="declares_slowly")
        until(lambda: declared(town), "the worker does nothing", within=90)
        worker.signal(signal.SIGTERM)
        until(worker.is_dead, "the worker did not stop", within=60)

        assert effects_are_single(declared(town), ballots) == []
