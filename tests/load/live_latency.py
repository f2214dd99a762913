"""From a vote in one browser to the tally in another, while a thousand sockets look on and 200 votes a second come in.

The whole shape on one machine: a process for pages, one for live connections, Redis, PostgreSQL with fsync. A socket client
stands for the other browser: the time ends when the frame with the changed count has arrived there. The voters of the load
change between yes and no; the one whose time is taken changes between abstention and yes, so that it is theirs that is seen.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import uvloop

from tests.load.city import Browser, build
from tests.load.figures import figure, percentile
from tests.load.site import Site
from tests.load.sockets import Crowd, Listener, follow
from tests.services import start_redis

SOCKETS = 1_000
VOTERS = 400
VOTES_PER_SECOND = 200
THREADS = 16
PROBES = 40
PROBE_EVERY = 0.37
"""Seconds; no multiple of the quarter of a second in which tallies are gathered."""


def measure() -> Iterator[dict[str, Any]]:
    with start_redis() as (url, _process):
        settings = {"REDIS_URL": url}
        with Site(demo=False, arguments=["--only", "pages"], environment=settings) as pages:
            pages.start()
            with Site(arguments=["--only", "live"], environment=settings, beside=pages) as live:
                live.start()
                city = build(pages, VOTERS + 1)
                yield uvloop.run(watch(pages, live, city))


async def watch(pages: Site, live: Site, city: dict[str, Any]) -> dict[str, Any]:
    path = f"/api/v1/ballots/{city['ballot_id']}/vote/"
    topic = f"state:{city['ballot']}"
    crowd = Crowd(live.port)
    await follow(crowd, SOCKETS, {topic: None})
    reader = crowd.listeners[0]
    seen = asyncio.Event()
    wanted = 0
    arrived = 0.0
    frames = 0

    def heard(listener: Listener, payload: bytes, now: float) -> None:
        nonlocal arrived, frames
        if listener is reader:
            frames += 1
            frame = json.loads(payload)
            if "d" not in frame:
                raise RuntimeError(f"the reader was told {payload!r}")
            if frame["d"]["abstain"] == wanted and not seen.is_set():
                arrived = now
                seen.set()

    crowd.heard = heard
    load = Load(pages.port, path, city["cookies"][1:])
    probe = Browser(pages.port, city["cookies"][0])
    await asyncio.to_thread(probe.send, "PUT", path, {"paper": "yes"})
    load.start()
    try:
        await asyncio.sleep(2)
        times = []
        began = time.perf_counter()
        for number in range(PROBES):
            paper, wanted = (("abstain", 1), ("yes", 0))[number % 2]
            seen.clear()
            sent = time.perf_counter()
            voting = asyncio.create_task(asyncio.to_thread(probe.send, "PUT", path, {"paper": paper}))
            await asyncio.wait_for(seen.wait(), 30)
            times.append(arrived - sent)
            await voting
            await asyncio.sleep(max(0, sent + PROBE_EVERY - time.perf_counter()))
        seconds = time.perf_counter() - began
    finally:
        votes = await asyncio.to_thread(load.stop)
        crowd.leave()
    times.sort()
    return figure(
        "live_latency",
        1000 * percentile(times, 95),
        "ms",
        p50_ms=1000 * percentile(times, 50),
        p95_ms=1000 * percentile(times, 95),
        sockets=SOCKETS,
        votes_per_s=votes,
        tallies_per_s=frames / seconds,
        browser="socket client",
    )


class Load:
    """Voters who change their minds, at a steady rate over a few connections."""

    def __init__(self, port: int, path: str, cookies: list[str]) -> None:
        self.stopped = threading.Event()
        self.counts = [0] * THREADS
        self.port, self.path = port, path
        shares = [cookies[n::THREADS] for n in range(THREADS)]
        self.threads = [threading.Thread(target=self.vote, args=[n, share]) for n, share in enumerate(shares)]

    def start(self) -> None:
        self.began = time.monotonic()
        for thread in self.threads:
            thread.start()

    def stop(self) -> float:
        """How many votes a second were cast."""
        self.stopped.set()
        for thread in self.threads:
            thread.join(60)
        return sum(self.counts) / (time.monotonic() - self.began)

    def vote(self, number: int, cookies: list[str]) -> None:
        browser = Browser(self.port, "")
        due = time.monotonic() + number / VOTES_PER_SECOND
        for paper in itertools.cycle(("yes", "no")):
            for cookie in cookies:
                time.sleep(max(0, due - time.monotonic()))
                due += THREADS / VOTES_PER_SECOND
                if self.stopped.is_set():
                    return
                browser.headers["Cookie"] = cookie
                browser.send("PUT", self.path, {"paper": paper})
                self.counts[number] += 1
