"""The money and the plan behind an implementation: the municipality's budget lines and its strategic plan."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _l

from councils.models import Council
from people.models import AnyPerson
from proposals.models.implementation import Implementation, Unit

LONGEST_CODE = 60
LONGEST_NAME = 200
FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_PLAN = 10
"""Years a plan may have; law 5018 speaks of five."""
MOST_LIRA = Decimal("9999999999999.99")
CODE = r"^[0-9A-Z][0-9A-Z.-]*( [0-9A-Z.-]+)*$"
"""Letters, digits, dots and hyphens, as "46.41.02.30-06.2.0.00-5-06.5"; it begins with none that a spreadsheet calculates."""


class BudgetLineQuerySet(models.QuerySet["BudgetLine"]):
    def visible_to(self, person: AnyPerson) -> BudgetLineQuerySet:
        """A municipality's budget is public."""
        return self


class BudgetLine(models.Model):
    """A line of the municipality's budget of one year (bütçe kalemi). It is retired, never deleted."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_l("yıl"))
    code = models.CharField(_l("kod"), max_length=LONGEST_CODE, validators=[RegexValidator(CODE)])
    name = models.CharField(_l("ad"), max_length=LONGEST_NAME)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="budget_lines")
    # In lira; empty where it is not known.
    amount = models.DecimalField(
        _l("tutar"), max_digits=15, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    is_retired = models.BooleanField(_l("artık kullanılmıyor"), default=False)

    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        verbose_name = _l("bütçe kalemi")
        verbose_name_plural = _l("bütçe kalemleri")
        constraints = [
            models.UniqueConstraint(fields=["council", "year", "code"], name="one_budget_line_per_code_and_year"),
            models.CheckConstraint(
                condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)), name="a_budget_line_has_a_plausible_year"
            ),
            models.CheckConstraint(condition=Q(code__regex=CODE), name="a_budget_code_is_written_as_in_budgets"),
            models.CheckConstraint(condition=~Q(name=""), name="a_budget_line_has_a_name"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="a_budget_line_owes_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}/{self.code}"


class StrategicPlan(models.Model):
    """The municipality's strategic plan (stratejik plan) for some years, such as 2025–2029."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    first_year = models.PositiveSmallIntegerField(_l("ilk yıl"))
    last_year = models.PositiveSmallIntegerField(_l("son yıl"))

    class Meta:
        verbose_name = _l("stratejik plan")
        verbose_name_plural = _l("stratejik planlar")
        constraints = [
            models.UniqueConstraint(fields=["council", "first_year"], name="one_strategic_plan_begins_in_a_year"),
            models.CheckConstraint(
                condition=Q(first_year__gte=FIRST_YEAR, last_year__lte=LAST_YEAR, last_year__gte=F("first_year"))
                & Q(last_year__lt=F("first_year") + LONGEST_PLAN),
                name="a_strategic_plan_has_a_few_years",
            ),
        ]

    def __str__(self) -> str:
        return self.period

    @property
    def period(self) -> str:
        """2025–2029."""
        return f"{self.first_year}–{self.last_year}"

    @property
    def key(self) -> str:
        """The period as addresses and files write it."""
        return f"{self.first_year}-{self.last_year}"


class ObjectiveQuerySet(models.QuerySet["Objective"]):
    def visible_to(self, person: AnyPerson) -> ObjectiveQuerySet:
        """A strategic plan is public."""
        return self


class Objective(models.Model):
    """An aim (amaç, A1) of a strategic plan, or an objective below it (hedef, H1.2). It is retired, never deleted."""

    plan = models.ForeignKey(StrategicPlan, on_delete=models.PROTECT, related_name="objectives")
    # The aim that a hedef belongs to; an amaç stands alone and its second number is 0.
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    aim = models.PositiveSmallIntegerField()
    target = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_l("ad"), max_length=LONGEST_NAME)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="objectives")
    is_retired = models.BooleanField(_l("artık kullanılmıyor"), default=False)

    objects = ObjectiveQuerySet.as_manager()

    class Meta:
        verbose_name = _l("stratejik plan hedefi")
        verbose_name_plural = _l("stratejik plan hedefleri")
        constraints = [
            models.UniqueConstraint(fields=["plan", "aim", "target"], name="one_objective_per_code_of_a_plan"),
            models.CheckConstraint(
                condition=Q(aim__range=(1, 99), target__range=(0, 99)), name="an_objective_has_a_short_code"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, target=0) | Q(parent__isnull=False, target__gt=0),
                name="an_objective_stands_below_an_aim",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="an_objective_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_aim(self) -> bool:
        return self.target == 0

    @property
    def code(self) -> str:
        """A1 for an aim, H1.2 for an objective below it."""
        return f"H{self.aim}.{self.target}" if self.target else f"A{self.aim}"


class BudgetShare(models.Model):
    """That a budget line pays an implementation, and how much of it (uygulamanın kaynağı).

    A trigger keeps the shares of a line within its amount; what belongs to an abandoned proposal is not counted.
    """

    implementation = models.ForeignKey(Implementation, on_delete=models.CASCADE, related_name="shares")
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="shares")
    # In lira; empty where it is not known.
    amount = models.DecimalField(max_digits=15, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["implementation", "line"], name="one_share_of_a_line_per_implementation"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="a_share_of_a_line_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.implementation_id}: {self.line_id}"


class ServedObjective(models.Model):
    """That an implementation serves an objective of the strategic plan (hizmet edilen hedef)."""

    implementation = models.ForeignKey(Implementation, on_delete=models.CASCADE, related_name="served")
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, related_name="served")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["implementation", "objective"], name="an_implementation_serves_an_objective_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.implementation_id}: {self.objective_id}"
