"""The municipality's units."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from rest_framework import generics
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from participation.api.views.budget.base import KEEPER, BudgetEndpoint
from participation.api.views.budget.shapes import MergeUnitSerializer, UnitFieldsSerializer, UnitSerializer
from people.tokens import Area
from proposals.actions import change_unit, merge_unit
from proposals.budget import reading
from proposals.models import Unit


class UnitList(BudgetEndpoint, generics.ListAPIView[Unit]):
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


class UnitDetail(BudgetEndpoint):
    office_methods = frozenset({"PUT"})

    @described(
        "change_unit",
        _l("Birimin adını değiştirir ya da birimi kullanımdan kaldırır"),
        answer=UnitSerializer,
        tag="proposals",
        who=KEEPER,
        request=UnitFieldsSerializer,
        refusals=(401, 403, 404),
    )
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        unit, said = self.find_unit(), self.sent(UnitFieldsSerializer)
        change_unit(actor=request.user, unit=unit, at=timezone.now(), **said)
        return Response(UnitSerializer(self.find_unit()).data)


class UnitMerge(BudgetEndpoint):
    area = Area.DESK
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "merge_unit",
        _l("Birimi başka bir birimle birleştirir; birleştiği birimi verir"),
        answer=UnitSerializer,
        tag="proposals",
        who=KEEPER,
        request=MergeUnitSerializer,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        unit, said = self.find_unit(), self.sent(MergeUnitSerializer)
        other = merge_unit(actor=request.user, unit=unit, into=said["into"], at=timezone.now())
        return Response(UnitSerializer(reading.units_of(self.find_council()).get(pk=other.pk)).data)
