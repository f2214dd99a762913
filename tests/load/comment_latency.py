"""From sending a comment to its arrival at each of a thousand readers: pages, live connections, Redis and PostgreSQL apart."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Iterator
from typing import Any

import uvloop

from tests.load.city import WRITERS, Browser, build
from tests.load.figures import figure, percentile
from tests.load.site import Site
from tests.load.sockets import Crowd, Listener, follow
from tests.services import start_redis

READERS = 1_000
COMMENTS = 24


def measure() -> Iterator[dict[str, Any]]:
    with start_redis() as (url, _process):
        settings = {"REDIS_URL": url}
        with Site(demo=False, arguments=["--only", "pages"], environment=settings) as pages:
            pages.start()
            with Site(arguments=["--only", "live"], environment=settings, beside=pages) as live:
                live.start()
                yield uvloop.run(write(pages, live, build(pages, WRITERS)))


async def write(pages: Site, live: Site, city: dict[str, Any]) -> dict[str, Any]:
    crowd = Crowd(live.port)
    await follow(crowd, READERS, {city["thread"]: None})
    times: list[float] = []
    answered: list[float] = []
    sent, left = 0.0, 0
    all_arrived = asyncio.Event()

    def heard(_listener: Listener, payload: bytes, now: float) -> None:
        nonlocal left
        if b'"k":"discussions.comment_added"' in payload:
            times.append(now - sent)
            left -= 1
            if not left:
                all_arrived.set()

    crowd.heard = heard
    browsers = [Browser(pages.port, cookies) for cookies in city["cookies"]]
    path = f"/api/v1/threads/{city['thread_id']}/comments/"
    for number in range(COMMENTS):
        body = {"text": f"Kavşakta ışık süresi çok kısa, {number}.", "key": str(uuid.uuid4())}
        left, sent = READERS, time.perf_counter()
        all_arrived.clear()
        await asyncio.to_thread(browsers[number % len(browsers)].send, "POST", path, body)
        answered.append(time.perf_counter() - sent)
        await asyncio.wait_for(all_arrived.wait(), 30)
        if number < len(browsers):
            times.clear()  # the first request of each connection, and the first frame of the process
            answered.clear()
        await asyncio.sleep(0.2)
    crowd.leave()
    times.sort()
    answered.sort()
    return figure(
        "comment_latency",
        1000 * percentile(times, 95),
        "ms",
        p50_ms=1000 * percentile(times, 50),
        p95_ms=1000 * percentile(times, 95),
        p99_ms=1000 * percentile(times, 99),
        answered_p95_ms=1000 * percentile(answered, 95),
        readers=READERS,
        deliveries=len(times),
    )
