"""Recording what happened and telling those who subscribed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from django.db import connection, transaction
from django.db.models import F, Model
from django.db.models.functions import Now

from journal.models import Audience, Entry, Topic, Undelivered, new_epoch
from journal.subscriptions import handlers, touch_handlers

log = structlog.get_logger(__name__)
GRACE = timedelta(seconds=2)
"""How long an undelivered entry is left to the process that wrote it before the sweep takes it."""


class HasKey(Protocol):
    @property
    def pk(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing to record: what `record` takes, for many at once."""

    kind: str
    actor: HasKey | None
    subject: Model
    topic: str
    at: datetime
    facts: Mapping[str, object] = field(default_factory=dict)
    council: HasKey | None = None
    body: HasKey | None = None
    on_behalf_of: HasKey | None = None
    audience: str = Audience.PUBLIC


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
    happening = Happening(kind, actor, subject, topic, at, facts or {}, council, body, on_behalf_of, audience)
    return record_many([happening])[0]


def record_many(happenings: Sequence[Happening]) -> list[Entry]:
    """Append several entries in the order given, with a fixed number of statements; otherwise as `record`."""
    if not connection.in_atomic_block:
        raise RuntimeError("record() belongs into the transaction of the action")
    sequences = _take_sequences(Counter(happening.topic for happening in happenings))
    entries = []
    for happening in happenings:
        sequences[happening.topic] += 1
        entries.append(
            Entry(
                kind=str(happening.kind),
                actor_id=_key(happening.actor),
                on_behalf_of_id=_key(happening.on_behalf_of),
                subject_type=happening.subject._meta.label_lower,
                subject_id=happening.subject.pk,
                council_id=_key(happening.council),
                body_id=_key(happening.body),
                topic=happening.topic,
                sequence=sequences[happening.topic],
                audience=happening.audience,
                facts=dict(happening.facts),
                at=happening.at,
            )
        )
    Entry.objects.bulk_create(entries)
    Undelivered.objects.bulk_create([Undelivered(entry=entry) for entry in entries])
    transaction.on_commit(lambda: deliver(entries), robust=True)
    return entries


def _key(row: HasKey | None) -> int | None:
    return row.pk if row is not None else None


def _take_sequences(wanted: Mapping[str, int]) -> dict[str, int]:
    """Lock the topics in the order of their names and move each on; returns the sequence before the first new one."""
    names = sorted(wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Topic._meta.db_table} AS t (name, sequence, epoch) "  # noqa: S608
            "SELECT * FROM unnest(%s::text[], %s::bigint[], %s::text[]) "
            "ON CONFLICT (name) DO UPDATE SET sequence = t.sequence + excluded.sequence RETURNING name, sequence",
            [names, [wanted[name] for name in names], [new_epoch() for _ in names]],
        )
        return {name: int(last) - wanted[name] for name, last in cursor.fetchall()}


def deliver(entries: Sequence[Entry]) -> bool:
    """Hand committed entries to every subscriber; True when all took them. Safe to repeat."""
    try:
        with transaction.atomic():  # what a handler breaks in the database stays its own
            for handler in handlers():
                handler(entries)
    except Exception:
        log.exception("entries_not_delivered", entries=[entry.pk for entry in entries])
        Undelivered.objects.filter(pk__in=[entry.pk for entry in entries]).update(attempts=F("attempts") + 1)
        return False
    Undelivered.objects.filter(pk__in=[entry.pk for entry in entries]).delete()
    return True


def sweep(*, limit: int = 500) -> int:
    """Deliver what a crash or a failing subscriber left behind; returns how many were delivered.

    Oldest first, and what failed before comes last, so that one entry nobody can take keeps no other waiting.
    """
    with transaction.atomic():
        owed = list(
            Undelivered.objects.select_for_update(skip_locked=True)
            .filter(since__lt=Now() - GRACE)
            .select_related("entry")
            .order_by("attempts", "entry_id")[:limit]
        )
        return sum(deliver([row.entry]) for row in owed)


def touch(topic: str) -> None:
    """Say after the commit that a state topic changed. A hint: losing it costs freshness, never truth.

    What changed is committed, so a handler that fails neither reaches the person nor stops the others.
    """

    def tell() -> None:
        for handler in touch_handlers():
            try:
                handler(topic)
            except Exception:
                log.exception("touch_not_told", topic=topic)

    transaction.on_commit(tell, robust=True)
