"""Which pages may open a live connection: scheme, host and port compared exactly.

Channels' own validator compares the host only and lets everything pass when ALLOWED_HOSTS has ``*``.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.http.request import validate_host

log = structlog.get_logger(__name__)
Headers = list[tuple[bytes, bytes]]
App = Callable[[dict[str, Any], Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]
_PORTS = {"http": 80, "https": 443}


def is_allowed(origin: str, *, host: str, scheme: str) -> bool:
    """Whether a page of `origin` may connect to this `host` over `scheme` (http or https).

    Either settings.LIVE_ORIGINS names the origin, or it is the very address that was asked for and ALLOWED_HOSTS has.
    """
    given = _normal(origin)
    if given is None:
        return False
    if given in {_normal(each) for each in settings.LIVE_ORIGINS}:
        return True
    name = _hostname(host)
    known = [pattern for pattern in settings.ALLOWED_HOSTS if pattern != "*"]
    return bool(name) and validate_host(name, known) and given == _normal(f"{scheme}://{host}")


def _normal(origin: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or parts.username is not None:
        return None
    if f"{parts.scheme}://{parts.netloc}".lower() != origin.lower():  # nothing but scheme, host and port
        return None
    return parts.scheme, parts.hostname.lower(), port if port is not None else _PORTS[parts.scheme]


def _hostname(host: str) -> str:
    found = _normal(f"http://{host}")
    if found is None:
        return ""
    return f"[{found[1]}]" if ":" in found[1] else found[1]


def scheme_of(scope: dict[str, Any], headers: Headers) -> str:
    """The scheme the browser sees, also behind a proxy that ends TLS."""
    if settings.IS_HTTPS or scope.get("scheme") in ("wss", "https"):
        return "https"
    if settings.SECURE_PROXY_SSL_HEADER:
        name, secure = settings.SECURE_PROXY_SSL_HEADER
        wanted = name.removeprefix("HTTP_").replace("_", "-").lower().encode()
        values = [value.decode("latin-1").strip() for key, value in headers if key == wanted]
        if values == [secure]:
            return "https"
    return "http"


SMUGGLED = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f\x85]")
"""Bytes that some parsers take for blanks or ends of lines, and others for text."""


class OriginGuard:
    """Refuses a handshake with bytes no browser sends (400) or without exactly one allowed Origin (403)."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        headers: Headers = scope.get("headers", [])
        if any(SMUGGLED.search(name) or SMUGGLED.search(value) for name, value in headers):
            log.info("live_headers_refused")
            await _answer(scope, send, 400)
            return
        origins = [value.decode("latin-1") for name, value in headers if name == b"origin"]
        hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
        host = hosts[0] if len(hosts) == 1 else ""
        if len(origins) == 1 and is_allowed(origins[0], host=host, scheme=scheme_of(scope, headers)):
            await self.app(scope, receive, send)
            return
        log.info("live_origin_refused", origin=[origin[:200] for origin in origins])
        await send({"type": "websocket.close", "code": 4403})


async def _answer(scope: dict[str, Any], send: Any, status: int) -> None:
    if "websocket.http.response" in scope.get("extensions", {}):
        await send({"type": "websocket.http.response.start", "status": status, "headers": []})
        await send({"type": "websocket.http.response.body", "body": b""})
    else:
        await send({"type": "websocket.close", "code": 4400})
