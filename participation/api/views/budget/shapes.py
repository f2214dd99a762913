"""What is told of money and plan, and what is sent."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from councils.meetings.comparing import ROW_OUTCOMES
from councils.meetings.importing import MAX_BYTES
from participation.api import serializers as shapes
from proposals.budget.comparing import Compared
from proposals.models import BudgetLine, Objective, Proposal, StrategicPlan, Unit
from proposals.models.budget import FIRST_YEAR, LAST_YEAR, LONGEST_CODE, LONGEST_NAME
from proposals.models.implementation import LONGEST_UNIT

LARGEST_KEY = 2**31 - 1


class LiraField(serializers.DecimalField):
    """An amount in lira; null where it is not known."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 15, "decimal_places": 2, "min_value": 0, "allow_null": True} | kwargs)


def key_field() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=LARGEST_KEY)


# --- What is told -----------------------------------------------------------------------------------------------------
class BudgetLineSerializer(serializers.ModelSerializer[BudgetLine]):
    """A line of a year's budget, with how many proposals it pays and how much it gives those that were not given up."""

    unit = serializers.CharField(source="unit.name", allow_null=True, default=None)
    amount = LiraField()
    proposals = serializers.IntegerField(source="proposal_count")
    given = LiraField(allow_null=False)
    url = serializers.SerializerMethodField()

    class Meta:
        model = BudgetLine
        fields = ["id", "year", "code", "name", "unit", "amount", "is_retired", "proposals", "given", "url"]
        read_only_fields = fields

    def get_url(self, line: BudgetLine) -> str:
        return shapes.address(reverse("budget_line", args=[line.council.slug, line.pk]))


class StrategicPlanSerializer(serializers.ModelSerializer[StrategicPlan]):
    class Meta:
        model = StrategicPlan
        fields = ["id", "first_year", "last_year"]
        read_only_fields = fields


class ObjectiveSerializer(serializers.ModelSerializer[Objective]):
    """An aim (A1) or an objective (H1.2) of a plan, with how many proposals serve it or, for an aim, what is below it."""

    plan = StrategicPlanSerializer()
    parent = serializers.IntegerField(source="parent_id", allow_null=True)
    unit = serializers.CharField(source="unit.name", allow_null=True, default=None)
    proposals = serializers.IntegerField(source="proposal_count")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Objective
        fields = ["id", "plan", "code", "parent", "name", "unit", "is_retired", "proposals", "url"]
        read_only_fields = fields

    def get_url(self, objective: Objective) -> str:
        return shapes.address(reverse("objective_detail", args=[self.context["council"], objective.pk]))


class UnitSerializer(serializers.ModelSerializer[Unit]):
    """A unit of the municipality. `merged_into` names the one that took its work over."""

    merged_into = serializers.CharField(source="merged_into.name", allow_null=True, default=None)
    implementations = serializers.IntegerField(source="implementation_count")
    budget_lines = serializers.IntegerField(source="line_count")
    objectives = serializers.IntegerField(source="objective_count")

    class Meta:
        model = Unit
        fields = ["id", "name", "is_retired", "merged_into", "implementations", "budget_lines", "objectives"]
        read_only_fields = fields


class PaidProposalSerializer(serializers.ModelSerializer[Proposal]):
    """A proposal behind a line or an objective. `amount` is the line's share, or all its money, in lira."""

    amount = LiraField(source="share")
    unit = serializers.SerializerMethodField()

    class Meta:
        model = Proposal
        fields = ["number", "title", "stage", "unit", "amount"]
        read_only_fields = fields

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_unit(self, proposal: Proposal) -> str | None:
        unit = proposal.implementation.unit
        return unit.name if unit is not None else None


# --- What is sent -----------------------------------------------------------------------------------------------------
class LineFieldsSerializer(shapes.Strict):
    year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)
    code = shapes.TextField(max_length=LONGEST_CODE)
    name = shapes.TextField(max_length=LONGEST_NAME)
    unit = shapes.TextField(max_length=LONGEST_UNIT, required=False, allow_blank=True)
    amount = LiraField(required=False)
    is_retired = serializers.BooleanField(required=False)


class PlanFieldsSerializer(shapes.Strict):
    first_year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)
    last_year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)


class ObjectiveFieldsSerializer(shapes.Strict):
    code = shapes.TextField(max_length=8, help_text=_l("Amaç A1, hedef H1.2"))
    name = shapes.TextField(max_length=LONGEST_NAME)
    unit = shapes.TextField(max_length=LONGEST_UNIT, required=False, allow_blank=True)
    is_retired = serializers.BooleanField(required=False)


class NewObjectiveSerializer(ObjectiveFieldsSerializer):
    plan = key_field()


class UnitFieldsSerializer(shapes.Strict):
    name = shapes.TextField(max_length=LONGEST_UNIT)
    is_retired = serializers.BooleanField(default=False)


class MergeUnitSerializer(shapes.Strict):
    into = key_field()


class TableSerializer(shapes.Strict):
    text = serializers.CharField(
        max_length=2 * MAX_BYTES, trim_whitespace=False, help_text=_l("CSV dosyasının içeriği")
    )
    confirm = serializers.BooleanField(default=False, help_text=_l("true değilse hiçbir şey yazılmaz"))


class TableChangeSerializer(serializers.Serializer[Any]):
    """What a row says otherwise than what stands there."""

    field = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()

    def to_representation(self, change: Any) -> dict[str, str]:
        return dict(zip(("field", "before", "after"), change, strict=True))


class TableLineSerializer(serializers.Serializer[Compared[Any]]):
    """What a row of the file changes, or why it cannot be taken."""

    line = serializers.IntegerField(source="row.line")
    code = serializers.CharField(source="row.label")
    name = serializers.CharField(source="row.name")
    outcome = serializers.ChoiceField(choices=ROW_OUTCOMES)
    changes = TableChangeSerializer(many=True)
    detail = serializers.CharField(source="sentence")


class TableImportSerializer(serializers.Serializer[Any]):
    is_written = serializers.BooleanField()
    lines = TableLineSerializer(many=True)
