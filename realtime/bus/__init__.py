"""How processes tell each other that something moved: in memory for one process, Redis for several.

The bus carries hints and ready frames. Losing any of them costs time, never truth: logs are replayed from the journal
and states are read from the database.
"""

from __future__ import annotations

import threading

from django.conf import settings

from realtime.bus.base import CONTROL, Bus, BusDown, Listener, Message, Subscription

__all__ = ["CONTROL", "Bus", "BusDown", "Listener", "Message", "Subscription", "close_bus", "get_bus"]

_lock = threading.Lock()
_made: list[Bus] = []


def get_bus() -> Bus:
    """The bus of this process, as settings.LIVE_BUS names it ("memory" or a Redis address)."""
    with _lock:
        if not _made:
            _made.append(make_bus(settings.LIVE_BUS))
        return _made[0]


def make_bus(address: str) -> Bus:
    if address == "memory":
        from realtime.bus.memory import MemoryBus

        return MemoryBus()
    from realtime.bus.redis import RedisBus

    return RedisBus(address, prefix=getattr(settings, "LIVE_PREFIX", "meydan:live:"))


def close_bus() -> None:
    """Close the bus; the next `get_bus` makes a new one."""
    with _lock:
        while _made:
            _made.pop().close()
