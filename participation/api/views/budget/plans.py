"""The strategic plan and its objectives."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from participation.api.views.budget.base import KEEPER, BudgetEndpoint
from participation.api.views.budget.shapes import (
    NewObjectiveSerializer,
    ObjectiveFieldsSerializer,
    ObjectiveSerializer,
    PaidProposalSerializer,
    PlanFieldsSerializer,
    StrategicPlanSerializer,
    TableImportSerializer,
    TableSerializer,
)
from proposals.budget import actions, reading
from proposals.budget.checking import read_period
from proposals.budget.comparing import compared_objectives
from proposals.budget.importing import read_objectives
from proposals.budget.permissions import may_keep_budget
from proposals.models import Objective, Proposal


class PlanList(BudgetEndpoint):
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
        who=KEEPER,
        request=PlanFieldsSerializer,
        status=201,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        council, said = self.find_council(), self.sent(PlanFieldsSerializer)
        made = actions.add_strategic_plan(actor=request.user, council=council, at=timezone.now(), **said)
        return Response(StrategicPlanSerializer(made).data, status=201)


class PlanDetail(BudgetEndpoint):
    office_methods = frozenset({"PUT"})

    @described(
        "change_strategic_plan",
        _l("Stratejik planın dönemini düzeltir"),
        answer=StrategicPlanSerializer,
        tag="proposals",
        who=KEEPER,
        request=PlanFieldsSerializer,
        refusals=(401, 403, 404),
    )
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        plan, said = self.find_plan(self.kwargs["plan"]), self.sent(PlanFieldsSerializer)
        changed = actions.change_strategic_plan(actor=request.user, plan=plan, at=timezone.now(), **said)
        return Response(StrategicPlanSerializer(changed).data)


class ObjectiveList(BudgetEndpoint, generics.ListAPIView[Objective]):
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
        who=KEEPER,
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


class ObjectiveDetail(BudgetEndpoint):
    office_methods = frozenset({"PUT"})

    @described("get_objective", _l("Bir amaç ya da hedef"), answer=ObjectiveSerializer, tag="proposals")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(ObjectiveSerializer(self.find_objective(), context=self.get_serializer_context()).data)

    @described(
        "change_objective",
        _l("Amacı ya da hedefi yeniden yazar ya da kullanımdan kaldırır"),
        answer=ObjectiveSerializer,
        tag="proposals",
        who=KEEPER,
        request=ObjectiveFieldsSerializer,
        refusals=(401, 403, 404),
    )
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        objective, said = self.find_objective(), self.sent(ObjectiveFieldsSerializer)
        actions.change_objective(actor=request.user, objective=objective, said=said, at=timezone.now())
        return Response(self.told_objective(objective.pk))


class ObjectiveProposals(BudgetEndpoint, generics.ListAPIView[Proposal]):
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


class ObjectiveImport(BudgetEndpoint):
    office_methods = frozenset({"POST"})

    @described(
        "import_objectives",
        _l("Stratejik planı CSV’den okur, satır satır ne değişeceğini söyler; onaylanırsa yazar"),
        answer=TableImportSerializer,
        tag="proposals",
        who=KEEPER,
        request=TableSerializer,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.imported(read_objectives, compared_objectives, actions.import_objectives)
