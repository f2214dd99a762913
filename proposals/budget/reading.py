"""Budget lines and objectives with the proposals behind them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from councils.models import Council
from proposals.models import (
    BudgetLine,
    BudgetShare,
    Implementation,
    Objective,
    Proposal,
    ServedObjective,
    StrategicPlan,
    Unit,
)
from proposals.stages import Stage
from turkish.text import year_in

LIRA = DecimalField(max_digits=20, decimal_places=2)
NOTHING = Value(Decimal(0), output_field=LIRA)
OF_SHARE = "implementation__proposal__"
COUNTS = ~Q(**{f"{OF_SHARE}stage": Stage.ABANDONED})
"""Of shares: what still counts. Money of a proposal that was given up is free again."""


# --- Budget lines -----------------------------------------------------------------------------------------------------
def given_by_line(council: Council, years: Collection[int]) -> dict[int, Decimal]:
    """How much each line of some years gives to proposals. One query."""
    shares = BudgetShare.objects.filter(COUNTS, line__council=council, line__year__in=years, amount__isnull=False)
    return dict(shares.order_by().values_list("line").annotate(given=Sum("amount")))


def given_of(line: BudgetLine) -> Decimal:
    """How much a line gives to proposals. One query."""
    found = BudgetShare.objects.filter(COUNTS, line=line).aggregate(given=Coalesce(Sum("amount"), NOTHING))
    return Decimal(found["given"])


def lines_of(council: Council, *, year: int | None = None) -> QuerySet[Any]:
    """The council's lines, each with how many proposals stand behind it and how much it gives them."""
    shares = BudgetShare.objects.filter(line=OuterRef("pk")).order_by().values("line")
    lines = BudgetLine.objects.filter(council=council).select_related("unit")
    if year is not None:
        lines = lines.filter(year=year)
    return lines.annotate(
        proposal_count=Coalesce(Subquery(shares.annotate(n=Count("pk")).values("n")), 0),
        given=Coalesce(
            Subquery(shares.filter(COUNTS).annotate(s=Sum("amount")).values("s"), output_field=LIRA), NOTHING
        ),
    )


@dataclass(frozen=True)
class Year:
    """A year's budget as far as it is written here."""

    lines: int
    amount: Decimal | None
    given: Decimal
    proposals: int


def year_of(council: Council, year: int) -> Year:
    """Two queries."""
    whole = BudgetLine.objects.filter(council=council, year=year).aggregate(lines=Count("pk"), amount=Sum("amount"))
    shares = BudgetShare.objects.filter(line__council=council, line__year=year).aggregate(
        given=Coalesce(Sum("amount", filter=COUNTS), NOTHING), proposals=Count("implementation", distinct=True)
    )
    return Year(**whole, **shares)


def years_of(council: Council) -> list[int]:
    """Years that have lines, the newest first."""
    rows = BudgetLine.objects.filter(council=council).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def year_asked(years: list[int], asked: str) -> int:
    """The year an address asks for; else this year where it has lines, else the newest that has."""
    if (year := year_in(asked)) in years:
        return year
    today = timezone.localdate().year
    return today if today in years or not years else years[0]


# --- The strategic plan -----------------------------------------------------------------------------------------------
def plans_of(council: Council) -> QuerySet[StrategicPlan]:
    return StrategicPlan.objects.filter(council=council).order_by("-first_year", "-pk")


def plan_asked(plans: Collection[StrategicPlan], asked: str) -> StrategicPlan | None:
    """The plan whose period an address names; else the one that runs today, else the newest."""
    today = timezone.localdate().year
    named = [plan for plan in plans if plan.key == asked]
    running = [plan for plan in plans if plan.first_year <= today <= plan.last_year]
    return next(iter([*named, *running, *plans]), None)


def objectives_of(council: Council, plan: StrategicPlan | None = None) -> QuerySet[Any]:
    """Aims and objectives, each with how many proposals serve it; an aim is served by those that serve its objectives."""
    below = ServedObjective.objects.filter(Q(objective=OuterRef("pk")) | Q(objective__parent=OuterRef("pk"))).order_by()
    # Counted in one group whichever of them is served.
    counted = below.values(one=Value(1)).annotate(n=Count("implementation", distinct=True)).values("n")
    rows = Objective.objects.filter(plan__council=council).select_related("unit", "plan")
    if plan is not None:
        rows = rows.filter(plan=plan)
    return rows.annotate(proposal_count=Coalesce(Subquery(counted), 0))


# --- What stands behind -----------------------------------------------------------------------------------------------
def behind_line(line: BudgetLine) -> QuerySet[Any]:
    """The proposals that a line pays, each with its `share` in lira; the newest first."""
    return _told(Proposal.objects.filter(implementation__shares__line=line)).annotate(
        share=F("implementation__shares__amount")
    )


def behind_objective(objective: Objective) -> QuerySet[Any]:
    """The proposals that serve an objective or, for an aim, one of its objectives, each with all its money as `share`."""
    served = ServedObjective.objects.filter(Q(objective=objective) | Q(objective__parent=objective))
    paid = BudgetShare.objects.filter(implementation__proposal=OuterRef("pk")).order_by().values("implementation")
    share = Subquery(paid.annotate(s=Sum("amount")).values("s"), output_field=LIRA)
    return _told(Proposal.objects.filter(implementation__in=served.values("implementation"))).annotate(share=share)


def _told(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return rows.select_related("implementation__unit").defer("text", "search")


@dataclass(frozen=True)
class Total:
    """How many proposals stand behind something, and with how much money; what was given up is counted apart."""

    proposals: int
    given_up: int
    amount: Decimal


def total_of(rows: QuerySet[Any]) -> Total:
    """One query."""
    given_up = Q(stage=Stage.ABANDONED)
    found = rows.order_by().aggregate(
        proposals=Count("pk"),
        given_up=Count("pk", filter=given_up),
        amount=Coalesce(Sum("share", filter=~given_up), NOTHING, output_field=LIRA),
    )
    return Total(**found)


# --- Behind one implementation ----------------------------------------------------------------------------------------
def shares_of(implementation: Implementation) -> list[BudgetShare]:
    rows = BudgetShare.objects.filter(implementation=implementation).select_related("line")
    return list(rows.order_by("line__year", "line__code"))


def served_by(implementation: Implementation) -> list[Objective]:
    rows = Objective.objects.filter(served__implementation=implementation).select_related("plan", "parent")
    return list(rows.order_by("plan__first_year", "aim", "target"))


# --- Units ------------------------------------------------------------------------------------------------------------
def units_of(council: Council) -> QuerySet[Any]:
    """All units, also those not used any more, each with how many implementations, lines and objectives it has."""

    def counted(rows: QuerySet[Any]) -> Coalesce:
        own = rows.filter(unit=OuterRef("pk")).order_by().values("unit").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(own), 0)

    return (
        Unit.objects.filter(council=council)
        .select_related("merged_into")
        .annotate(
            implementation_count=counted(Implementation.objects.all()),
            line_count=counted(BudgetLine.objects.all()),
            objective_count=counted(Objective.objects.all()),
        )
    )
