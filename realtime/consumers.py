"""The socket: it joins topics and is told what happens there. It never writes; forms and the API do."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

import structlog
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from realtime import access, frames, identity, limits, protocol
from realtime.hub import Hub, get_hub
from realtime.metrics import METRICS
from realtime.sinks import Sink
from realtime.wire import Wire, wire_of

log = structlog.get_logger(__name__)
_handshakes: set[object] = set()


class SocketConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One browser, many topics."""

    channel_layer_alias = "none"  # no such layer: no queue, no extra task; the hub fans out
    hub: Hub
    sink: Sink
    wire: Wire | None = None

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
        self.open = self.is_identified = False
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
        self.wire = wire_of(self.scope)
        visitor = identity.stranger(identity.session_key_of(self.scope.get("headers", [])))
        self.sink = Sink(self.base_send, self.finish, visitor=visitor, address=address, wire=self.wire)
        if self.hub.visitors_at(address) >= limits.SOCKETS_PER_ADDRESS:
            await self.accept()
            await self.close(code=4429)
            return
        self.hub.register(self.sink)  # before anything waits: a log-out from now on finds this socket
        await self.accept()
        self.open = True
        if self.wire is not None:
            self.wire.forget_request()
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
        try:
            voucher = None
            if not self.is_identified:
                voucher = await access.identify(self.hub, self.sink, wish.ticket)
                self.is_identified = True
            asks = sum(name not in self.sink.follows for name in wish.topics)
            who = f"person:{self.sink.person_id}" if self.sink.person_id else self.sink.address
            if not self.hub.joins.take(who, asks):
                self.sink.cut(4429)
                return
            await self.hub.join(self.sink, wish.topics, at=wish.at, voucher=voucher)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # the client is told to come back
            log.warning("live_join_failed", error=repr(error))
            self.sink.cut(1013)

    # --- closing ----------------------------------------------------------------------------------

    async def finish(self, code: int) -> None:
        """Close from the server's side. A client that reads nothing cannot be told; it is cut off."""
        if self.wire is not None:
            self.wire.abort_later(limits.CLOSE_SECONDS)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.base_send({"type": "websocket.close", "code": code}), limits.CLOSE_SECONDS)
        self.hub.unregister(self.sink)

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
