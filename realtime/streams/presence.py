"""How many people look at something now."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from realtime import states
from realtime.sinks import Follow, Sink
from realtime.streams.state import StateStream

if TYPE_CHECKING:
    from realtime.hub import Hub


class PresenceStream(StateStream):
    """How many are there: browsers of one person count once in a process. Only the count is told."""

    interval = 1.0

    def __init__(self, hub: Hub, name: str) -> None:
        super().__init__(hub, name)
        self._here: dict[str, int] = {}
        self._said = 0
        self._saying = False
        self._fades = False

    async def look(self) -> states.Reading:
        count = await self.hub.run(self.hub.bus.count_present, self.name, fallback=len(self._here))
        return states.Reading((int(time.time() * 1000), 0), {"count": max(count, len(self._here))})

    def add(self, sink: Sink, lease_at: float) -> Follow:
        self._here[sink.presence_key] = self._here.get(sink.presence_key, 0) + 1
        self.say()
        return super().add(sink, lease_at)

    def remove(self, sink: Sink) -> None:
        if sink in self.follows:
            left = self._here.get(sink.presence_key, 1) - 1
            if left > 0:
                self._here[sink.presence_key] = left
            else:
                self._here.pop(sink.presence_key, None)
            self.say()
        super().remove(sink)

    def say(self, *, refresh: bool = False) -> None:
        """Tell the other processes how many are here; `refresh` repeats a count that would fade."""
        self._fades = self._fades or refresh
        if not self._saying and (self._fades or len(self._here) != self._said):
            self._saying = True
            self.hub.spawn(self._say())

    async def _say(self) -> None:
        try:
            while self._fades or len(self._here) != self._said:
                changed, count = len(self._here) != self._said, len(self._here)
                self._fades, self._said = False, count
                await self.hub.run(self.hub.say_present, self.name, count, changed, fallback=None)
                if changed:
                    self.mark()
                await asyncio.sleep(self.interval)
        finally:
            self._saying = False
