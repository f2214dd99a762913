"""F22: people lose their seat in a closed group while its discussion is busy."""

import time

import pytest

from tests.faults.clients import Writer, at_work
from tests.faults.history import OK, now
from tests.faults.screens import Audience
from tests.faults.town import Town, until

pytestmark = pytest.mark.faults
WRITERS, REMOVED, KEPT, PAUSE = 150, 25, 25, 2.7
"""Nobody may write more than ten comments a minute, so it takes many for fifty a second."""
SECONDS = 5.0
"""How long after the change of a permission the last entry may be told."""


def run(*, breaks: str = ""):
    with Town("F22", redis=True) as town:
        thread, people = town.facts["group_thread"], town.facts["people"]
        web, live = town.serve(breaks=breaks), town.serve(breaks=breaks, tasks=False)
        servers = [web, live]
        members = people[WRITERS : WRITERS + REMOVED + KEPT]
        removed = [person["id"] for person in members[:REMOVED]]
        with Audience(
            len(members),
            lambda n: servers[n % 2].port,
            log=f"thread:{thread}",
            state=f"state:thread:{thread}",
            sessions=[person["session"] for person in members],
        ) as audience:
            until(audience.are_in, "the members' screens did not join")
            writers = [Writer(town, n, lambda: web.port, about=thread, pause=PAUSE) for n in range(WRITERS)]
            with at_work(writers):
                until(lambda: town.history.count(OK) > WRITERS, "nothing is written", within=60)
                before, began = town.history.count(OK), now()
                town.manage(
                    "shell",
                    "-c",
                    "from councils.models import Membership\n"
                    f"for seat in Membership.objects.filter(person_id__in={removed}): seat.delete()",
                )
                gone = now()
                time.sleep(SECONDS + 3)
                last = now()
                rate = (town.history.count(OK) - before) / (last - began)
                poll = f"/canli/yokla/?t=thread:{thread}"
                told = {
                    person["id"] for person in members if b"refused" not in web.get(poll, session=person["session"])[1]
                }
            gained, lost = audience.screens[REMOVED:], audience.screens[:REMOVED]
            wrong = [
                f"{screen.number} was told after losing the seat"
                for screen in lost
                if any(at > gone + SECONDS for at, _, _ in screen.shown)
            ]
            wrong += [f"{person} is told who asks anew" for person in told & set(removed)]
            wrong += [f"{person} is refused with a seat" for person in {p["id"] for p in members[REMOVED:]} - told]
            wrong += [
                f"{screen.number} saw nothing before"
                for screen in lost
                if not any(at < gone for at, _, _ in screen.shown)
            ]
            wrong += [
                f"{screen.number} kept the seat and was told nothing"
                for screen in gained
                if not any(gone + SECONDS < at < last + 5 for at, _, _ in screen.shown)
            ]
            latest = max((at - gone for screen in lost for at, _, _ in screen.shown), default=0.0)
            return wrong, {"per_second": rate, "last_told_s": latest}


def test_f22_nothing_is_told_to_those_who_lost_their_seat(report):
    wrong, seen = run()

    report("F22", removed=REMOVED, **seen)
    assert wrong == []


def test_f22_control_hubs_that_never_ask_again_are_found(caught):
    wrong, _seen = run(breaks="never_rechecks")

    caught("F22", "hubs that never ask again", wrong, "was told after losing the seat")
