"""One message to a thousand and to five thousand sockets, beside `websockets.broadcast()` on the same machine.

The server is `manage.py serve --only live` with a Redis; a message of 300 bytes is published on the bus as a page's process
publishes it. `value` counts deliveries a second with eight messages under way at any time;
`p99_ms` is the time from publishing to arrival at five messages a second. Ours and the reference take turns.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import psycopg
import redis.asyncio
import uvloop

from participation.serving import allow_many_files
from realtime.bus.base import Message
from tests.load.figures import figure, percentile
from tests.load.site import Site
from tests.load.sockets import Crowd, cpu_seconds, follow
from tests.services import spare_port, start_redis

SIZES = (1_000, 5_000)
BYTES = 300
TOPICS = 20
"""Messages take turns among so many topics: more than twenty a second in one would travel together."""
TURNS = 5
TURN_SECONDS = 1.0
UNDER_WAY = 8
STEADY_SECONDS = 4.0
STEADY_RATE = 5.0
SentAt = dict[bytes, float]
Send = Callable[[SentAt], Awaitable[None]]
"""Sends a message and notes when."""


def measure() -> Iterator[dict[str, Any]]:
    with start_redis() as (url, _process), Site(arguments=["--only", "live"], environment={"REDIS_URL": url}) as site:
        site.start()
        with psycopg.connect(site.database(), autocommit=True) as connection:
            rows = connection.execute(
                "SELECT 'body:' || id FROM councils_body ORDER BY id LIMIT %s", [TOPICS]
            ).fetchall()
            topics = [row[0] for row in rows]
            # As if each had an entry already, so that its epoch is known from the beginning.
            connection.execute(
                "INSERT INTO journal_topic (name, sequence, epoch) SELECT unnest(%s::text[]), 1, 'bench' ON CONFLICT DO NOTHING",
                [topics],
            )
        for size in SIZES:
            yield uvloop.run(compare(site, url, topics, size))
            site.stop()
            site.start()


async def compare(site: Site, url: str, topics: list[str], size: int) -> dict[str, Any]:
    port = spare_port()
    reference = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.load.fanout", str(port), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert reference.stdin is not None
    assert reference.stdout is not None
    await reference.stdout.readline()
    bus = redis.asyncio.Redis.from_url(url)
    ours, theirs = Crowd(site.port), Crowd(port)
    sequences: dict[str, int] = {}
    number = broadcasts = 0

    all_known = asyncio.Event()

    def at_start(_listener: object, payload: bytes, _now: float) -> None:
        frame = json.loads(payload)
        if frame.get("type") == "joined":
            sequences[frame["t"]] = frame["s"]
            if len(sequences) == len(topics):
                all_known.set()

    def next_text() -> tuple[str, str]:
        nonlocal number
        topic = topics[number % len(topics)]
        number += 1
        sequences[topic] += 1
        return topic, text_of(topic, sequences[topic])

    async def publish(sent_at: SentAt) -> None:
        topic, text = next_text()
        sent_at[text.encode()] = time.perf_counter()
        await bus.publish(f"meydan:live:{topic}", Message(sequences[topic], text).encode())

    async def broadcast(sent_at: SentAt) -> None:
        nonlocal broadcasts
        broadcasts += 1
        text = text_of("body:1", broadcasts)
        sent_at[text.encode()] = time.perf_counter()
        reference.stdin.write(text.encode() + b"\n")
        await reference.stdin.drain()

    try:
        await follow(ours, size - 1, dict.fromkeys(topics))
        ours.heard = at_start
        await ours.fill(1, lambda _: {"type": "hello", "topics": dict.fromkeys(topics)})
        await asyncio.wait_for(all_known.wait(), 30)
        await theirs.fill(size, lambda _: None)
        await asyncio.sleep(1)
        rates: dict[str, list[tuple[int, float]]] = {"ours": [], "theirs": []}
        cpu = {"ours": 0.0, "theirs": 0.0}
        for _ in range(TURNS):
            for name, crowd, send, pid in (
                ("theirs", theirs, broadcast, reference.pid),
                ("ours", ours, publish, site.process.pid),
            ):
                before = cpu_seconds(pid)
                rates[name].append(await as_fast_as_possible(crowd, send))
                cpu[name] += cpu_seconds(pid) - before
        steady = {
            name: await steadily(crowd, send)
            for name, crowd, send in (("ours", ours, publish), ("theirs", theirs, broadcast))
        }
        speed = {
            name: sum(count for count, _ in turns) / sum(seconds for _, seconds in turns)
            for name, turns in rates.items()
        }
        return figure(
            f"fanout_{size}",
            speed["ours"],
            "deliveries/s",
            reference="websockets.broadcast()",
            reference_value=speed["theirs"],
            p50_ms=1000 * percentile(steady["ours"], 50),
            p99_ms=1000 * percentile(steady["ours"], 99),
            cpu_us=1e6 * cpu["ours"] / sum(count for count, _ in rates["ours"]),
            reference_cpu_us=1e6 * cpu["theirs"] / sum(count for count, _ in rates["theirs"]),
            reference_p99_ms=1000 * percentile(steady["theirs"], 99),
            bytes=BYTES,
        )
    finally:
        ours.leave()
        theirs.leave()
        await bus.aclose()
        reference.stdin.close()
        await asyncio.wait_for(reference.wait(), 10)


def text_of(topic: str, sequence: int) -> str:
    text = f'{{"t":"{topic}","s":{sequence},"k":"bench","pad":""}}'
    return text[:-2] + "x" * (BYTES - len(text)) + text[-2:]


async def as_fast_as_possible(crowd: Crowd, send: Send) -> tuple[int, float]:
    """Deliveries and seconds of one turn, with a few messages under way at any time."""
    size, heard_of = len(crowd.listeners), 0
    moved = asyncio.Event()

    def heard(_listener: object, _payload: bytes, _now: float) -> None:
        nonlocal heard_of
        heard_of += 1
        if not heard_of % size:
            moved.set()

    crowd.heard = heard
    sent, began = 0, time.perf_counter()
    while (is_on := time.perf_counter() - began < TURN_SECONDS) or heard_of < sent * size:
        if is_on and sent * size - heard_of < UNDER_WAY * size:
            await send({})
            sent += 1
            continue
        moved.clear()
        await asyncio.wait_for(moved.wait(), 30)
    return heard_of, time.perf_counter() - began


async def steadily(crowd: Crowd, send: Send) -> list[float]:
    """Seconds from sending to arrival of every delivery at a steady rate, sorted."""
    times: list[float] = []
    sent_at: dict[bytes, float] = {}
    rounds = int(STEADY_SECONDS * STEADY_RATE)
    all_arrived = asyncio.Event()

    def heard(_listener: object, payload: bytes, now: float) -> None:
        times.append(now - sent_at[payload])
        if len(times) == rounds * len(crowd.listeners):
            all_arrived.set()

    crowd.heard = heard
    for _ in range(rounds):
        began = time.perf_counter()
        await send(sent_at)
        await asyncio.sleep(max(0, began + 1 / STEADY_RATE - time.perf_counter()))
    await asyncio.wait_for(all_arrived.wait(), 20)
    return sorted(times)


async def reference_server(port: int) -> None:
    """Send every line of standard input to all sockets, as `websockets` does it best."""
    from websockets.asyncio.server import broadcast, serve

    allow_many_files()
    async with serve(
        lambda connection: connection.wait_closed(), "127.0.0.1", port, compression=None, backlog=4096
    ) as server:
        print("ready", flush=True)
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            broadcast(server.connections, line[:-1].decode())


if __name__ == "__main__":
    uvloop.run(reference_server(int(sys.argv[1])))
