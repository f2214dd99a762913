"""Who wants to hear of entries after the commit. Higher apps subscribe when the project starts.

A handler takes entries in the order of their commit, must be idempotent (an entry may come twice) and must not
block for long; what it raises leaves the entries undelivered, and the sweep brings them again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from journal.models import Entry

Handler = Callable[[Sequence["Entry"]], None]
_handlers: list[Handler] = []


def subscribe(handler: Handler) -> None:
    if handler not in _handlers:
        _handlers.append(handler)


def handlers() -> Sequence[Handler]:
    return tuple(_handlers)


Touch = Callable[[str], None]
_touch_handlers: list[Touch] = []


def subscribe_to_touches(handler: Touch) -> None:
    """Hear of state topics (``state:ballot:3``) whose newest state changed; nothing is recorded or repeated."""
    if handler not in _touch_handlers:
        _touch_handlers.append(handler)


def touch_handlers() -> Sequence[Touch]:
    return tuple(_touch_handlers)
