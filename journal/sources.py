"""What the log seals: each app names its tables and says what of a row is sealed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from journal.models import Entry

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one table that are sealed once and never change afterwards (mühürlenen kayıt).

    `contents` gives the content of rows by id in the form of a version: plain values, moments by `moment`. A form once
    used is never changed; a new column that is to be sealed makes a new version. `rows` are all rows that must be in the
    log or in its queue, with their key in `row_id`. `guards` are the triggers that keep them, as (table, trigger).
    """

    name: str
    version: int
    contents: Callable[[int, Sequence[int]], Mapping[int, Content]]
    rows: Callable[[], QuerySet[Any, Any]]
    row_id: str
    guards: tuple[tuple[str, str], ...]


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    _sources[source.name] = source


def sources() -> Mapping[str, Source]:
    return _sources


def moment(at: datetime) -> str:
    """A moment as it is sealed: UTC, microseconds always written."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(content: Mapping[str, Any]) -> bytes:
    """The one way to write a content: JSON with sorted names and no spaces, in UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def leaf_content(source: str, version: int, row_id: int, salt: bytes, content: Mapping[str, Any]) -> bytes:
    """What is hashed for a row."""
    return canonical({"source": source, "v": version, "id": row_id, "salt": salt.hex(), "row": content})


# --- The journal's own entries ----------------------------------------------------------------------------------------
def _entries(version: int, ids: Sequence[int]) -> dict[int, Content]:
    return {
        entry.pk: {
            "kind": entry.kind,
            "actor": entry.actor_id,
            "on_behalf_of": entry.on_behalf_of_id,
            "subject_type": entry.subject_type,
            "subject": entry.subject_id,
            "council": entry.council_id,
            "body": entry.body_id,
            "topic": entry.topic,
            "sequence": entry.sequence,
            "audience": entry.audience,
            "facts": entry.facts,
            "at": moment(entry.at),
            "recorded_at": moment(entry.recorded_at),
        }
        for entry in Entry.objects.filter(pk__in=ids)
    }


ENTRIES = Source(
    name="journal.entry",
    version=1,
    contents=_entries,
    rows=Entry.objects.all,
    row_id="id",
    guards=(("journal_entry", "journal_entry_is_append_only"), ("journal_entry", "journal_entry_is_queued")),
)
