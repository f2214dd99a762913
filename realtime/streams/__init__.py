"""What one process knows of one topic, and how it reaches the sockets that follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from realtime.streams.base import Stream
from realtime.streams.log import LogStream
from realtime.streams.presence import PresenceStream
from realtime.streams.state import StateStream
from realtime.topics import Sort

if TYPE_CHECKING:
    from realtime.hub import Hub

__all__ = ["LogStream", "PresenceStream", "StateStream", "Stream", "make_stream"]


_kinds: dict[Sort, Callable[[Hub, str], Stream]] = {
    Sort.LOG: LogStream,
    Sort.STATE: StateStream,
    Sort.PRESENCE: PresenceStream,
}


def make_stream(hub: Hub, name: str, sort: Sort) -> Stream:
    """The stream of a topic's sort, not opened yet."""
    return _kinds[sort](hub, name)
