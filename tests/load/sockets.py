"""A crowd of live connections: as little work for each as a client can have, so that the server is what is measured."""

from __future__ import annotations

import asyncio
import base64
import os
import random
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import orjson

from participation.serving import allow_many_files

PER_ADDRESS = 150
"""Sockets from each address of 127.0.0.0/8: the limits for visitors of one address stay as they are."""
AT_ONCE = 100
"""Handshakes under way at a time, unless a storm is what is measured."""
Heard = Callable[["Listener", bytes, float], None]


class Listener(asyncio.Protocol):
    """One socket. `heard` gets every text message with the moment of its arrival."""

    def __init__(self, crowd: Crowd, number: int) -> None:
        self.crowd = crowd
        self.number = number
        self.buffer = b""
        self.status = 0
        self.close_code: int | None = None
        self.opened: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.ended = asyncio.Event()
        self.transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        key = base64.b64encode(random.randbytes(16)).decode()
        lines = [
            f"GET {self.crowd.path} HTTP/1.1",
            f"Host: {self.crowd.host}:{self.crowd.port}",
            f"Origin: http://{self.crowd.host}:{self.crowd.port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            *([f"Cookie: {self.crowd.cookies[self.number]}"] if self.number < len(self.crowd.cookies) else []),
        ]
        transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        if self.buffer:
            data = self.buffer + data
        if not self.status:
            head, found, rest = data.partition(b"\r\n\r\n")
            if not found:
                self.buffer = data
                return
            self.status, data = int(head[9:12]), rest
            if not self.opened.done():
                self.opened.set_result(self.status)
            if self.status != 101:
                return
        start, size = 0, len(data)
        while size - start >= 2:
            length, body = data[start + 1], start + 2
            if length == 126:
                length, body = int.from_bytes(data[start + 2 : start + 4], "big"), start + 4
            elif length == 127:
                length, body = int.from_bytes(data[start + 2 : start + 10], "big"), start + 10
            if size < body + length:
                break
            kind, payload = data[start] & 15, data[body : body + length]
            start = body + length
            if kind == 1:
                self.crowd.heard(self, payload, now)
            elif kind == 9:
                self.transport.write(b"\x8a" + bytes([0x80 | len(payload)]) + b"\0\0\0\0" + payload)
            elif kind == 8:
                self.close_code = int.from_bytes(payload[:2], "big")
                self.transport.close()
        self.buffer = data[start:]

    def say(self, message: dict[str, Any]) -> None:
        """Send a JSON message; the mask is zero, which is a mask too."""
        payload = orjson.dumps(message)
        head = bytes([0xFE]) + len(payload).to_bytes(2, "big") if len(payload) > 125 else bytes([0x80 | len(payload)])
        self.transport.write(b"\x81" + head + b"\0\0\0\0" + payload)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_result(0)
        self.ended.set()


class Crowd:
    """Sockets to one server. `heard` may be replaced at any time."""

    def __init__(
        self, port: int, *, path: str = "/canli/", host: str = "127.0.0.1", cookies: Sequence[str] = ()
    ) -> None:
        """`cookies` are those of the first sockets; the others are visitors."""
        allow_many_files()
        self.port, self.path, self.host, self.cookies = port, path, host, cookies
        self.listeners: list[Listener] = []
        self.heard: Heard = lambda listener, payload, now: None

    async def connect(self, number: int) -> Listener:
        """Open one socket; `status` tells how it went (0: no connection)."""
        source = f"127.0.0.{2 + number // PER_ADDRESS}" if self.host.startswith("127.") else None
        loop = asyncio.get_running_loop()
        _, listener = await loop.create_connection(
            lambda: Listener(self, number), self.host, self.port, local_addr=(source, 0) if source else None
        )
        await listener.opened
        return listener

    async def fill(self, count: int, hello: Callable[[int], dict[str, Any] | None]) -> None:
        """Open so many sockets, a hundred at a time, and let each say hello."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(number: int) -> Listener:
            async with gate:
                listener = await self.connect(number)
                if listener.status != 101:
                    raise RuntimeError(f"a socket was answered {listener.status}")
                if message := hello(number):
                    listener.say(message)
                return listener

        self.listeners += await asyncio.gather(*map(one, range(len(self.listeners), len(self.listeners) + count)))

    def leave(self) -> None:
        for listener in self.listeners:
            listener.transport.abort()
        self.listeners.clear()


class Joining:
    """Waits until every socket has been told that it joined all of its topics."""

    def __init__(self, topics: Iterable[str], count: int) -> None:
        self.missing = len(set(topics)) * count
        self.done = asyncio.Event()

    def heard(self, listener: Listener, payload: bytes, now: float) -> None:
        self.missing -= payload.count(b'"type":"joined"') + payload.count(b'"type":"resync"')
        if self.missing <= 0:
            self.done.set()


async def follow(crowd: Crowd, count: int, topics: dict[str, Any], *, within: float = 60) -> None:
    """Open `count` sockets that follow the topics, and wait until all have joined."""
    joining = Joining(topics, count)
    crowd.heard = joining.heard
    await crowd.fill(count, lambda _: {"type": "hello", "topics": topics})
    await asyncio.wait_for(joining.done.wait(), within)


def resident_kilobytes(pid: int) -> int:
    """The memory of a process that is its own, in kB, as Linux counts it."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def cpu_seconds(pid: int) -> float:
    """The time a process has computed so far, its threads together."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
