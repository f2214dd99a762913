"""Proposals traced into budget lines and the strategic plan: what pays them, what they serve, where they stand now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from impact.outcomes import DONE
from impact.reading.asking import Asked
from impact.reading.figures import Number
from impact.reading.listing import unpaid
from proposals.models import BudgetShare, ServedObjective
from proposals.stages import Stage

PROPOSAL = "implementation__proposal"
STAGE = f"{PROPOSAL}__stage"
COUNTED: dict[str, Any] = {
    "proposals": Count("pk"),
    "carried_out": Count("pk", filter=Q(**{STAGE: Stage.IMPLEMENTATION})),
    "done": Count("pk", filter=Q(**{f"{STAGE}__in": sorted(DONE)})),
}
GIVEN = Sum("amount", filter=~Q(**{STAGE: Stage.ABANDONED}))
"""Money of a proposal that was given up is free again."""


@dataclass(frozen=True)
class Sources:
    """How many proposals have their money and their place in the plan written, and how much is set aside for them."""

    paid: Number
    planned: Number
    without: Number
    given: Decimal


def _of_asked(asked: Asked, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(**{f"{PROPOSAL}__in": asked.facts().values("pk")}).order_by()


def sources(asked: Asked) -> Sources:
    """Three queries."""
    shares = _of_asked(asked, BudgetShare.objects.all()).aggregate(
        n=Count("implementation", distinct=True), given=GIVEN
    )
    served = _of_asked(asked, ServedObjective.objects.all()).aggregate(n=Count("implementation", distinct=True))
    return Sources(
        Number(shares["n"], asked.list_url(kaynak="butce")),
        Number(served["n"], asked.list_url(kaynak="plan")),
        Number(unpaid(asked.facts()).count(), asked.list_url(kaynak="yok")),
        shares["given"] or Decimal(0),
    )


@dataclass(frozen=True)
class PaidRow:
    """What stands behind a budget line or an objective. `given` is the money of a line in lira; None for an objective."""

    key: int
    place: str
    code: str
    name: str
    url: str
    unit: str
    proposals: Number
    carried_out: Number
    done: Number
    given: Decimal | None = None


def _numbers(asked: Asked, counts: tuple[int, int, int], **selector: str) -> tuple[Number, Number, Number]:
    return (
        Number(counts[0], asked.list_url(**selector)),
        Number(counts[1], asked.list_url(**selector, asama=Stage.IMPLEMENTATION)),
        Number(counts[2], asked.list_url(**selector, sonuc="yapilan")),
    )


def lines(asked: Asked, *, most: int | None = None) -> Iterator[PaidRow]:
    """Budget lines with the proposals they pay, the newest year first, or the first so many. One query."""
    columns = ("line", "line__year", "line__code", "line__name", "line__unit__name")
    rows = _of_asked(asked, BudgetShare.objects.all()).values_list(*columns).annotate(**COUNTED, given=GIVEN)
    for pk, year, code, name, unit, *counts, given in rows.order_by("-line__year", "line__code")[:most]:
        url = reverse("budget_line", args=[asked.council.slug, pk])
        numbers = _numbers(asked, tuple(counts), kalem=str(pk))
        yield PaidRow(pk, str(year), code, name, url, unit or "", *numbers, given)


def objectives(asked: Asked, *, most: int | None = None) -> Iterator[PaidRow]:
    """Aims and objectives with the proposals linked to each, the newest plan first, or the first so many. One query."""
    plan = "objective__plan__"
    columns = (
        "objective", f"{plan}first_year", f"{plan}last_year", "objective__aim", "objective__target", "objective__name",
        "objective__unit__name",
    )  # fmt: skip
    rows = _of_asked(asked, ServedObjective.objects.all()).values_list(*columns).annotate(**COUNTED)
    order = (f"-{plan}first_year", "objective__aim", "objective__target")
    for pk, first, last, aim, target, name, unit, *counts in rows.order_by(*order)[:most]:
        url = reverse("objective_detail", args=[asked.council.slug, pk])
        numbers = _numbers(asked, tuple(counts), hedef=str(pk))
        code = f"H{aim}.{target}" if target else f"A{aim}"
        yield PaidRow(pk, f"{first}–{last}", code, name, url, unit or "", *numbers)
