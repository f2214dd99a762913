from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

CONTROL = "ctl"
"""The topic every process follows: revocations."""


class BusDown(ConnectionError):
    """The message may not have reached other processes."""


@dataclass(frozen=True, slots=True)
class Message:
    """What travels on the bus: a ready frame of a log, a mark that a state changed, or a control order."""

    sequence: int = 0
    text: str = ""
    forget: bool = False
    control: dict[str, Any] | None = None

    def encode(self) -> bytes:
        if self.control is not None:
            return b"c" + orjson.dumps(self.control)
        if not self.sequence:
            return b"d"
        return b"%s%d %s" % (b"f" if self.forget else b"l", self.sequence, self.text.encode())

    @classmethod
    def decode(cls, data: bytes) -> Message:
        """Raises ValueError on anything else."""
        sort, rest = data[:1], data[1:]
        if sort == b"c":
            control = orjson.loads(rest)
            if not isinstance(control, dict):
                raise ValueError("not a control order")
            return cls(control=control)
        if sort == b"d":
            return cls()
        if sort not in (b"l", b"f"):
            raise ValueError("unknown message")
        sequence, _, text = rest.partition(b" ")
        return cls(int(sequence), text.decode(), sort == b"f")


class Listener(Protocol):
    """A hub: called on its own event loop only."""

    loop: asyncio.AbstractEventLoop

    def receive(self, topic: str, message: Message) -> None: ...

    def connection_changed(self, up: bool) -> None: ...


class Subscription(ABC):
    """What one hub hears."""

    connected: bool = True

    @abstractmethod
    async def start(self) -> None: ...

    @abstractmethod
    async def stop(self) -> None: ...

    @abstractmethod
    async def follow(self, topic: str) -> bool:
        """Hear a topic. True once nothing published from now on is missed; False while the bus is away."""

    @abstractmethod
    async def unfollow(self, topic: str) -> None: ...


class Bus(ABC):
    """One per process, used from any thread."""

    needs_refresh = False
    """Whether presence counts fade unless they are set again."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._guard = threading.Lock()

    @abstractmethod
    def publish(self, topic: str, message: Message) -> None:
        """Tell every process; returns at once or within a second. Raises `BusDown`."""

    @abstractmethod
    def subscription(self, listener: Listener) -> Subscription: ...

    @abstractmethod
    def set_present(self, topic: str, member: str, count: int) -> None:
        """Say how many a process (its hub, `member`) counts at a topic."""

    @abstractmethod
    def count_present(self, topic: str) -> int:
        """How many all processes count together."""

    def is_wanted(self, topic: str) -> bool:
        """False when certainly nobody follows the topic, so that a frame need not be rendered."""
        return True

    def close(self) -> None:
        with self._guard:
            self._listeners.clear()

    def attach(self, listener: Listener) -> None:
        with self._guard:
            self._listeners.add(listener)

    def detach(self, listener: Listener) -> None:
        with self._guard:
            self._listeners.discard(listener)

    def tell_here(self, topic: str, message: Message) -> None:
        """Tell the hubs of this process, from any thread."""
        with self._guard:
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener.loop.call_soon_threadsafe(listener.receive, topic, message)
            except RuntimeError:  # its loop is closed
                self.detach(listener)
