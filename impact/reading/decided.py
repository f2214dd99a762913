"""Proposals traced into the municipal council's decisions: what was decided, who carries it out, where it stands now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from impact.outcomes import DONE
from impact.reading.asking import Asked
from impact.reading.figures import Number
from proposals.models import DecisionOutcome, DecisionState, Outcome
from proposals.stages import Stage

OF_DECISION = "proposal__decision_outcomes__"
"""From a fact to what confirmed decisions say of its proposal."""
CONFIRMED: dict[str, Any] = {f"{OF_DECISION}decision__state": DecisionState.CONFIRMED}


@dataclass(frozen=True)
class OutcomeRow:
    """How many proposals met an outcome before the municipal council, and how many of those are carried out or done now."""

    outcome: Outcome
    proposals: Number
    carried_out: Number
    done: Number


def outcomes(asked: Asked) -> list[OutcomeRow]:
    """One row for each outcome; a proposal that was deferred and then accepted counts in both. One query."""
    rows = (
        asked.facts()
        .filter(**CONFIRMED)
        .order_by()
        .values_list(f"{OF_DECISION}outcome")
        .annotate(
            proposals=Count("pk", distinct=True),
            carried_out=Count("pk", distinct=True, filter=Q(stage=Stage.IMPLEMENTATION)),
            done=Count("pk", distinct=True, filter=Q(stage__in=sorted(DONE))),
        )
    )
    found = {outcome: counts for outcome, *counts in rows}
    return [
        OutcomeRow(
            outcome,
            Number(counts[0], asked.list_url(meclis=outcome)),
            Number(counts[1], asked.list_url(meclis=outcome, asama=Stage.IMPLEMENTATION)),
            Number(counts[2], asked.list_url(meclis=outcome, sonuc="yapilan")),
        )
        for outcome in Outcome
        for counts in [found.get(outcome, [0, 0, 0])]
    ]


@dataclass(frozen=True)
class TracedRow:
    """What one decision said of one proposal."""

    decision: str
    decision_url: str
    decided_on: date
    proposal: str
    proposal_url: str
    title: str
    outcome: Outcome
    unit: str
    stage: Stage


def traced(asked: Asked, *, most: int | None = None) -> Iterator[TracedRow]:
    """Every proposal of every confirmed decision, the newest first, or the first so many. One query."""
    council = asked.council
    found = DecisionOutcome.objects.filter(
        decision__council=council,
        decision__state=DecisionState.CONFIRMED,
        proposal__in=asked.facts().values("pk"),
    ).order_by("-decision__decided_on", "-decision__pk", "pk")
    columns = (
        "decision_id", "decision__year", "decision__serial", "decision__decided_on", "proposal__number", "proposal__title",
        "outcome", "proposal__implementation__unit__name", "proposal__stage",
    )  # fmt: skip
    for pk, year, serial, day, number, title, outcome, unit, stage in found.values_list(*columns)[:most]:
        yield TracedRow(
            f"{year}/{serial}",
            reverse("decision_detail", args=[council.slug, pk]),
            day,
            number,
            reverse("proposal_detail", args=[council.slug, number]),
            title,
            Outcome(outcome),
            unit or "",
            Stage(stage),
        )
