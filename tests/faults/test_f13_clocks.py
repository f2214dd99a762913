"""F13: the clocks of web servers and of a worker are wrong while a ballot ends. Only the database's clock decides."""

import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.faults import chores
from tests.faults.clients import Voter, at_work
from tests.faults.history import FAIL, OK
from tests.faults.invariants import nothing_after, receipts_are_recorded, tally_is_recount, votes_are_kept
from tests.faults.observer import Observer
from tests.faults.tasks import KINDS, Tasks
from tests.faults.town import Process, Town

pytestmark = pytest.mark.faults
VOTERS, CHORES, SECONDS = 12, 5, 30.0
"""Voters at each server. The first requests of a process take seconds on a slow machine; the ballot ends after that."""
CLOCKS = {"behind": "-600", "ahead": "+600", "jumps ahead": "+0 +600", "jumps back": "+0 -600"}
"""Seconds, of each web server; two that jump when the ballot ends."""
TOLERANCE = 0.1


def faketime() -> str:
    """The library that shifts the clock of one process."""
    found = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if found is None:
        where = shutil.which("faketime")
        pytest.skip(f"libfaketime is absent (faketime: {where}): apt-get install libfaketime")
    return str(found)


class Clock:
    """A clock that a process believes; it may be set while the process runs."""

    def __init__(self, town: Town, name: str, shift: str) -> None:
        self.file = town.folder / f"clock-{name.replace(' ', '-')}"
        self.set(shift)

    def set(self, shift: str) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(f"{shift}s\n")
        new.replace(self.file)

    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": faketime(),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }


def believe_the_web_server(town: Town, shift: str) -> None:
    """As if the database asked the web server what time it is."""
    town.rows(
        "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS "
        f"$$ SELECT pg_catalog.clock_timestamp() + interval '{shift} seconds' $$"
    )
    town.rows("ALTER DATABASE meydan SET search_path = public, pg_catalog")


def too_soon(town: Town) -> list[str]:
    """What the worker ended before its time, by the database's clock."""
    ended = town.rows(
        "SELECT entry.kind, entry.subject_id, entry.recorded_at, COALESCE(ballot.closes_at, proposal.support_closes_at)"
        " FROM journal_entry entry"
        " LEFT JOIN ballots_ballot ballot ON ballot.id = entry.subject_id AND entry.kind = 'ballots.declared'"
        " LEFT JOIN proposals_proposal proposal ON proposal.id = entry.subject_id AND entry.kind = 'proposals.support_missed'"
        " WHERE entry.kind IN ('ballots.declared', 'proposals.support_missed')"
    )
    return [f"{kind} {subject} at {at}, it ends at {due}" for kind, subject, at, due in ended if at < due]


def misjudged(operations, closes: float) -> list[str]:
    """I7 as the voters saw it: taken after the closing, or refused before it."""
    wrong = []
    for o in operations:
        late, early = o.invoked - closes, closes - o.returned
        if o.outcome == OK and late > TOLERANCE:
            wrong.append(f"accepted {late:.3f} s late")
        if o.outcome == FAIL and (early > TOLERANCE or "closed" not in str(o.detail)):
            wrong.append(f"refused {early:.3f} s early: {o.detail}")
    return wrong


def sessions_hold(town: Town, servers: dict[str, Process]) -> list[str]:
    """Whoever is signed in stays so, whatever the clock says, and gets a ticket for the live connection."""
    person, wrong = town.facts["people"][0], []
    for name, server in servers.items():
        for path in ("/api/v1/me/", f"/canli/bilet/?t=thread:{town.facts['thread']}"):
            status, body = server.get(path, session=person["session"])
            if status != 200 or b'"ticket":""' in body.replace(b" ", b""):
                wrong.append(f"{name}: {path} answers {status} {body[:100]!r}")
    return wrong


def run(clocks: dict[str, str], *, trusting: str = ""):
    with Town("F13", redis=True) as town:
        if trusting:
            believe_the_web_server(town, trusting)
        shown = {name: Clock(town, name, shift.split()[0]) for name, shift in clocks.items()}
        servers = {name: town.serve(tasks=False, **clock.environment()) for name, clock in shown.items()}
        tasks = Tasks(town)
        wanted = town.chores(CHORES, SECONDS) if not trusting else []
        tasks.worker("", **Clock(town, "worker", "+600").environment())
        ballot = town.add_ballots(1, SECONDS)[0]
        closing = town.rows("SELECT closes_at FROM ballots_ballot WHERE id = %s", [ballot])[0][0]
        left = (closing - datetime.now(UTC)).total_seconds()
        closes = time.monotonic() + left
        voters = [
            Voter(town, VOTERS * number + n, lambda server=server: server.port, about=ballot)
            for number, server in enumerate(servers.values())
            for n in range(VOTERS)
        ]
        with at_work(voters):
            while time.monotonic() < closes + 4:
                if time.monotonic() > closes - 1:
                    for name, shift in clocks.items():
                        shown[name].set(shift.split()[-1])
                tasks.send(KINDS if not tasks.waiting() else ())
                time.sleep(0.5)
        tasks.rest(30)
        tasks.send(KINDS)
        tasks.rest(60)
        stored, operations = town.votes(ballot), town.history.operations
        moments = dict(town.rows("SELECT id, changed_at FROM ballots_vote WHERE ballot_id = %s", [ballot]))
        wrong = nothing_after(closing, moments) + votes_are_kept(operations, stored) + misjudged(operations, closes)
        if not trusting:
            one = next(iter(servers.values()))
            wrong += receipts_are_recorded(operations, town.records()) + Observer(town).recompute(one)
            wrong += tally_is_recount(one.tally(ballot, town.facts["people"][0]["session"]), stored)
            wrong += sessions_hold(town, servers) + too_soon(town) + tasks.never_done()
            wrong += [f"{effect}: never" for effect in wanted if effect not in chores.effects(town.rows)]
        return wrong, town.history


def test_f13_wrong_clocks_move_no_closing(report):
    wrong, history = run(CLOCKS)

    report("F13", clocks=list(CLOCKS), ok=history.count(OK), refused=history.count(FAIL))
    assert wrong == []
    assert history.count(OK) > 0
    assert history.count(FAIL) > 0


def test_f13_control_a_database_that_believes_the_web_server_is_found(caught):
    wrong, _history = run({"behind": "-600"}, trusting="-600")

    caught("F13", "a database that believes the web server", wrong, "accepted .* late")
