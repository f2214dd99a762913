"""What all kinds of topics have in common: who follows, opening once, letting go when nobody is left."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from realtime import frames
from realtime.bus import Message
from realtime.sinks import Follow, Sink

if TYPE_CHECKING:
    from realtime.hub import Hub


class Stream(ABC):
    """A topic with followers."""

    def __init__(self, hub: Hub, name: str) -> None:
        self.hub = hub
        self.name = name
        self.follows: dict[Sink, Follow] = {}
        self.opened = False
        self.closed = False
        self._held = 0
        self._expiry: asyncio.TimerHandle | None = None
        self._opening: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Hear the bus, then read where the topic stands. Many may await one opening. Raises database errors."""
        if self.opened:
            return
        if self._opening is None or (self._opening.done() and not self.opened):
            self._opening = asyncio.create_task(self._open())
        await asyncio.shield(self._opening)

    async def _open(self) -> None:
        await self.hub.subscription.follow(self.name)
        await self.load()
        self.opened = True

    @abstractmethod
    async def load(self) -> None:
        """Read where the topic stands. Raises database errors."""

    @abstractmethod
    def receive(self, message: Message) -> None:
        """The bus told something about the topic."""

    @abstractmethod
    def check(self, head: frames.Head | None) -> None:
        """Compare with the truth, in case the bus lost something."""

    @abstractmethod
    def join(self, sink: Sink, epoch: str | None, cursor: int | None, lease_at: float) -> None:
        """A socket follows from now on, with what it knows: the epoch and the last sequence it saw. Never waits."""

    def add(self, sink: Sink, lease_at: float) -> Follow:
        follow = Follow(sink, self, lease_at)
        self.follows[sink] = sink.follows[self.name] = follow
        return follow

    def remove(self, sink: Sink) -> None:
        follow = self.follows.pop(sink, None)
        sink.follows.pop(self.name, None)
        if follow is not None:
            follow.gone = True
        self.expire_when_empty()

    @property
    def is_held(self) -> bool:
        return self._held > 0

    def hold(self, by: int) -> None:
        """Keep the stream while a join is under way."""
        self._held += by
        if self._expiry is not None:
            self._expiry.cancel()
            self._expiry = None
        self.expire_when_empty()

    def expire_when_empty(self) -> None:
        if not self.follows and not self._held and self._expiry is None and not self.closed:
            self._expiry = self.hub.loop.call_later(self.hub.linger, self.hub.forget, self)

    def close(self) -> None:
        self.closed = True
        if self._expiry is not None:
            self._expiry.cancel()
