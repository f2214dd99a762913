"""Councils and their bodies."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from councils.models import Body, BodyKind, Council
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from people.tokens import Area


class CouncilList(Endpoint, generics.ListAPIView[Council]):
    area = Area.COUNCILS
    serializer_class = shapes.CouncilSerializer
    queryset = Council.objects.defer("outline", "about")
    order = Order(descending=False)
    asks = PARAMETERS

    @described("list_councils", _l("Kent konseyleri"), answer=shapes.CouncilSerializer(many=True), tag="councils")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class CouncilDetail(Endpoint):
    area = Area.COUNCILS

    @described(
        "get_council", _l("Bir konsey, ilçeleri ve konularıyla"), answer=shapes.CouncilDetailSerializer, tag="councils"
    )
    def get(self, request: Request, council: str) -> Response:
        found = Council.objects.defer("outline").prefetch_related("districts", "themes").filter(slug=council).first()
        if found is None:
            raise NotFound
        return Response(shapes.CouncilDetailSerializer(found).data)


class BodyList(Endpoint, generics.ListAPIView[Body]):
    area = Area.COUNCILS
    serializer_class = shapes.BodySerializer
    queryset = Body.objects.none()
    order = Order(descending=False)
    asks: ClassVar[frozenset[str]] = PARAMETERS | {"kind"}

    @described(
        "list_bodies",
        _l("Bir konseyin organları, meclisleri ve çalışma grupları"),
        answer=shapes.BodySerializer(many=True),
        tag="bodies",
        parameters=[OpenApiParameter("kind", enum=BodyKind.values, description=_l("Yalnız bu türden olanlar"))],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Body]:
        council = self.find_council()
        found = Body.objects.visible_to(self.request.user).filter(council=council)
        kind = self.request.query_params.get("kind")
        if kind is not None:
            if kind not in BodyKind.values:
                raise ValidationError({"kind": _("Bilinmeyen değer.")})
            found = found.filter(kind=kind)
        return found.select_related("council").defer("council__outline", "council__about")


class BodyDetail(Endpoint):
    area = Area.COUNCILS

    @described("get_body", _l("Bir organ, meclis ya da çalışma grubu"), answer=shapes.BodySerializer, tag="bodies")
    def get(self, request: Request, council: str, body: str) -> Response:
        bodies = Body.objects.visible_to(request.user).select_related("council")
        found = bodies.filter(council__slug=council, slug=body).first()
        if found is None:
            raise NotFound
        return Response(shapes.BodySerializer(found).data)
