"""The socket's end of uvicorn: what a browser may send is bounded, and a frame for many is written as one piece of bytes.

uvicorn frames every message for every socket anew; a fan-out would do that a thousand times for the same text. Frames from
server to browser carry no mask and, without compression, no state, so the hub writes the same bytes to each transport. Where
this protocol is not in use (tests, another server) the hub sends as ASGI has it.
"""

from __future__ import annotations

from typing import Any, Protocol

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from realtime.limits import CONTROL_FRAMES_AT_ONCE, CONTROL_FRAMES_PER_SECOND, FRAGMENTS, Bucket
from realtime.metrics import METRICS

EXTENSION = "meydan.wire"
ABORT_SECONDS = 1.0


class Wire(Protocol):
    """A socket that takes ready frames."""

    def write_frame(self, frame: bytes) -> bool: ...

    def abort_later(self, seconds: float) -> None: ...

    def forget_request(self) -> None: ...


def framed(text: str) -> bytes:
    """One unfragmented text frame as a server sends it (RFC 6455, section 5.2)."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65_536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


def wire_of(scope: dict[str, Any]) -> Wire | None:
    """The wire of a connection, when the server offers one."""
    found: Wire | None = (scope.get("extensions") or {}).get(EXTENSION)
    return found


class LiveProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, with bounds on fragments and pings and a way for ready frames."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._fragments = 0
        self._control = Bucket(CONTROL_FRAMES_PER_SECOND, CONTROL_FRAMES_AT_ONCE)
        self._takes_frames = not self.config.ws_per_message_deflate

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        scope: Any = getattr(self, "scope", None)
        if scope is not None and self._takes_frames:
            scope["extensions"][EXTENSION] = self

    def forget_request(self) -> None:
        """Let go of the headers once the socket is open; those of a browser take more memory than all the rest."""
        held: Any = self
        held.request = held.response = None
        held.scope["headers"].clear()

    def write_frame(self, frame: bytes) -> bool:
        """Write a ready frame now; False when this socket cannot take it so, and `send` must decide."""
        if not self.handshake_complete or self.close_sent or self.disconnected or not self.writable.is_set():
            return False
        if self.transport.is_closing():
            return False
        self.transport.write(frame)
        return True

    def handle_text(self, event: Any) -> None:
        self._fragments = 1
        super().handle_text(event)

    def handle_bytes(self, event: Any) -> None:
        self._fragments = 1
        super().handle_bytes(event)

    def handle_cont(self, event: Any) -> None:
        """A message of many tiny or empty fragments costs more than its bytes: it ends the connection."""
        self._fragments += 1
        if self._fragments > FRAGMENTS:
            self._fail(1009)
            return
        super().handle_cont(event)

    def handle_ping(self) -> None:
        """Answers to a flood of pings would pile up for a client that reads none of them."""
        if self._control.take():
            super().handle_ping()
        else:
            self._fail(1008)

    def _fail(self, code: int) -> None:
        if self.close_sent or self.transport.is_closing():
            return
        METRICS.floods += 1
        self.stop_keepalive()
        self.frames = []
        self.conn.fail(code)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.transport.close()
        self.abort_later(ABORT_SECONDS)

    def abort_later(self, seconds: float) -> None:
        """Cut a connection that does not end by itself: a client that reads nothing would keep it for ever."""
        self.loop.call_later(seconds, self.transport.abort)
