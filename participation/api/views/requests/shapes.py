"""How requests of the directorate's desk are written in the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from participation.api import serializers as shapes
from servicerequests.models import Filer, RequestTypeVersion, ServiceRequest, Side
from servicerequests.models.request import LONGEST_TEXT
from servicerequests.reading import Line


class ChoiceSerializer(serializers.Serializer[Any]):
    value = serializers.CharField()
    words = serializers.CharField()


class QuestionSerializer(serializers.Serializer[Any]):
    """A question of a type's form; with `shown_when` it is asked when an earlier one has one of the values."""

    name = serializers.CharField()
    label = serializers.CharField(source="words")
    kind = serializers.ChoiceField(choices=["text", "long", "choice", "several", "date", "number", "yesno"])
    help = serializers.CharField()
    is_required = serializers.BooleanField()
    choices = serializers.SerializerMethodField()
    shown_when = serializers.SerializerMethodField()

    @extend_schema_field(ChoiceSerializer(many=True))
    def get_choices(self, question: Any) -> list[dict[str, str]]:
        return [{"value": value, "words": words} for value, words in question.choices]

    @extend_schema_field(
        {
            "type": ["object", "null"],
            "properties": {"name": {"type": "string"}, "values": {"type": "array", "items": {"type": "string"}}},
        }
    )
    def get_shown_when(self, question: Any) -> dict[str, Any] | None:
        if question.shown_when is None:
            return None
        name, values = question.shown_when
        return {"name": name, "values": list(values)}


class RequestTypeSerializer(serializers.ModelSerializer[RequestTypeVersion]):
    """What one may ask for, as the newest version of the type says it."""

    slug = serializers.CharField(source="type.slug")
    version = serializers.IntegerField(source="number")
    name = serializers.CharField(source="words")
    about = serializers.CharField(source="help")
    unit = serializers.CharField(source="unit.name")
    filer = serializers.ChoiceField(choices=Filer.choices)
    questions = QuestionSerializer(many=True)

    class Meta:
        model = RequestTypeVersion
        fields = [
            "slug",
            "version",
            "name",
            "about",
            "unit",
            "filer",
            "is_public",
            "first_answer_hours",
            "resolution_days",
            "law",
            "ceiling_days",
            "ceiling_days_extended",
            "ceiling_is_working",
            "questions",
        ]


class RequestSerializer(serializers.ModelSerializer[ServiceRequest]):
    """A request as its two sides read it."""

    type = serializers.CharField(source="type.type.slug")
    unit = serializers.CharField(source="unit.name")
    on_behalf_of = serializers.CharField(source="on_behalf_of.slug", allow_null=True, default=None)
    district = serializers.CharField(source="district.slug", allow_null=True, default=None)
    matter = serializers.CharField(source="matter.slug", allow_null=True, default=None)
    answers = serializers.DictField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = ServiceRequest
        fields = [
            "number",
            "type",
            "unit",
            "subject",
            "text",
            "answers",
            "district",
            "matter",
            "on_behalf_of",
            "channel",
            "publicity",
            "status",
            "status_since",
            "resolution",
            "filed_at",
            "first_answer_due_at",
            "first_answered_at",
            "due_at",
            "ceiling_at",
            "answered_at",
            "was_in_time",
            "ended_at",
            "reopened_at",
            "url",
        ]

    def get_url(self, request: ServiceRequest) -> str:
        return shapes.address(request.get_absolute_url())


class RequestLineSerializer(serializers.Serializer[Line]):
    """A message; who of the directorate wrote it is told to the directorate alone."""

    side = serializers.ChoiceField(choices=Side.choices, source="message.side")
    text = serializers.CharField(source="message.text")
    is_question = serializers.BooleanField(source="message.is_question")
    at = serializers.DateTimeField(source="message.at")


class NewRequestSerializer(shapes.Strict):
    type = shapes.TextField(max_length=60)
    subject = shapes.TextField(max_length=160)
    text = shapes.TextField(max_length=LONGEST_TEXT)
    answers = serializers.DictField(
        child=serializers.JSONField(), required=False, default=dict, help_text=_l("Her sorunun adı ve yanıtı")
    )
    district = shapes.TextField(max_length=80, required=False, allow_blank=True, default="")
    matter = shapes.TextField(max_length=60, required=False, allow_blank=True, default="")
    on_behalf_of = shapes.TextField(max_length=120, required=False, allow_blank=True, default="")
    may_be_published = serializers.BooleanField(required=False, default=False)


class MessageTextSerializer(shapes.Strict):
    text = shapes.TextField(max_length=LONGEST_TEXT)
