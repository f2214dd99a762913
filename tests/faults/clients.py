"""Clients that write down what they asked and what they were answered."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.faults.history import FAIL, INFO, OK, History, Operation, now
from tests.faults.town import Process, Town

PAPERS = ("yes", "no", "abstain")
CSRF = "0123456789abcdef0123456789abcdef"
PAUSE = 0.15
"""Seconds between two requests of a client: below the limit of requests a minute."""


class Voter(threading.Thread):
    """Changes their vote again and again, and repeats a wish with its key until it is answered."""

    def __init__(
        self, town: Town, place: int, port: Callable[[], int], *, about: int = 0, pause: float = PAUSE
    ) -> None:
        super().__init__(daemon=True, name=f"voter-{place}")
        self.person = town.facts["people"][place]
        self.history: History = town.history
        self.port, self.pause, self.timeout = port, pause, 30.0
        self.about = about or town.facts["ballot"]
        self.random = random.Random(f"{town.name}-{place}")
        self.stop_wishing, self.give_up = threading.Event(), threading.Event()
        self._connection: http.client.HTTPConnection | None = None
        self._rest = self.random.random()  # they do not all begin at once

    def run(self) -> None:
        paper = ""
        while not self.rests():
            paper = self.random.choice([other for other in PAPERS if other != paper])
            self.wish(paper)

    def rests(self) -> bool:
        """Wait a while; True when nothing more is to be wished."""
        rest, self._rest = self._rest, self.random.uniform(0.5, 1.5)
        return self.stop_wishing.wait(self.pause * rest)

    def wish(self, paper: str) -> Operation | None:
        """Ask until it is done or refused; None when the run ended before."""
        key = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        longest = 0.4
        while not self.give_up.is_set():
            operation = self.ask(paper, key)
            self.history.add(operation)
            if operation.outcome != INFO:
                return operation
            self.give_up.wait(self.random.uniform(0.1, longest))
            longest = min(
                2 * longest, 1.6
            )  # so that a server that comes back is not kept busy by those who wait for it
        return None

    def ask(self, paper: str, key: str) -> Operation:
        invoked = now()
        try:
            path = f"/api/v1/ballots/{self.about}/vote/"
            status, body = self._send("PUT", path, {"paper": paper}, **{"Idempotency-Key": key})
        except (OSError, http.client.HTTPException) as error:
            self._forget_connection()
            outcome, detail = INFO, {"error": repr(error)}
        else:
            outcome = OK if status == 200 else INFO if status >= 500 or status == 429 else FAIL
            detail = {"status": status}
            if outcome is OK:
                said = json.loads(body)
                detail |= {"times": said["times"], "receipt": "".join(filter(str.isalnum, said["code"]))}
                if said["paper"] != paper:
                    outcome, detail = FAIL, {"status": status, "answered": said}
            else:
                detail["body"] = body[:200].decode(errors="replace")
        return Operation(self.person["id"], "vote", paper, key, invoked, now(), outcome, detail)

    def _send(self, method: str, path: str, content: dict[str, Any], **headers: str) -> tuple[int, bytes]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port(), timeout=self.timeout)
        sent = {
            "Content-Type": "application/json",
            "Cookie": f"meydan_session={self.person['session']}; meydan_csrf={CSRF}",
            "X-CSRFToken": CSRF,
            **headers,
        }
        self._connection.request(method, path, json.dumps(content), sent)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def _forget_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


@contextmanager
def voting(town: Town, server: Callable[[], Process], voters: int, *, pause: float = PAUSE) -> Iterator[list[Voter]]:
    """Voters at work while the block breaks things. Afterwards everybody's last wish is answered, or a minute is over."""
    with at_work([Voter(town, place, lambda: server().port, pause=pause) for place in range(voters)]) as found:
        yield found


@contextmanager
def at_work(found: list[Voter]) -> Iterator[list[Voter]]:
    for voter in found:
        voter.start()
    try:
        yield found
    finally:
        for voter in found:
            voter.stop_wishing.set()
        deadline = time.monotonic() + 60
        for voter in found:
            voter.join(max(0.1, deadline - time.monotonic()))
        for voter in found:
            voter.give_up.set()
        for voter in found:
            voter.join(35)


class Writer(Voter):
    """Writes comments instead; the key of a comment makes a repeated one harmless."""

    def run(self) -> None:
        number = 0
        while not self.rests():
            number += 1
            self.wish(f"Yorum {number}")

    def ask(self, paper: str, key: str) -> Operation:
        invoked = now()
        try:
            status, body = self._send("POST", f"/api/v1/threads/{self.about}/comments/", {"text": paper, "key": key})
        except (OSError, http.client.HTTPException) as error:
            self._forget_connection()
            outcome, detail = INFO, {"error": repr(error)}
        else:
            outcome = OK if status in (200, 201) else INFO if status >= 500 or status == 429 else FAIL
            detail = {"status": status} if outcome is OK else {"status": status, "body": body[:200].decode()}
        return Operation(self.person["id"], "comment", paper, key, invoked, now(), outcome, detail)
