"""Five thousand sockets lose their connection at once and come back with what they know, while people go on writing.

Each comes back as live.js does: full jitter that doubles after every refusal, and `hello` with the last sequence it saw. One
in ten is signed in and has no ticket any more, so that its session is read. A socket is consistent when it has every entry
of the discussion, in order and once, and has been told the tally. `value` is the time until the last one is.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
import uuid
from collections.abc import Iterator
from typing import Any

import uvloop

from tests.load.city import Browser, build
from tests.load.figures import figure, percentile
from tests.load.site import Site
from tests.load.sockets import Crowd, Listener, follow
from tests.services import start_redis

SOCKETS = 5_000
SIGNED_IN = 500
COMMENTS_BEFORE, COMMENTS_DURING = 3, 6
LIMIT_SECONDS = 90


def measure() -> Iterator[dict[str, Any]]:
    with start_redis() as (url, _process):
        settings = {"REDIS_URL": url}
        with Site(demo=False, arguments=["--only", "pages"], environment=settings) as pages:
            pages.start()
            with Site(arguments=["--only", "live"], environment=settings, beside=pages) as live:
                live.start()
                yield uvloop.run(storm(pages, live, build(pages, SIGNED_IN)))


class Reader:
    """What one browser knows of the discussion."""

    def __init__(self) -> None:
        self.epoch = ""
        self.sequence = 0
        self.missed = 0
        self.has_state = False
        self.refusals = 0
        self.resyncs = 0


async def storm(pages: Site, live: Site, city: dict[str, Any]) -> dict[str, Any]:
    thread, state = city["thread"], f"state:{city['ballot']}"
    writer = Browser(pages.port, city["cookies"][0])
    path = f"/api/v1/threads/{city['thread_id']}/comments/"

    async def comment() -> None:
        body = {"text": "Kavşakta ışık süresi çok kısa.", "key": str(uuid.uuid4())}
        await asyncio.to_thread(writer.send, "POST", path, body)

    crowd = Crowd(live.port, cookies=city["cookies"])
    await follow(crowd, SOCKETS, {thread: None, state: None}, within=120)
    readers = [Reader() for _ in range(SOCKETS)]
    consistent: list[float] = []
    all_consistent = asyncio.Event()
    final = -1
    cut_at = 0.0

    def heard(listener: Listener, payload: bytes, now: float) -> None:
        reader = readers[listener.number]
        frames = json.loads(payload)
        for frame in frames if isinstance(frames, list) else [frames]:
            if frame.get("t") == thread:
                if "k" in frame:
                    reader.missed += frame["s"] != reader.sequence + 1
                    reader.sequence = frame["s"]
                elif frame.get("type") in ("joined", "resync"):
                    reader.resyncs += frame["type"] == "resync"
                    reader.epoch, reader.sequence = frame["e"], frame["s"]
            elif frame.get("t") == state and "d" in frame:
                reader.has_state = True
        if reader.sequence == final and reader.has_state and cut_at:
            reader.has_state = False
            consistent.append(now - cut_at)
            if len(consistent) == SOCKETS:
                all_consistent.set()

    crowd.heard = heard
    for _ in range(COMMENTS_BEFORE):
        await comment()
    async with asyncio.timeout(30):
        while not all(reader.epoch and reader.sequence >= COMMENTS_BEFORE for reader in readers):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    before = live.get_json("/canli/olcum/")
    for reader in readers:
        reader.has_state = False
    crowd.leave()
    final = COMMENTS_BEFORE + COMMENTS_DURING
    cut_at = time.perf_counter()

    async def come_back(number: int) -> None:
        reader = readers[number]
        while True:
            await asyncio.sleep(random.random() * min(30, 2**reader.refusals) + 0.5)
            try:
                listener = await crowd.connect(number)
            except OSError:
                listener = None
            if listener is not None and listener.status == 101:
                crowd.listeners.append(listener)
                listener.say({"type": "hello", "topics": {thread: [reader.epoch, reader.sequence], state: None}})
                return
            reader.refusals += 1

    coming = [asyncio.create_task(come_back(number)) for number in range(SOCKETS)]
    for _ in range(COMMENTS_DURING):
        await comment()
        await asyncio.sleep(0.2)
    await asyncio.wait_for(asyncio.gather(*coming), LIMIT_SECONDS)
    await asyncio.wait_for(all_consistent.wait(), LIMIT_SECONDS)
    after = live.get_json("/canli/olcum/")
    crowd.leave()
    if missed := sum(reader.missed for reader in readers):
        raise RuntimeError(f"{missed} entries came out of order")
    consistent.sort()
    return figure(
        "connect_storm",
        consistent[-1],
        "s",
        sockets=SOCKETS,
        signed_in=SIGNED_IN,
        p50_s=percentile(consistent, 50),
        queries_per_client=(after["queries"] - before["queries"]) / SOCKETS,
        replayed=after["replayed"] - before["replayed"],
        refused=sum(reader.refusals for reader in readers),
        resyncs=sum(reader.resyncs for reader in readers),
    )
