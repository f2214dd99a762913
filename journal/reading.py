"""Entries as people read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from journal import kinds
from journal.models import Entry

Names = Callable[[set[int]], Mapping[int, str]]


@dataclass(frozen=True)
class Line:
    """One entry ready for a page or a feed."""

    id: int
    kind: str
    sentence: str
    at: datetime
    topic: str
    sequence: int


def lines(entries: Iterable[Entry], *, people: Names, organisations: Names) -> list[Line]:
    """Sentences for entries: two look-ups of names, however many entries. Unknown people are "bir kişi"."""
    entries = list(entries)
    person_names = people({entry.actor_id for entry in entries if entry.actor_id})
    organisation_names = organisations({entry.on_behalf_of_id for entry in entries if entry.on_behalf_of_id})
    found = []
    for entry in entries:
        actor = person_names.get(entry.actor_id, _("Bir kişi")) if entry.actor_id else _("Meydan")
        organisation = organisation_names.get(entry.on_behalf_of_id or 0)
        if organisation:
            actor = _("%(person)s, %(organisation)s adına") % {"person": actor, "organisation": organisation}
        text = kinds.sentence(entry.kind, {**entry.facts, "actor": actor, "organisation": organisation or ""})
        found.append(Line(entry.pk, entry.kind, text, entry.at, entry.topic, entry.sequence))
    return found
