"""What the rest of the project (through reactions) tells the hubs, from any thread or process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any

import structlog
from django.db import transaction

from journal.models import Entry
from realtime import frames, topics
from realtime.bus import CONTROL, BusDown, Message, get_bus
from realtime.identity import digest

log = structlog.get_logger(__name__)
INSIST_SECONDS = 60


def publish_entries(entries: Sequence[Entry]) -> None:
    """Send committed entries to whoever follows their topics, and mark the states they change.

    The subscriber of the journal. Raises `BusDown`: the sweep then brings the entries again; a hub drops what it had.
    """
    bus = get_bus()
    failed: BusDown | None = None
    touched: set[str] = set()
    for entry in entries:
        touched |= frames.touched_by(entry)
        for name in (entry.topic, *topics.narrower(entry.topic)):
            if bus.is_wanted(name):
                frame = frames.render(entry, name)
                try:
                    bus.publish(name, Message(frame.sequence, frame.text, frame.forget))
                except BusDown as error:
                    failed = error
    try:
        _touch_now(touched)
    except BusDown as error:
        failed = error
    if failed is not None:
        raise failed


def touch(*names: str) -> None:
    """State topics changed in a transaction that is committed: the journal's subscriber to touches.

    A mark that is lost is found by the hubs' own check.
    """
    try:
        _touch_now(names)
    except BusDown:
        log.warning("live_touch_lost", topics=list(names))


def _touch_now(names: Iterable[str]) -> None:
    bus = get_bus()
    for name in names:
        bus.publish(name, Message())


def recheck(*, person: int | None = None, topic: str | None = None) -> None:
    """A seat, a role or a topic's openness changed: ask again what is followed. After the commit."""
    _order_after_commit({"what": "recheck", "person": person, "topic": topic})


def end_session(session_key: str) -> None:
    """A session ended (log-out): close its sockets with 4401. After the commit."""
    _order_after_commit({"what": "end", "session": digest(session_key), "code": 4401})


def end_person(person: int, *, code: int = 4401) -> None:
    """Close every socket of a person: 4401 after a new password, 4403 when the account is closed. After the commit."""
    _order_after_commit({"what": "end", "person": person, "code": code})


def _order_after_commit(order: dict[str, Any]) -> None:
    transaction.on_commit(lambda: _order(order), robust=True)


def _order(order: dict[str, Any]) -> None:
    """An order must arrive: while the bus is down it is repeated from a thread for a minute.

    A hub that was deaf asks everything again when it hears again, so nothing depends on this alone.
    """
    message = Message(control=order)
    try:
        get_bus().publish(CONTROL, message)
    except BusDown:
        threading.Thread(target=_insist, args=(message,), name="live-order", daemon=True).start()


def _insist(message: Message) -> None:
    until = time.monotonic() + INSIST_SECONDS
    while time.monotonic() < until:
        time.sleep(0.5)
        try:
            get_bus().publish(CONTROL, message)
        except BusDown:
            continue
        return
    log.error("live_order_not_delivered")
