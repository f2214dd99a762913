"""What a browser may say. Everything else ends the connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from realtime.limits import MESSAGE_BYTES, TOPICS_PER_SOCKET
from realtime.topics import LONGEST_NAME

HIGHEST = 2**53


class ProtocolError(ValueError):
    """Not a message of this protocol."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A message: hello and join bring `topics`, leave brings names, ping nothing."""

    type: str
    topics: dict[str, tuple[str | None, int | None]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    at: datetime | None = None
    ticket: str = ""


def read(text: str | None) -> Wish:
    """Read one message. Raises `ProtocolError`; deep or broken JSON too."""
    if not text or len(text) > MESSAGE_BYTES:
        raise ProtocolError("size")
    try:
        message = orjson.loads(text)
    except (orjson.JSONDecodeError, RecursionError) as error:
        raise ProtocolError("json") from error
    if not isinstance(message, dict):
        raise ProtocolError("shape")
    match message.get("type"):
        case "hello" | "join" as type_:
            ticket = message.get("ticket", "")
            if not isinstance(ticket, str):
                raise ProtocolError("ticket")
            return Wish(type_, topics=_topics(message.get("topics")), at=moment(message.get("at")), ticket=ticket)
        case "leave":
            names = message.get("topics")
            if not isinstance(names, list) or not all(_is_name(name) for name in names):
                raise ProtocolError("topics")
            return Wish("leave", names=names)
        case "ping":
            return Wish("ping")
    raise ProtocolError("type")


def moment(value: Any) -> datetime | None:
    """A moment in seconds since 1970; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10_000_000_000:
        return datetime.fromtimestamp(value, UTC)
    return None


def position(value: Any) -> tuple[str | None, int | None]:
    """What a client knows of a topic: nothing, a sequence, or an epoch and a sequence."""
    if value is None:
        return None, None
    if _is_sequence(value):
        return None, value
    match value:
        case [str() as epoch, sequence] if len(epoch) <= 19 and _is_sequence(sequence):
            return epoch or None, sequence
    raise ProtocolError("position")


def wished(text: str) -> tuple[str, tuple[str | None, int | None]]:
    """A topic of a poll, ``thread:9@epoch:17`` or ``state:ballot:3@version``: its name and what is known of it."""
    name, _, place = text.partition("@")
    if not _is_name(name) or len(place) > 40:
        raise ProtocolError("topics")
    if not place:
        return name, (None, None)
    epoch, _, sequence = place.rpartition(":")
    if not (sequence.isascii() and sequence.isdigit()):
        raise ProtocolError("position")
    return name, position([epoch, int(sequence)])


def _topics(value: Any) -> dict[str, tuple[str | None, int | None]]:
    if not isinstance(value, dict) or len(value) > TOPICS_PER_SOCKET or not all(_is_name(name) for name in value):
        raise ProtocolError("topics")
    return {name: position(known) for name, known in value.items()}


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME


def _is_sequence(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < HIGHEST
