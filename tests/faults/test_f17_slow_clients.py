"""F17: some clients read nothing at all, and some send a request at a byte a second."""

import contextlib
import json
import socket
import statistics
import time
from math import inf
from pathlib import Path

import pytest

from tests.faults.clients import Voter, Writer, at_work
from tests.faults.history import OK, now
from tests.faults.invariants import logs_have_no_gap, screens_agree
from tests.faults.observer import Observer
from tests.faults.screens import Audience
from tests.faults.town import Town, until

pytestmark = pytest.mark.faults
SCREENS, VOTERS, WRITERS, STALLED, DRIPPING = 300, 10, 60, 5, 5
ESSAYS, LONG = 40, "Bir başka uzun yorum. " * 200
ALONE, ROUNDS = 10.0, 3
"""Seconds in which nobody is slow, before each round of slow clients: what others wait is compared within one run."""
PATIENCE = 30.0
MOST, UNNOTICED = 1.2, 0.02
"""Others may wait a fifth longer beside slow clients, and nobody notices a fiftieth of a second."""
ESTABLISHED = "01"


def stalled(port: int, topic: str) -> socket.socket:
    """A browser far away that asks for all that was ever written, and never reads it."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1400)  # as on a real line: the kernel then buffers little
    made.settimeout(20)
    made.connect(("127.0.0.1", port))
    made.sendall(
        f"GET /canli/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += made.recv(1)
    hello = json.dumps({"type": "hello", "topics": {topic: 0}}).encode()
    made.sendall(bytes([0x81, 0x80 | len(hello)]) + b"\0\0\0\0" + hello)
    return made


def dripping(port: int) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=5)
    made.sendall(b"POST /api/v1/threads/1/comments/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 60000\r\n\r\n")
    return made


def held(port: int, clients: list[socket.socket]) -> int:
    """How many of these the server still holds, as the kernel sees it: the client's own end would first have to read."""
    ours = {made.getsockname()[1] for made in clients}
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ends = [(int(row[1].split(":")[1], 16), int(row[2].split(":")[1], 16), row[3]) for row in rows]
    return sum(here == port and there in ours and state == ESTABLISHED for here, there, state in ends)


def waits(town: Town, audience: Audience, began: float, ended: float) -> dict[str, float]:
    """How long others waited, in seconds: for the answer to their vote, and to be shown a comment. Of all the longest but 5 %."""
    asked = [o for o in town.history.operations if began <= o.invoked < ended and o.outcome == OK]
    sent = {o.key: o.invoked for o in asked if o.does == "comment"}
    places = town.rows(
        "SELECT comment.key::text, entry.sequence FROM discussions_comment comment JOIN journal_entry entry"
        " ON entry.subject_id = comment.id AND entry.kind = 'discussions.comment_added' WHERE comment.key = ANY(%s::uuid[])",
        [list(sent)],
    )
    shown = [{sequence: moment for moment, _, sequence in list(screen.shown)} for screen in audience.screens]
    return {
        "votes": longest_but_few([o.returned - o.invoked for o in asked if o.does == "vote"]),
        "comments": longest_but_few(
            [moments.get(sequence, inf) - sent[key] for moments in shown for key, sequence in places]
        ),
    }


def longest_but_few(found: list[float]) -> float:
    return min(PATIENCE, sorted(found)[int(0.95 * len(found))]) if found else PATIENCE


def beside_slow_clients(port: int, log: str, patience: float) -> tuple[int, int, float]:
    """Slow clients come, and go when the server has cut them all: how many are still held in the end, and how long it took."""
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(contextlib.closing(stalled(port, log))) for _ in range(STALLED)]
        drips = [stack.enter_context(contextlib.closing(dripping(port))) for _ in range(DRIPPING)]
        began = now()
        while now() < began + patience and held(port, [*slow, *drips]):
            for drip in drips:
                with contextlib.suppress(OSError):  # cut already: all the better
                    drip.send(b"x")
            time.sleep(1)
        return held(port, slow), held(port, drips), now() - began


def run(*, breaks: str = "", rounds: int = ROUNDS, patience: float = PATIENCE):
    with Town("F17") as town:
        server, people = town.serve(breaks=breaks), town.facts["people"]
        log, state = f"thread:{town.facts['thread']}", f"state:ballot:{town.facts['ballot']}"
        writers = [
            Writer(town, VOTERS + n, lambda: server.port, about=town.facts["thread"], pause=8.0) for n in range(WRITERS)
        ]
        for n in range(ESSAYS):
            assert writers[n % 10].wish(f"{n} {LONG}")
        sessions = [person["session"] for person in people]
        with Audience(SCREENS, lambda _: server.port, log=log, state=state, sessions=sessions) as audience:
            until(audience.are_in, "the screens did not join", within=60)
            wrong, pairs, cut_after = [], [], []
            connections = [screen.connections for screen in audience.screens]
            with at_work([*(Voter(town, n, lambda: server.port) for n in range(VOTERS)), *writers[10:]]):
                time.sleep(ALONE)  # the first requests of each are slow
                for _ in range(rounds):
                    began = now()
                    time.sleep(ALONE)
                    middle = now()
                    not_reading, not_sending, took = beside_slow_clients(server.port, log, patience)
                    wrong += [f"{not_reading} clients that do not read are still held"] if not_reading else []
                    wrong += [f"{not_sending} clients that send in drops are still held"] if not_sending else []
                    cut_after.append(took)
                    pairs.append((began, middle, now()))
            head, deadline = town.head_of(log), now() + 20
            while set(audience.positions().values()) != {head} and now() < deadline:
                time.sleep(0.1)
            wrong += screens_agree(audience.positions(), head) + logs_have_no_gap(audience.logs())
            wrong += Observer(town).judge(server)
            wrong += [
                f"screen {s.number} was cut: {s.codes}"
                for s in audience.screens
                if s.connections > connections[s.number]
            ]
            seen = {"entries": head, "cut_after_s": max(cut_after)}
            alone = [waits(town, audience, began, middle) for began, middle, _ in pairs]
            beside = [waits(town, audience, middle, ended) for _, middle, ended in pairs]
            for what in ("votes", "comments"):
                each = [(a[what], b[what]) for a, b in zip(alone, beside, strict=True)]
                if statistics.median(b - MOST * a for a, b in each) > UNNOTICED:
                    wrong.append(f"others wait for {what}, alone and beside, {each} s")
                seen[f"{what}_p95_alone_s"], seen[f"{what}_p95_beside_s"] = map(
                    statistics.median, zip(*each, strict=True)
                )
        return wrong, seen


def test_f17_slow_clients_are_cut_and_delay_nobody(report):
    wrong, seen = run()

    report("F17", screens=SCREENS, stalled=STALLED, dripping=DRIPPING, **seen)
    assert wrong == []


def test_f17_control_a_server_that_cuts_nobody_is_found(caught):
    """Also after the 40 seconds in which uvicorn closes who answers no ping: it first waits for what was not read."""
    wrong, _seen = run(breaks="never_cuts waits_for_bodies", rounds=1, patience=50)

    caught("F17", "a hub that cuts nobody", wrong, f"^{STALLED} clients that do not read are still held")
    caught("F17", "a server that waits for any body", wrong, f"^{DRIPPING} clients that send in drops are still held")


def test_f17_control_a_hub_that_tells_one_after_the_other_is_found(caught):
    wrong, _seen = run(breaks="waits_for_everybody", rounds=1, patience=12)

    caught("F17", "a hub that tells one after the other", wrong, "others wait for comments")
