"""Councils, their bodies, districts and themes, and the names of organisations."""

from __future__ import annotations

from rest_framework import serializers

from councils.models import Body, Council, District, Theme
from organisations.models import Organisation
from participation.api.serializers.fields import address


class DistrictSerializer(serializers.ModelSerializer[District]):
    class Meta:
        model = District
        fields = ["slug", "name", "latitude", "longitude"]


class ThemeSerializer(serializers.ModelSerializer[Theme]):
    class Meta:
        model = Theme
        fields = ["slug", "name", "name_en"]


class CouncilSerializer(serializers.ModelSerializer[Council]):
    """A city's council."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = Council
        fields = ["slug", "code", "name", "province", "municipality", "vision", "mission", "principles", "url"]

    def get_url(self, council: Council) -> str:
        return address(council.get_absolute_url())


class CouncilDetailSerializer(CouncilSerializer):
    districts = DistrictSerializer(many=True)
    themes = ThemeSerializer(many=True)

    class Meta(CouncilSerializer.Meta):
        fields = [*CouncilSerializer.Meta.fields, "about", "districts", "themes"]


class BodySerializer(serializers.ModelSerializer[Body]):
    """An organ, an assembly or a working group."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = Body
        fields = ["slug", "kind", "name", "summary", "is_sample", "is_active", "url"]

    def get_url(self, body: Body) -> str:
        return address(body.get_absolute_url())


class OrganisationNameSerializer(serializers.ModelSerializer[Organisation]):
    class Meta:
        model = Organisation
        fields = ["slug", "name"]
