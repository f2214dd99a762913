"""F7: PostgreSQL is stopped at once, as by a power cut, and comes back."""

import signal
import time

import pytest

from tests.faults.clients import voting
from tests.faults.invariants import recovered
from tests.faults.observer import Observer
from tests.faults.town import Town

pytestmark = pytest.mark.faults
VOTERS, PAUSE = 100, 0.3
RECOVERY = 10.0


def run(stops: int, *, forgetful: bool = False):
    with Town("F7") as town:
        if forgetful:  # answers before the log is on disk, and is in no hurry to write it
            town.rows("ALTER SYSTEM SET wal_writer_delay = '10s'")
            town.rows("ALTER SYSTEM SET synchronous_commit = off")
            town.rows("SELECT pg_reload_conf()")
        server = town.serve()
        observer, starts = Observer(town), []
        with voting(town, lambda: server, VOTERS, pause=PAUSE):
            for number in range(stops):
                time.sleep(3)
                if number == 0 and not forgetful:  # a seal would put all votes before it on disk
                    observer.look(server)
                town.stop_postgres(signal.SIGQUIT)
                time.sleep(0.5)
                town.start_postgres()
                starts.append(time.monotonic())
            time.sleep(3)
        again = [town.history.first_answer_after(start) - start for start in starts]
        wrong = observer.judge(server) + recovered(again, RECOVERY, calm=town.calm)
        seen = {"reconnect_s": max(again), "silence_s": town.history.longest_silence(), "heads": len(observer.heads)}
        return wrong, town.history, seen


def test_f7_what_was_answered_survives_a_power_cut(report):
    wrong, history, seen = run(stops=3)

    report("F7", voters=VOTERS, stops=3, ok=history.count("ok"), unknown=history.count("info"), **seen)
    assert wrong == []
    assert history.count("ok") > 5 * VOTERS
    assert history.count("info") > 0
    assert seen["heads"] > 1


def test_f7_control_a_database_that_answers_before_it_writes_is_found(caught):
    wrong, _history, _seen = run(stops=1, forgetful=True)

    caught("F7", "synchronous_commit = off", wrong, "acknowledged|recorded None")
