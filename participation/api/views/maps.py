"""Proposals on the map, the outline of the city, and what is like a title."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from councils.models import Council
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.views.proposals import FACETS, FILTERS, filters_of
from people.tokens import Area
from proposals import reading


class PointSerializer(serializers.Serializer[Any]):
    """One proposal, or several that lie too close to be drawn apart at this zoom."""

    lat = serializers.FloatField()
    lng = serializers.FloatField()
    n = serializers.IntegerField(help_text=_l("Kaç öneriyi gösterdiği"))
    title = serializers.CharField(required=False)
    url = serializers.CharField(required=False)
    stage = serializers.CharField(required=False)


class PointsSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    points = PointSerializer(many=True)


class MapPoints(Endpoint):
    area = Area.PROPOSALS
    asks: ClassVar[frozenset[str]] = frozenset({"bbox", "zoom", "q", *FACETS})

    @described(
        "list_points",
        _l("Önerilerin haritadaki yerleri"),
        answer=PointsSerializer,
        tag="proposals",
        parameters=[
            OpenApiParameter("bbox", str, description=_l("Güney, batı, kuzey, doğu; derece, virgülle ayrılmış")),
            OpenApiParameter("zoom", int, default=10, description=_l("Yakınlık, 0 ile 22 arası")),
            *FILTERS,
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        council, given = self.find_council(), request.query_params
        words = QueryDict(mutable=True)
        for name, word in (("bbox", "kutu"), ("zoom", "yakinlik")):
            if name in given:
                words[word] = given[name]
        box = reading.read_box(words)
        if box is None:
            sentence = ErrorDetail(_("Bu değer okunamıyor."), code="unreadable")
            raise ValidationError({"bbox" if "bbox" in given else "zoom": [sentence]})
        found = reading.points(reading.matching(council, request.user, filters_of(self, council)), box)
        for point in found["points"]:
            if "url" in point:
                point["url"] = shapes.address(point["url"])
        return Response(PointsSerializer(found).data)


class OutlineSerializer(serializers.Serializer[Any]):
    """GeoJSON (RFC 7946)."""

    type = serializers.CharField()
    features = serializers.ListField(child=serializers.DictField())


class Outline(Endpoint):
    area = Area.COUNCILS

    @described("get_outline", _l("Kentin ve ilçelerinin sınırları, GeoJSON"), answer=OutlineSerializer, tag="councils")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        council: Council = self.find_council()
        return Response(council.outline or {"type": "FeatureCollection", "features": []})


class SimilarProposals(Endpoint):
    area = Area.PROPOSALS
    asks = frozenset({"title"})

    @described(
        "list_similar_proposals",
        _l("Bir başlığa benzeyen, en çok beş öneri"),
        answer=shapes.ProposalSerializer(many=True),
        tag="proposals",
        parameters=[
            OpenApiParameter("title", str, required=True, description=_l("Yazmak istediğiniz önerinin başlığı"))
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        council = self.find_council()
        similar = reading.similar_proposals(council, request.user, request.query_params.get("title", "")[:200])
        return Response(shapes.ProposalSerializer(similar, many=True).data)
