"""F5: Redis does not answer for a while, without being gone."""

import signal
import time

import pytest

from tests.faults.history import INFO, OK, now
from tests.faults.invariants import logs_have_no_gap, recovered, screens_agree
from tests.faults.meeting import SCREENS, Meeting
from tests.faults.observer import Observer
from tests.faults.town import Town

pytestmark = pytest.mark.faults
AGREED = 5.0
PATIENCE = 5.0
"""Seconds that nobody waits for a vote longer than while Redis does not answer."""
MORE_THREADS = 80


def run(*, pause: float, breaks: str = ""):
    with Town("F5", redis=True) as town, Meeting(town, breaks=breaks) as meeting:
        observer = Observer(town)
        with meeting.goes_on():
            observer.look(meeting.servers[0])
            before = [server.threads() for server in meeting.servers]
            most = list(before)
            town.redis.send_signal(signal.SIGSTOP)
            began = now()
            try:
                while now() < began + pause:
                    time.sleep(0.5)
                    most = [max(old, server.threads()) for old, server in zip(most, meeting.servers, strict=True)]
            finally:
                town.redis.send_signal(signal.SIGCONT)
            ended = now()
            time.sleep(3)
        agreed = meeting.screens.agree(meeting.head(), meeting.tally(), within=60)
        asked = [o for o in town.history.operations if began + 2 < o.invoked and o.invoked < ended - PATIENCE]
        during = [o for o in asked if o.outcome == OK]
        wrong = [
            f"{o.does} took {o.returned - o.invoked:.1f} s while Redis did not answer"
            for o in asked
            if o.returned - o.invoked > max(PATIENCE, 3 * town.calm)
        ]
        if not any(o.does == "vote" for o in during):
            wrong.append("no vote was taken while Redis did not answer")
        wrong += [
            f"{now_} threads, {then} before"
            for then, now_ in zip(before, most, strict=True)
            if now_ > then + MORE_THREADS
        ]
        wrong += recovered([agreed], AGREED, calm=town.calm)
        head, tally = meeting.head(), meeting.tally()
        wrong += screens_agree(meeting.screens.positions(), head) + screens_agree(meeting.screens.states(*tally), tally)
        wrong += logs_have_no_gap(meeting.screens.logs()) + observer.judge(meeting.servers[0])
        return wrong, {
            "screens": SCREENS,
            "entries": head,
            "during": len(during),
            **meeting.pace(),
            "unknown": town.history.count(INFO),
            "slowest_s": max((o.returned - o.invoked for o in asked), default=0.0),
            "threads_before": max(before),
            "threads": max(most),
            "agreed_after_s": agreed,
        }


def test_f5_votes_are_taken_while_redis_does_not_answer(report):
    wrong, seen = run(pause=30)

    report("F5", pause_s=30, **seen)
    assert wrong == []
    assert seen["during"] > 100


def test_f5_control_a_server_that_waits_for_redis_is_found(caught):
    wrong, _seen = run(pause=15, breaks="waits_for_redis")

    caught("F5", "a cache that waits for Redis", wrong, "took .* while Redis did not answer|no vote was taken")
