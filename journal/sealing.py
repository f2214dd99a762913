"""Sealing: committed rows leave the queue and become leaves of one Merkle tree, each batch under a head.

Writers take no lock for it. A head covers everything before it twice, by the root of the whole tree and by the hash of
the head before, so that whoever keeps one head can tell whether anything up to it was changed.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import DurationField, Exists, ExpressionWrapper, F, OuterRef
from django.db.models.functions import Now

from journal import merkle
from journal.models import Head, Leaf, Node, Queued
from journal.sources import canonical, leaf_content, moment, sources

log = structlog.get_logger(__name__)
EVERY = timedelta(hours=1)
"""How long a row waits at most before it is due to be sealed."""
LATE = timedelta(minutes=1)
"""How long after that the clock may come."""
BATCH = 20_000
NODE_LEVELS = 8
"""Nodes are kept at every eighth level; those between are computed from at most 256 of the level below."""
NO_HEAD = bytes(merkle.HASH_BYTES)
"""What the first head names as the one before."""
_LOCK = 6962_2013
_LOOKED = "journal:sealer-looked"
AWAY = timedelta(minutes=5)
"""After how long without a look the sealer is taken for away; it looks every half minute, and long batches take a while."""


def head_hash(*, number: int, previous: bytes, size: int, root: bytes, at: datetime) -> bytes:
    """The hash of a head's content; a head is published with everything it needs."""
    content = {
        "v": 1,
        "number": number,
        "previous": previous.hex(),
        "size": size,
        "root": root.hex(),
        "at": moment(at),
    }
    return merkle.leaf_hash(canonical(content))


def last_head() -> Head | None:
    return Head.objects.order_by("-number").first()


def is_due() -> bool:
    """Whether something urgent waits, or anything has waited for an hour by the database's clock."""
    if Queued.objects.filter(is_urgent=True).exists():
        return True
    oldest = Queued.objects.order_by("pk").filter(since__lte=Now() - EVERY)
    return oldest.exists()


def look() -> list[Head]:
    """What the clock calls: seal when it is due, and leave word that the sealer is there."""
    _leave_word()
    heads = seal() if is_due() else []
    _leave_word()
    return heads


def _leave_word() -> None:
    cache.set(_LOOKED, time.time(), timeout=86_400)


def last_look() -> float | None:
    """How many seconds ago the sealer looked; None before its first look."""
    looked = cache.get(_LOOKED)
    return None if looked is None else max(0.0, time.time() - looked)


def oldest_wait() -> float:
    """For how many seconds the first row of the queue has waited, by the database's clock; 0 when none waits."""
    waited = ExpressionWrapper(Now() - F("since"), output_field=DurationField())
    first = Queued.objects.order_by("pk").annotate(waited=waited).values_list("waited", flat=True).first()
    return max(0.0, first.total_seconds()) if first is not None else 0.0


def seal() -> list[Head]:
    """Seal everything committed so far; the heads made, none when nothing waits. Safe to run in several places at once.

    A row that waits and cannot be read is left in the queue and told in the log: `verifying` names it.
    """
    heads: list[Head] = []
    after = 0
    while True:
        with transaction.atomic():
            taken = _seal_batch(after)
        if taken.head is not None:
            heads.append(taken.head)
            log.info(
                "sealed",
                number=taken.head.number,
                size=taken.head.size,
                root=bytes(taken.head.root).hex(),
                hash=bytes(taken.head.hash).hex(),
            )
        if taken.unreadable:
            log.error("rows_not_sealed", rows=taken.unreadable[:20], count=len(taken.unreadable))
        if taken.last is None:
            return heads
        after = taken.last


@dataclass(frozen=True, slots=True)
class _Batch:
    head: Head | None
    unreadable: list[str]
    last: int | None
    """Where the next batch goes on; None when nothing waits any more."""


def _seal_batch(after: int) -> _Batch:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT clock_timestamp()")
        at: datetime = cursor.fetchone()[0]
    queued = list(
        Queued.objects.filter(pk__gt=after)
        .annotate(is_sealed=Exists(Leaf.objects.filter(source=OuterRef("source"), row_id=OuterRef("row_id"))))
        .order_by("pk")
        .values_list("pk", "source", "row_id", "is_sealed")[:BATCH]
    )
    if not queued:
        return _Batch(None, [], None)
    # A row may wait twice; it becomes one leaf.
    waiting = dict.fromkeys((source, row_id) for _pk, source, row_id, is_sealed in queued if not is_sealed)
    contents = _contents(waiting)
    wanted = [(*key, content, version) for key, (version, content) in contents.items()]
    done = [pk for pk, source, row_id, is_sealed in queued if is_sealed or (source, row_id) in contents]
    head = _append(wanted, at=at) if wanted else None
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_queued WHERE id = ANY(%s)", [done])
    unreadable = [f"{source} {row_id}" for source, row_id in waiting if (source, row_id) not in contents]
    return _Batch(head, unreadable, queued[-1][0])


_Sealable = dict[tuple[str, int], tuple[int, dict[str, object]]]


def _contents(waiting: Iterable[tuple[str, int]]) -> _Sealable:
    """Version and content of each row that can be read, in the order of waiting."""
    waiting = list(waiting)
    found: _Sealable = {}
    for name in {source for source, _row in waiting}:
        source = sources().get(name)
        if source is None:
            continue
        rows = source.contents(source.version, [row_id for other, row_id in waiting if other == name])
        found |= {(name, row_id): (source.version, content) for row_id, content in rows.items()}
    return {key: found[key] for key in waiting if key in found}


def _append(rows: list[tuple[str, int, dict[str, object], int]], *, at: datetime) -> Head:
    before = last_head()
    frontier = merkle.Frontier.from_bytes(before.size, bytes(before.frontier)) if before else merkle.Frontier()
    nodes: list[Node] = []
    copy_leaves = "COPY journal_leaf (index, source, row_id, version, salt, hash) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(copy_leaves) as leaves:
        for source, row_id, content, version in rows:
            salt = secrets.token_bytes(16)
            leaf = merkle.leaf_hash(leaf_content(source, version, row_id, salt, content))
            leaves.write_row((frontier.size, source, row_id, version, salt, leaf))
            nodes += [
                Node(level=level, index=index, hash=found)
                for level, index, found in frontier.append(leaf)
                if is_kept(level)
            ]
    Node.objects.bulk_create(nodes)
    number, previous = (before.number + 1, bytes(before.hash)) if before else (1, NO_HEAD)
    root = frontier.root()
    return Head.objects.create(
        number=number,
        size=frontier.size,
        root=root,
        previous=previous,
        at=at,
        hash=head_hash(number=number, previous=previous, size=frontier.size, root=root, at=at),
        frontier=frontier.to_bytes(),
    )


def is_kept(level: int) -> bool:
    """Whether the node of a level is a row of its own."""
    return level > 0 and level % NODE_LEVELS == 0


def sealed_by(source: str, row_id: int) -> datetime | None:
    """By when a waiting row is sealed; None when it does not wait."""
    since = Queued.objects.filter(source=source, row_id=row_id).values_list("since", flat=True).first()
    return since + EVERY + LATE if since is not None else None
