"""Long polls for browsers without a WebSocket: the question waits at the hub until something it asks about moves.

`GET /canli/yokla/?bekle=1&…` comes here before it reaches the page that answers it, so that no thread and no database
connection waits with it. Who may not follow a topic is not woken by it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import orjson
import structlog

from realtime import access, identity, limits, protocol
from realtime.hub import get_hub
from realtime.metrics import METRICS
from realtime.sinks import Sink

log = structlog.get_logger(__name__)
App = Callable[[dict[str, Any], Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]
PATH = "/canli/yokla/"
HELD = "meydan.held"
"""Set in the scope of a question that waited."""


def hold_polls(app: App) -> App:
    """Let a long poll wait before `app` answers it; everything else passes."""

    async def held(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["path"] != PATH or scope["method"] != "GET" or b"bekle=1" not in scope.get("query_string", b""):
            await app(scope, receive, send)
            return
        incoming = _Incoming(receive)
        try:
            scope[HELD] = await _wait(scope, incoming)
        except Exception as error:  # then it is answered at once, as a short poll
            log.warning("live_poll_not_held", error=repr(error))
        try:
            if not incoming.is_gone:
                await app(scope, incoming.again, send)
        finally:
            incoming.close()

    return held


class _Incoming:
    """The request's messages: looked at while it waits, to notice who has gone, and handed on afterwards."""

    def __init__(self, receive: Callable[[], Awaitable[Any]]) -> None:
        self._receive = receive
        self._seen: list[dict[str, Any]] = []
        self.ended = asyncio.ensure_future(self._watch())
        self._told = 0

    async def _watch(self) -> None:
        while not self.is_gone:
            self._seen.append(await self._receive())

    @property
    def is_gone(self) -> bool:
        return any(message["type"] == "http.disconnect" for message in self._seen)

    async def again(self) -> dict[str, Any]:
        while self._told >= len(self._seen):
            if self.ended.done():
                return {"type": "http.disconnect"}
            await asyncio.wait({self.ended}, timeout=0.05)
        self._told += 1
        return self._seen[self._told - 1]

    def close(self) -> None:
        self.ended.cancel()


async def _wait(scope: dict[str, Any], incoming: _Incoming) -> bool:
    """Wait for news, for the client to go, or for the longest time. True when it waited, False when it may not."""
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("t", [])
    if not 0 < len(asked) <= limits.TOPICS_PER_POLL:
        return False
    try:
        known = dict(map(protocol.wished, asked))
    except protocol.ProtocolError:
        return False
    hub = await get_hub()
    address = limits.network_of((scope.get("client") or ("",))[0])
    if hub.stopping or hub.visitors_at(address) >= limits.SOCKETS_PER_ADDRESS:
        return False
    news = asyncio.Event()
    sink = _sink(scope, address, known, news)
    hub.register(sink)
    METRICS.held += 1
    try:
        await access.identify(hub, sink, "")
        if not hub.joins.take(f"person:{sink.person_id}" if sink.person_id else address, len(known)):
            return False
        await hub.join(sink, {name: _place_in_log(name, place) for name, place in known.items()})
        waking = asyncio.ensure_future(news.wait())
        try:
            await asyncio.wait({waking, incoming.ended}, timeout=limits.HELD_SECONDS, return_when="FIRST_COMPLETED")
        finally:
            waking.cancel()
    finally:
        METRICS.held -= 1
        hub.unregister(sink)
    return True


def _place_in_log(name: str, place: tuple[str | None, int | None]) -> tuple[str | None, int | None]:
    return (None, None) if name.startswith(("state:", "presence:")) else place


def _sink(
    scope: dict[str, Any], address: str, known: dict[str, tuple[str | None, int | None]], news: asyncio.Event
) -> Sink:
    async def hear(message: dict[str, Any]) -> None:
        told = orjson.loads(message["text"])
        if any(_is_news(frame, known) for frame in (told if isinstance(told, list) else [told])):
            news.set()

    async def close(_code: int) -> None:
        news.set()

    visitor = identity.stranger(identity.session_key_of(scope.get("headers", [])))
    return Sink(hear, close, visitor=visitor, address=address)


def _version(place: tuple[str | None, int | None] | None) -> tuple[int, int]:
    epoch, sequence = place or (None, None)
    return (int(epoch), sequence) if epoch and epoch.isdecimal() and sequence is not None else (-1, -1)


def _is_news(frame: dict[str, Any], known: dict[str, tuple[str | None, int | None]]) -> bool:
    name = frame.get("t", "")
    if name.startswith("presence:"):
        return False  # how many look on is told with the next answer
    if "v" in frame:
        return tuple(frame["v"]) > _version(known.get(name))
    return frame.get("type") != "joined"
