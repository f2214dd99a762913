"""How much one socket, person or address may ask for."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict

MESSAGE_BYTES = 65_536
TOPICS_PER_SOCKET = 50
SOCKETS_PER_PERSON = 6
SOCKETS_PER_ADDRESS = 200
"""Visitors without an account; a school or a town hall shares one address."""
HANDSHAKES = 200
"""Handshakes in progress in one process; more are told to come back."""
HELLO_SECONDS = 10.0
CLOSE_SECONDS = 2.0
"""How long a client may take to read that its socket is closed."""
FRAGMENTS = 64
"""Fragments of one message."""
CONTROL_FRAMES_PER_SECOND, CONTROL_FRAMES_AT_ONCE = 2.0, 20.0
MESSAGES_PER_SECOND, MESSAGES_AT_ONCE = 10.0, 30.0
JOINS_PER_SECOND, JOINS_AT_ONCE = 100.0, 3_000.0
"""Topics that a person, or all visitors of an address together, may ask to follow: each costs questions to the database."""
POLLS_PER_SECOND, POLLS_AT_ONCE = 5.0, 60.0
TOPICS_PER_POLL = 20
HELD_SECONDS = 25.0
"""How long a long poll waits for news."""


class Bucket:
    """A token bucket."""

    __slots__ = ("_at", "_left", "_most", "_rate")

    def __init__(self, rate: float, most: float) -> None:
        self._rate, self._most, self._left = rate, most, most
        self._at = time.monotonic()

    def take(self, count: int = 1) -> bool:
        """Take some; False when there are fewer."""
        now = time.monotonic()
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < count:
            return False
        self._left -= count
        return True


class Buckets:
    """A bucket for each address, of which the most recent are kept."""

    def __init__(self, rate: float, most: float, *, keep: int = 10_000) -> None:
        self._rate, self._most, self._keep = rate, most, keep
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._guard = threading.Lock()

    def take(self, key: str, count: int = 1) -> bool:
        with self._guard:
            bucket = self._buckets.pop(key, None) or Bucket(self._rate, self._most)
            self._buckets[key] = bucket
            if len(self._buckets) > self._keep:
                self._buckets.popitem(last=False)
            return bucket.take(count)


def network_of(address: str) -> str:
    """An address as limits count it: an IPv6 host owns its whole /64."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
