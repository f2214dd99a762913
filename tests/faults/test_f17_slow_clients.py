"""F17: some clients read nothing at all, and some send a request at a byte a second."""

import contextlib
import json
import socket
import statistics
import time

import pytest

from tests.faults.clients import Voter, Writer, at_work
from tests.faults.history import OK
from tests.faults.invariants import logs_have_no_gap, no_refusals, screens_agree
from tests.faults.screens import Audience
from tests.faults.town import Town, until

pytestmark = pytest.mark.faults
SCREENS, VOTERS, WRITERS, STALLED, DRIPPING = 30, 10, 40, 4, 6
LONG = "Bir başka uzun yorum. " * 200


class Essayist(Writer):
    """Writes what fills the buffers of somebody who does not read."""

    def ask(self, paper, key):
        return super().ask(f"{paper} {LONG}", key)


def stalled(port: int, topic: str) -> socket.socket:
    """A browser that says hello and never reads again."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.settimeout(20)
    made.connect(("127.0.0.1", port))
    made.sendall(
        f"GET /canli/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += made.recv(1)
    hello = json.dumps({"type": "hello", "topics": {topic: None}}).encode()
    made.sendall(bytes([0x81, 0x80 | len(hello)]) + b"\0\0\0\0" + hello)
    return made


def is_cut(made: socket.socket) -> bool:
    """Read what is left; a stream that ends, or breaks, was cut by the server."""
    made.settimeout(3)
    try:
        while made.recv(65_536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


def dripping(port: int) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=5)
    made.sendall(b"POST /api/v1/threads/1/comments/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 60000\r\n\r\n")
    return made


def p95(operations) -> float:
    found = [o.returned - o.invoked for o in operations if o.outcome == OK and o.does == "vote"]
    return statistics.quantiles(found, n=20)[-1]


def run(*, breaks: str = "", seconds: float = 25):
    with Town("F17") as town, contextlib.ExitStack() as stack:
        server = town.serve(breaks=breaks)
        log, state = f"thread:{town.facts['thread']}", f"state:ballot:{town.facts['ballot']}"
        audience = stack.enter_context(Audience(SCREENS, lambda _: server.port, log=log, state=state))
        until(audience.are_in, "the screens did not join")
        voters = [Voter(town, n, lambda: server.port) for n in range(VOTERS)]
        writers = [
            Essayist(town, VOTERS + n, lambda: server.port, about=town.facts["thread"], pause=2.0)
            for n in range(WRITERS)
        ]
        with at_work([*voters, *writers]):
            time.sleep(4)
            alone, count = p95(town.history.operations), len(town.history.operations)
            slow = [stack.enter_context(contextlib.closing(stalled(server.port, log))) for _ in range(STALLED)]
            drips = [stack.enter_context(contextlib.closing(dripping(server.port))) for _ in range(DRIPPING)]
            until_ = time.monotonic() + seconds
            while time.monotonic() < until_:
                for drip in drips:
                    with contextlib.suppress(OSError):  # cut already: all the better
                        drip.send(b"x")
                time.sleep(1)
        beside = p95(town.history.operations[count:])
        head, deadline = town.head_of(log), time.monotonic() + 20
        while set(audience.positions().values()) != {head} and time.monotonic() < deadline:
            time.sleep(0.1)
        wrong = screens_agree(audience.positions(), head) + logs_have_no_gap(audience.logs())
        wrong += no_refusals(town.history.operations)
        wrong += [f"screen {s.number} was cut: {s.codes}" for s in audience.screens if s.connections > 1]
        wrong += [f"stalled client {n} is still held" for n, each in enumerate(slow) if not is_cut(each)]
        if beside > 3 * alone + 1:  # a fifth more on a quiet machine
            wrong.append(f"others wait {beside:.2f} s instead of {alone:.2f} s")
        return wrong, {"entries": head, "p95_alone_s": alone, "p95_beside_s": beside}


def test_f17_slow_clients_are_cut_and_delay_nobody(report):
    wrong, seen = run()

    report("F17", stalled=STALLED, dripping=DRIPPING, **seen)
    assert wrong == []


def test_f17_control_a_server_that_waits_for_slow_clients_is_found():
    wrong, _seen = run(breaks="never_cuts", seconds=16)

    assert any("is still held" in complaint for complaint in wrong)
