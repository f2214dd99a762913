"""Shapes of the open interface. Serializers say what is read and what may be sent; rules live in the actions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ballots.models import Ballot, Choice, ResultsVisibility
from councils.models import Body, Council, District, Theme
from discussions.models import Comment, Mark
from organisations.models import Organisation
from proposals.models import Attachment, Proposal, StageChange


def address(path: str) -> str:
    """The full public address of a path."""
    return f"{settings.SITE_URL}{path}"


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


class ProposalSerializer(serializers.ModelSerializer[Proposal]):
    """A proposal as it stands in a list."""

    author = serializers.CharField(source="author.display_name")
    on_behalf_of = OrganisationNameSerializer()
    theme = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    district = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    addressed_to = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    comment_count = serializers.IntegerField(source="thread.comment_count", default=0)
    thread = serializers.IntegerField(source="thread_id")
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
            "due_at",
            "submitted_at",
            "support_count",
            "support_threshold",
            "support_closes_at",
            "comment_count",
            "thread",
            "version",
            "url",
        ]

    def get_url(self, proposal: Proposal) -> str:
        return address(proposal.get_absolute_url())


class MoveSerializer(serializers.ModelSerializer[StageChange]):
    class Meta:
        model = StageChange
        fields = ["old", "new", "reason", "at"]


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    class Meta:
        model = Attachment
        fields = ["name", "kind", "size", "description"]


class ProposalDetailSerializer(ProposalSerializer):
    moves = MoveSerializer(many=True)
    attachments = AttachmentSerializer(many=True)
    ballots = serializers.SerializerMethodField()

    class Meta(ProposalSerializer.Meta):
        fields = [*ProposalSerializer.Meta.fields, "text", "moves", "attachments", "ballots"]

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_ballots(self, proposal: Proposal) -> list[int]:
        return [link.ballot_id for link in proposal.ballot_links.all()]


class DraftSerializer(serializers.ModelSerializer[Proposal]):
    """A draft; only its author reads it."""

    theme = serializers.SlugRelatedField(slug_field="slug", queryset=Theme.objects.all(), allow_null=True)
    district = serializers.SlugRelatedField(slug_field="slug", queryset=District.objects.all(), allow_null=True)
    addressed_to = serializers.SlugRelatedField(slug_field="slug", queryset=Body.objects.all(), allow_null=True)
    on_behalf_of = serializers.SlugRelatedField(slug_field="slug", queryset=Organisation.objects.all(), allow_null=True)

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
        ]
        read_only_fields = ["key", "changed_at"]
        extra_kwargs = {
            name: {"required": False}
            for name in ("title", "summary", "text", "theme", "district", "latitude", "longitude")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        council = self.context.get("council")
        for name in ("theme", "district", "addressed_to"):
            field = self.fields[name]
            field.required = False
            if council is not None and getattr(field, "queryset", None) is not None:
                field.queryset = field.queryset.filter(council=council)
        self.fields["on_behalf_of"].required = False


class SupportSerializer(serializers.Serializer[Any]):
    """The actor's own support."""

    shows_name = serializers.BooleanField(default=False)


class SupportStateSerializer(serializers.Serializer[Any]):
    supported = serializers.BooleanField()
    shows_name = serializers.BooleanField()
    support_count = serializers.IntegerField()
    support_threshold = serializers.IntegerField()
    stage = serializers.CharField()


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class RevisionSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=120)
    summary = serializers.CharField(max_length=400)
    text = serializers.CharField(max_length=20_000)
    note = serializers.CharField(max_length=300)


class OpenBallotSerializer(serializers.Serializer[Any]):
    closes_at = serializers.DateTimeField()
    opens_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    visibility = serializers.ChoiceField(choices=ResultsVisibility.choices, default=ResultsVisibility.LIVE)


class BallotSerializer(serializers.ModelSerializer[Ballot]):
    """A ballot; the tally is empty as long as results may not be read."""

    tally = serializers.SerializerMethodField()

    class Meta:
        model = Ballot
        fields = [
            "id",
            "question",
            "opens_at",
            "closes_at",
            "quorum",
            "majority",
            "visibility",
            "electorate_size",
            "declared_at",
            "outcome",
            "tally",
        ]

    @extend_schema_field(serializers.DictField())
    def get_tally(self, ballot: Ballot) -> dict[str, Any]:
        tallies: dict[int, dict[str, Any]] = self.context["tallies"]
        return tallies[ballot.pk]


class VoteSerializer(serializers.Serializer[Any]):
    choice = serializers.ChoiceField(choices=Choice.choices)


class ReceiptSerializer(serializers.Serializer[Any]):
    choice = serializers.CharField()
    cast_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    times = serializers.IntegerField()


class CommentSerializer(serializers.ModelSerializer[Comment]):
    """A comment; the text of one that was hidden or deleted is empty."""

    author = serializers.CharField(source="author.display_name")
    text = serializers.SerializerMethodField()
    is_hidden = serializers.SerializerMethodField()
    is_deleted = serializers.SerializerMethodField()

    class Meta:
        model = Comment
        fields = [
            "id",
            "parent",
            "depth",
            "author",
            "text",
            "mark",
            "reply_count",
            "created_at",
            "edited_at",
            "is_hidden",
            "is_deleted",
            "hidden_reason",
        ]

    def get_text(self, comment: Comment) -> str:
        return comment.text if comment.is_readable else ""

    def get_is_hidden(self, comment: Comment) -> bool:
        return comment.hidden_at is not None

    def get_is_deleted(self, comment: Comment) -> bool:
        return comment.deleted_at is not None


class NewCommentSerializer(serializers.Serializer[Any]):
    """A comment to add; `key` is a UUID made by the client, so that a retry adds nothing."""

    text = serializers.CharField(max_length=5000, trim_whitespace=True)
    mark = serializers.ChoiceField(choices=Mark.choices, default=Mark.NEUTRAL)
    parent = serializers.IntegerField(required=False, allow_null=True, default=None)
    key = serializers.UUIDField()


class EditCommentSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=5000)
    mark = serializers.ChoiceField(choices=Mark.choices, default=Mark.NEUTRAL)
