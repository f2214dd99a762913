"""The bus of several processes: Redis pub/sub. Nothing that matters is kept in Redis."""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import time

import redis
import structlog
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.connection import ConnectionPool as AsyncConnectionPool
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

from realtime.bus.base import CONTROL, Bus, BusDown, Listener, Message, Subscription
from realtime.metrics import METRICS

log = structlog.get_logger(__name__)
FADES_AFTER = 30.0
"""Seconds after which the presence count of a process that says nothing no longer counts."""
REST = 2.0
"""Seconds during which nothing is tried after a failure, so that requests do not wait for a dead Redis one by one."""


class RedisBus(Bus):
    needs_refresh = True

    def __init__(self, address: str, *, prefix: str) -> None:
        super().__init__()
        self.address = address
        self.prefix = prefix
        self._rests_until = 0.0
        self._pool = redis.BlockingConnectionPool.from_url(
            address,
            max_connections=8,
            timeout=0.5,
            socket_timeout=0.5,
            socket_connect_timeout=0.5,
            protocol=2,
            retry=Retry(NoBackoff(), 1),
        )
        self._redis = redis.Redis(connection_pool=self._pool)

    def publish(self, topic: str, message: Message) -> None:
        try:
            self._try(lambda: self._redis.publish(self.prefix + topic, message.encode()))
        except BusDown:
            self.tell_here(topic, message)  # the hubs of this process need no Redis; hearing twice does no harm
            raise

    def is_wanted(self, topic: str) -> bool:
        """Asked after the commit: who follows from now on reads the journal afterwards, so nobody misses anything."""
        try:
            found = self._try(lambda: self._redis.pubsub_numsub(self.prefix + topic))
        except BusDown:
            return True
        return bool(found[0][1])  # type: ignore[index]

    def _try(self, command: object) -> object:
        if time.monotonic() < self._rests_until:
            raise BusDown("Redis rests after a failure")
        try:
            return command()  # type: ignore[operator]
        except redis.RedisError as error:
            self._rests_until = time.monotonic() + REST
            METRICS.bus_failures += 1
            log.warning("live_bus_failed", error=str(error))
            raise BusDown(str(error)) from error

    def subscription(self, listener: Listener) -> Subscription:
        return _RedisSubscription(self, listener)

    def set_present(self, topic: str, member: str, count: int) -> None:
        key = f"{self.prefix}here:{topic}"

        def command() -> None:
            with self._redis.pipeline(transaction=False) as pipeline:
                if count:
                    pipeline.hset(key, member, f"{count} {time.time():.1f}")
                    pipeline.expire(key, int(FADES_AFTER * 2))
                else:
                    pipeline.hdel(key, member)
                pipeline.execute()

        self._try(command)

    def count_present(self, topic: str) -> int:
        counts = self._try(lambda: self._redis.hgetall(f"{self.prefix}here:{topic}"))
        oldest = time.time() - FADES_AFTER
        total = 0
        for value in counts.values():  # type: ignore[attr-defined]
            count, _, at = value.partition(b" ")
            if float(at) >= oldest:
                total += int(count)
        return total

    def close(self) -> None:
        super().close()
        self._pool.disconnect()


class _RedisSubscription(Subscription):
    """One connection that is connected anew for as long as the hub lives.

    It speaks to the connection itself: redis-py's PubSub object reconnects silently, and a hub must know it was deaf.
    """

    def __init__(self, bus: RedisBus, listener: Listener) -> None:
        self._bus = bus
        self._listener = listener
        self._topics: set[str] = {CONTROL}
        self._confirmed: set[str] = set()
        self._waiting: dict[str, list[asyncio.Future[bool]]] = {}
        self._connection: AbstractConnection | None = None
        self._task: asyncio.Task[None] | None = None
        self._first = asyncio.Event()
        self.connected = False

    async def start(self) -> None:
        self._bus.attach(self._listener)
        self._task = asyncio.create_task(self._stay_connected(), name="live-bus")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._first.wait(), 1)

    async def stop(self) -> None:
        self._bus.detach(self._listener)
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def follow(self, topic: str) -> bool:
        self._topics.add(topic)
        if topic in self._confirmed:
            return True
        if self._connection is None:
            return False
        confirmed = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(topic, []).append(confirmed)
        try:
            await self._connection.send_command("SUBSCRIBE", self._bus.prefix + topic)
            return bool(await asyncio.wait_for(confirmed, 1))
        except (redis.RedisError, OSError, TimeoutError):
            return False

    async def unfollow(self, topic: str) -> None:
        self._topics.discard(topic)
        if topic in self._confirmed and self._connection is not None:
            self._confirmed.discard(topic)
            with contextlib.suppress(redis.RedisError, OSError):
                await self._connection.send_command("UNSUBSCRIBE", self._bus.prefix + topic)

    async def _stay_connected(self) -> None:
        pool = AsyncConnectionPool.from_url(
            self._bus.address,
            socket_connect_timeout=2,
            socket_timeout=None,
            protocol=2,
            retry=AsyncRetry(NoBackoff(), 0),
        )
        pause = 0.1
        while True:
            connection: AbstractConnection = pool.make_connection()  # type: ignore[no-untyped-call]
            try:
                await asyncio.wait_for(connection.connect(), 3)  # type: ignore[no-untyped-call]
                self._connection = connection
                for topic in list(self._topics):
                    await connection.send_command("SUBSCRIBE", self._bus.prefix + topic)
                pause = 0.1
                await self._listen(connection)
            except (redis.RedisError, OSError, TimeoutError, asyncio.IncompleteReadError) as error:
                if self.connected:
                    log.warning("live_bus_lost", error=str(error))
            finally:
                self._first.set()
                self._deaf()
                with contextlib.suppress(Exception):
                    await connection.disconnect(nowait=True)
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311
            pause = min(pause * 2, 2.0)

    def _deaf(self) -> None:
        self._connection = None
        self._confirmed.clear()
        for futures in self._waiting.values():
            for future in futures:
                if not future.done():
                    future.set_result(False)
        self._waiting.clear()
        if self.connected:
            self.connected = False
            METRICS.bus_reconnects += 1
            self._listener.connection_changed(False)

    async def _listen(self, connection: AbstractConnection) -> None:
        start = len(self._bus.prefix)
        expected = set(self._topics)
        reading = asyncio.create_task(connection.read_response(timeout=math.inf))
        pinged = False
        try:
            while True:
                done, _ = await asyncio.wait({reading}, timeout=5)
                if not done:
                    if pinged:
                        raise TimeoutError("Redis answers nothing")
                    pinged = True
                    await asyncio.wait_for(connection.send_command("PING"), 5)
                    continue
                pinged = False
                reply = reading.result()
                reading = asyncio.create_task(connection.read_response(timeout=math.inf))
                sort = reply[0] if isinstance(reply, list) and reply else b""
                if sort == b"message":
                    self._hear(reply[1][start:].decode(), reply[2])
                elif sort == b"subscribe":
                    topic = reply[1][start:].decode()
                    self._confirmed.add(topic)
                    for future in self._waiting.pop(topic, ()):
                        if not future.done():
                            future.set_result(True)
                    if not self.connected and (expected & self._topics) <= self._confirmed:
                        self.connected = True
                        self._first.set()
                        self._listener.connection_changed(True)
        finally:
            reading.cancel()
            with contextlib.suppress(BaseException):
                await reading

    def _hear(self, topic: str, data: bytes) -> None:
        try:
            message = Message.decode(data)
        except ValueError:
            log.warning("live_bus_message_unreadable", topic=topic)
            return
        self._listener.receive(topic, message)
