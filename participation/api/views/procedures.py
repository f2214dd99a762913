"""A council's procedures: which steps a proposal goes through on each route, and putting a new version in force."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from ballots.models import Majority
from councils.actions import set_procedure
from councils.actions.procedures import MAX_REASON
from councils.models import Holder, Procedure, ProcedureStep, Route, Step
from councils.procedures import MOST_DAYS, MOST_THRESHOLD, StepRule
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from people.tokens import Area


class StepSerializer(serializers.ModelSerializer[ProcedureStep]):
    class Meta:
        model = ProcedureStep
        fields = ["step", "holder", "days", "is_working_days", "threshold", "quorum_percent", "majority"]
        read_only_fields = fields


class ProcedureSerializer(serializers.ModelSerializer[Procedure]):
    """A version; the one with the highest number of its route is in force for proposals that are submitted now."""

    steps = serializers.SerializerMethodField()
    by = serializers.CharField(source="actor.display_name", default=None, allow_null=True)

    class Meta:
        model = Procedure
        fields = ["route", "number", "reason", "by", "at", "steps"]
        read_only_fields = fields

    def get_steps(self, procedure: Procedure) -> list[dict[str, Any]]:
        return [StepSerializer(row).data for row in procedure.rules.values()]


class NewStepSerializer(shapes.Strict):
    step = serializers.ChoiceField(choices=Step.choices)
    holder = serializers.ChoiceField(choices=Holder.choices)
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, allow_null=True, default=None)
    is_working_days = serializers.BooleanField(default=True)
    threshold = serializers.IntegerField(min_value=1, max_value=MOST_THRESHOLD, allow_null=True, default=None)
    quorum_percent = serializers.IntegerField(min_value=0, max_value=100, allow_null=True, default=None)
    majority = serializers.ChoiceField(choices=Majority.choices, allow_blank=True, default="")


class NewProcedureSerializer(shapes.Strict):
    route = serializers.ChoiceField(choices=Route.choices)
    steps = NewStepSerializer(many=True, min_length=1, max_length=len(Step))
    reason = shapes.TextField(max_length=MAX_REASON, help_text=_l("Dayanak; en az 10 harf, herkes okur."))

    def validate_steps(self, steps: list[dict[str, Any]]) -> list[StepRule]:
        rules = [StepRule(**each | {"step": Step(each["step"]), "holder": Holder(each["holder"])}) for each in steps]
        if len({rule.step for rule in rules}) < len(rules):
            raise serializers.ValidationError(_l("Bir adım iki kez yazılmış."), code="repeated")
        return rules


class ProcedureList(Endpoint, generics.ListAPIView[Procedure]):
    area = Area.PROPOSALS
    office_methods = frozenset({"POST"})
    permission_classes: ClassVar[list[Any]] = [IsAuthenticatedOrReadOnly]
    serializer_class = ProcedureSerializer
    queryset = Procedure.objects.none()
    order = Order("id")
    asks = PARAMETERS | {"route"}

    def get_queryset(self) -> QuerySet[Procedure]:
        rows = Procedure.objects.filter(council=self.find_council())
        if route := self.chosen("route", Route.values):
            rows = rows.filter(route=route)
        return rows.select_related("actor").prefetch_related("steps")

    @described(
        "list_procedures",
        _l("Önerilerin usulü: her yolun sürümleri, en yeni önce"),
        answer=ProcedureSerializer(many=True),
        tag="proposals",
        parameters=[OpenApiParameter("route", enum=Route.values, description=_l("Yalnız bu yolunkiler"))],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @described(
        "set_procedure",
        _l("Bundan sonra sunulan öneriler için bir yolun usulünü yazar"),
        answer=ProcedureSerializer,
        tag="proposals",
        who=_l("Konseyin genel sekreteri"),
        request=NewProcedureSerializer,
        status=201,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = self.sent(NewProcedureSerializer)
        council = self.find_council()
        made = set_procedure(
            actor=request.user,
            council=council,
            route=sent["route"],
            rules=sent["steps"],
            reason=sent["reason"],
            at=timezone.now(),
        )
        return Response(ProcedureSerializer(made).data, status=201)
