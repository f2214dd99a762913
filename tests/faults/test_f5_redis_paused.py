"""F5: Redis does not answer for a while, without being gone."""

import signal
import time

import pytest

from tests.faults.clients import voting
from tests.faults.history import OK
from tests.faults.invariants import no_refusals, votes_are_kept
from tests.faults.screens import Audience
from tests.faults.town import Town, until

pytestmark = pytest.mark.faults
VOTERS, SCREENS = 24, 60


def run(*, pause: float, breaks: str = ""):
    with Town("F5", redis=True) as town:
        server = town.serve(breaks=breaks)
        log, state = f"thread:{town.facts['thread']}", f"state:ballot:{town.facts['ballot']}"
        with Audience(SCREENS, lambda _: server.port, log=log, state=state) as audience:
            until(audience.are_in, "the screens did not join")
            threads = [server.threads()]
            with voting(town, lambda: server, VOTERS):
                time.sleep(2)
                began = time.monotonic()
                town.redis.send_signal(signal.SIGSTOP)
                try:
                    while time.monotonic() < began + pause:
                        time.sleep(0.5)
                        threads.append(server.threads())
                finally:
                    town.redis.send_signal(signal.SIGCONT)
                ended = time.monotonic()
                time.sleep(1)
            during = [
                o for o in town.history.operations if o.outcome == OK and began + 2 < o.invoked and o.returned < ended
            ]
            stored = town.votes()
            wrong = votes_are_kept(town.history.operations, stored) + no_refusals(town.history.operations)
            if len(during) < VOTERS:
                wrong.append(f"{len(during)} votes were taken while Redis did not answer")
            if max(threads) > threads[0] + 80:
                wrong.append(f"{max(threads)} threads, {threads[0]} before")
            truth = {paper: sum(vote.paper == paper for vote in stored) for paper in ("yes", "no", "abstain")}
            if not wrong:
                until(lambda: all(shown == truth for shown in audience.states(*truth).values()), "the screens differ")
            slowest = max((o.returned - o.invoked for o in during), default=0.0)
            return wrong, {"during": len(during), "slowest_s": slowest, "threads": max(threads)}


def test_f5_votes_are_taken_while_redis_does_not_answer(report):
    wrong, seen = run(pause=15)

    report("F5", pause_s=15, **seen)
    assert wrong == []


def test_f5_control_a_server_that_waits_for_redis_is_found():
    wrong, _seen = run(pause=8, breaks="waits_for_redis")

    assert wrong != []
