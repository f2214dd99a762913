"""Proposals, drafts and supports."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from councils.models import Body, Council, District, Theme
from organisations.models import Organisation
from participation.api.serializers.councils import OrganisationNameSerializer
from participation.api.serializers.fields import (
    CodedReasonSerializer,
    DegreesField,
    SlugField,
    Strict,
    TextField,
    address,
)
from proposals.actions.merging import MOST_PARTS
from proposals.forms import REACH
from proposals.models import MAX_BODY_LENGTH, Attachment, Proposal, StageChange
from proposals.overdue import is_late
from proposals.reading.due_words import how_counted
from proposals.reading.related import related


class ProposalSerializer(serializers.ModelSerializer[Proposal]):
    """A proposal as it stands in a list."""

    author = serializers.CharField(source="author.display_name")
    on_behalf_of = OrganisationNameSerializer(allow_null=True)
    theme = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    district = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    addressed_to = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    comment_count = serializers.IntegerField(source="thread.comment_count", read_only=True)
    thread = serializers.IntegerField(source="thread_id")
    is_late = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Proposal
        fields = [
            "number",
            "title",
            "summary",
            "author",
            "on_behalf_of",
            "theme",
            "district",
            "latitude",
            "longitude",
            "addressed_to",
            "stage",
            "stage_since",
            "holder",
            "due_at",
            "is_late",
            "submitted_at",
            "support_count",
            "support_threshold",
            "support_closes_at",
            "comment_count",
            "thread",
            "version",
            "url",
        ]

    def get_is_late(self, proposal: Proposal) -> bool:
        return is_late(proposal.stage, proposal.due_at, timezone.now())

    def get_url(self, proposal: Proposal) -> str:
        return address(proposal.get_absolute_url())


class MoveSerializer(serializers.ModelSerializer[StageChange]):
    class Meta:
        model = StageChange
        fields = ["old", "new", "reason", "reason_code", "at"]


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    """A document or picture; `url` gives the file."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = Attachment
        fields = ["name", "kind", "size", "description", "url"]

    def get_url(self, attachment: Attachment) -> str:
        slug = attachment.proposal.council.slug
        return address(reverse("proposal_attachment", args=[slug, attachment.pk]))


RELATED = ("merged_into", "merged_proposals", "split_from", "parts")


class ProposalDetailSerializer(ProposalSerializer):
    due_how = serializers.SerializerMethodField(help_text=_l("Son günün nasıl hesaplandığı."))
    way = serializers.ListField(child=serializers.CharField(), help_text=_l("Usulündeki aşamalar, sırasıyla."))
    merged_into = serializers.SerializerMethodField()
    merged_proposals = serializers.SerializerMethodField()
    split_from = serializers.SerializerMethodField()
    parts = serializers.SerializerMethodField()
    moves = MoveSerializer(many=True)
    attachments = AttachmentSerializer(many=True)
    ballots = serializers.SerializerMethodField()

    class Meta(ProposalSerializer.Meta):
        fields = [
            *ProposalSerializer.Meta.fields,
            "text",
            "due_how",
            "way",
            *RELATED,
            "moves",
            "attachments",
            "ballots",
        ]

    def to_representation(self, instance: Proposal) -> Any:
        self.related = related(instance)
        return super().to_representation(instance)

    @extend_schema_field(serializers.CharField())
    def get_due_how(self, proposal: Proposal) -> str:
        return how_counted(proposal.due_how)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_merged_into(self, proposal: Proposal) -> str | None:
        return self.related.merged_into.number if self.related.merged_into else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_split_from(self, proposal: Proposal) -> str | None:
        return self.related.split_from.number if self.related.split_from else None

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_merged_proposals(self, proposal: Proposal) -> list[str]:
        return [row.number for row in self.related.taken_in]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_parts(self, proposal: Proposal) -> list[str]:
        return [row.number for row in self.related.parts]

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_ballots(self, proposal: Proposal) -> list[int]:
        return [link.ballot_id for link in proposal.ballot_links.all()]


class DraftSerializer(Strict, serializers.ModelSerializer[Proposal]):
    """A draft; only its author reads it. Every field may wait until it is submitted."""

    title = TextField(max_length=120, allow_blank=True, required=False)
    summary = TextField(max_length=400, allow_blank=True, required=False)
    text = TextField(max_length=MAX_BODY_LENGTH, allow_blank=True, required=False)
    latitude = DegreesField(min_value=-90, max_value=90, allow_null=True, required=False)
    longitude = DegreesField(min_value=-180, max_value=180, allow_null=True, required=False)
    theme = SlugField(slug_field="slug", queryset=Theme.objects.all(), allow_null=True, required=False)
    district = SlugField(slug_field="slug", queryset=District.objects.all(), allow_null=True, required=False)
    addressed_to = SlugField(slug_field="slug", queryset=Body.objects.take_proposals(), allow_null=True, required=False)
    on_behalf_of = SlugField(slug_field="slug", queryset=Organisation.objects.all(), allow_null=True, required=False)
    url = serializers.SerializerMethodField(help_text=_l("Taslağın sayfası; yalnız yazarı açabilir."))

    class Meta:
        model = Proposal
        fields = [
            "key",
            "title",
            "summary",
            "text",
            "theme",
            "district",
            "latitude",
            "longitude",
            "addressed_to",
            "on_behalf_of",
            "changed_at",
            "url",
        ]
        read_only_fields = ["key", "changed_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.council: Council | None = self.context.get("council")
        if self.council is not None:
            for name in ("theme", "district", "addressed_to"):
                field = self.fields[name]
                if getattr(field, "queryset", None) is not None:
                    field.queryset = field.queryset.filter(council=self.council)

    def get_url(self, draft: Proposal) -> str:
        return address(draft.get_absolute_url())

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        council, latitude, longitude = self.council, attrs.get("latitude"), attrs.get("longitude")
        if council is not None and (
            (latitude is not None and abs(latitude - council.latitude) > REACH)
            or (longitude is not None and abs(longitude - council.longitude) > REACH)
        ):
            raise serializers.ValidationError({"latitude": _("Bu nokta kentin dışında kalıyor.")})
        return attrs


class SupportSerializer(Strict):
    """The actor's own support."""

    shows_name = serializers.BooleanField(default=False, help_text=_l("Adım destekleyenler arasında görünsün"))


class SupportStateSerializer(serializers.Serializer[Any]):
    supported = serializers.BooleanField()
    shows_name = serializers.BooleanField()
    support_count = serializers.IntegerField()
    support_threshold = serializers.IntegerField()
    stage = serializers.CharField()


class RevisionSerializer(Strict):
    title = TextField(max_length=120)
    summary = TextField(max_length=400)
    text = TextField(max_length=MAX_BODY_LENGTH)
    note = TextField(max_length=300, help_text=_l("Neyi, neden değiştirdiniz; en az 10 harf."))


class MergeSerializer(CodedReasonSerializer):
    into = TextField(max_length=20, help_text=_l("Hangi öneriyle birleşsin: aynı konseyden bir önerinin numarası."))


class PartSerializer(Strict):
    title = TextField(max_length=120)
    summary = TextField(max_length=400, allow_blank=True, default="")
    text = TextField(max_length=MAX_BODY_LENGTH)


class SplitSerializer(CodedReasonSerializer):
    parts = PartSerializer(many=True, min_length=2, max_length=MOST_PARTS)
