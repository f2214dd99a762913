"""Opinions as programs read and write them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from participation.api import serializers as shapes
from proposals.models import AssemblyTally, Opinion, TallyState
from proposals.reading.opinions import opinion_part


class OpinionSerializer(serializers.ModelSerializer[Opinion]):
    """An opinion; `number` is empty while it is a draft that was never put to the general assembly."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = Opinion
        fields = [
            "number",
            "title",
            "state",
            "state_since",
            "adopted_at",
            "sent_on",
            "registry_number",
            "url",
        ]
        read_only_fields = fields

    def get_url(self, opinion: Opinion) -> str:
        return shapes.address(opinion.get_absolute_url())


class AssemblyTallySerializer(serializers.ModelSerializer[AssemblyTally]):
    """How a meeting of the general assembly voted; it counts once it is `confirmed`."""

    minutes = serializers.SerializerMethodField()

    class Meta:
        model = AssemblyTally
        fields = [
            "held_on",
            "members",
            "present",
            "votes_for",
            "votes_against",
            "votes_abstain",
            "quorum",
            "majority",
            "outcome",
            "state",
            "minutes",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_minutes(self, tally: AssemblyTally) -> str | None:
        if tally.state != TallyState.CONFIRMED:
            return None
        opinion = tally.opinion
        return shapes.address(reverse("opinion_minutes", args=[opinion.council.slug, opinion.number]))


class OpinionDetailSerializer(OpinionSerializer):
    proposals = serializers.SerializerMethodField()
    ballot = serializers.SerializerMethodField()
    tally = serializers.SerializerMethodField()

    class Meta(OpinionSerializer.Meta):
        fields = [*OpinionSerializer.Meta.fields, "text", "proposals", "ballot", "tally"]
        read_only_fields = fields

    def to_representation(self, instance: Opinion) -> Any:
        self.part = opinion_part(instance)
        return super().to_representation(instance)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_proposals(self, opinion: Opinion) -> list[str]:
        return [proposal.number for proposal in self.part.proposals]

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_ballot(self, opinion: Opinion) -> int | None:
        return self.part.ballot.pk if self.part.ballot is not None else None

    @extend_schema_field(AssemblyTallySerializer(allow_null=True))
    def get_tally(self, opinion: Opinion) -> Any:
        return AssemblyTallySerializer(self.part.tally).data if self.part.tally is not None else None


class OpinionDraftRowSerializer(OpinionSerializer):
    """A draft in the list of drafts; its text and proposals are read with it alone."""

    class Meta(OpinionSerializer.Meta):
        fields = ["key", "revision", *OpinionSerializer.Meta.fields]
        read_only_fields = fields


class OpinionDraftSerializer(OpinionDetailSerializer):
    """A draft; those read it who prepare opinions or put them to the general assembly."""

    class Meta(OpinionDetailSerializer.Meta):
        fields = ["key", "revision", *OpinionDetailSerializer.Meta.fields]
        read_only_fields = fields


_NUMBERS = {"child": shapes.TextField(max_length=20), "max_length": 40, "help_text": _l("Önerilerin numaraları")}


class PrepareOpinionSerializer(shapes.Strict):
    proposals = serializers.ListField(allow_empty=False, **_NUMBERS)


class EditOpinionSerializer(PrepareOpinionSerializer):
    title = shapes.TextField(max_length=160)
    text = shapes.TextField(max_length=20_000)
    base = serializers.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        help_text=_l("Taslağın okunan sürümü; başkası değiştirdiyse kayıt reddedilir"),
    )


class EnterTallySerializer(shapes.Strict):
    """The figures of the signed minutes, with the minutes as a PDF; sent as multipart/form-data."""

    held_on = serializers.DateField()
    present = serializers.IntegerField(min_value=0, max_value=100_000)
    votes_for = serializers.IntegerField(min_value=0, max_value=100_000)
    votes_against = serializers.IntegerField(min_value=0, max_value=100_000)
    votes_abstain = serializers.IntegerField(min_value=0, max_value=100_000)
    file = serializers.FileField()

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(data.dict() if hasattr(data, "dict") else data)


class SettleTallySerializer(shapes.Strict):
    confirm = serializers.BooleanField()
    reason = shapes.TextField(
        max_length=2000, required=False, allow_blank=True, default="", help_text=_l("Onaylanmıyorsa nedeni")
    )


class SendOpinionSerializer(shapes.Strict):
    sent_on = serializers.DateField()
    registry_number = shapes.TextField(max_length=40)
