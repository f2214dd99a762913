"""Who wants to hear that the votes of a ballot changed.

Votes arrive by the thousand and are no journal entries of their own, so screens are told here: once for each vote,
after its commit, with the ballot's id alone. A handler must be quick and may be called for nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog

log = structlog.get_logger(__name__)
Handler = Callable[[int], None]
_handlers: list[Handler] = []


def subscribe(handler: Handler) -> None:
    if handler not in _handlers:
        _handlers.append(handler)


def votes_changed(ballot_id: int) -> None:
    """Tell every subscriber; a failing one neither reaches the voter nor stops the others."""
    for handler in _handlers:
        try:
            handler(ballot_id)
        except Exception:  # the vote is committed, nothing here may say otherwise
            log.exception("votes_changed_not_told", ballot=ballot_id)
