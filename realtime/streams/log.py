"""Topics in which every entry counts."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING

import structlog

from realtime import frames
from realtime.bus import Message
from realtime.metrics import METRICS
from realtime.sinks import CHUNK, Parcel, Sink
from realtime.streams.base import Stream

if TYPE_CHECKING:
    from realtime.hub import Hub

log = structlog.get_logger(__name__)
RING = 500
RING_SECONDS = 600.0
"""How many frames are kept in memory, and for how long; what is older is read from the journal."""
BATCH_ABOVE = 20
BATCH_SECONDS = 0.05
BATCH_CHARACTERS = 262_144
"""Above so many entries a second those of 50 ms travel together: one write for each reader instead of several."""
REORDER_SECONDS = 0.1
"""How long a frame waits for its predecessor, published by another thread or process, before the journal is asked."""


class LogStream(Stream):
    """A topic in which every entry counts: delivered once each, in the order of the journal.

    `ring` holds the newest frames without a hole: everything in (low, sequence].
    """

    def __init__(self, hub: Hub, name: str) -> None:
        super().__init__(hub, name)
        self.epoch = ""
        self.sequence = 0
        self.low = 0
        self.ring: deque[tuple[int, str, float]] = deque()
        self._recent: deque[float] = deque(maxlen=BATCH_ABOVE + 1)
        self._forgot_at = 0
        self._waiting: dict[int, Message] = {}
        self._queue: deque[tuple[int, int, int, str]] = deque()
        self._pumping = False
        self._filling = False
        self._learning = False
        self._lock = asyncio.Lock()

    async def load(self) -> None:
        head = (await self.hub.run(frames.heads, [self.name]))[self.name]
        self.epoch, self.sequence, self.low = head.epoch, head.sequence, head.sequence
        self.hub.loop.call_soon(self._advance)

    # --- hearing ----------------------------------------------------------------------------------

    def receive(self, message: Message) -> None:
        if not message.sequence or (self.opened and message.sequence <= self.sequence):
            return
        self._waiting[message.sequence] = message
        if self.opened:
            self._advance()
            if not self.epoch and not self._learning:
                self._learning = True
                self.hub.spawn(self._learn_epoch())

    async def _learn_epoch(self) -> None:
        """The topic got its epoch with its first entry: from now on a restart of its sequences can be noticed."""
        try:
            head = (await self.hub.run(frames.heads, [self.name]))[self.name]
        finally:
            self._learning = False
        self.epoch = head.epoch
        for follow in self.follows.values():
            follow.sink.tell(frames.control("joined", t=self.name, e=self.epoch, s=follow.cursor))

    def _advance(self) -> None:
        for sequence in [s for s in self._waiting if s <= self.sequence]:
            del self._waiting[sequence]
        while message := self._waiting.pop(self.sequence + 1, None):
            self._take(message.sequence, message.text, message.forget)
        if self._waiting:
            self._fill_soon()

    def _take(self, sequence: int, text: str, forget: bool) -> None:
        if forget:
            self.ring.clear()
            self.low = sequence - 1
            self._forgot_at = sequence
            self._queue.clear()  # whoever has not been sent those frames gets them as they are now
        self._queue.append((self.sequence, sequence, sequence, text))
        self.sequence = sequence
        now = self.hub.loop.time()
        self._recent.append(now)
        self.ring.append((sequence, text, now))
        self._trim(now)
        if not self._pumping:
            self._pumping = True
            self.hub.spawn(self._pump())

    def _trim(self, now: float) -> None:
        while self.ring and (len(self.ring) > RING or self.ring[0][2] < now - RING_SECONDS):
            self.low = self.ring.popleft()[0]

    def _fill_soon(self, delay: float = REORDER_SECONDS) -> None:
        if not self._filling and not self.closed:
            self._filling = True
            self.hub.loop.call_later(delay, lambda: self.hub.spawn(self._fill()))

    async def _fill(self) -> None:
        """Take from the journal what the bus did not bring."""
        again = False
        try:
            if self.closed:
                return
            METRICS.gaps += 1
            found = await self.hub.run(frames.replay, self.name, after=self.sequence)
            if len(found) > frames.REPLAY_LIMIT:
                head = (await self.hub.run(frames.heads, [self.name]))[self.name]
                self.start_anew(head)
            else:
                for frame in found:
                    if frame.sequence > self.sequence:
                        self._take(frame.sequence, frame.text, frame.forget)
            if not found and self._waiting:  # what the bus brought was committed, so what lies between does not exist
                first = self._waiting.pop(min(self._waiting))
                if first.sequence > self.sequence:
                    self._take(first.sequence, first.text, first.forget)
        except Exception as error:  # it is tried again
            log.warning("live_gap_not_filled", topic=self.name, error=repr(error))
            again = True
        finally:
            self._filling = False
        if again:
            self._fill_soon(2)
        else:
            self._advance()

    def check(self, head: frames.Head | None) -> None:
        self._trim(self.hub.loop.time())
        if head is None:
            return
        if self.epoch and head.epoch != self.epoch:
            self.start_anew(head)
            return
        self.epoch = head.epoch
        if head.sequence > self.sequence:
            self._fill_soon()

    def start_anew(self, head: frames.Head) -> None:
        """The sequences began again, or too much is missing: every follower loads its regions again."""
        self.epoch, self.sequence, self.low = head.epoch, head.sequence, head.sequence
        self._forgot_at = head.sequence
        self.ring.clear()
        self._queue.clear()
        text = frames.control("resync", t=self.name, e=self.epoch, s=self.sequence)
        for follow in self.follows.values():
            follow.cursor = self.sequence
            METRICS.resyncs += 1
            follow.sink.tell(text)
        self._advance()

    # --- telling ----------------------------------------------------------------------------------

    async def _pump(self) -> None:
        try:
            while self._queue:
                if self._is_hasty():
                    await asyncio.sleep(BATCH_SECONDS)
                    self._merge()
                if self._queue:
                    await self._fan_out(*self._queue.popleft())
        finally:
            self._pumping = False

    def _is_hasty(self) -> bool:
        return len(self._recent) > BATCH_ABOVE and self.hub.loop.time() - self._recent[0] < 1

    def _merge(self) -> None:
        """Let what waits travel as one array, as far as it fits."""
        waiting: list[tuple[int, int, int, str]] = []
        size = 0
        while (
            self._queue and len(waiting) < CHUNK and (not waiting or size + len(self._queue[0][3]) < BATCH_CHARACTERS)
        ):
            waiting.append(self._queue.popleft())
            size += len(waiting[-1][3])
        if len(waiting) > 1:
            METRICS.batches += 1
            text = "[" + ",".join(each[3] for each in waiting) + "]"
            waiting = [(waiting[0][0], waiting[0][1], waiting[-1][2], text)]
        self._queue.extendleft(waiting)

    async def _fan_out(self, before: int, first: int, last: int, text: str) -> None:
        """Send what leads from `before` over `first` to `last` to everybody who stands right before it."""
        parcel, sent = Parcel(text), 0
        started = time.perf_counter()
        for count, follow in enumerate(list(self.follows.values()), 1):
            if follow.gone or follow.cursor >= last:
                continue
            if before <= follow.cursor < first and not follow.sink.busy:
                follow.cursor = last
                follow.sink.send_now(parcel)
                sent += 1
            else:
                follow.sink.fall_behind(follow)
            if not count % 100:
                await asyncio.sleep(0)
        METRICS.deliveries += sent
        METRICS.fanned_out(time.perf_counter() - started)

    # --- joining and catching up ------------------------------------------------------------------

    def join(self, sink: Sink, epoch: str | None, cursor: int | None, lease_at: float) -> None:
        follow = self.add(sink, lease_at)
        lost = (epoch and self.epoch and epoch != self.epoch) or (cursor or 0) > self.sequence
        follow.cursor = self.sequence if cursor is None or lost else cursor
        if lost:
            METRICS.resyncs += 1
            sink.tell(frames.control("resync", t=self.name, e=self.epoch, s=self.sequence))
            return
        sink.tell(frames.control("joined", t=self.name, e=self.epoch, s=follow.cursor))
        if follow.cursor < self.sequence:
            sink.fall_behind(follow)

    async def catch_up_with(self, cursor: int) -> None:
        """A client that knows more than this process may come from a quicker one: read the journal first."""
        if cursor > self.sequence:
            self.check((await self.hub.run(frames.heads, [self.name]))[self.name])
            deadline = self.hub.loop.time() + 2
            while cursor > self.sequence and self._filling and self.hub.loop.time() < deadline:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    def forgot_since(self, sequence: int) -> bool:
        """Whether something after this sequence asked that older frames be no longer told from memory."""
        return self._forgot_at > sequence

    async def after(self, cursor: int) -> list[tuple[int, str]] | None:
        """The frames after a sequence, oldest first; None when they are too many. Raises database errors."""
        while cursor < self.low:
            async with self._lock:
                if cursor >= self.low:
                    break
                if self.sequence - cursor > frames.REPLAY_LIMIT:
                    return None
                low, forgot_at = self.low, self._forgot_at
                found = await self.hub.run(frames.replay, self.name, after=cursor, upto=low)
                if low != self.low or forgot_at != self._forgot_at:
                    continue
                now = self.hub.loop.time()
                self.ring.extendleft((frame.sequence, frame.text, now) for frame in reversed(found))
                self.low = cursor
        return [(sequence, text) for sequence, text, _ in self.ring if sequence > cursor]
