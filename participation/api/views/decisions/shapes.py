"""Decisions and the way of an opinion as programs read and write them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _l
from rest_framework import serializers

from participation.api import serializers as shapes
from proposals.models import Decision, DecisionDocument, DecisionOutcome, DocumentKind, Outcome


class OutcomeSerializer(serializers.ModelSerializer[DecisionOutcome]):
    """What a decision means for one proposal."""

    proposal = serializers.CharField(source="proposal.number")
    reason_code = serializers.CharField()
    deferred_to = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)

    class Meta:
        model = DecisionOutcome
        fields = ["proposal", "outcome", "accepted_parts", "reason_code", "deferred_to"]
        read_only_fields = fields


class DecisionDocumentSerializer(serializers.ModelSerializer[DecisionDocument]):
    file = serializers.SerializerMethodField()

    class Meta:
        model = DecisionDocument
        fields = ["id", "kind", "name", "size", "digest", "added_at", "file"]
        read_only_fields = fields

    def get_file(self, document: DecisionDocument) -> str:
        slug = document.decision.council.slug
        return shapes.address(f"/api/v1/councils/{slug}/decisions/{document.decision_id}/documents/{document.pk}/file/")


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    """A decision of the municipal council, as `number` cites it. Its votes are for and against the decision itself."""

    number = serializers.CharField()
    opinion = serializers.CharField(source="opinion.number")
    meeting = serializers.PrimaryKeyRelatedField(read_only=True)
    entered_by = serializers.CharField(source="entered_by.display_name")
    confirmed_by = serializers.CharField(source="confirmed_by.display_name", allow_null=True, default=None)
    outcomes = OutcomeSerializer(many=True)
    documents = DecisionDocumentSerializer(many=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Decision
        fields = [
            "id",
            "number",
            "opinion",
            "meeting",
            "agenda_number",
            "commission",
            "decided_on",
            "is_unanimous",
            "votes_for",
            "votes_against",
            "votes_abstain",
            "reasons",
            "state",
            "entered_by",
            "entered_at",
            "confirmed_by",
            "confirmed_at",
            "outcomes",
            "documents",
            "url",
        ]
        read_only_fields = fields

    def get_url(self, decision: Decision) -> str:
        return shapes.address(decision.get_absolute_url())


class SaidSerializer(shapes.Strict):
    proposal = shapes.TextField(max_length=20, help_text=_l("Önerinin numarası"))
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    accepted_parts = shapes.TextField(max_length=2000, required=False, allow_blank=True, default="")
    reason_code = shapes.TextField(max_length=20, required=False, allow_blank=True, default="")
    deferred_to = serializers.IntegerField(
        min_value=1,
        max_value=2**63 - 1,
        required=False,
        allow_null=True,
        default=None,
        help_text=_l("Toplantının numarası"),
    )


class NewDecisionSerializer(shapes.Strict):
    """A decision as its first person enters it; a second one confirms it."""

    meeting = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    serial = serializers.IntegerField(min_value=1, max_value=99_999)
    decided_on = serializers.DateField()
    is_unanimous = serializers.BooleanField(default=False)
    votes_for = serializers.IntegerField(min_value=0, max_value=500, allow_null=True, default=None)
    votes_against = serializers.IntegerField(min_value=0, max_value=500, allow_null=True, default=None)
    votes_abstain = serializers.IntegerField(min_value=0, max_value=500, allow_null=True, default=None)
    reasons = shapes.TextField(max_length=2000)
    outcomes = SaidSerializer(many=True)


class AgendaSerializer(shapes.Strict):
    meeting = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    number = serializers.IntegerField(min_value=1, max_value=999)


class CommissionSerializer(shapes.Strict):
    commission = shapes.TextField(max_length=160)


class CommissionReportSerializer(shapes.Strict):
    report = shapes.TextField(max_length=2000, help_text=_l("Raporun özeti; herkes okur."))


class AgendaItemSerializer(serializers.Serializer[Any]):
    meeting = serializers.IntegerField(source="meeting_id")
    number = serializers.IntegerField()
    at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    off_reason = serializers.CharField()


class CommissionStageSerializer(serializers.Serializer[Any]):
    commission = serializers.CharField()
    at = serializers.DateTimeField()
    back_at = serializers.DateTimeField(allow_null=True)
    report = serializers.CharField()


class OpinionInCouncilSerializer(serializers.Serializer[Any]):
    """Where an opinion stands before the council; `target` and `missed` are meetings by id."""

    opinion = serializers.CharField(source="opinion.number")
    is_waiting = serializers.BooleanField()
    target = serializers.IntegerField(source="target.pk", allow_null=True, default=None)
    missed = serializers.SerializerMethodField()
    agenda = AgendaItemSerializer(source="items", many=True)
    commissions = CommissionStageSerializer(many=True)
    decisions = serializers.SerializerMethodField()

    def get_missed(self, part: Any) -> list[int]:
        return [each.meeting_id for each in part.missed]

    def get_decisions(self, part: Any) -> list[int]:
        return [each.pk for each in part.decisions]


class DecisionUploadSerializer(shapes.Strict):
    """A PDF, sent as multipart/form-data; it is checked by its content."""

    file = serializers.FileField()
    kind = serializers.ChoiceField(choices=DocumentKind.choices, default=DocumentKind.DECISION)

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(data.dict() if hasattr(data, "dict") else data)
