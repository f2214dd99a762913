"""How long a person waits: the first start with an empty folder, the second with its data, and Ctrl-C."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.load.site import Site


def measure(site: Site) -> Iterator[dict[str, Any]]:
    site.stop()
    with Site() as fresh:
        first = fresh.start()
        fresh.stop()
        again = [fresh.start()]
        stops = [fresh.stop()]
        for _ in range(2):
            again.append(fresh.start())
            stops.append(fresh.stop())
    yield {"first_s": round(first, 2), "second_s": round(max(again), 2), "stop_s": round(max(stops), 2)}
    site.start()
