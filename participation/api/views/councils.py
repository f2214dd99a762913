"""Councils and their bodies."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, ClassVar

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from councils.models import Body, BodyKind, Council, Membership
from discussions.permissions import may_read
from participation import council_home as home
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from participation.api.views.records import RecordLineSerializer
from people.tokens import Area
from proposals.models import Proposal
from proposals.stages import Stage
from turkish.functions import Fold
from turkish.text import fold
from workinggroups.models import Charter, PartnerInstitution, PlannedActivity


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
    asks: ClassVar[frozenset[str]] = PARAMETERS | {"kind", "q"}

    @described(
        "list_bodies",
        _l("Bir konseyin organları, meclisleri ve çalışma grupları"),
        answer=shapes.BodySerializer(many=True),
        tag="bodies",
        parameters=[
            OpenApiParameter("kind", enum=BodyKind.values, description=_l("Yalnız bu türden olanlar")),
            OpenApiParameter("q", str, description=_l("Adında aranan sözcükler; Türkçe harf ayrımı gözetilmez")),
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Body]:
        council = self.find_council()
        found = Body.objects.visible_to(self.request.user).filter(council=council)
        if kind := self.chosen("kind", BodyKind.values):
            found = found.filter(kind=kind)
        words = fold(self.request.query_params.get("q", "")[:100]).split()[:8]
        if words:
            found = found.annotate(folded=Fold("name"))
        for word in words:
            found = found.filter(folded__contains=word)
        return found.select_related("council").defer("council__outline", "council__about")


class LeaderSerializer(serializers.ModelSerializer[Membership]):
    person = serializers.CharField(source="person.display_name")

    class Meta:
        model = Membership
        fields = ["person", "role"]


class ActivitySerializer(serializers.ModelSerializer[PlannedActivity]):
    class Meta:
        model = PlannedActivity
        fields = ["text", "state"]


class PartnerSerializer(serializers.ModelSerializer[PartnerInstitution]):
    class Meta:
        model = PartnerInstitution
        fields = ["name", "note"]


class CharterSerializer(serializers.ModelSerializer[Charter]):
    """What a group is for and what it has planned."""

    objectives = serializers.ListField(child=serializers.CharField())
    activities = ActivitySerializer(many=True)
    partners = PartnerSerializer(many=True)

    class Meta:
        model = Charter
        fields = ["purpose", "scope", "objectives", "activities", "partners"]


class BodyDetailSerializer(shapes.BodySerializer):
    """A body with who leads it, what it has in hand, and its discussion where the one who asks may read it."""

    leaders = LeaderSerializer(many=True)
    member_count = serializers.IntegerField()
    proposals = serializers.DictField(child=serializers.IntegerField(), help_text=_l("Öneri sayıları, aşamaya göre"))
    charter = CharterSerializer(allow_null=True)
    thread = serializers.IntegerField(allow_null=True)

    class Meta(shapes.BodySerializer.Meta):
        fields = [*shapes.BodySerializer.Meta.fields, "leaders", "member_count", "proposals", "charter", "thread"]


class BodyDetail(Endpoint):
    area = Area.COUNCILS

    @described("get_body", _l("Bir organ, meclis ya da çalışma grubu"), answer=BodyDetailSerializer, tag="bodies")
    def get(self, request: Request, council: str, body: str) -> Response:
        found: Any = self.find_body()
        running = Membership.objects.on(timezone.localdate()).filter(body=found)
        charters = Charter.objects.select_related("thread").prefetch_related("activities", "partners")
        charter = charters.filter(body=found).first()
        readable = charter is not None and may_read(request.user, charter.thread)
        counts = Proposal.objects.filter(addressed_to=found).exclude(stage=Stage.DRAFT).order_by().values_list("stage")
        shape = {
            **{name: getattr(found, name) for name in shapes.BodySerializer.Meta.fields if name != "url"},
            "get_absolute_url": found.get_absolute_url,
            "leaders": running.leading().select_related("person").order_by("pk"),
            "member_count": running.count(),
            "proposals": dict(counts.annotate(n=Count("pk"))),
            "charter": charter,
            "thread": charter.thread_id if charter is not None and readable else None,
        }
        return Response(BodyDetailSerializer(SimpleNamespace(**shape)).data)


# --- What goes on -----------------------------------------------------------------------------------------------------
class DecidingSerializer(serializers.Serializer[Any]):
    """A proposal that is being voted on or gathers support, or an open ballot of the council's own, without a proposal."""

    proposal = serializers.CharField(source="proposal.number", default=None, allow_null=True)
    title = serializers.CharField()
    stage = serializers.CharField(source="proposal.stage", default=None, allow_null=True)
    status = serializers.CharField()
    cast = serializers.IntegerField(help_text=_l("Verilen oylar; destek toplarken 0"))
    roll = serializers.IntegerField(help_text=_l("Oy hakkı olanlar; destek toplarken 0"))
    closes_at = serializers.DateTimeField(allow_null=True)
    url = serializers.SerializerMethodField()

    def get_url(self, row: home.Deciding) -> str:
        return shapes.address(row.url)


class OverviewSerializer(serializers.Serializer[Any]):
    """What the home of a council shows."""

    proposals = serializers.DictField(child=serializers.IntegerField(), help_text=_l("Öneri sayıları, aşamaya göre"))
    deciding = DecidingSerializer(many=True)
    moved_this_week = RecordLineSerializer(many=True)


class Overview(Endpoint):
    area = Area.COUNCILS

    @described(
        "get_overview",
        _l("Konseyde şu an ne karara bağlanıyor, bu hafta ne oldu"),
        answer=OverviewSerializer,
        tag="councils",
    )
    def get(self, request: Request, council: str) -> Response:
        found, at = self.find_council(), timezone.now()
        shape = {
            "proposals": home.stage_counts(found),
            "deciding": home.deciding(found, at=at),
            "moved_this_week": home.moved_this_week(found, at=at),
        }
        return Response(OverviewSerializer(shape).data)
