"""How long a person waits: the first start with an empty folder, the second with its data, and Ctrl-C."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.load.figures import figure
from tests.load.site import Site


def measure() -> Iterator[dict[str, Any]]:
    with Site() as fresh:
        first = fresh.start()
        fresh.stop()
        again = [fresh.start()]
        stops = [fresh.stop()]
        for _ in range(2):
            again.append(fresh.start())
            stops.append(fresh.stop())
    yield figure("start", max(again), "s", first_s=first, stop_s=max(stops))
