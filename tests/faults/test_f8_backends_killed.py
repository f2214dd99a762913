"""F8: connections to PostgreSQL are ended at random while people vote."""

import time

import pytest

from tests.faults.clients import voting
from tests.faults.observer import Observer
from tests.faults.town import Town

pytestmark = pytest.mark.faults
VOTERS, PAUSE = 100, 0.3
KILL = """
    SELECT pg_terminate_backend(pid) FROM (
        SELECT pid FROM pg_stat_activity
         WHERE datname = 'meydan' AND pid <> pg_backend_pid() AND backend_type = 'client backend'
         ORDER BY state = 'active' DESC, pid OFFSET %s LIMIT 1
    ) AS chosen
"""


def run(seconds: float, *, breaks: str = ""):
    with Town("F8") as town:
        server, observer = town.serve(breaks=breaks), Observer(town)
        observer.look(server)
        killed = 0
        with voting(town, lambda: server, VOTERS, pause=PAUSE):
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                killed += len(town.rows(KILL, [town.random.randrange(3)]))
                time.sleep(0.1)
        return observer.judge(server), town.history, killed


def test_f8_no_vote_is_answered_without_its_row(report):
    wrong, history, killed = run(10)

    report("F8", voters=VOTERS, killed=killed, ok=history.count("ok"), unknown=history.count("info"))
    assert wrong == []
    assert killed > 10
    assert history.count("ok") > 5 * VOTERS


def test_f8_control_a_server_that_hides_the_databases_errors_is_found(caught):
    wrong, _history, _killed = run(8, breaks="hides_database_errors")

    caught("F8", "a server that hides database errors", wrong, "acknowledged|recorded None")
