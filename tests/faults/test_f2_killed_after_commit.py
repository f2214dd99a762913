"""F2: the server dies when a vote is committed and its answer has not left."""

import time

import pytest

from tests.faults.clients import voting
from tests.faults.invariants import no_refusals, receipts_are_recorded, tally_is_recount, votes_are_kept
from tests.faults.town import Town

pytestmark = pytest.mark.faults
VOTERS = 30


def run(deaths: int, *, breaks: str = ""):
    with Town("F2") as town:
        death_row = town.folder / "deaths"
        death_row.mkdir()
        more = {"breaks": f"dies_after_commit {breaks}", "DEATHS_DIR": str(death_row)}
        server = town.serve(**more)
        with voting(town, lambda: server, VOTERS):
            for number in range(deaths):
                time.sleep(1)
                (death_row / f"death-{number}").touch()
                limit = time.monotonic() + 30
                while not server.is_dead() and time.monotonic() < limit:
                    time.sleep(0.02)
                assert server.is_dead()
                server = town.serve(port=server.port, **more)
            time.sleep(1)
        stored, operations = town.votes(), town.history.operations
        wrong = (
            votes_are_kept(operations, stored)
            + no_refusals(operations)
            + receipts_are_recorded(operations, town.records())
        )
        wrong += tally_is_recount(server.tally(town.facts["ballot"], town.facts["people"][0]["session"]), stored)
        return wrong, town.history


def test_f2_a_retry_is_answered_as_the_lost_answer_would_have_been(report):
    wrong, history = run(deaths=4)

    report("F2", deaths=4, ok=history.count("ok"), unknown=history.count("info"))
    assert wrong == []
    assert history.count("info") >= 4
    assert history.count("ok") > 3 * VOTERS


def test_f2_control_a_server_that_answers_a_retry_anew_is_found():
    wrong, _history = run(deaths=3, breaks="answers_retries_anew")

    assert wrong != []
