"""Facets: for every value of a filter, how many proposals it would show together with the other filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Value, When
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from councils.models import Council
from people.models import AnyPerson
from proposals.reading.filters import AUTHOR_WORDS, STAGE_WORDS, WORDS, Filters
from proposals.reading.listing import Proposals, matching
from proposals.stages import Stage

SHOWN = 6


@dataclass(frozen=True)
class Option:
    """A value of a facet; `count` is how many proposals choosing it alone would show."""

    word: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A group of options; `word` is its name in the address."""

    word: str
    label: str | Promise
    options: list[Option]
    total: int

    @property
    def first(self) -> list[Option]:
        """What stands open on the page: everything of a short facet, else the fullest and the chosen ones, in order."""
        if len(self.options) <= SHOWN + 2:
            return self.options
        fullest = sorted(self.options, key=lambda option: -option.count)[:SHOWN]
        return [option for option in self.options if option.chosen or option in fullest]

    @property
    def rest(self) -> list[Option]:
        first = self.first
        return [option for option in self.options if option not in first]


_LABELS = {
    "asama": _l("Aşama"),
    "konu": _l("Konu"),
    "ilce": _l("İlçe"),
    "organ": _l("Meclis ya da grup"),
    "yazar": _l("Öneren"),
}
# The column each facet counts, in the order of the page.
_COLUMNS = {
    "asama": "stage",
    "konu": "theme_id",
    "ilce": "district_id",
    "organ": "addressed_to_id",
    "yazar": "author_kind",
}
_AUTHOR_KIND = Case(When(on_behalf_of__isnull=True, then=Value("yurttas")), default=Value("stk"))


Counts = Mapping[str, Mapping[str, int]]
"""How many proposals each value of each facet would show."""


def facets(council: Council, person: AnyPerson, filters: Filters, *, counts: Counts | None = None) -> list[Facet]:
    """All facets with their counts, in one query or with the counts at hand; options nobody could choose are left out."""
    counts = facet_counts(council, person, filters) if counts is None else counts
    return [_facet(word, counts[word], filters) for word in _COLUMNS]


def facet_counts(council: Council, person: AnyPerson, filters: Filters) -> Counts:
    """One query, which the index `proposals_facets` answers by itself as long as nothing is searched.

    Facets without a chosen value share one pass over the rows (GROUPING SETS); a facet with one is counted as if it had
    none, so it takes a pass of its own.
    """
    open_facets = [word for word, name in WORDS.items() if not getattr(filters, name)]
    passes = [(filters, open_facets)] if open_facets else []
    passes += [(filters.without(name), [word]) for word, name in WORDS.items() if word not in open_facets]
    counts: dict[str, dict[str, int]] = {word: {} for word in _COLUMNS}
    statements, params = [], []
    for asked, words in passes:
        with suppress(EmptyResultSet):
            statement, values = _counting(matching(council, person, asked), words)
            statements.append(statement)
            params += values
    if statements:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(statements), params)
            for word, value, n in cursor.fetchall():
                counts[word][value or ""] = n
    return counts


def _counting(found: Proposals, words: Sequence[str]) -> tuple[str, list[object]]:
    """SQL that counts the rows by each of the facets at once: (facet, value, count). Names come from `_COLUMNS` alone."""
    columns = [_COLUMNS[word] for word in words]
    rows = found.order_by().annotate(author_kind=_AUTHOR_KIND).values(*columns)
    sql, params = rows.query.sql_with_params()
    which = " ".join(f"WHEN GROUPING({column}) = 0 THEN '{word}'" for word, column in zip(words, columns, strict=True))
    value = " ".join(f"WHEN GROUPING({column}) = 0 THEN {column}::text" for column in columns)
    sets = ", ".join(f"({column})" for column in columns)
    statement = (
        f"SELECT CASE {which} END, CASE {value} END, count(*) "  # noqa: S608
        f"FROM ({sql}) AS found ({', '.join(columns)}) GROUP BY GROUPING SETS ({sets})"
    )
    return statement, list(params)


def _facet(word: str, counts: Mapping[str, int], filters: Filters) -> Facet:
    chosen = getattr(filters, WORDS[word])
    options = [
        Option(value, label, counts.get(key, 0), value in chosen)
        for value, label, key in _values(word, filters)
        if counts.get(key, 0) or value in chosen
    ]
    total = sum(option.count for option in options if option.chosen) if chosen else sum(counts.values())
    return Facet(word, _LABELS[word], options, total)


def _values(word: str, filters: Filters) -> list[tuple[str, str, str]]:
    """(word in the address, label, value in the database) of everything a facet knows."""
    if word == "asama":
        return [(name, Stage(stage).label, str(stage)) for name, stage in STAGE_WORDS.items()]
    if word == "yazar":
        return [(name, str(label), name) for name, label in AUTHOR_WORDS.items()]
    known = {"konu": filters.choices.themes, "ilce": filters.choices.districts, "organ": filters.choices.bodies}[word]
    return [(slug, str(row), str(row.pk)) for slug, row in known.items()]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Chip:
    """An active filter and the address without it."""

    label: str
    url: str


def chips(filters: Filters, params: QueryDict, *, path: str = "") -> list[Chip]:
    """One chip per active filter, the searched text among them."""
    found = []
    if filters.is_late:
        found.append(Chip(_("Gecikenler"), _without(params, "geciken", None, path)))
    if filters.text:
        found.append(Chip(_("“%(text)s”") % {"text": filters.text}, _without(params, "q", None, path)))
    for word, name in WORDS.items():
        labels = {value: label for value, label, _key in _values(word, filters)}
        found += [Chip(labels[value], _without(params, word, value, path)) for value in getattr(filters, name)]
    return found


def _without(params: QueryDict, word: str, value: str | None, path: str) -> str:
    rest = params.copy()
    rest.pop("sayfa", None)
    if value is None:
        rest.pop(word, None)
    else:
        rest.setlist(word, [kept for kept in rest.getlist(word) if kept != value])
    return f"{path}?{rest.urlencode()}" if rest else path or "?"
