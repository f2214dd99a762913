"""Proofs that a sealed row is in the log, as documents anybody can check; and heads as they are published.

A document carries everything its check needs but one thing: a head kept by somebody else. `docs/sealed-log.md` shows
the check in thirty lines of Python that need nothing of this project.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from journal import merkle
from journal.models import Head, Leaf, Node
from journal.sealing import NODE_LEVELS, head_hash
from journal.sources import leaf_content, moment, sources

FORM = "meydan-proof-1"
MAX_PATH = 64
MAX_DOCUMENT = 200_000
"""Characters of a proof that is taken to be checked; real ones have some thousands."""


# --- Heads ------------------------------------------------------------------------------------------------------------
def head_document(head: Head) -> dict[str, Any]:
    """A head as it is published and kept elsewhere."""
    return {
        "number": head.number,
        "size": head.size,
        "root": bytes(head.root).hex(),
        "previous": bytes(head.previous).hex(),
        "at": moment(head.at),
        "hash": bytes(head.hash).hex(),
    }


@dataclass(frozen=True, slots=True)
class PublishedHead:
    """A head read from a document."""

    number: int
    size: int
    root: bytes
    previous: bytes
    at: datetime
    hash: bytes

    @property
    def is_whole(self) -> bool:
        """Whether its hash is that of its own content."""
        made = head_hash(number=self.number, previous=self.previous, size=self.size, root=self.root, at=self.at)
        return made == self.hash


def read_head(document: Any) -> PublishedHead:
    """Raises `ValueError` for what is no head."""
    if not isinstance(document, Mapping):
        raise ValueError("a head is an object")
    numbers = [_number(document.get(name)) for name in ("number", "size")]
    hashes = [_hash(document.get(name)) for name in ("root", "previous", "hash")]
    at = document.get("at")
    if not isinstance(at, str) or len(at) > 40 or not at.endswith("Z"):
        raise ValueError("a head has a moment in UTC")
    return PublishedHead(numbers[0], numbers[1], hashes[0], hashes[1], datetime.fromisoformat(at), hashes[2])


def _number(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given < 2**63:
        raise ValueError("not a number of the log")
    return given


def _hash(given: Any) -> bytes:
    if not isinstance(given, str) or len(given) != 2 * merkle.HASH_BYTES:
        raise ValueError("not a hash")
    return bytes.fromhex(given)


# --- Making -----------------------------------------------------------------------------------------------------------
class Tree:
    """Hashes of perfect subtrees of the log, read a few rows at a time and kept while proofs are made."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bytes] = {}

    def subtree(self, level: int, index: int) -> bytes:
        """Raises `LookupError` when the log has no such subtree."""
        kept = level - level % NODE_LEVELS
        below = level - kept
        hashes = self._row(kept, index << below, 1 << below)
        while len(hashes) > 1:
            hashes = [merkle.node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
        return hashes[0]

    def _row(self, level: int, start: int, count: int) -> list[bytes]:
        wanted = [(level, index) for index in range(start, start + count)]
        if not all(place in self._known for place in wanted):
            # Its whole neighbourhood, which the next steps of a proof ask for.
            first = start - start % (1 << NODE_LEVELS)
            span = (first, max(start + count, first + (1 << NODE_LEVELS)) - 1)
            rows = (
                Node.objects.filter(level=level, index__range=span).values_list("index", "hash")
                if level
                else Leaf.objects.filter(index__range=span).values_list("index", "hash")
            )
            self._known |= {(level, index): bytes(found) for index, found in rows}
        return [self._known[place] for place in wanted]


def head_of(leaf: Leaf) -> Head:
    """The head under which a leaf was sealed: the first that covers it."""
    head = Head.objects.filter(size__gt=leaf.index).order_by("number").first()
    if head is None:
        raise LookupError("a leaf without a head")
    return head


def leaf_of(source: str, row_id: int) -> Leaf | None:
    return Leaf.objects.filter(source=source, row_id=row_id).first()


def inclusion_document(leaf: Leaf, *, with_content: bool, head: Head | None = None) -> dict[str, Any]:
    """The proof that a leaf is in the log; without its content it shows only that something with this hash is in.

    Whoever asks for the content has made sure that the reader may have it.
    """
    head = head or head_of(leaf)
    path = merkle.inclusion_proof(leaf.index, head.size, Tree().subtree)
    document: dict[str, Any] = {
        "form": FORM,
        "index": leaf.index,
        "leaf": bytes(leaf.hash).hex(),
        "path": [one.hex() for one in path],
        "head": head_document(head),
    }
    if with_content:
        document["content"] = content_of(leaf).decode()
    return document


def content_of(leaf: Leaf) -> bytes:
    """What a leaf was made of, computed from the row as it stands. Raises `LookupError` when the row is gone."""
    content = sources()[leaf.source].contents(leaf.version, [leaf.row_id])[leaf.row_id]
    return leaf_content(leaf.source, leaf.version, leaf.row_id, bytes(leaf.salt), content)


def consistency_document(old: Head, new: Head) -> dict[str, Any]:
    """The proof that the log under the new head only added to the log under the old one."""
    path = merkle.consistency_proof(old.size, new.size, Tree().subtree)
    return {"old": head_document(old), "new": head_document(new), "path": [one.hex() for one in path]}


# --- Checking ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of a document found."""

    is_good: bool
    sentence: str
    head: PublishedHead | None = None
    content: dict[str, Any] | None = None
    notes: list[str] = field(default_factory=list)


def check(text: str) -> Checked:
    """Check a proof by itself, then its head against the log's own."""
    try:
        index, leaf, content, path, head = _read(text)
    except (ValueError, RecursionError):
        return Checked(False, _("Bu bir kanıt dosyası değil. Makbuz sayfasından indirdiğiniz dosyanın tamamını verin."))
    if content is not None and merkle.leaf_hash(content) != leaf:
        return Checked(False, _("Kanıt tutmuyor: dosyadaki kaydın içeriği, özetiyle uyuşmuyor."), head)
    if not merkle.is_included(leaf, index, head.size, path, head.root):
        return Checked(False, _("Kanıt tutmuyor: dosyadaki yol, mührün köküne çıkmıyor."), head)
    if not head.is_whole:
        return Checked(False, _("Kanıt tutmuyor: mührün özeti, kendi içeriğiyle uyuşmuyor."), head)
    own = Head.objects.filter(number=head.number).first()
    if own is None or bytes(own.hash) != head.hash:
        return Checked(
            False,
            _("Kanıt kendi içinde doğru, ama bu sitenin %(number)d numaralı mührü başka. İkisinden biri değiştirilmiş.")
            % {"number": head.number},
            head,
        )
    read = json.loads(content) if content is not None else None
    notes = []
    if content is None:
        notes.append(_("Dosyada kaydın içeriği yok; yalnız bu özeti taşıyan bir kaydın günlükte olduğu gösterildi."))
    return Checked(
        True,
        _("Kanıt doğru: kayıt, %(number)d numaralı mührün altında günlükte duruyor.") % {"number": head.number},
        head,
        read if isinstance(read, dict) else None,
        notes,
    )


def _read(text: str) -> tuple[int, bytes, bytes | None, list[bytes], PublishedHead]:
    if len(text) > MAX_DOCUMENT:
        raise ValueError("too long for a proof")
    document = json.loads(text)
    if not isinstance(document, dict) or document.get("form") != FORM:
        raise ValueError("not a proof")
    path = document.get("path")
    if not isinstance(path, list) or len(path) > MAX_PATH:
        raise ValueError("not a path")
    content = document.get("content")
    if content is not None and not isinstance(content, str):
        raise ValueError("not a content")
    return (
        _number(document.get("index")),
        _hash(document.get("leaf")),
        content.encode() if content is not None else None,
        [_hash(one) for one in path],
        read_head(document.get("head")),
    )
