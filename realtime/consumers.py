"""The socket: it joins topics and is told what happens there. It never writes; forms and the API do."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

import structlog
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from realtime import frames, identity, limits, protocol
from realtime.hub import Hub, get_hub
from realtime.metrics import METRICS
from realtime.sinks import Sink

log = structlog.get_logger(__name__)
_handshakes: set[object] = set()


class SocketConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One browser, many topics."""

    channel_layer_alias = "none"  # no such layer: no queue, no extra task; the hub fans out
    hub: Hub
    sink: Sink

    async def dispatch(self, message: dict[str, Any]) -> None:
        """As Channels does it, without a hop to a thread for each event: no ORM runs here."""
        match message["type"]:
            case "websocket.connect":
                await self.websocket_connect(message)
            case "websocket.receive":
                await self.websocket_receive(message)
            case "websocket.disconnect":
                await self.websocket_disconnect(message)

    # --- opening ----------------------------------------------------------------------------------

    async def websocket_connect(self, message: dict[str, Any]) -> None:
        self.bucket = limits.Bucket(limits.MESSAGES_PER_SECOND, limits.MESSAGES_AT_ONCE)
        self.open = False
        self.silence: asyncio.TimerHandle | None = None
        if len(_handshakes) >= limits.HANDSHAKES:
            await self._refuse(503)
            return
        _handshakes.add(self)
        try:
            await self._enter()
        except (asyncio.CancelledError, StopConsumer):
            raise
        except Exception as error:  # the client is told to come back
            log.warning("live_handshake_failed", error=repr(error))
            await self._refuse(503)
        finally:
            _handshakes.discard(self)

    async def _enter(self) -> None:
        self.hub = await get_hub()
        if self.hub.stopping:
            await self._refuse(503)
            return
        address = limits.network_of((self.scope.get("client") or ("",))[0])
        key = identity.session_key_of(self.scope.get("headers", []))
        while True:
            since = self.hub.loop.time()
            visitor = await self.hub.run(identity.visitor_of, key) if key else identity.NOBODY
            self.sink = Sink(self.base_send, self.finish, visitor=visitor, address=address)
            if not self.hub.was_ended(since, self.sink):
                break
        if visitor.person_id is None and self.hub.count_at(address) >= limits.SOCKETS_PER_ADDRESS:
            await self.accept()
            await self.close(code=4429)
            return
        if visitor.person_id is not None:
            mine = self.hub.of_person(visitor.person_id)
            for oldest in mine[: max(0, len(mine) - limits.SOCKETS_PER_PERSON + 1)]:
                oldest.cut(4409)
        self.hub.register(self.sink)  # before anything waits: a log-out from now on finds this socket
        await self.accept()
        self.open = True
        self.silence = self.hub.loop.call_later(limits.HELLO_SECONDS, self.sink.cut, 4408)
        self.sink.tell(frames.control("welcome", now=int(time.time() * 1000)))

    async def _refuse(self, status: int) -> None:
        METRICS.handshakes_refused += 1
        if "websocket.http.response" in self.scope.get("extensions", {}):
            await self.base_send(
                {"type": "websocket.http.response.start", "status": status, "headers": [(b"retry-after", b"5")]}
            )
            await self.base_send({"type": "websocket.http.response.body", "body": b""})
        else:
            await self.close(code=1013)

    # --- listening --------------------------------------------------------------------------------

    async def websocket_receive(self, message: dict[str, Any]) -> None:
        if not self.open or self.sink.closed:
            return
        if not self.bucket.take():
            self.sink.cut(4429)
            return
        try:
            wish = protocol.read(message.get("text"))
        except protocol.ProtocolError as error:
            log.info("live_protocol_error", error=str(error))
            self.sink.cut(4400)
            return
        match wish.type:
            case "hello" | "join":
                await self._join(wish)
            case "leave":
                for name in wish.names:
                    self.hub.leave(self.sink, name)
            case "ping":
                self.sink.tell(frames.control("pong", now=int(time.time() * 1000)))

    async def _join(self, wish: protocol.Wish) -> None:
        if self.silence is not None:
            self.silence.cancel()
            self.silence = None
        if len({*self.sink.follows, *wish.topics}) > limits.TOPICS_PER_SOCKET:
            self.sink.cut(4400)
            return
        asks = sum(name not in self.sink.follows for name in wish.topics)
        who = f"person:{self.sink.person_id}" if self.sink.person_id else self.sink.address
        if not self.hub.joins.take(who, asks):
            self.sink.cut(4429)
            return
        try:
            await self.hub.join(self.sink, wish.topics, at=wish.at)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # the client is told to come back
            log.warning("live_join_failed", error=repr(error))
            self.sink.cut(1013)

    # --- closing ----------------------------------------------------------------------------------

    async def finish(self, code: int) -> None:
        """Close from the server's side. A client that reads nothing cannot be told; it is cut off."""
        try:
            await asyncio.wait_for(self.base_send({"type": "websocket.close", "code": code}), 1)
        except TimeoutError:
            transport = getattr(getattr(self.base_send, "__self__", None), "transport", None)
            if transport is not None:
                transport.abort()

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        if self.silence is not None:
            self.silence.cancel()
        if hasattr(self, "sink"):
            self.hub.unregister(self.sink)
        raise StopConsumer

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            with contextlib.suppress(OSError):  # the server's word for a client that is gone
                await super().__call__(scope, receive, send)
        finally:
            if hasattr(self, "sink"):
                self.hub.unregister(self.sink)
