"""F19: something between the browsers and the server drops all connections at once, and everybody comes back."""

import asyncio
import contextlib
import threading
import time

import pytest

from tests.faults.clients import Writer, at_work
from tests.faults.history import now
from tests.faults.invariants import logs_have_no_gap, recovered, screens_agree
from tests.faults.screens import Audience
from tests.faults.town import Town, until
from tests.services import spare_port

pytestmark = pytest.mark.faults
SCREENS = 1000
AGREED = 15.0
"""Seconds after which everybody must show the same."""
QUERIES = 3
"""Transactions of the database that one client's return may cost."""
ADDRESSES = 10
"""An address may have so many visitors only; these come from several."""


class Proxy:
    """Passes bytes on, and drops every connection when told to; new ones are refused while it is down."""

    def __init__(self, target: int) -> None:
        self.target, self.port, self.is_down = target, spare_port(), False
        self._writers: set[asyncio.StreamWriter] = set()
        self._passed = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="proxy", daemon=True)

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _run(self):
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._pass, "127.0.0.1", self.port, backlog=1024)
        self._ready.set()
        await self._stop.wait()
        server.close()
        self._drop()

    async def _pass(self, reader, writer):
        if self.is_down:
            writer.transport.abort()
            return
        self._passed += 1
        try:
            there_reader, there_writer = await asyncio.open_connection(
                "127.0.0.1", self.target, local_addr=(f"127.0.0.{2 + self._passed % ADDRESSES}", 0)
            )
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, there_writer}
        with contextlib.suppress(OSError):
            await asyncio.gather(self._copy(reader, there_writer), self._copy(there_reader, writer))
        self._writers -= {writer, there_writer}

    async def _copy(self, reader, writer):
        try:
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()

    def drop(self):
        self._loop.call_soon_threadsafe(self._drop)

    def _drop(self):
        for writer in list(self._writers):
            writer.transport.abort()


def transactions(town: Town) -> int:
    time.sleep(2.5)  # the numbers are published a second after a session has rested
    return town.rows("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = 'meydan'")[0][0]


def run(*, breaks: str = "", patience: float = 60):
    with Town("F19", redis=True) as town:
        log, state = f"thread:{town.facts['thread']}", f"state:thread:{town.facts['thread']}"
        web, live = town.serve(tasks=False), town.serve(breaks=breaks, tasks=False)
        sessions = [person["session"] for person in town.facts["people"]]
        with Proxy(live.port) as proxy:
            more = {"sessions": sessions, "origin": f"http://127.0.0.1:{live.port}"}
            with Audience(SCREENS, lambda _: proxy.port, log=log, state=state, **more) as audience:
                began = now()
                until(audience.are_in, "the screens did not join", within=90)
                calm = now() - began
                writer = Writer(town, 0, lambda: web.port, about=town.facts["thread"])
                with at_work([writer]):
                    time.sleep(1)
                    proxy.is_down = True
                    proxy.drop()
                    time.sleep(2)
                before, dropped = transactions(town), now()
                proxy.is_down = False
                head, waited = town.head_of(log), None
                while now() < dropped + patience:
                    if audience.are_in() and set(audience.positions().values()) == {head}:
                        waited = now() - dropped
                        break
                    time.sleep(0.1)
                cost = (transactions(town) - before) / SCREENS
                wrong = screens_agree(audience.positions(), head) + logs_have_no_gap(audience.logs())
                wrong += recovered([waited or patience], AGREED, calm=calm)
                if cost > QUERIES:
                    wrong.append(f"{cost:.1f} transactions for each client")
                returns = sorted(screen.back_at for screen in audience.screens)
                spread = returns[int(len(returns) * 0.95)] - returns[0]
                return wrong, {"entries": head, "agreed_after_s": waited, "spread_s": spread, "queries_each": cost}


def test_f19_everybody_comes_back_and_misses_nothing(report):
    wrong, seen = run()

    report("F19", screens=SCREENS, **seen)
    assert wrong == []
    assert seen["spread_s"] > 0.2  # not all at the same moment


def test_f19_control_a_server_that_forgets_where_people_were_is_found(caught):
    wrong, _seen = run(breaks="forgets_positions", patience=15)

    caught("F19", "a server that forgets where people were", wrong, "^client .* shows|^client .*\\[")
