"""The list of proposals and the page of one, for visitors and for people signed in: 16 keep-alive clients, one server process.

At 10,000 proposals and 200 comments, then at 100,000 and 5,000. The reference is a bare Django view behind the same server.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

from tests.load import many
from tests.load.figures import figure, percentile
from tests.load.site import Site

CLIENTS = 16
SECONDS = 5.0
FEW, MANY = 10_000, 100_000


def measure() -> Iterator[dict[str, Any]]:
    with Site(demo=False, environment={"DJANGO_SETTINGS_MODULE": "tests.load.bare_settings"}) as site:
        site.start()
        before = visits(site, many.build(site, FEW))
        bare, _ = visit(site, "/yalin/", "")
        found = many.build(site, MANY)
        after = visits(site, found)
        for name, page in (("list", "page_proposals_list"), ("detail", "page_proposal_detail")):
            for who in ("", "_signed_in"):
                rate, p95 = before[name + who]
                yield figure(
                    page + who,
                    rate,
                    "requests/s",
                    reference="a bare view",
                    reference_value=bare,
                    p95_ms=1000 * p95,
                    queries=found["queries"][name + who],
                    growth=after[("long" if name == "detail" else name) + who][1] / p95,
                    p95_at_100000_ms=1000 * after[("long" if name == "detail" else name) + who][1],
                )


def visits(site: Site, found: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Requests a second and the 95th percentile of the seconds of an answer, by page and reader."""
    return {
        name + who: visit(site, path, cookie)
        for name, path in found["paths"].items()
        for who, cookie in (("", ""), ("_signed_in", found["cookie"]))
    }


def visit(site: Site, path: str, cookie: str) -> tuple[float, float]:
    times: list[float] = []
    until = time.monotonic() + 1.0  # to warm up
    _together(site, path, cookie, until, [])
    began = time.monotonic()
    _together(site, path, cookie, began + SECONDS, times)
    took = time.monotonic() - began
    return len(times) / took, percentile(sorted(times), 95)


def _together(site: Site, path: str, cookie: str, until: float, times: list[float]) -> None:
    failed: list[BaseException] = []

    def one() -> None:
        try:
            _ask(site.port, path, cookie, until, times)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=one) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def _ask(port: int, path: str, cookie: str, until: float, times: list[float]) -> None:
    """Ask again and again on one connection. A client that does little, because it shares the machine with the server."""
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *([f"Cookie: {cookie}"] if cookie else []), "", ""]
    request = "\r\n".join(lines).encode()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        while time.monotonic() < until:
            began = time.monotonic()
            connection.sendall(request)
            answer = connection.recv(65_536)
            while b"\r\n\r\n" not in answer:
                answer += connection.recv(65_536)
            head, _, body = answer.partition(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(head.decode())
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            missing = length - len(body)
            while missing:
                missing -= len(connection.recv(min(missing, 1 << 20)))
            times.append(time.monotonic() - began)
