"""F13: the web server's clock is wrong while a ballot ends. Only the database's clock decides."""

import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.faults.clients import Voter, at_work
from tests.faults.history import FAIL, OK
from tests.faults.invariants import nothing_after, tally_is_recount, votes_are_kept
from tests.faults.town import Town

pytestmark = pytest.mark.faults
VOTERS = 12
SHIFTS = {"ten minutes behind": "-600", "ten minutes ahead": "+600"}


def faketime() -> str:
    """The library that shifts the clock of one process."""
    found = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if found is None:
        where = shutil.which("faketime")
        pytest.skip(f"libfaketime is absent (faketime: {where}): apt-get install libfaketime")
    return str(found)


def run(shift: str, *, trusting: bool = False):
    with Town("F13") as town:
        if trusting:  # as if the database asked the web server what time it is
            town.rows(
                "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS "
                f"$$ SELECT pg_catalog.clock_timestamp() + interval '{shift} seconds' $$"
            )
            town.rows("ALTER DATABASE meydan SET search_path = public, pg_catalog")
        server = town.serve(LD_PRELOAD=faketime(), FAKETIME=f"{shift}s", FAKETIME_DONT_FAKE_MONOTONIC="1")
        ballot = town.add_ballots(1, 25)[0]  # the first requests of a process take seconds on a slow machine
        closing = town.rows("SELECT closes_at FROM ballots_ballot WHERE id = %s", [ballot])[0][0]
        left = (closing - datetime.now(UTC)).total_seconds()
        closes = time.monotonic() + left
        voters = [Voter(town, n, lambda: server.port, about=ballot) for n in range(VOTERS)]
        with at_work(voters):
            time.sleep(max(0.0, left) + 3)
        stored, operations = town.votes(ballot), town.history.operations
        moments = dict(town.rows("SELECT id, changed_at FROM ballots_vote WHERE ballot_id = %s", [ballot]))
        wrong = nothing_after(closing, moments) + votes_are_kept(operations, stored)
        for o in operations:
            late, early = o.invoked - closes, closes - o.returned
            if o.outcome == OK and late > 0.1:
                wrong.append(f"accepted {late:.3f} s late")
            if o.outcome == FAIL and (early > 0.1 or "closed" not in str(o.detail)):
                wrong.append(f"refused {early:.3f} s early: {o.detail}")
        if not trusting:
            # The worker and its clock are right; the session still opens the ballot although the web server's is wrong.
            town.manage("shell", "-c", "from ballots.actions import declare_ended_ballots; declare_ended_ballots()")
            wrong += tally_is_recount(server.tally(ballot, town.facts["people"][0]["session"]), stored)
        return wrong, town.history


@pytest.mark.parametrize("shift", SHIFTS)
def test_f13_a_wrong_clock_of_the_web_server_moves_no_closing(report, shift):
    wrong, history = run(SHIFTS[shift])

    report("F13", shift=shift, ok=history.count(OK), refused=history.count(FAIL))
    assert wrong == []
    assert history.count(OK) > 0
    assert history.count(FAIL) > 0


def test_f13_control_a_database_that_believes_the_web_server_is_found():
    wrong, _history = run("-600", trusting=True)

    assert wrong != []
