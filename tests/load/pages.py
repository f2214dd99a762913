"""Pages of the demo for a visitor who is not signed in: four keep-alive clients on one server process."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.load.figures import figure, percentile
from tests.load.site import Site

PATHS = {
    "home": "/",
    "council": "/kocaeli/",
    "proposals": "/kocaeli/oneriler/",
    "bodies": "/kocaeli/meclisler-ve-gruplar/",
}
CLIENTS = 4
REQUESTS = 50  # by each client


def measure() -> Iterator[dict[str, Any]]:
    with Site() as site:
        site.start()
        for page, path in PATHS.items():
            yield measure_page(site, page, path)


def measure_page(site: Site, page: str, path: str) -> dict[str, Any]:
    if site.get(path).status != 200:
        raise RuntimeError(f"{path} does not answer 200")
    began = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as clients:
        visits = clients.map(lambda _: visit(site, path), range(CLIENTS))
        times = sorted(seconds for one_client in visits for seconds in one_client)
    return figure(
        f"page_{page}",
        len(times) / (time.monotonic() - began),
        "requests/s",
        requests=len(times),
        p50_ms=1000 * statistics.median(times),
        p95_ms=1000 * percentile(times, 95),
    )


def visit(site: Site, path: str) -> list[float]:
    """Ask for the page again and again on one connection and return the seconds each answer took."""
    connection, times = site.connect(), []
    for _ in range(REQUESTS):
        began = time.monotonic()
        connection.request("GET", path)
        connection.getresponse().read()
        times.append(time.monotonic() - began)
    connection.close()
    return times
