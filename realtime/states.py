"""State topics: the newest state, read whole from the database, with a version that never goes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction

from realtime.topics import UnknownTopic, parse

Version = tuple[int, int]
"""The order of the database's snapshots, then its clock in milliseconds (for what changes by time alone)."""
_SNAPSHOT = """
    SELECT pg_snapshot_xmax(s)::text::bigint, (SELECT count(*) FROM pg_snapshot_xip(s)),
           (extract(epoch FROM clock_timestamp()) * 1000)::bigint
    FROM pg_current_snapshot() AS s
"""


@dataclass(frozen=True, slots=True)
class State:
    """What a provider answers: small public values (numbers, flags, short words), and when time alone changes them."""

    data: dict[str, Any]
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A state as read in one snapshot."""

    version: Version
    data: dict[str, Any]
    again_at: datetime | None = None


Provider = Callable[[int], State | dict[str, Any] | None]
_providers: dict[str, Provider] = {}


def register(kind: str, provider: Provider) -> None:
    """Give the state topic ``state:kind:id`` its provider; it answers None when there is nothing to tell."""
    _providers[kind] = provider


def unregister(kind: str) -> None:
    _providers.pop(kind, None)


def is_known(name: str) -> bool:
    """Whether a name is one of a state that has a provider."""
    try:
        return parse(name).kind in _providers
    except UnknownTopic:
        return False


def read(name: str) -> Reading:
    """Read a state and its version in one snapshot.

    Of two snapshots the later has the higher first unassigned transaction id or, that being equal, fewer transactions
    still running below it. So versions of all processes have one order, which is the order of what they saw.
    """
    topic = parse(name)
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(_SNAPSHOT)
        ceiling, running, clock = cursor.fetchone()
        found = _providers[topic.kind](topic.id) or State({})
    state = found if isinstance(found, State) else State(found)
    return Reading((ceiling * 4096 - min(running, 4095), clock), state.data, state.again_at)


def encode(name: str, version: Version, data: dict[str, Any]) -> str:
    """The frame of a state."""
    return orjson.dumps({"t": name, "v": version, "d": data}).decode()
