"""F1: the web server is killed again and again while people vote."""

import time

import pytest

from tests.faults.clients import voting
from tests.faults.invariants import no_refusals, receipts_are_recorded, tally_is_recount, votes_are_kept
from tests.faults.town import Town

pytestmark = pytest.mark.faults
VOTERS = 40


def run(kills: int, seconds: float, *, breaks: str = ""):
    with Town("F1") as town:
        server = town.serve(breaks=breaks)
        recoveries = []
        with voting(town, lambda: server, VOTERS):
            for _ in range(kills):
                time.sleep(seconds)
                server.kill()
                began = time.monotonic()
                server = town.serve(port=server.port, breaks=breaks)
                recoveries.append(time.monotonic() - began)
            time.sleep(seconds)
        stored = town.votes()
        wrong = votes_are_kept(town.history.operations, stored) + no_refusals(town.history.operations)
        wrong += receipts_are_recorded(town.history.operations, town.records())
        wrong += tally_is_recount(server.tally(town.facts["ballot"], town.facts["people"][0]["session"]), stored)
        return wrong, town.history, recoveries


def test_f1_no_answered_vote_is_lost_or_counted_twice(report):
    wrong, history, recoveries = run(kills=4, seconds=2)

    report("F1", kills=4, ok=history.count("ok"), unknown=history.count("info"), recovery_s=max(recoveries))
    assert wrong == []
    assert history.count("ok") > 10 * VOTERS
    assert history.count("info") > 0  # it was really killed in the middle


def test_f1_control_a_server_that_forgets_votes_is_found():
    wrong, _history, _recoveries = run(kills=1, seconds=1, breaks="forgets_some_votes")

    assert wrong != []
