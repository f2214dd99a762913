"""Recording what happened and telling those who subscribed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from django.db import connection, transaction
from django.db.models import F, Model
from django.db.models.functions import Now

from journal.models import Audience, Entry, Topic, Undelivered, new_epoch
from journal.subscriptions import handlers, touch_handlers

log = structlog.get_logger(__name__)
GRACE = timedelta(seconds=5)
"""How long an undelivered entry is left to the process that wrote it before the sweep takes it."""


class HasKey(Protocol):
    @property
    def pk(self) -> Any: ...


def record(
    kind: str,
    *,
    actor: HasKey | None,
    subject: Model,
    topic: str,
    at: datetime,
    facts: Mapping[str, object] | None = None,
    council: HasKey | None = None,
    body: HasKey | None = None,
    on_behalf_of: HasKey | None = None,
    audience: str = Audience.PUBLIC,
) -> Entry:
    """Append one entry to a topic, inside the caller's transaction.

    The topic's row stays locked until the commit, so a topic's sequence has no gap and follows the commit order.
    `facts` holds public values only. Raises `RuntimeError` outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() belongs into the transaction of the action")
    entry = Entry.objects.create(
        kind=str(kind),
        actor_id=actor.pk if actor is not None else None,
        on_behalf_of_id=on_behalf_of.pk if on_behalf_of is not None else None,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        council_id=council.pk if council is not None else None,
        body_id=body.pk if body is not None else None,
        topic=topic,
        sequence=_next_sequence(topic),
        audience=audience,
        facts=dict(facts or {}),
        at=at,
    )
    Undelivered.objects.create(entry=entry)
    transaction.on_commit(lambda: deliver([entry]), robust=True)
    return entry


def _next_sequence(topic: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Topic._meta.db_table} AS t (name, sequence, epoch) VALUES (%s, 1, %s) "  # noqa: S608
            "ON CONFLICT (name) DO UPDATE SET sequence = t.sequence + 1 RETURNING sequence",
            [topic, new_epoch()],
        )
        row = cursor.fetchone()
    return int(row[0])


def deliver(entries: Sequence[Entry]) -> bool:
    """Hand committed entries to every subscriber; True when all took them. Safe to repeat."""
    try:
        for handler in handlers():
            handler(entries)
    except Exception:
        log.exception("entries_not_delivered", entries=[entry.pk for entry in entries])
        Undelivered.objects.filter(pk__in=[entry.pk for entry in entries]).update(attempts=F("attempts") + 1)
        return False
    Undelivered.objects.filter(pk__in=[entry.pk for entry in entries]).delete()
    return True


def sweep(*, limit: int = 500) -> int:
    """Deliver what a crash or a failing subscriber left behind, oldest first; returns how many were delivered."""
    with transaction.atomic():
        owed = list(
            Undelivered.objects.select_for_update(skip_locked=True)
            .filter(since__lt=Now() - GRACE)
            .select_related("entry")
            .order_by("entry_id")[:limit]
        )
        return len(owed) if owed and deliver([row.entry for row in owed]) else 0


def touch(topic: str) -> None:
    """Say after the commit that a state topic changed. A hint: losing it costs freshness, never truth."""

    def tell() -> None:
        for handler in touch_handlers():
            handler(topic)

    transaction.on_commit(tell, robust=True)
