"""The days due dates are counted around."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from councils.actions import set_holiday
from councils.actions.holidays import MAX_REASON
from councils.models import Holiday, HolidayKind
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from people.tokens import Area


class HolidaySerializer(serializers.ModelSerializer[Holiday]):
    class Meta:
        model = Holiday
        fields = ["day", "name", "name_en", "kind", "source"]
        read_only_fields = fields


class NewHolidaySerializer(shapes.Strict):
    day = serializers.DateField()
    name = shapes.TextField(max_length=120)
    kind = serializers.ChoiceField(choices=HolidayKind.choices)
    reason = shapes.TextField(max_length=MAX_REASON, help_text=_l("Dayanak; en az 10 harf, herkes okur."))


class HolidayList(Endpoint, generics.ListAPIView[Holiday]):
    area = Area.PROPOSALS
    office_methods = frozenset({"POST"})
    permission_classes: ClassVar[list[Any]] = [IsAuthenticatedOrReadOnly]
    serializer_class = HolidaySerializer
    queryset = Holiday.objects.none()
    order = Order("id")
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[Holiday]:
        return Holiday.objects.filter(council=self.find_council())

    @described(
        "list_holidays",
        _l("Adımların son günleri hesaplanırken sayılmayan ya da yarım sayılan günler"),
        answer=HolidaySerializer(many=True),
        tag="proposals",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @described(
        "set_holiday",
        _l("Bir günün tatil, yarım gün ya da çalışılan gün olduğunu yazar"),
        answer=HolidaySerializer,
        tag="proposals",
        who=_l("Konseyin genel sekreteri"),
        request=NewHolidaySerializer,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = self.sent(NewHolidaySerializer)
        made = set_holiday(actor=request.user, council=self.find_council(), at=timezone.now(), **sent)
        return Response(HolidaySerializer(made).data)
