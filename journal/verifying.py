"""Recomputing the log: every row, every leaf, every head, and whether anything is beside it.

Works through the log from its beginning in chunks, so memory does not grow with it. Every finding is a sentence.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from journal import merkle
from journal.models import Head, Leaf, Node, Queued
from journal.proofs import PublishedHead, read_head
from journal.sealing import NO_HEAD, head_hash, is_kept
from journal.sources import Content, Source, leaf_content, sources

LATEST = timedelta(hours=2)
"""How long a row may wait to be sealed before something is wrong."""
CHUNK = 4_096


@dataclass(slots=True)
class Seen:
    """What a run has gone through, for its last line."""

    leaves: int = 0
    heads: int = 0
    waiting: int = 0


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything as it stood when the first row was read, whatever is written meanwhile."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def problems(*, kept: Iterable[PublishedHead] = (), seen: Seen | None = None) -> Iterator[str]:
    """Everything that is wrong with the log, one sentence each; nothing when all is well.

    `kept` are heads that somebody kept elsewhere. Only they show that the end of the log was cut or all of it made anew.
    """
    seen = seen or Seen()
    with one_moment():
        yield from _guards()
        yield from _leaves(seen)
        yield from _rows_beside()
        yield from _queue(seen)
        yield from _kept(kept)


# --- Leaves and heads -------------------------------------------------------------------------------------------------
def _leaves(seen: Seen) -> Iterator[str]:
    frontier = merkle.Frontier()
    heads = _Heads()
    after = -1
    nodes = 0
    while True:
        chunk = list(Leaf.objects.filter(index__gt=after).order_by("index")[:CHUNK])
        if not chunk:
            break
        after = chunk[-1].index
        contents = _contents(chunk)
        completed: dict[tuple[int, int], bytes] = {}
        for leaf in chunk:
            if leaf.index != frontier.size:
                yield _("Yaprak %(index)d yok: günlükten %(count)d yaprak çıkarılmış.") % {
                    "index": frontier.size,
                    "count": leaf.index - frontier.size,
                }
                return  # no root after the gap could be right
            yield from _leaf(leaf, contents.get((leaf.source, leaf.row_id)))
            for level, index, found in frontier.append(bytes(leaf.hash)):
                if is_kept(level):
                    completed[level, index] = found
            seen.leaves += 1
            yield from heads.reached(frontier)
        nodes += len(completed)
        yield from _nodes(completed)
    yield from heads.finished(frontier)
    seen.heads = heads.count
    if (stored := Node.objects.count()) != nodes:
        yield _("Ara düğümlerin sayısı %(stored)d; %(expected)d olmalıydı.") % {"stored": stored, "expected": nodes}


def _contents(chunk: Iterable[Leaf]) -> Mapping[tuple[str, int], Content]:
    wanted: dict[tuple[str, int], list[int]] = {}
    for leaf in chunk:
        wanted.setdefault((leaf.source, leaf.version), []).append(leaf.row_id)
    found: dict[tuple[str, int], Content] = {}
    for (name, version), ids in wanted.items():
        if source := sources().get(name):
            found |= {(name, row_id): content for row_id, content in source.contents(version, ids).items()}
    return found


def _leaf(leaf: Leaf, content: Content | None) -> Iterator[str]:
    names = {"source": leaf.source, "row": leaf.row_id, "index": leaf.index}
    if leaf.source not in sources():
        yield _("Yaprak %(index)d bilinmeyen bir kaynaktan: %(source)s %(row)d.") % names
    elif content is None:
        yield _("%(source)s %(row)d silinmiş: mühürlenmişti (yaprak %(index)d), satırı yok.") % names
    else:
        made = merkle.leaf_hash(leaf_content(leaf.source, leaf.version, leaf.row_id, bytes(leaf.salt), content))
        if made != bytes(leaf.hash):
            yield _("%(source)s %(row)d değiştirilmiş: mühürlendiği içerikte değil (yaprak %(index)d).") % names


def _nodes(completed: Mapping[tuple[int, int], bytes]) -> Iterator[str]:
    for level in {level for level, _index in completed}:
        expected = {index: found for (other, index), found in completed.items() if other == level}
        stored = dict(Node.objects.filter(level=level, index__in=list(expected)).values_list("index", "hash"))
        for index, found in expected.items():
            if index not in stored or bytes(stored[index]) != found:
                yield _("Ara düğüm %(level)d/%(index)d yok ya da değiştirilmiş.") % {"level": level, "index": index}


class _Heads:
    """The chain of heads, checked while the tree grows past them."""

    def __init__(self) -> None:
        self.count = 0
        self._previous = NO_HEAD
        self._at: object = None
        self._waiting = self._all()
        self._next = next(self._waiting, None)

    @staticmethod
    def _all() -> Iterator[Head]:
        after = 0
        while chunk := list(Head.objects.filter(number__gt=after).order_by("number")[:CHUNK]):
            yield from chunk
            after = chunk[-1].number

    def reached(self, frontier: merkle.Frontier) -> Iterator[str]:
        while self._next is not None and self._next.size <= frontier.size:
            yield from self._check(self._next, frontier)
            self._next = next(self._waiting, None)

    def finished(self, frontier: merkle.Frontier) -> Iterator[str]:
        """After the last leaf: heads that cover more than there is, leaves that no head covers."""
        if self._next is not None:
            yield _("Mühür %(number)d, %(size)d yaprak üzerine vurulmuş; günlükte %(there)d yaprak var.") % {
                "number": self._next.number,
                "size": self._next.size,
                "there": frontier.size,
            }
            self.count += 1 + sum(1 for _head in self._waiting)
        last = Head.objects.order_by("-number").values_list("size", flat=True).first() or 0
        if frontier.size > last:
            yield _("%(count)d yaprak hiçbir mührün altında değil.") % {"count": frontier.size - last}

    def _check(self, head: Head, frontier: merkle.Frontier) -> Iterator[str]:
        self.count += 1
        names = {"number": head.number}
        if head.number != self.count:
            yield _("Mühür %(missing)d yok.") % {"missing": self.count}
            self.count = head.number
        if head.size != frontier.size or bytes(head.root) != frontier.root():
            yield _("Mühür %(number)d, altındaki yapraklarla uyuşmuyor.") % names
        if bytes(head.previous) != self._previous:
            yield _("Mühür %(number)d, kendinden önceki mühre bağlanmıyor.") % names
        made = head_hash(
            number=head.number, previous=bytes(head.previous), size=head.size, root=bytes(head.root), at=head.at
        )
        if made != bytes(head.hash):
            yield _("Mühür %(number)d değiştirilmiş: özeti kendi içeriğiyle uyuşmuyor.") % names
        if self._at is not None and head.at < self._at:  # type: ignore[operator]
            yield _("Mühür %(number)d, kendinden önceki mühürden daha eski.") % names
        if bytes(head.frontier) != frontier.to_bytes():
            yield _("Mühür %(number)d için saklanan ağaç kenarı yanlış.") % names
        self._previous, self._at = bytes(head.hash), head.at


# --- Beside the log ---------------------------------------------------------------------------------------------------
def _rows_beside() -> Iterator[str]:
    """Rows that are neither sealed nor waiting: added past the triggers, or their leaf or place in the queue removed."""
    for source in sources().values():
        for row_id in _unknown(source):
            yield _("%(source)s %(row)d ne mühürlü ne kuyrukta: günlüğe uğramadan eklenmiş ya da yaprağı silinmiş.") % {
                "source": source.name,
                "row": row_id,
            }


def _unknown(source: Source) -> Iterator[int]:
    after = None
    rows = source.rows().order_by(source.row_id).values_list(source.row_id, flat=True)
    while True:
        chunk = list((rows if after is None else rows.filter(**{f"{source.row_id}__gt": after}))[:CHUNK])
        if not chunk:
            return
        after = chunk[-1]
        known = set(Leaf.objects.filter(source=source.name, row_id__in=chunk).values_list("row_id", flat=True))
        if len(known) < len(chunk):
            known |= set(Queued.objects.filter(source=source.name, row_id__in=chunk).values_list("row_id", flat=True))
        yield from (row_id for row_id in chunk if row_id not in known)


def _queue(seen: Seen) -> Iterator[str]:
    oldest = Queued.objects.order_by("since").filter(since__lt=Now() - LATEST).first()
    if oldest is not None:
        yield _("Kuyrukta iki saatten uzun bekleyen kayıt var, en eskisi %(source)s %(row)d. Mühürleme çalışmıyor.") % {
            "source": oldest.source,
            "row": oldest.row_id,
        }
    after = 0
    while chunk := list(Queued.objects.filter(pk__gt=after).order_by("pk")[:CHUNK]):
        after = chunk[-1].pk
        seen.waiting += len(chunk)
        for name in {row.source for row in chunk}:
            ids = [row.row_id for row in chunk if row.source == name]
            source = sources().get(name)
            found = set(source.contents(source.version, ids)) if source else set()
            for row_id in ids:
                if row_id not in found:
                    yield _("%(source)s %(row)d mühürlenmeyi beklerken silinmiş.") % {"source": name, "row": row_id}


def _guards() -> Iterator[str]:
    wanted = [guard for source in sources().values() for guard in source.guards]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A') AND tgname = ANY(%s)",
            [[trigger for _table, trigger in wanted]],
        )
        found = {(table, name) for table, name in cursor.fetchall()}
    for table, trigger in wanted:
        if (table, trigger) not in found:
            yield _("%(table)s tablosunu koruyan %(trigger)s tetikleyicisi yok ya da kapalı.") % {
                "table": table,
                "trigger": trigger,
            }


# --- Heads kept elsewhere ---------------------------------------------------------------------------------------------
def read_kept(path: Path) -> Iterator[PublishedHead]:
    """Heads from a file: one JSON object a line, or one JSON document with a list or with ``heads``.

    Raises `ValueError` for what is neither.
    """
    with path.open(encoding="utf-8") as lines:
        first = lines.readline()
        try:
            begun = json.loads(first)
        except ValueError:
            begun = None
        if isinstance(begun, dict) and "heads" not in begun:
            yield read_head(begun)
            for line in lines:
                if line.strip():
                    yield read_head(json.loads(line))
            return
        document = json.loads(first + lines.read())
    for one in document["heads"] if isinstance(document, dict) else document:
        yield read_head(one)


def _kept(kept: Iterable[PublishedHead]) -> Iterator[str]:
    last = Head.objects.order_by("-number").values_list("number", flat=True).first() or 0
    for head in kept:
        names = {"number": head.number, "last": last}
        own = Head.objects.filter(number=head.number).values_list("hash", flat=True).first()
        if not head.is_whole:
            yield _("Dışarıda saklanan mühür %(number)d bozuk: özeti kendi içeriğiyle uyuşmuyor.") % names
        elif own is None:
            yield (
                _("Dışarıda saklanan mühür %(number)d burada yok, son mühür %(last)d: günlüğün sonu kesilmiş.") % names
            )
        elif bytes(own) != head.hash:
            yield _("Mühür %(number)d dışarıda saklanandan başka: günlük baştan yazılmış.") % names
