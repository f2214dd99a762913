"""What a socket costs, what a process for pages takes after ten thousand requests, and whether it goes on growing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import uvloop

from tests.load.city import build
from tests.load.figures import figure
from tests.load.site import Site
from tests.load.sockets import Crowd, follow, resident_kilobytes
from tests.services import start_redis

SOCKETS = 4_000
REQUESTS = 10_000
CLIENTS = 8
PATHS = ["/", "/kocaeli/", "/kocaeli/oneriler/", "/kocaeli/meclisler-ve-gruplar/"]


def measure() -> Iterator[dict[str, Any]]:
    with start_redis() as (url, _process):
        settings = {"REDIS_URL": url}
        with Site(arguments=["--only", "pages"], environment=settings) as pages:
            pages.start()
            with Site(arguments=["--only", "live"], environment=settings, beside=pages) as live:
                live.start()
                city = build(pages, 10)
                sockets = uvloop.run(fill(live, [city["thread"], city["proposal"], f"state:{city['ballot']}"]))
                live.stop()
            ask(pages, REQUESTS // 2)
            half = resident_kilobytes(pages.process.pid)
            ask(pages, REQUESTS // 2)
            whole = resident_kilobytes(pages.process.pid)
    yield figure(
        "memory",
        sockets,
        "kB/socket",
        sockets=SOCKETS,
        web_mb=whole / 1024,
        web_growth_mb=(whole - half) / 1024,
        requests=REQUESTS,
    )


async def fill(live: Site, topics: list[str]) -> float:
    """The memory of the process for each socket that follows the topics."""
    pid = live.process.pid
    warm = Crowd(live.port)
    await follow(warm, 300, dict.fromkeys(topics))
    warm.leave()
    await asyncio.sleep(2)
    before = resident_kilobytes(pid)
    crowd = Crowd(live.port)
    await follow(crowd, SOCKETS, dict.fromkeys(topics), within=120)
    await asyncio.sleep(1)
    after = resident_kilobytes(pid)
    crowd.leave()
    return (after - before) / SOCKETS


def ask(pages: Site, requests: int) -> None:
    """So many requests by a few keep-alive clients."""

    def visit(number: int) -> None:
        connection = pages.connect()
        for turn in range(requests // CLIENTS):
            path = PATHS[(number + turn) % len(PATHS)]
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path} was answered {answer.status}")
        connection.close()

    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(visit, range(CLIENTS)))
