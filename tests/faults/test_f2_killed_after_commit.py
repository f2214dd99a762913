"""F2: the server dies when a vote is committed and its answer has not left."""

import time

import pytest

from tests.faults.clients import voting
from tests.faults.history import OK
from tests.faults.invariants import lost_answers_are_given
from tests.faults.observer import Observer
from tests.faults.town import Town, until

pytestmark = pytest.mark.faults
VOTERS = 50


def run(deaths: int, *, breaks: str = ""):
    with Town("F2") as town:
        death_row = town.folder / "deaths"
        death_row.mkdir()
        more = {"breaks": f"dies_after_commit {breaks}", "DEATHS_DIR": str(death_row)}
        server = town.serve(**more)
        observer, lost = Observer(town), {}
        with voting(town, lambda: server, VOTERS):
            for number in range(deaths):
                time.sleep(1)
                (death_row / f"death-{number}").touch()
                until(server.is_dead, "the server did not die")
                # What is in the database and was answered to nobody; who waits for it asks until there is a server again.
                answered = {(o.client, o.key) for o in list(town.history.operations) if o.outcome == OK}
                lost |= {(who, key): receipt for who, key, receipt in town.records() if (who, key) not in answered}
                server = town.serve(port=server.port, **more)
                if number == 0:
                    observer.look(server)
            time.sleep(1)
        wrong = observer.judge(server) + lost_answers_are_given(town.history.operations, lost)
        return wrong, town.history, len(lost)


def test_f2_a_retry_is_answered_as_the_lost_answer_would_have_been(report):
    wrong, history, lost = run(deaths=4)

    report("F2", voters=VOTERS, deaths=4, ok=history.count("ok"), unknown=history.count("info"), lost_answers=lost)
    assert wrong == []
    assert lost > 0
    assert history.count("ok") > 3 * VOTERS


def test_f2_control_a_server_that_answers_a_retry_anew_is_found(caught):
    wrong, _history, _lost = run(deaths=3, breaks="answers_retries_anew")

    caught("F2", "a server that answers a retry anew", wrong, "answered K0000000000000, recorded")
    caught("F2", "a server that answers a retry anew", wrong, "the lost answer")
