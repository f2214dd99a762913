"""The bus of a single process: publishing threads hand over to the event loops of the hubs."""

from __future__ import annotations

from realtime.bus.base import CONTROL, Bus, Listener, Message, Subscription


class MemoryBus(Bus):
    def __init__(self) -> None:
        super().__init__()
        self._followed: dict[str, int] = {}
        self._present: dict[str, dict[str, int]] = {}

    def publish(self, topic: str, message: Message) -> None:
        if topic == CONTROL or topic in self._followed:
            self.tell_here(topic, message)

    def subscription(self, listener: Listener) -> Subscription:
        return _MemorySubscription(self, listener)

    def is_wanted(self, topic: str) -> bool:
        return topic in self._followed

    def follow(self, topic: str, by: int) -> None:
        with self._guard:
            left = self._followed.get(topic, 0) + by
            if left > 0:
                self._followed[topic] = left
            else:
                self._followed.pop(topic, None)

    def set_present(self, topic: str, member: str, count: int) -> None:
        with self._guard:
            counts = self._present.setdefault(topic, {})
            counts[member] = count
            if not count:
                del counts[member]
            if not counts:
                del self._present[topic]

    def count_present(self, topic: str) -> int:
        with self._guard:
            return sum(self._present.get(topic, {}).values())


class _MemorySubscription(Subscription):
    def __init__(self, bus: MemoryBus, listener: Listener) -> None:
        self._bus = bus
        self._listener = listener
        self._topics: set[str] = set()

    async def start(self) -> None:
        self._bus.attach(self._listener)

    async def stop(self) -> None:
        self._bus.detach(self._listener)
        for topic in list(self._topics):
            await self.unfollow(topic)

    async def follow(self, topic: str) -> bool:
        if topic not in self._topics:
            self._topics.add(topic)
            self._bus.follow(topic, +1)
        return True

    async def unfollow(self, topic: str) -> None:
        if topic in self._topics:
            self._topics.discard(topic)
            self._bus.follow(topic, -1)
