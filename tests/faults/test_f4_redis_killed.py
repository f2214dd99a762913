"""F4: Redis is killed in the middle of a meeting and comes back empty; then once more, when almost nothing happens."""

import time

import pytest

from tests.faults.history import INFO, OK, now
from tests.faults.invariants import logs_have_no_gap, recovered, screens_agree, told_to_nobody_else
from tests.faults.meeting import Meeting
from tests.faults.observer import Observer
from tests.faults.screens import Audience
from tests.faults.town import Town, until

pytestmark = pytest.mark.faults
REMOVED, STAYING, STRANGERS = 10, 10, 10
MEMBERS = slice(160, 180)
GROUP_WRITERS, PAUSE = 20, 6.4
GROUP_WRITERS_FROM = 180
OUTAGE = 10.0
NOT_TOLD = 5.0
"""Seconds after which nothing is told to somebody who lost their seat, Redis or not."""
AGREED = 5.0


def run(*, breaks: str = "", patience: float = 60):
    with Town("F4", redis=True) as town, Meeting(town, breaks=breaks) as meeting:
        observer, people, strangers = Observer(town), town.facts["people"], town.facts["strangers"]
        group, members = town.facts["group_thread"], people[MEMBERS]
        closed = {"log": f"thread:{group}", "state": f"state:thread:{group}"}
        inside = Audience(len(members), meeting.port, sessions=[one["session"] for one in members], **closed)
        outside = Audience(len(strangers), meeting.port, sessions=[one["session"] for one in strangers], **closed)
        group_writers = [meeting.writer(GROUP_WRITERS_FROM + n, about=group, pause=PAUSE) for n in range(GROUP_WRITERS)]
        with inside, outside:
            until(inside.are_in, "the members did not join")
            with meeting.goes_on(*group_writers):
                observer.look(meeting.servers[0])
                town.kill_redis()
                killed = now()
                time.sleep(1)
                # Nobody gives an order: hubs have to find it by themselves.
                lost = [person["id"] for person in members[:REMOVED]]
                town.rows("DELETE FROM councils_membership WHERE person_id = ANY(%s)", [lost])
                unseated = now()
                time.sleep(OUTAGE)
                revived = now()
                town.start_redis()
                time.sleep(3)
            agreed = meeting.screens.agree(meeting.head(), meeting.tally(), within=patience)
            # Once more, in silence: of this comment no hub of another process hears, and no later one shows the gap.
            town.kill_redis()
            town.history.add(meeting.writer(0).ask("Son yorum", "00000000-0000-4000-8000-000000000001"))
            agreed_alone = meeting.screens.agree(meeting.head(), meeting.tally(), within=patience)
            town.start_redis()
            time.sleep(1)
            head, tally = meeting.head(), meeting.tally()
            wrong = screens_agree(meeting.screens.positions(), head) + screens_agree(
                meeting.screens.states(*tally), tally
            )
            wrong += logs_have_no_gap(meeting.screens.logs()) + logs_have_no_gap(inside.logs())
            wrong += recovered([agreed], AGREED, calm=town.calm) + recovered([agreed_alone], AGREED, calm=town.calm)
            told = {screen.number: [at for at, _, _ in screen.shown] for screen in inside.screens}
            wrong += told_to_nobody_else({n: told[n] for n in range(REMOVED)}, unseated + NOT_TOLD)
            wrong += told_to_nobody_else({s.number: [at for at, _, _ in s.shown] for s in outside.screens}, 0)
            wrong += [
                f"member {n} was told nothing while Redis was away"
                for n in range(REMOVED, len(members))
                if not any(unseated + NOT_TOLD < at < revived for at in told[n])
            ]
            latest = max((at - unseated for n in range(REMOVED) for at in told[n]), default=0.0)
        wrong += observer.judge(meeting.servers[0])
        during = [o for o in town.history.operations if o.outcome == OK and killed < o.invoked < revived]
        return wrong, {
            "screens": len(meeting.screens.screens),
            "entries": head + town.head_of(closed["log"]),
            "answered_without_redis": len(during),
            "slowest_s": max((o.returned - o.invoked for o in during), default=0.0),
            **meeting.pace(),
            "unknown": town.history.count(INFO),
            "agreed_after_s": agreed,
            "agreed_without_redis_s": agreed_alone,
            "unseated_told_s": latest,
        }


def test_f4_redis_may_be_wiped_and_nothing_is_lost(report):
    wrong, seen = run()

    report("F4", **seen)
    assert wrong == []
    assert seen["answered_without_redis"] > 0


def test_f4_control_hubs_that_trust_the_bus_alone_are_found(caught):
    wrong, _seen = run(breaks="never_sweeps never_compares", patience=15)

    caught("F4", "no sweep, and hubs that never look at the database", wrong, "client .* shows .*, the truth is")


def test_f4_control_hubs_that_never_ask_again_are_found(caught):
    wrong, _seen = run(breaks="never_rechecks", patience=15)

    caught("F4", "hubs that never ask again who may read", wrong, "entries it may not read")
