"""What requests go by: every version of a type, and when the directorate is open."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _l
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from participation.api.views.requests.shapes import RequestTypeSerializer
from people.tokens import Area
from servicerequests.models import OfficeSpan, RequestType, RequestTypeVersion


class RequestTypeVersionSerializer(RequestTypeSerializer):
    """A version of a type; requests keep the one they were filed under."""

    class Meta(RequestTypeSerializer.Meta):
        fields = [*RequestTypeSerializer.Meta.fields, "priority", "at"]


class RequestTypeVersionList(Endpoint, generics.ListAPIView[RequestTypeVersion]):
    area = Area.COUNCILS
    serializer_class = RequestTypeVersionSerializer
    queryset = RequestTypeVersion.objects.none()
    order = Order("number")
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[RequestTypeVersion]:
        kind = RequestType.objects.filter(council=self.find_council(), slug=self.kwargs["request_type"]).first()
        if kind is None:
            raise NotFound
        return RequestTypeVersion.objects.filter(type=kind).select_related("type", "unit")

    @described(
        "list_request_type_versions",
        _l("Bir başvuru türünün sürümleri, en yeni önce"),
        answer=RequestTypeVersionSerializer(many=True),
        tag="requests",
        refusals=(404,),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class OfficeSpanSerializer(serializers.ModelSerializer[OfficeSpan]):
    """A span in which the directorate is open; `weekday` 0 is Monday."""

    weekday = serializers.IntegerField(min_value=0, max_value=6)
    opens = shapes.ClockField()
    closes = shapes.ClockField()

    class Meta:
        model = OfficeSpan
        fields = ["weekday", "opens", "closes"]


class OfficeHoursList(Endpoint):
    area = Area.COUNCILS

    @described(
        "list_office_hours",
        _l("Müdürlüğün çalışma saatleri; başvuruların süreleri bu saatlerde işler"),
        answer=OfficeSpanSerializer(many=True),
        tag="requests",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = OfficeSpan.objects.filter(council=self.find_council()).order_by("weekday", "opens")
        return Response(OfficeSpanSerializer(rows, many=True).data)
