"""F7: PostgreSQL is stopped at once, as by a power cut, and comes back."""

import signal
import time

import pytest

from tests.faults.clients import voting
from tests.faults.invariants import no_refusals, receipts_are_recorded, tally_is_recount, votes_are_kept
from tests.faults.town import Town

pytestmark = pytest.mark.faults
VOTERS = 40


def run(stops: int, *, forgetful: bool = False):
    with Town("F7") as town:
        if forgetful:  # answers before the log is on disk, and is in no hurry to write it
            town.rows("ALTER SYSTEM SET wal_writer_delay = '10s'")
            town.rows("ALTER SYSTEM SET synchronous_commit = off")
            town.rows("SELECT pg_reload_conf()")
        server = town.serve()
        with voting(town, lambda: server, VOTERS):
            for _ in range(stops):
                time.sleep(3)
                town.stop_postgres(signal.SIGQUIT)
                time.sleep(0.5)
                town.start_postgres()
            time.sleep(3)
        stored = town.votes()
        wrong = votes_are_kept(town.history.operations, stored) + no_refusals(town.history.operations)
        wrong += receipts_are_recorded(town.history.operations, town.records())
        wrong += tally_is_recount(server.tally(town.facts["ballot"], town.facts["people"][0]["session"]), stored)
        return wrong, town.history


def test_f7_what_was_answered_survives_a_power_cut(report):
    wrong, history = run(stops=2)

    report("F7", stops=2, ok=history.count("ok"), unknown=history.count("info"), silence_s=history.longest_silence())
    assert wrong == []
    assert history.count("ok") > 5 * VOTERS
    assert history.count("info") > 0
    assert history.longest_silence() < 30  # ten on a quiet machine


def test_f7_control_a_database_that_answers_before_it_writes_is_found():
    wrong, _history = run(stops=1, forgetful=True)

    assert wrong != []
