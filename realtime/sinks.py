"""One socket as the hub sees it: sends are started at once, and never waited for by anybody but this socket."""

from __future__ import annotations

import asyncio
import itertools
import types
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import TYPE_CHECKING, Any

import structlog

from realtime import frames
from realtime.identity import Visitor
from realtime.metrics import METRICS
from realtime.wire import Wire, framed

if TYPE_CHECKING:
    from realtime.streams import LogStream, Stream

log = structlog.get_logger(__name__)
MOST_CONTROL_FRAMES = 500
CHUNK = 64
"""How many replayed frames travel in one message."""
_numbers = itertools.count(1)
Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]
Close = Callable[[int], Awaitable[None]]


class Parcel:
    """What goes to many sockets, made once: as ASGI has it, and as the bytes of one WebSocket frame."""

    __slots__ = ("frame", "message", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.message = {"type": "websocket.send", "text": text}
        self.frame = framed(text)


class Follow:
    """One topic followed by one socket; `cursor` is the last sequence that was sent."""

    __slots__ = ("cursor", "gone", "lease_at", "sink", "stream")

    def __init__(self, sink: Sink, stream: Stream, lease_at: float) -> None:
        self.sink = sink
        self.stream = stream
        self.lease_at = lease_at
        self.cursor = 0
        self.gone = False


class Sink:
    """A socket: who it belongs to, what it follows, what it could not be sent yet."""

    __slots__ = (
        "_behind",
        "_close",
        "_control",
        "_drain_task",
        "_newest",
        "_send",
        "_write",
        "address",
        "blocked_since",
        "busy",
        "closed",
        "follows",
        "number",
        "visitor",
    )

    def __init__(
        self, send: Send, close: Close, *, visitor: Visitor, address: str = "", wire: Wire | None = None
    ) -> None:
        self._write = wire.write_frame if wire is not None else _writes_nothing
        self._send = send
        self._close = close
        self.visitor = visitor
        self.address = address
        self.number = next(_numbers)
        self.follows: dict[str, Follow] = {}
        self.busy = False
        self.blocked_since: float | None = None
        self.closed = False
        # Made when they are needed: nearly every socket reads as fast as it is told, and there are thousands.
        self._control: deque[str] | None = None
        self._newest: dict[str, str] | None = None
        self._behind: set[Follow] | None = None
        self._drain_task: asyncio.Task[None] | None = None

    @property
    def person_id(self) -> int | None:
        return self.visitor.person_id

    @property
    def presence_key(self) -> str:
        """What counts once: a person, or the browser of a visitor."""
        return f"person:{self.person_id}" if self.person_id else self.visitor.session or f"socket:{self.number}"

    # --- sending: never waits ---------------------------------------------------------------------

    def send_now(self, parcel: Parcel) -> None:
        """Start sending. It ends at once unless the client reads too slowly; then a task ends it, and the sink is busy.

        The first step of the coroutine is driven by hand (Python 3.12 would have eager tasks), which spares a task and
        a turn of the loop for nearly every delivery.
        """
        if self._write(parcel.frame):
            return
        coroutine = self._send(parcel.message)
        try:
            awaited = coroutine.send(None)
        except StopIteration:
            pass
        except Exception:  # whatever the server raises, this socket is gone and the others go on
            self.drop()
        else:
            METRICS.blocked += 1
            self._start_drain(coroutine, awaited)

    def tell(self, text: str) -> None:
        """Send a frame of the connection itself; it keeps its place before log frames that wait."""
        if self.closed:
            return
        if not self.busy:
            METRICS.deliveries += 1
            self.send_now(Parcel(text))
            return
        if self._control is None:
            self._control = deque()
        if len(self._control) < MOST_CONTROL_FRAMES:
            self._control.append(text)
        else:
            self.cut(4008)

    def keep_newest(self, topic: str, text: str) -> None:
        """The sink is busy: of a state topic it gets the newest state later."""
        if self._newest is None:
            self._newest = {}
        self._newest[topic] = text

    def fall_behind(self, follow: Follow) -> None:
        """Bring a log topic up to date from memory or the journal, as fast as the client reads."""
        self._is_behind(follow)
        if not self.busy and not self.closed:
            self._start_drain()

    def _is_behind(self, follow: Follow) -> None:
        if self._behind is None:
            self._behind = set()
        self._behind.add(follow)

    def _start_drain(self, coroutine: Coroutine[Any, Any, None] | None = None, awaited: object = None) -> None:
        self.busy = True
        self._drain_task = asyncio.create_task(self._drain(coroutine, awaited))

    async def _drain(self, coroutine: Coroutine[Any, Any, None] | None, awaited: object) -> None:
        try:
            if coroutine is not None:
                await self._patiently(_resume(coroutine, awaited))
            while not self.closed:
                if self._control:
                    await self._deliver(self._control.popleft())
                elif self._newest:
                    topic = next(iter(self._newest))
                    text = self._newest.pop(topic)
                    if topic in self.follows:
                        await self._deliver(text)
                elif self._behind:
                    follow = self._behind.pop()
                    if not follow.gone:
                        await self._catch_up(follow)
                else:
                    break
            self.busy = False
        except asyncio.CancelledError:
            raise
        except Exception as error:
            # The connection is gone, or the database is: either way the client comes back and resumes.
            log.info("live_socket_dropped", error=repr(error))
            self.cut(1013)

    async def _catch_up(self, follow: Follow) -> None:
        stream: LogStream = follow.stream  # type: ignore[assignment]
        missed = await stream.after(follow.cursor)
        if follow.gone:
            return
        if missed is None:
            follow.cursor = stream.sequence
            METRICS.resyncs += 1
            await self._deliver(frames.control("resync", t=stream.name, e=stream.epoch, s=stream.sequence))
            return
        for start in range(0, len(missed), CHUNK):
            chunk = missed[start : start + CHUNK]
            follow.cursor = chunk[-1][0]
            METRICS.replayed += len(chunk)
            await self._deliver("[" + ",".join(text for _, text in chunk) + "]")
            if follow.gone or stream.forgot_since(chunk[-1][0]):
                break
        if not follow.gone and follow.cursor < stream.sequence:
            self._is_behind(follow)

    async def _deliver(self, text: str) -> None:
        METRICS.deliveries += 1
        await self._patiently(self._send({"type": "websocket.send", "text": text}))

    async def _patiently(self, sending: Awaitable[None]) -> None:
        self.blocked_since = asyncio.get_running_loop().time()
        try:
            await sending
        finally:
            self.blocked_since = None

    # --- ending -----------------------------------------------------------------------------------

    def cut(self, code: int) -> None:
        """End the stream now, whatever still waits, and close the socket with a code."""
        if self.closed:
            return
        self.drop()
        asyncio.get_running_loop().create_task(_quietly(self._close(code)))

    def drop(self) -> None:
        """Nothing more is sent."""
        self.closed = True
        self._control = self._newest = self._behind = None
        for follow in self.follows.values():
            follow.gone = True
        task = self._drain_task
        if task is not None and not task.done() and task is not asyncio.current_task():
            task.cancel()


def _writes_nothing(_frame: bytes) -> bool:
    return False


async def _quietly(closing: Awaitable[None]) -> None:
    try:
        await closing
    except Exception as error:  # it is closed already
        log.debug("live_close_failed", error=repr(error))


@types.coroutine
def _resume(coroutine: Coroutine[Any, Any, None], awaited: object) -> Generator[Any, Any, None]:
    """Go on with a coroutine whose first step was driven by hand."""
    while True:
        try:
            value = yield awaited
        except BaseException as error:  # handed on to the coroutine
            try:
                awaited = coroutine.throw(error)
            except StopIteration:
                return
        else:
            try:
                awaited = coroutine.send(value)
            except StopIteration:
                return
