"""F1: the server is killed again and again while people vote.

Voters write down what they asked and what they were answered; afterwards the database is compared with that history.
An answer that never came is "unknown": the vote may or may not have been written. What was answered must be there.
"""

from __future__ import annotations

import http.cookiejar
import json
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from participation import embedded
from tests.load.site import Site

pytestmark = pytest.mark.faults
VOTERS = ("derya@ornek.invalid", "mehmet@ornek.invalid", "elif@ornek.invalid")
KILLS = 4
SECONDS_BETWEEN = 2.0


@dataclass
class Voter:
    """Somebody who changes their vote without end; keeps every request with its answer."""

    base: str
    email: str
    history: list[tuple[str, str]] = field(default_factory=list)
    times_answered: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def sign_in(self) -> None:
        page = self.opener.open(f"{self.base}/demo/kisiler/", timeout=20).read().decode()
        who = f'name="who" value="{self.email.partition("@")[0]}"'
        form = next(form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if who in form)
        names = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
        address = f"{self.base}/demo/kisiler/"
        request = urllib.request.Request(address, urllib.parse.urlencode(names).encode(), {"Referer": address})
        self.opener.open(request, timeout=20).read()

    def vote(self, ballot: int, choice: str) -> None:
        token = next(cookie.value for cookie in self.jar if cookie.name == "meydan_csrf") or ""
        request = urllib.request.Request(
            f"{self.base}/api/v1/ballots/{ballot}/vote/",
            json.dumps({"paper": choice}).encode(),
            {"Content-Type": "application/json", "X-CSRFToken": token, "Referer": self.base},
            method="PUT",
        )
        try:
            answer = json.load(self.opener.open(request, timeout=20))
        except urllib.error.HTTPError as error:
            self.history.append((choice, f"fail {error.code}"))
        except OSError:
            self.history.append((choice, "unknown"))
            time.sleep(0.1)
        else:
            assert answer["paper"] == choice
            self.history.append((choice, "ok"))
            self.times_answered.append(answer["times"])
        time.sleep(0.05)  # below the limit of requests a minute


def faults_in(voter: Voter, rows: list[tuple[str, int]]) -> list[str]:
    """What does not fit between a voter's history and the rows of the database; empty when all is well."""
    found = []
    if len(rows) != 1:
        return [f"{len(rows)} rows"]
    choice, times = rows[0]
    acknowledged = max(voter.times_answered)
    # Only what was asked after the last answer, and never answered, may have been written on top of it.
    after = voter.history[len(voter.history) - 1 - [a for _, a in reversed(voter.history)].index("ok") + 1 :]
    possible = {next(c for c, a in reversed(voter.history) if a == "ok"), *(c for c, a in after if a == "unknown")}
    if choice not in possible:
        found.append(f"{choice} is stored, {possible} was answered")
    if not acknowledged <= times <= acknowledged + len(after):
        found.append(f"changed {times} times, {acknowledged} were answered")
    if sorted(voter.times_answered) != voter.times_answered:
        found.append("an answered vote was lost again")
    if any(answer.startswith("fail 5") for _, answer in voter.history):
        found.append("a server error was answered")
    return found


def test_no_answered_vote_is_lost_or_counted_twice_when_the_server_is_killed():
    with Site() as site:
        site.start()
        database = embedded.database_url(Path(site.folder.name).resolve() / "postgres")
        with psycopg.connect(database) as connection:
            ballot = connection.execute(
                "SELECT ballot_id FROM ballots_elector e JOIN people_person p ON p.id = e.person_id "
                "JOIN ballots_ballot b ON b.id = ballot_id WHERE email = ANY(%s) AND declared_at IS NULL "
                "GROUP BY ballot_id HAVING count(*) = %s LIMIT 1",
                [list(VOTERS), len(VOTERS)],
            ).fetchone()
        assert ballot is not None
        voters = [Voter(f"http://127.0.0.1:{site.port}", email) for email in VOTERS]
        for voter in voters:
            voter.sign_in()
        stop = threading.Event()

        def keep_voting(voter: Voter) -> None:
            while not stop.is_set():
                for choice in ("yes", "no", "abstain"):
                    voter.vote(ballot[0], choice)

        threads = [threading.Thread(target=keep_voting, args=[voter]) for voter in voters]
        for thread in threads:
            thread.start()
        recoveries = []
        for _ in range(KILLS):
            time.sleep(SECONDS_BETWEEN)
            site.process.kill()
            site.process.wait()
            recoveries.append(site.start())
        time.sleep(SECONDS_BETWEEN)
        stop.set()
        for thread in threads:
            thread.join()
        with psycopg.connect(database) as connection:
            for voter in voters:
                rows = connection.execute(
                    "SELECT paper, times FROM ballots_vote v JOIN people_person p ON p.id = person_id "
                    "WHERE ballot_id = %s AND email = %s",
                    [ballot[0], voter.email],
                ).fetchall()
                assert len(voter.times_answered) > 10, voter.history[-5:]
                assert faults_in(voter, rows) == []
        answered = sum(len(voter.times_answered) for voter in voters)
        print(json.dumps({"experiment": "F1", "kills": KILLS, "answered": answered, "recovery_s": max(recoveries)}))


def test_the_checker_sees_a_lost_and_a_doubled_vote():
    voter = Voter("", "a@ornek.invalid", [("yes", "ok"), ("no", "ok"), ("abstain", "unknown")], [1, 2])
    assert faults_in(voter, [("no", 2)]) == []
    assert faults_in(voter, [("abstain", 3)]) == []
    assert faults_in(voter, [("yes", 1)])
    assert faults_in(voter, [("no", 5)])
    assert faults_in(voter, [("no", 2), ("no", 2)])
    assert faults_in(voter, [])
