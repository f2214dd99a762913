"""What the open data of the newest day are: their descriptor (Data Package 2.0)."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _l
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from impact.open_data_views import descriptor_of
from impact.opendata.writing import days_of
from participation.api.base import Endpoint
from participation.api.describing import described
from people.tokens import Area


class LicenceSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    path = serializers.CharField()
    title = serializers.CharField()


class ResourceSerializer(serializers.Serializer[Any]):
    """One file; those of CSV bring the number of their rows and the schema of their columns."""

    name = serializers.CharField()
    path = serializers.CharField(help_text=_l("Açık veri sayfasının altındaki adı"))
    title = serializers.CharField()
    description = serializers.CharField()
    format = serializers.ChoiceField(choices=["csv", "json"])
    mediatype = serializers.CharField()
    encoding = serializers.CharField()
    bytes = serializers.IntegerField()
    hash = serializers.CharField()
    rows = serializers.IntegerField(required=False)
    schema = serializers.JSONField(required=False, help_text=_l("Sütunlar (Table Schema)"))


class OpenDataSerializer(serializers.Serializer[Any]):
    """The descriptor of a day's files."""

    name = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    homepage = serializers.CharField()
    version = serializers.DateField(help_text=_l("Dosyaların günü"))
    created = serializers.DateTimeField()
    licenses = LicenceSerializer(many=True)
    resources = ResourceSerializer(many=True)


class OpenData(Endpoint):
    area = Area.PROPOSALS

    @described("get_open_data", _l("Açık verinin en yeni dosyaları"), answer=OpenDataSerializer, tag="impact")
    def get(self, request: Request, council: str) -> Response:
        found = self.find_council()
        days = days_of(found)
        descriptor = descriptor_of(found, days[0]) if days else None
        if descriptor is None:
            raise Http404
        return Response({name: descriptor[name] for name in OpenDataSerializer().fields})
