"""Recounting every figure from the tables of the other apps and saying what differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from impact.models import ProposalFact, StageSpan
from impact.recounting import EVERYBODY, KEPT, recounted


@dataclass
class Counted:
    """How much was recounted."""

    proposals: int = 0
    participations: int = 0


def _values(row: Any, left_out: tuple[str, ...] = ()) -> dict[str, Any]:
    names = [field.attname for field in row._meta.concrete_fields if field.attname not in left_out]
    return {name: getattr(row, name) for name in names}


def differences(counted: Counted) -> Iterator[str]:
    """A sentence for each difference between the summary rows and the truth."""
    yield from _of_proposals(counted)
    yield from _of_participation(counted)


def _of_proposals(counted: Counted) -> Iterator[str]:
    facts = {fact.pk: _values(fact) for fact in ProposalFact.objects.iterator()}
    spans: dict[int, dict[str, dict[str, Any]]] = {}
    for span in StageSpan.objects.iterator():
        spans.setdefault(span.fact_id, {})[span.stage] = _values(span, ("id",))
    for fact, of_it in recounted():
        counted.proposals += 1
        kept = facts.pop(fact.pk, None)
        if kept is None:
            yield _("Öneri %(key)s: özeti yok.") % {"key": fact.pk}
            continue
        true = _values(fact)
        for name in sorted(name for name in true if true[name] != kept[name]):
            yield _("Öneri %(key)s: %(name)s %(true)s olmalı, %(kept)s yazılı.") % {
                "key": fact.pk,
                "name": name,
                "true": true[name],
                "kept": kept[name],
            }
        true_spans = {span.stage: _values(span, ("id",)) for span in of_it}
        kept_spans = spans.pop(fact.pk, {})
        for stage in sorted(true_spans.keys() | kept_spans.keys()):
            if true_spans.get(stage) != kept_spans.get(stage):
                yield _("Öneri %(key)s: “%(stage)s” aşamasının süresi tutmuyor.") % {"key": fact.pk, "stage": stage}
    for key in sorted(facts):
        yield _("Öneri %(key)s: özeti var, kendisi yok.") % {"key": key}


TRUE = f"SELECT count(*) FROM ({EVERYBODY}) AS t"  # noqa: S608
MISSING = f"({EVERYBODY}) EXCEPT ({KEPT}) ORDER BY 1, 2, 3"
TOO_MUCH = f"({KEPT}) EXCEPT ({EVERYBODY}) ORDER BY 1, 2, 3"


def _of_participation(counted: Counted) -> Iterator[str]:
    missing = _("Katılım eksik ya da yanlış: konsey %(council)s, kişi %(person)s, yıl %(year)s.")
    too_much = _("Katılım fazla ya da yanlış: konsey %(council)s, kişi %(person)s, yıl %(year)s.")
    with connection.cursor() as cursor:
        cursor.execute(TRUE)
        counted.participations = cursor.fetchone()[0]
        for sentence, statement in ((missing, MISSING), (too_much, TOO_MUCH)):
            cursor.execute(statement)
            for council, person, year, *_rest in cursor.fetchall():
                yield sentence % {"council": council, "person": person, "year": year}
