"""F4: Redis is killed in the middle of a meeting and comes back empty."""

import time

import pytest

from tests.faults.clients import Voter, Writer, at_work
from tests.faults.history import INFO, OK
from tests.faults.invariants import logs_have_no_gap, no_refusals, screens_agree, votes_are_kept
from tests.faults.screens import Audience
from tests.faults.town import Town, until

pytestmark = pytest.mark.faults
SCREENS, WRITERS, VOTERS = 120, 8, 12


def run(*, breaks: str = "", patience: float = 40):
    with Town("F4", redis=True) as town:
        log, state = f"thread:{town.facts['thread']}", f"state:ballot:{town.facts['ballot']}"
        first, second = town.serve(breaks=breaks), town.serve(breaks=breaks, tasks=False)
        servers = [first, second]
        with Audience(SCREENS, lambda n: servers[n % 2].port, log=log, state=state) as audience:
            until(audience.are_in, "the screens did not join")
            writers = [
                Writer(town, n, lambda n=n: servers[n % 2].port, about=town.facts["thread"], pause=0.5)
                for n in range(WRITERS)
            ]
            voters = [Voter(town, 20 + n, lambda n=n: servers[n % 2].port, pause=0.5) for n in range(VOTERS)]
            with at_work([*writers, *voters]):
                time.sleep(3)
                town.kill_redis()
                gone = time.monotonic()
                time.sleep(4)
            answered = sum(o.outcome == OK and o.invoked > gone for o in town.history.operations)
            unknown = sum(o.outcome == INFO for o in town.history.operations)
            town.start_redis()
            head, stored, began, waited = town.head_of(log), town.votes(), time.monotonic(), None
            truth = {paper: sum(vote.paper == paper for vote in stored) for paper in ("yes", "no", "abstain")}
            while time.monotonic() < began + patience:
                if set(audience.positions().values()) == {head} and not screens_agree(audience.states(*truth), truth):
                    waited = time.monotonic() - began
                    break
                time.sleep(0.1)
            wrong = screens_agree(audience.positions(), head) + logs_have_no_gap(audience.logs())
            wrong += screens_agree(audience.states(*truth), truth)
            wrong += votes_are_kept(town.history.operations, stored) + no_refusals(town.history.operations)
            return wrong, {
                "entries": head,
                "answered_without_redis": answered,
                "unknown": unknown,
                "agreed_after_s": waited,
            }


def test_f4_redis_may_be_wiped_and_nothing_is_lost(report):
    wrong, seen = run()

    report("F4", screens=SCREENS, **seen)
    assert wrong == []
    assert seen["answered_without_redis"] > 0


def test_f4_control_hubs_that_trust_the_bus_alone_are_found():
    wrong, _seen = run(breaks="never_sweeps never_compares", patience=12)

    assert wrong != []
