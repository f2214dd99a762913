"""F1: the web server is killed again and again while people vote."""

import time

import pytest

from tests.faults.clients import voting
from tests.faults.invariants import recovered
from tests.faults.observer import Observer
from tests.faults.town import Town, until

pytestmark = pytest.mark.faults
VOTERS, PAUSE = 200, 0.6
EVERY = 2.0
"""Seconds between two deaths."""
RECOVERY = 5.0


def run(kills: int, *, breaks: str = ""):
    with Town("F1") as town:
        server = town.serve(breaks=breaks)
        observer, recoveries = Observer(town), []
        with voting(town, lambda: server, VOTERS, pause=PAUSE):
            for number in range(kills):
                time.sleep(EVERY)
                server.kill()
                began = time.monotonic()
                server = town.serve(port=server.port, breaks=breaks)
                recoveries.append(time.monotonic() - began)
                if number == 0:
                    observer.look(server)
            time.sleep(EVERY)
        wrong = observer.judge(server) + recovered(recoveries, RECOVERY, calm=town.calm)
        return wrong, town.history, {"recovery_s": max(recoveries), "heads": len(observer.heads)}


def test_f1_no_answered_vote_is_lost_or_counted_twice(report):
    wrong, history, seen = run(kills=5)

    report("F1", voters=VOTERS, kills=5, ok=history.count("ok"), unknown=history.count("info"), **seen)
    assert wrong == []
    assert history.count("ok") > 5 * VOTERS
    assert history.count("info") > 0  # it was really killed in the middle
    assert seen["heads"] > 1


def test_f1_control_a_server_that_forgets_votes_is_found(caught):
    wrong, _history, _seen = run(kills=1, breaks="forgets_some_votes")

    caught("F1", "a server that forgets every seventh vote", wrong, "changed|not there|recorded None")


def test_f1_control_a_record_changed_behind_the_log_is_found(caught):
    with Town("F1") as town:
        server, observer = town.serve(), Observer(town)
        with voting(town, lambda: server, 20):
            until(lambda: town.history.count("ok") > 100, "nobody votes")
        assert observer.judge(server) == []
        town.rows("ALTER TABLE ballots_voterecord DISABLE TRIGGER USER")
        town.rows(
            "UPDATE ballots_voterecord SET paper = CASE paper WHEN 'yes' THEN 'no' ELSE 'yes' END"
            " WHERE id = (SELECT max(id) FROM ballots_voterecord)"
        )
        town.rows("ALTER TABLE ballots_voterecord ENABLE TRIGGER USER")
        wrong = observer.judge(server)

    caught("F1", "a changed record (verify_log)", wrong, "ballots.vote_record .* değiştirilmiş")
    caught("F1", "a changed record (audit_ballots)", wrong, "son kaydı")
