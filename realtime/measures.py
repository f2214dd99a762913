"""The counters of this process for whoever watches it: `GET /canli/olcum/`, answered to the machine itself only."""

from __future__ import annotations

import ipaddress
from typing import Any

import orjson

from realtime import metrics
from realtime.waiting import App

PATH = "/canli/olcum/"
FORWARDED = frozenset({b"forwarded", b"x-forwarded-for", b"x-real-ip"})


def with_measures(app: App) -> App:
    """Answer the counters; everything else passes, and so does the question when it comes from elsewhere or by a proxy."""

    async def measured(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["path"] != PATH or not _is_from_here(scope):
            await app(scope, receive, send)
            return
        body = orjson.dumps(metrics.snapshot())
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send(
            {"type": "http.response.start", "status": 200, "headers": [*headers, (b"cache-control", b"no-store")]}
        )
        await send({"type": "http.response.body", "body": body})

    return measured


def _is_from_here(scope: dict[str, Any]) -> bool:
    host = (scope.get("client") or ("",))[0]
    try:
        is_local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
    return is_local and not any(name in FORWARDED for name, _ in scope.get("headers", []))
