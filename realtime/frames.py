"""From a journal entry to the frame that travels, the same for the live stream, the replay and the polling page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
import structlog

from journal.models import Audience, Entry, Topic
from realtime.topics import parse

log = structlog.get_logger(__name__)
Renderer = Callable[[Entry], dict[str, Any] | None]
Touches = Callable[[Entry], Iterable[str]]
REPLAY_LIMIT = 300
"""How many missed entries are replayed; who missed more loads the page's regions again."""
_renderers: dict[str, tuple[Renderer, frozenset[str]]] = {}
_touches: dict[str, list[Touches]] = {}


@dataclass(frozen=True, slots=True)
class Frame:
    """One encoded frame of a log topic. `forget`: older frames of the topic may no longer be told from memory."""

    sequence: int
    text: str
    forget: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """Where a topic's log stands."""

    epoch: str
    sequence: int


def register(kind: str, renderer: Renderer, *, audiences: Iterable[str] = (Audience.PUBLIC,)) -> None:
    """Say what the frame of a kind carries beyond topic, sequence and kind.

    `audiences` lists which entries may travel with content; name a narrower one only when everybody who may follow the
    topic belongs to it. Content never depends on the reader.
    """
    _renderers[str(kind)] = (renderer, frozenset(map(str, audiences)))


def touches(kind: str, names: Touches) -> None:
    """Say which state topics change with an entry of this kind."""
    _touches.setdefault(str(kind), []).append(names)


def touched_by(entry: Entry) -> set[str]:
    """The state topics an entry changes."""
    found: set[str] = set()
    for names in _touches.get(entry.kind, ()):
        try:
            found.update(names(entry))
        except Exception:
            log.exception("live_touch_failed", entry=entry.pk)
    return found


def render(entry: Entry, name: str = "") -> Frame:
    """The frame of one entry as of now, in its topic or in that topic as the audience in `name` reads it.

    A renderer that fails gives a frame which only counts.
    """
    content: dict[str, Any] = {"t": name or entry.topic, "s": entry.sequence, "k": ""}
    forget = False
    renderer, audiences = _renderers.get(entry.kind, (None, frozenset({str(Audience.PUBLIC)})))
    if entry.audience in audiences or (name and entry.audience == parse(name).audience):
        content["k"] = entry.kind
        try:
            extra = dict((renderer(entry) if renderer else None) or {})
        except Exception:
            log.exception("live_frame_failed", entry=entry.pk)
            extra = {}
        forget = bool(extra.pop("forget", False))
        content = {**extra, **content}
    return Frame(entry.sequence, orjson.dumps(content).decode(), forget)


def control(kind: str, **values: object) -> str:
    """A frame of the connection itself: joined, resync, refused, left, welcome, bye."""
    return orjson.dumps({"type": kind, **values}).decode()


def heads(names: Sequence[str]) -> dict[str, Head]:
    """Where each topic's log stands, in one query; a topic without entries stands at 0."""
    bases = {name: parse(name).base for name in names}
    rows = Topic.objects.filter(name__in=set(bases.values()))
    found = {row.name: Head(row.epoch, row.sequence) for row in rows}
    return {name: found.get(base, Head("", 0)) for name, base in bases.items()}


def replay(name: str, *, after: int, upto: int | None = None, limit: int = REPLAY_LIMIT + 1) -> list[Frame]:
    """The frames of a topic after a sequence, oldest first, rendered as of now."""
    entries = Entry.objects.filter(topic=parse(name).base, sequence__gt=after)
    if upto is not None:
        entries = entries.filter(sequence__lte=upto)
    return [render(entry, name) for entry in entries.order_by("sequence")[:limit]]


def sequence_at(name: str, moment: datetime, *, margin: timedelta = timedelta(seconds=5), look: int = 50) -> int:
    """A sequence safely before what a page rendered at `moment` may have missed: replaying from it loses nothing.

    The margin covers transactions that took their sequence before the page was read and were committed after.
    """
    last = 0
    newest = (
        Entry.objects.filter(topic=parse(name).base).order_by("-sequence").values_list("sequence", "recorded_at")[:look]
    )
    for sequence, recorded_at in newest:
        if recorded_at < moment - margin:
            return int(sequence)
        last = sequence - 1
    return last
