"""python -m tests.load.clients: many keep-alive connections from one process, as lean as a client can be.

Reads a plan from standard input, one JSON object: `port`, `in_flight` (how many requests at most are under way at a time)
and `connections`, for each the requests it sends one after the other, as text. With `per_s` requests become due at that
pace, whatever has been answered, and their times run from then on; without it one is due whenever another is answered.
Prints one JSON object: `seconds`, `times_ms` and how often each status was answered. A connection waits for its answer
before it asks again, and for its turn: the one that has waited longest goes first.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter, deque
from typing import Any

import uvloop


class Connection(asyncio.Protocol):
    """One keep-alive connection that asks what it has to, each time it is given the turn.

    One that the server has closed is opened again and the request sent once more, within the time of its answer: the
    idempotency key makes that harmless.
    """

    def __init__(self, crowd: Crowd, requests: list[str]) -> None:
        self.crowd = crowd
        self.requests = deque(request.encode() for request in requests)
        self.buffer = b""
        self.began = 0.0
        self.transport: asyncio.Transport | None = None
        self.is_asking = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]
        if self.is_asking:
            self.transport.write(self.requests[0])

    def ask(self, due: float) -> None:
        self.began = due
        self.is_asking = True
        if self.transport is None:
            self.crowd.connect(self)
        else:
            self.transport.write(self.requests[0])

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, end, body = self.buffer.partition(b"\r\n\r\n")
        if not end:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if len(body) >= length:
            self.buffer, self.is_asking = b"", False
            self.requests.popleft()
            self.crowd.answered(self, int(head[9:12]))

    def connection_lost(self, _error: Exception | None) -> None:
        self.transport = None
        if self.is_asking:
            self.crowd.connect(self)


class Crowd:
    def __init__(self, port: int, in_flight: int, per_s: float | None) -> None:
        self.port, self.in_flight, self.per_s = port, in_flight, per_s
        self.loop = asyncio.get_running_loop()
        self.connecting: set[asyncio.Task[Any]] = set()
        self.waiting: deque[Connection] = deque()
        self.under_way = 0
        self.times: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.is_done = self.loop.create_future()

    def connect(self, connection: Connection) -> asyncio.Task[Any]:
        task = self.loop.create_task(self.loop.create_connection(lambda: connection, "127.0.0.1", self.port))
        self.connecting.add(task)
        task.add_done_callback(self.connected)
        return task

    def connected(self, task: asyncio.Task[Any]) -> None:
        self.connecting.discard(task)
        if task.exception() is not None and not self.is_done.done():
            self.is_done.set_exception(ConnectionError("the server takes no connection"))

    async def run(self, connections: list[list[str]]) -> float:
        for requests in connections:
            connection = Connection(self, requests)
            await self.connect(connection)
            self.waiting.append(connection)
        self.due = began = time.perf_counter()
        if self.per_s:
            self.keep_pace()
        self.go_on()
        await self.is_done
        return time.perf_counter() - began

    def keep_pace(self) -> None:
        """Wake up for the next request that becomes due."""
        self.go_on()
        if not self.is_done.done():
            self.loop.call_later(max(0.001, self.due - time.perf_counter()), self.keep_pace)

    def go_on(self) -> None:
        now = time.perf_counter()
        while self.waiting and self.under_way < self.in_flight and (not self.per_s or self.due <= now):
            self.under_way += 1
            self.waiting.popleft().ask(self.due if self.per_s else now)
            self.due += 1 / self.per_s if self.per_s else 0
        if not self.waiting and not self.under_way and not self.is_done.done():
            self.is_done.set_result(None)

    def answered(self, connection: Connection, status: int) -> None:
        self.times.append(1000 * (time.perf_counter() - connection.began))
        self.statuses[status] += 1
        self.under_way -= 1
        if connection.requests:
            self.waiting.append(connection)
        self.go_on()


async def main() -> None:
    plan = json.load(sys.stdin)
    crowd = Crowd(plan["port"], plan["in_flight"], plan.get("per_s"))
    seconds = await crowd.run(plan["connections"])
    print(json.dumps({"seconds": seconds, "times_ms": sorted(crowd.times), "statuses": crowd.statuses}))


if __name__ == "__main__":
    uvloop.run(main())
