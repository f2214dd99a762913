"""The money and the plan behind proposals: budget lines, the strategic plan, and the units that answer for them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from councils.meetings.comparing import ROW_OUTCOMES
from councils.meetings.importing import MAX_BYTES, UnreadableFile
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from people.tokens import Area
from proposals.actions import change_unit, merge_unit
from proposals.budget import actions, reading
from proposals.budget.checking import read_period
from proposals.budget.comparing import Compared, compared_lines, compared_objectives
from proposals.budget.importing import read_lines, read_objectives
from proposals.budget.permissions import may_keep_budget
from proposals.models import BudgetLine, Objective, Proposal, StrategicPlan, Unit
from proposals.models.budget import FIRST_YEAR, LAST_YEAR, LONGEST_CODE, LONGEST_NAME
from proposals.models.implementation import LONGEST_UNIT

_KEEPER = _l("Müdürlük görevlisi")
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


# --- Addresses --------------------------------------------------------------------------------------------------------
class _Budget(Endpoint):
    area = Area.PROPOSALS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticatedOrReadOnly]

    def get_serializer_context(self) -> dict[str, Any]:
        return {"council": self.kwargs["council"]}

    def find(self, rows: QuerySet[Any], key: str) -> Any:
        """The row of the address, of the council of the address."""
        found = rows.filter(pk=self.kwargs[key]).first()
        if found is None:
            raise NotFound
        return found

    def find_line(self) -> Any:
        return self.find(reading.lines_of(self.find_council()).select_related("council", "unit"), "line")

    def find_plan(self, pk: int) -> StrategicPlan:
        plan = StrategicPlan.objects.select_related("council").filter(council=self.find_council(), pk=pk).first()
        if plan is None:
            raise NotFound
        return plan

    def find_objective(self) -> Any:
        rows = reading.objectives_of(self.find_council()).select_related("plan__council", "unit")
        return self.find(rows, "objective")

    def find_unit(self) -> Any:
        return self.find(reading.units_of(self.find_council()).select_related("council", "merged_into"), "unit")

    def told_objective(self, pk: int) -> dict[str, Any]:
        row = reading.objectives_of(self.find_council()).get(pk=pk)
        return ObjectiveSerializer(row, context=self.get_serializer_context()).data

    def told_line(self, pk: int) -> dict[str, Any]:
        return BudgetLineSerializer(
            reading.lines_of(self.find_council()).select_related("council", "unit").get(pk=pk)
        ).data

    def imported(self, read: Any, compare: Any, write: Any) -> Response:
        """What a table would change, written when it is confirmed."""
        council, at = self.find_council(), timezone.now()
        may_keep_budget(self.request.user, council, at=at).require()
        sent = self.sent(TableSerializer)
        try:
            rows = read(sent["text"])
        except UnreadableFile as error:
            raise ValidationError({"text": [str(error)]}) from None
        lines = compare(council, rows)
        if sent["confirm"]:
            write(actor=self.request.user, council=council, rows=rows, at=at)
        return Response(TableImportSerializer({"is_written": sent["confirm"], "lines": lines}).data)


class BudgetLineList(_Budget, generics.ListAPIView[BudgetLine]):
    office_methods = frozenset({"POST"})
    serializer_class = BudgetLineSerializer
    queryset = BudgetLine.objects.none()
    order = Order("year")
    asks = PARAMETERS | {"year"}

    def get_queryset(self) -> QuerySet[BudgetLine]:
        year = self.request.query_params.get("year", "")
        if year and not (year.isascii() and year.isdigit() and len(year) == 4):
            raise ValidationError({"year": [ErrorDetail(_("Yılı dört rakamla yazın."), code="invalid")]})
        rows = reading.lines_of(self.find_council(), year=int(year) if year else None)
        return rows.select_related("council", "unit")

    @described(
        "list_budget_lines",
        _l("Belediyenin bütçe kalemleri, en yeni yıl önce"),
        answer=BudgetLineSerializer(many=True),
        tag="proposals",
        parameters=[OpenApiParameter("year", str, description=_l("Bütçe yılı, dört rakam"))],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @described(
        "add_budget_line",
        _l("Bütçe kalemi ekler"),
        answer=BudgetLineSerializer,
        tag="proposals",
        who=_KEEPER,
        request=LineFieldsSerializer,
        status=201,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        council, said = self.find_council(), self.sent(LineFieldsSerializer)
        made = actions.add_budget_line(actor=request.user, council=council, said=said, at=timezone.now())
        return Response(self.told_line(made.pk), status=201)


class BudgetLineDetail(_Budget):
    office_methods = frozenset({"PUT"})

    @described("get_budget_line", _l("Bir bütçe kalemi"), answer=BudgetLineSerializer, tag="proposals")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(BudgetLineSerializer(self.find_line()).data)

    @described(
        "change_budget_line",
        _l("Bütçe kalemini yeniden yazar ya da kullanımdan kaldırır"),
        answer=BudgetLineSerializer,
        tag="proposals",
        who=_KEEPER,
        request=LineFieldsSerializer,
        refusals=(401, 403, 404),
    )
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        line, said = self.find_line(), self.sent(LineFieldsSerializer)
        actions.change_budget_line(actor=request.user, line=line, said=said, at=timezone.now())
        return Response(self.told_line(line.pk))


class BudgetLineProposals(_Budget, generics.ListAPIView[Proposal]):
    serializer_class = PaidProposalSerializer
    queryset = Proposal.objects.none()
    order = Order()
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[Proposal]:
        return reading.behind_line(self.find_line())

    @described(
        "list_budget_line_proposals",
        _l("Bir bütçe kaleminin ödediği öneriler ve her birine ayrılan tutar"),
        answer=PaidProposalSerializer(many=True),
        tag="proposals",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class BudgetImport(_Budget):
    office_methods = frozenset({"POST"})

    @described(
        "import_budget_lines",
        _l("Bütçe kalemlerini CSV’den okur, satır satır ne değişeceğini söyler; onaylanırsa yazar"),
        answer=TableImportSerializer,
        tag="proposals",
        who=_KEEPER,
        request=TableSerializer,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.imported(read_lines, compared_lines, actions.import_budget_lines)


class PlanList(_Budget):
    office_methods = frozenset({"POST"})

    @described(
        "list_strategic_plans",
        _l("Belediyenin stratejik planları, en yeni önce"),
        answer=StrategicPlanSerializer(many=True),
        tag="proposals",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(StrategicPlanSerializer(reading.plans_of(self.find_council()), many=True).data)

    @described(
        "add_strategic_plan",
        _l("Bir dönemin stratejik planını ekler"),
        answer=StrategicPlanSerializer,
        tag="proposals",
        who=_KEEPER,
        request=PlanFieldsSerializer,
        status=201,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        council, said = self.find_council(), self.sent(PlanFieldsSerializer)
        made = actions.add_strategic_plan(actor=request.user, council=council, at=timezone.now(), **said)
        return Response(StrategicPlanSerializer(made).data, status=201)


class PlanDetail(_Budget):
    office_methods = frozenset({"PUT"})

    @described(
        "change_strategic_plan",
        _l("Stratejik planın dönemini düzeltir"),
        answer=StrategicPlanSerializer,
        tag="proposals",
        who=_KEEPER,
        request=PlanFieldsSerializer,
        refusals=(401, 403, 404),
    )
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        plan, said = self.find_plan(self.kwargs["plan"]), self.sent(PlanFieldsSerializer)
        changed = actions.change_strategic_plan(actor=request.user, plan=plan, at=timezone.now(), **said)
        return Response(StrategicPlanSerializer(changed).data)


class ObjectiveList(_Budget, generics.ListAPIView[Objective]):
    office_methods = frozenset({"POST"})
    serializer_class = ObjectiveSerializer
    queryset = Objective.objects.none()
    order = Order("aim", descending=False)
    asks = PARAMETERS | {"period"}

    def get_queryset(self) -> QuerySet[Objective]:
        rows = reading.objectives_of(self.find_council())
        if period := self.request.query_params.get("period", ""):
            first, last = read_period(period)
            rows = rows.filter(plan__first_year=first, plan__last_year=last)
        return rows

    @described(
        "list_objectives",
        _l("Stratejik planın amaçları ve hedefleri"),
        answer=ObjectiveSerializer(many=True),
        tag="proposals",
        parameters=[OpenApiParameter("period", str, description=_l("Planın dönemi, 2025-2029 biçiminde"))],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @described(
        "add_objective",
        _l("Stratejik plana amaç ya da hedef ekler"),
        answer=ObjectiveSerializer,
        tag="proposals",
        who=_KEEPER,
        request=NewObjectiveSerializer,
        status=201,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        council, at = self.find_council(), timezone.now()
        may_keep_budget(request.user, council, at=at).require()
        said = self.sent(NewObjectiveSerializer)
        plan = self.find_plan(said.pop("plan"))
        made = actions.add_objective(actor=request.user, plan=plan, said=said, at=at)
        return Response(self.told_objective(made.pk), status=201)


class ObjectiveDetail(_Budget):
    office_methods = frozenset({"PUT"})

    @described("get_objective", _l("Bir amaç ya da hedef"), answer=ObjectiveSerializer, tag="proposals")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(ObjectiveSerializer(self.find_objective(), context=self.get_serializer_context()).data)

    @described(
        "change_objective",
        _l("Amacı ya da hedefi yeniden yazar ya da kullanımdan kaldırır"),
        answer=ObjectiveSerializer,
        tag="proposals",
        who=_KEEPER,
        request=ObjectiveFieldsSerializer,
        refusals=(401, 403, 404),
    )
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        objective, said = self.find_objective(), self.sent(ObjectiveFieldsSerializer)
        actions.change_objective(actor=request.user, objective=objective, said=said, at=timezone.now())
        return Response(self.told_objective(objective.pk))


class ObjectiveProposals(_Budget, generics.ListAPIView[Proposal]):
    serializer_class = PaidProposalSerializer
    queryset = Proposal.objects.none()
    order = Order()
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[Proposal]:
        return reading.behind_objective(self.find_objective())

    @described(
        "list_objective_proposals",
        _l("Bir amaca ya da hedefe hizmet eden öneriler ve her birine ayrılan para"),
        answer=PaidProposalSerializer(many=True),
        tag="proposals",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class ObjectiveImport(_Budget):
    office_methods = frozenset({"POST"})

    @described(
        "import_objectives",
        _l("Stratejik planı CSV’den okur, satır satır ne değişeceğini söyler; onaylanırsa yazar"),
        answer=TableImportSerializer,
        tag="proposals",
        who=_KEEPER,
        request=TableSerializer,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.imported(read_objectives, compared_objectives, actions.import_objectives)


class UnitList(_Budget, generics.ListAPIView[Unit]):
    serializer_class = UnitSerializer
    queryset = Unit.objects.none()
    order = Order(descending=False)
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[Unit]:
        return reading.units_of(self.find_council())

    @described(
        "list_units", _l("Belediyenin önerileri uygulayan birimleri"), answer=UnitSerializer(many=True), tag="proposals"
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class UnitDetail(_Budget):
    office_methods = frozenset({"PUT"})

    @described(
        "change_unit",
        _l("Birimin adını değiştirir ya da birimi kullanımdan kaldırır"),
        answer=UnitSerializer,
        tag="proposals",
        who=_KEEPER,
        request=UnitFieldsSerializer,
        refusals=(401, 403, 404),
    )
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        unit, said = self.find_unit(), self.sent(UnitFieldsSerializer)
        change_unit(actor=request.user, unit=unit, at=timezone.now(), **said)
        return Response(UnitSerializer(self.find_unit()).data)


class UnitMerge(_Budget):
    area = Area.DESK
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "merge_unit",
        _l("Birimi başka bir birimle birleştirir; birleştiği birimi verir"),
        answer=UnitSerializer,
        tag="proposals",
        who=_KEEPER,
        request=MergeUnitSerializer,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        unit, said = self.find_unit(), self.sent(MergeUnitSerializer)
        other = merge_unit(actor=request.user, unit=unit, into=said["into"], at=timezone.now())
        return Response(UnitSerializer(reading.units_of(self.find_council()).get(pk=other.pk)).data)
