"""Topics of which only the newest state counts."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from django.utils import timezone

from realtime import frames, states
from realtime.bus import Message
from realtime.metrics import METRICS
from realtime.sinks import Parcel, Sink
from realtime.streams.base import Stream

if TYPE_CHECKING:
    from realtime.hub import Hub

log = structlog.get_logger(__name__)


class StateStream(Stream):
    """A topic of which only the newest state counts: told at once, then at most `interval` seconds apart."""

    interval = 0.25

    def __init__(self, hub: Hub, name: str) -> None:
        super().__init__(hub, name)
        self.version: states.Version = (0, 0)
        self.data: dict[str, Any] | None = None
        self.text = ""
        self._dirty = False
        self._reading = False
        self._timer: asyncio.TimerHandle | None = None
        self._clock: asyncio.TimerHandle | None = None
        self._read_at = -1e9

    async def load(self) -> None:
        await self._read()

    def receive(self, message: Message) -> None:
        self.mark()

    def check(self, head: frames.Head | None) -> None:
        self.mark()

    def mark(self) -> None:
        """The state changed, or may have."""
        self._dirty = True
        if self._reading or self._timer is not None or self.closed:
            return
        wait = self._read_at + self.interval - self.hub.loop.time()
        if wait > 0:
            self._timer = self.hub.loop.call_later(wait, self._start)
        else:
            self._start()

    def _start(self) -> None:
        self._timer = None
        if self.follows and not self._reading and not self.closed:
            self.hub.spawn(self._read_and_tell())

    async def _read_and_tell(self) -> None:
        try:
            if await self._read():
                await self._fan_out()
        except Exception as error:  # it is tried again
            log.warning("live_state_not_read", topic=self.name, error=repr(error))
            self._dirty = True
            self._read_at = self.hub.loop.time() + 2 - self.interval
        if self._dirty:
            self.mark()

    async def _read(self) -> bool:
        """Read the newest state; True when it differs from what was told."""
        self._reading = True
        self._dirty = False
        self._read_at = self.hub.loop.time()
        try:
            reading = await self.look()
        finally:
            self._reading = False
        self._look_again_at(reading.again_at)
        if reading.version[0] < self.version[0]:  # another database answers, restored from a backup
            self._start_anew()
        if reading.data == self.data:
            return False
        version = max(reading.version, (self.version[0], self.version[1] + 1))
        self.version, self.data = version, reading.data
        self.text = states.encode(self.name, version, reading.data)
        return True

    def _start_anew(self) -> None:
        self.version, self.data = (0, 0), None
        for follow in self.follows.values():
            follow.sink.tell(frames.control("resync", t=self.name))

    async def look(self) -> states.Reading:
        METRICS.state_reads += 1
        reading: states.Reading = await self.hub.run(states.read, self.name)
        return reading

    def _look_again_at(self, moment: datetime | None) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
        if moment is not None:
            wait = (moment - timezone.now()).total_seconds()
            if 0 <= wait < 86_400:
                self._clock = self.hub.loop.call_later(wait + 0.05, self.mark)

    async def _fan_out(self) -> None:
        text, started = self.text, time.perf_counter()
        parcel, sent = Parcel(text), 0
        for count, follow in enumerate(list(self.follows.values()), 1):
            if follow.gone:
                continue
            if follow.sink.busy:
                follow.sink.keep_newest(self.name, text)
            else:
                follow.sink.send_now(parcel)
                sent += 1
            if not count % 100:
                await asyncio.sleep(0)
        METRICS.deliveries += sent
        METRICS.fanned_out(time.perf_counter() - started)

    def join(self, sink: Sink, epoch: str | None, cursor: int | None, lease_at: float) -> None:
        self.add(sink, lease_at)
        sink.tell(frames.control("joined", t=self.name))
        if self.text:
            sink.tell(self.text)
        if self._dirty:
            self.mark()

    def close(self) -> None:
        super().close()
        for timer in (self._timer, self._clock):
            if timer is not None:
                timer.cancel()
