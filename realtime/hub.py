"""The hub: one per process (per event loop). It hears the bus, knows who follows what, and ends what may not go on."""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import secrets
import weakref
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import structlog
from django.db import close_old_connections, connection

from realtime import access, frames, limits
from realtime.bus import CONTROL, Bus, BusDown, Message, get_bus
from realtime.metrics import METRICS
from realtime.sinks import Follow, Sink
from realtime.streams import LogStream, PresenceStream, Stream, make_stream
from realtime.topics import parse

log = structlog.get_logger(__name__)
_RAISE: Any = object()
ORDERS = 1000
"""How many orders are remembered; what may have been forgotten is asked of the database."""
CLOSED_TOGETHER = 100
"""How many sockets are closed in one go when the process ends; others get a turn in between."""
OPEN_SECONDS = 60.0
"""How long a topic that everybody may follow is taken to be open without asking, unless an order says otherwise."""
Wishes = dict[str, tuple[str | None, int | None]]
"""Topic -> (epoch, sequence) as far as the client knows them."""
_hubs: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = weakref.WeakKeyDictionary()


class Hub:
    """Everything here runs on one event loop; what may wait (database, Redis) runs on a few threads."""

    linger = 30.0
    """Seconds a topic is kept after its last follower left."""
    check_every = 15.0
    check_every_deaf = 2.0
    lease = 600.0
    """Seconds after which a permission is asked again although nothing was heard."""
    slowest = 10.0
    """Seconds a client may take to read what it was sent."""

    def __init__(self, bus: Bus | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        self.bus = bus or get_bus()
        self.subscription = self.bus.subscription(self)
        self.member = secrets.token_hex(6)
        self.sinks: set[Sink] = set()
        self.streams: dict[str, Stream] = {}
        self._by_person: dict[int, set[Sink]] = {}
        self._visitors: dict[str, int] = {}
        self.joins = limits.Buckets(limits.JOINS_PER_SECOND, limits.JOINS_AT_ONCE)
        self._orders: deque[tuple[float, dict[str, Any]]] = deque(maxlen=ORDERS)
        self._heard_since = math.inf
        self._open: dict[str, float] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._threads = ThreadPoolExecutor(6, thread_name_prefix="live")
        self._starting: asyncio.Task[None] | None = None
        self._was_deaf = False
        self._became_deaf = asyncio.Event()
        self.stopping = False

    # --- life -------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start once; everybody else waits for the same start."""
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
        await asyncio.shield(self._starting)

    async def _start(self) -> None:
        await self.subscription.start()
        if await self.subscription.follow(CONTROL):
            self._heard_since = self.loop.time()
        self.spawn(self._watch_slow())
        self.spawn(self._watch_truth())
        self.spawn(self._watch_leases())
        if self.bus.needs_refresh:
            self.spawn(self._refresh_presence())

    def say_goodbye(self) -> None:
        """The process ends soon: clients come back spread over a time that fits their number."""
        if self.stopping:
            return
        self.stopping = True
        text = frames.control("bye", after=round(min(15.0, 0.5 + len(self.sinks) / 200), 1))
        for sink in list(self.sinks):
            sink.tell(text)

    async def stop(self) -> None:
        """Close every socket with 1012 and let go of the bus."""
        self.say_goodbye()
        sinks = list(self.sinks)
        for start in range(0, len(sinks), CLOSED_TOGETHER):
            for sink in sinks[start : start + CLOSED_TOGETHER]:
                sink.cut(1012)
            await asyncio.sleep(0)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for stream in list(self.streams.values()):
            stream.close()
            if isinstance(stream, PresenceStream):
                await self.run(self.say_present, stream.name, 0, True, fallback=None)
        await self.subscription.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)
        if _hubs.get(self.loop) is self:
            del _hubs[self.loop]

    def spawn(self, coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = self.loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("live_task_failed", exc_info=error)

    async def run(self, function: Callable[..., Any], *arguments: Any, fallback: Any = _RAISE, **named: Any) -> Any:
        """Run what may wait on a thread of the hub; `fallback` is the answer while the bus is down."""
        try:
            return await self.loop.run_in_executor(self._threads, lambda: _with_database(function, *arguments, **named))
        except BusDown:
            if fallback is _RAISE:
                raise
            return fallback

    # --- sockets ----------------------------------------------------------------------------------

    def register(self, sink: Sink) -> None:
        self.sinks.add(sink)
        METRICS.sockets += 1
        self._visitors[sink.address] = self._visitors.get(sink.address, 0) + 1
        if sink.person_id is not None:
            self.recognise(sink)

    def recognise(self, sink: Sink) -> None:
        """It is known whose socket this is: it counts as the person's and no longer as a visitor's of its address."""
        if sink not in self.sinks or sink.person_id is None:
            return
        self._by_person.setdefault(sink.person_id, set()).add(sink)
        self._one_visitor_less(sink.address)

    def unregister(self, sink: Sink) -> None:
        if sink not in self.sinks:
            return
        sink.drop()
        self.sinks.discard(sink)
        METRICS.sockets -= 1
        mine = self._by_person.get(sink.person_id, set()) if sink.person_id is not None else set()
        if sink in mine:
            _discard(self._by_person, sink.person_id, sink)
        else:
            self._one_visitor_less(sink.address)
        for name in list(sink.follows):
            self.leave(sink, name)

    def of_person(self, person_id: int) -> list[Sink]:
        """The open sockets of a person, oldest first."""
        found = [sink for sink in self._by_person.get(person_id, ()) if not sink.closed]
        return sorted(found, key=lambda sink: sink.number)

    def visitors_at(self, address: str) -> int:
        return self._visitors.get(address, 0)

    def _one_visitor_less(self, address: str) -> None:
        self._visitors[address] -= 1
        if not self._visitors[address]:
            del self._visitors[address]

    # --- joining ----------------------------------------------------------------------------------

    async def join(
        self, sink: Sink, wishes: Wishes, *, at: datetime | None = None, voucher: access.Voucher | None = None
    ) -> None:
        """Let a socket follow topics from what it knows of them. Raises database errors.

        `at` is when the client's page was rendered, for topics of which it knows no sequence. What a `voucher` answers
        is not asked again, unless something was revoked since.
        """
        names = [name for name in wishes if name not in sink.follows]
        asked_at = self.loop.time()
        vouched = {name for name in names if name in voucher.topics} if voucher is not None else set()
        permitted = await self._ask(sink.person_id, [name for name in names if name not in vouched])
        if voucher is not None and vouched:
            asked_at = min(asked_at, voucher.since)
            permitted = None if permitted is None else permitted | vouched
        streams = {name: self._stream(name) for name in names if name in (permitted or ())}
        for stream in streams.values():
            stream.hold(+1)
        try:
            known = {name: await self._prepare(stream, *wishes[name], at) for name, stream in streams.items()}
            # What was revoked while we asked and read is asked again; after this nothing waits, nothing slips through.
            while self._ordered_since(asked_at, sink, names):
                asked_at = self.loop.time()
                permitted = await self._ask(sink.person_id, names)
            if permitted is None:
                sink.cut(4403)
            for name in names:
                if sink.closed or sink not in self.sinks:
                    return
                if name not in (permitted or ()) or name not in streams:
                    METRICS.refused += 1
                    sink.tell(frames.control("refused", t=name))
                elif name not in sink.follows:
                    streams[name].join(sink, *known[name], self._lease())
        finally:
            for stream in streams.values():
                stream.hold(-1)

    async def _ask(self, person_id: int | None, names: Sequence[str]) -> set[str] | None:
        """What a person may follow; None when the account is closed. Open topics are remembered for a minute,
        as long as an order that closes them would be heard."""
        now = self.loop.time()
        known = {name for name in names if self._open.get(name, 0) > now}
        if len(known) == len(names):
            return known
        newest = self._orders[-1] if self._orders else None
        allowed, everybody = await self.run(access.ask, person_id, [name for name in names if name not in known])
        if newest is (self._orders[-1] if self._orders else None) and self.subscription.connected:
            if len(self._open) > 10 * ORDERS:
                self._open.clear()
            self._open.update(dict.fromkeys(everybody, now + OPEN_SECONDS))
        return None if allowed is None else allowed | known

    async def _prepare(
        self, stream: Stream, epoch: str | None, cursor: int | None, at: datetime | None
    ) -> tuple[str | None, int | None]:
        await stream.open()
        if isinstance(stream, LogStream):
            if cursor is not None:
                await stream.catch_up_with(cursor)
            elif at is not None:
                cursor = await self.run(frames.sequence_at, stream.name, at)
        return epoch, cursor

    def _stream(self, name: str) -> Stream:
        stream = self.streams.get(name)
        if stream is None:
            stream = self.streams[name] = make_stream(self, name, parse(name).sort)
            METRICS.topics += 1
        return stream

    def leave(self, sink: Sink, name: str) -> None:
        """The client no longer wants the topic."""
        if name in sink.follows:
            sink.follows[name].stream.remove(sink)

    def put_out(self, sink: Sink, name: str) -> None:
        """The person may no longer follow the topic."""
        if name in sink.follows:
            METRICS.revoked += 1
            self.leave(sink, name)
            sink.tell(frames.control("left", t=name))

    def forget(self, stream: Stream) -> None:
        """Nobody came back to the topic."""
        if stream.follows or stream.is_held or self.streams.get(stream.name) is not stream:
            return
        del self.streams[stream.name]
        METRICS.topics -= 1
        stream.close()
        self.spawn(self.subscription.unfollow(stream.name))

    def _lease(self) -> float:
        return self.loop.time() + self.lease * random.uniform(1.0, 1.5)  # noqa: S311

    # --- the bus ----------------------------------------------------------------------------------

    def receive(self, topic: str, message: Message) -> None:
        if topic == CONTROL:
            if message.control is not None:
                self._obey(message.control)
        elif stream := self.streams.get(topic):
            stream.receive(message)

    def connection_changed(self, up: bool) -> None:
        self._open.clear()
        self._heard_since = self.loop.time() if up else math.inf
        if not up:
            self._was_deaf = True
            self._became_deaf.set()
        elif self._was_deaf or self.streams:
            self._was_deaf = False
            self.spawn(self.check_truth())
            self.spawn(access.recheck(self, list(self.sinks), thoroughly=True))

    def say_present(self, topic: str, count: int, changed: bool) -> None:
        self.bus.set_present(topic, self.member, count)
        if changed:
            self.bus.publish(topic, Message())

    # --- revocation -------------------------------------------------------------------------------

    def _obey(self, order: dict[str, Any]) -> None:
        """An order of `realtime.actions`: end sockets, or ask again what they may follow."""
        self._orders.append((self.loop.time(), order))
        self._open.clear()
        concerned = [sink for sink in self.sinks if access.concerns(order, sink)]
        if order.get("what") == "end":
            for sink in concerned:
                METRICS.revoked += 1
                sink.cut(int(order.get("code", 4401)))
        elif order.get("what") == "recheck" and concerned:
            self.spawn(access.recheck(self, concerned, topic=order.get("topic")))

    def heard_all_since(self, since: float) -> bool:
        """Whether every order given since then was heard here and is still remembered."""
        return self._heard_since <= since and (len(self._orders) < ORDERS or self._orders[0][0] < since)

    def _ordered_since(self, since: float, sink: Sink, names: Iterable[str]) -> bool:
        return any(at >= since and access.concerns(order, sink, names) for at, order in self._orders)

    def was_ended(self, since: float, sink: Sink) -> bool:
        """Whether an order to end this socket came while it was being opened."""
        return any(
            at >= since and order.get("what") == "end" and access.concerns(order, sink) for at, order in self._orders
        )

    # --- watching ---------------------------------------------------------------------------------

    async def _watch_slow(self) -> None:
        while True:
            await asyncio.sleep(min(1.0, self.slowest / 4))
            now = self.loop.time()
            for sink in list(self.sinks):
                if sink.blocked_since is not None and now - sink.blocked_since > self.slowest:
                    METRICS.cut += 1
                    sink.cut(4008)

    async def _watch_truth(self) -> None:
        """Compare with the database now and then: whatever a bus loses is found, at the latest now; orders too."""
        while True:
            pause = self.check_every if self.subscription.connected else self.check_every_deaf
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._became_deaf.wait(), pause * random.uniform(0.8, 1.2))  # noqa: S311
            self._became_deaf.clear()
            if not self.subscription.connected:
                await access.recheck_unheard(self)
            await self.check_truth()

    async def check_truth(self) -> None:
        followed = [stream for stream in self.streams.values() if stream.follows and stream.opened]
        names = [stream.name for stream in followed if isinstance(stream, LogStream)]
        try:
            heads = await self.run(frames.heads, names) if names else {}
        except Exception as error:  # the next check asks again
            log.warning("live_check_failed", error=repr(error))
            heads = {}
        for stream in followed:
            if not isinstance(stream, PresenceStream):
                stream.check(heads.get(stream.name))

    async def _watch_leases(self) -> None:
        while True:
            await asyncio.sleep(min(30.0, self.lease / 4))
            now = self.loop.time()
            due = [sink for sink in self.sinks if any(follow.lease_at <= now for follow in sink.follows.values())]
            if due:
                await access.recheck(self, due, thoroughly=True)

    async def _refresh_presence(self) -> None:
        while True:
            await asyncio.sleep(10)
            for stream in list(self.streams.values()):
                if isinstance(stream, PresenceStream) and stream.follows:
                    stream.say(refresh=True)
                    stream.mark()

    def renew(self, follow: Follow) -> None:
        follow.lease_at = self._lease()


def _discard(index: dict[Any, set[Sink]], key: object, sink: Sink) -> None:
    found = index.get(key, set())
    found.discard(sink)
    if not found:
        index.pop(key, None)


def _counted(execute: Callable[..., Any], *arguments: Any) -> Any:
    METRICS.queries += 1
    return execute(*arguments)


def _with_database(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    close_old_connections()
    try:
        with connection.execute_wrapper(_counted):
            return function(*arguments, **named)
    finally:
        close_old_connections()


async def get_hub() -> Hub:
    """The running hub of this event loop."""
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None:
        hub = _hubs[loop] = Hub()
    await hub.start()
    return hub
