"""Shapes of the open interface. Serializers say what is read and what may be sent; rules live in the actions."""

from __future__ import annotations

import math
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ballots.models import MAX_PAPER, Ballot, BallotOption, ChairDecision, Phase, ResultsVisibility, VoteRecord
from ballots.reading import tally
from ballots.receipts import Standing, spelled
from councils.models import Body, Council, District, Theme
from discussions.models import MAX_COMMENT_LENGTH, Comment, Mark
from journal.models import Head
from journal.proofs import head_document
from organisations.models import Organisation
from proposals.forms import REACH
from proposals.models import MAX_BODY_LENGTH, Attachment, Proposal, StageChange


def address(path: str) -> str:
    """The full public address of a path."""
    return f"{settings.SITE_URL}{path}"


class Strict(serializers.Serializer[Any]):
    """Refuses fields it does not know, so that a slip of the pen is told and nothing is set through the back door.

    A field that is only read may be sent back as it came; it is ignored.
    """

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(str(name) for name in set(data) - set(self.fields))):
            sentence = _("Böyle bir alan yok.")
            raise serializers.ValidationError(
                {name[:100]: [serializers.ErrorDetail(sentence, code="unknown_field")] for name in unknown[:20]}
            )
        return super().to_internal_value(data)


class NothingSerializer(Strict):
    """An empty body."""


class TextField(serializers.CharField):
    """Words typed by a person; numbers and truth values are not words."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class SlugField(serializers.SlugRelatedField):
    """One of the rows of a council, named by its slug."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or "\0" in data or len(data) > 100 or not data.isprintable():
            self.fail("invalid")
        return super().to_internal_value(data)


class DegreesField(serializers.FloatField):
    """A coordinate: a number that is finite and on earth."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float) or not math.isfinite(float_of(data)):
            self.fail("invalid")
        return super().to_internal_value(data)


def float_of(number: float) -> float:
    """The number as a float; infinite when it is too large for one."""
    try:
        return float(number)
    except OverflowError:
        return math.inf


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
    on_behalf_of = OrganisationNameSerializer(allow_null=True)
    theme = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    district = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    addressed_to = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    comment_count = serializers.IntegerField(source="thread.comment_count", read_only=True)
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
    """A document or picture; `url` gives the file."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = Attachment
        fields = ["name", "kind", "size", "description", "url"]

    def get_url(self, attachment: Attachment) -> str:
        slug = attachment.proposal.council.slug
        return address(reverse("proposal_attachment", args=[slug, attachment.pk]))


class ProposalDetailSerializer(ProposalSerializer):
    moves = MoveSerializer(many=True)
    attachments = AttachmentSerializer(many=True)
    ballots = serializers.SerializerMethodField()

    class Meta(ProposalSerializer.Meta):
        fields = [*ProposalSerializer.Meta.fields, "text", "moves", "attachments", "ballots"]

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


class ReasonSerializer(Strict):
    reason = TextField(max_length=2000, help_text=_l("Gerekçe; en az 10 harf, herkes okur."))


class RevisionSerializer(Strict):
    title = TextField(max_length=120)
    summary = TextField(max_length=400)
    text = TextField(max_length=MAX_BODY_LENGTH)
    note = TextField(max_length=300, help_text=_l("Neyi, neden değiştirdiniz; en az 10 harf."))


class OpenBallotSerializer(Strict):
    closes_at = serializers.DateTimeField()
    opens_at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text=_l("Boşsa oylama hemen açılır.")
    )
    visibility = serializers.ChoiceField(choices=ResultsVisibility.choices, default=ResultsVisibility.LIVE)


class TallySerializer(serializers.Serializer[Any]):
    """The state of a ballot. Votes stand here only when results may be read."""

    phase = serializers.ChoiceField(choices=Phase.choices)
    turnout = serializers.IntegerField()
    electorate = serializers.IntegerField()
    quorum = serializers.IntegerField()
    turnout_share = serializers.IntegerField()
    yes = serializers.IntegerField(required=False)
    yes_share = serializers.IntegerField(required=False)
    no = serializers.IntegerField(required=False)
    no_share = serializers.IntegerField(required=False)
    abstain = serializers.IntegerField(required=False)
    abstain_share = serializers.IntegerField(required=False)


_PAPER = _l(
    "Oy pusulası: yes, no ya da abstain; tek seçenekte 3; onayda 1,4,7; puanda 1:5,2:0; sıralamada 3>1=2>4; boş oy blank."
)


class OptionSerializer(serializers.ModelSerializer[BallotOption]):
    class Meta:
        model = BallotOption
        fields = ["number", "text"]


class ChairDecisionSerializer(serializers.ModelSerializer[ChairDecision]):
    """What the chair decided in a tie: yes, no or numbers of options."""

    by = serializers.CharField(source="actor.display_name")
    chosen = serializers.SerializerMethodField()

    class Meta:
        model = ChairDecision
        fields = ["by", "chosen", "reason", "at"]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_chosen(self, decision: ChairDecision) -> list[str]:
        return decision.chosen.split(",")


class BallotSerializer(serializers.ModelSerializer[Ballot]):
    """A ballot; the tally is empty as long as results may not be read."""

    options = OptionSerializer(many=True)
    result = serializers.JSONField(
        help_text=_l("Sayım: oylar, turlar, kazananlar ve eşitlikler; sonuç açıklanınca yer alır.")
    )
    chair = serializers.CharField(
        source="chair.display_name", default=None, allow_null=True, help_text=_l("Eşitlikte kararı veren başkan")
    )
    awaits_chair = serializers.BooleanField(help_text=_l("Oylar eşit çıktı, başkanın kararı bekleniyor"))
    decision = ChairDecisionSerializer(allow_null=True, help_text=_l("Başkanın eşitlikte verdiği karar"))
    decided_outcome = serializers.CharField(help_text=_l("Başkanın kararı varsa onunla, yoksa outcome ile aynı"))
    tally = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Ballot
        fields = [
            "id",
            "question",
            "method",
            "options",
            "seats",
            "least",
            "most",
            "highest",
            "allows_blank",
            "tie_rule",
            "lot_digest",
            "chair",
            "opens_at",
            "closes_at",
            "quorum",
            "quorum_base",
            "majority",
            "threshold_base",
            "present",
            "visibility",
            "electorate_size",
            "declared_at",
            "outcome",
            "result",
            "awaits_chair",
            "decision",
            "decided_outcome",
            "tally",
            "url",
        ]

    @extend_schema_field(TallySerializer)
    def get_tally(self, ballot: Ballot) -> dict[str, Any]:
        return tally(ballot.pk)

    def get_url(self, ballot: Ballot) -> str:
        return address(ballot.rules.address(ballot))


class VoteSerializer(Strict):
    paper = serializers.CharField(max_length=MAX_PAPER, trim_whitespace=False, help_text=_PAPER)


class ReceiptSerializer(serializers.Serializer[Any]):
    """What was written down for the voter; `code` is that of the receipt."""

    code = serializers.CharField()
    paper = serializers.CharField(help_text=_PAPER)
    cast_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    times = serializers.IntegerField()


class VoteRecordSerializer(serializers.ModelSerializer[VoteRecord]):
    """One of the receipts of the one who asks."""

    code = serializers.SerializerMethodField()
    ballot = serializers.IntegerField(source="ballot_id")

    class Meta:
        model = VoteRecord
        fields = ["code", "ballot", "paper", "times", "at"]

    def get_code(self, record: VoteRecord) -> str:
        return spelled(record.receipt)


class SealSerializer(serializers.Serializer[Any]):
    """A head of the sealed log; hashes in hexadecimal."""

    number = serializers.IntegerField()
    size = serializers.IntegerField(help_text=_l("O ana kadar mühürlenen kayıtların sayısı"))
    root = serializers.CharField(help_text=_l("Merkle ağacının kökü"))
    previous = serializers.CharField(help_text=_l("Önceki mührün özeti"))
    at = serializers.CharField(help_text=_l("UTC, mikrosaniyesiyle; özet bu yazımı kapsar"))
    hash = serializers.CharField()

    def to_representation(self, head: Head) -> dict[str, Any]:
        return head_document(head)


class StandingSerializer(serializers.Serializer[Any]):
    """What the one who asks may know of a receipt."""

    code = serializers.CharField()
    ballot = serializers.IntegerField(source="ballot.pk")
    at = serializers.DateTimeField(source="record.at")
    paper = serializers.SerializerMethodField(help_text=_l("Görmeye yetkiniz yoksa null"))
    replaced_at = serializers.DateTimeField(allow_null=True, help_text=_l("Yerine yenisi verildiyse ne zaman"))
    seal = SealSerializer(source="head", allow_null=True, help_text=_l("Mühürlenmeyi beklerken null"))
    sealed_by = serializers.DateTimeField(allow_null=True, help_text=_l("Beklerken: en geç ne zaman mühürlenir"))

    def get_paper(self, standing: Standing) -> str | None:
        return standing.record.paper if standing.may_see_paper else None


class ProofSerializer(serializers.Serializer[Any]):
    """An inclusion proof as RFC 6962 has it; `content` only for who may read what was sealed."""

    form = serializers.CharField()
    index = serializers.IntegerField()
    leaf = serializers.CharField()
    path = serializers.ListField(child=serializers.CharField())
    head = SealSerializer()
    content = serializers.CharField(required=False, help_text=_l("Mühürlenen kaydın tam yazımı"))


class GrowthSerializer(serializers.Serializer[Any]):
    """A consistency proof between two heads."""

    old = SealSerializer()
    new = SealSerializer()
    path = serializers.ListField(child=serializers.CharField())


class CommentSerializer(serializers.ModelSerializer[Comment]):
    """A comment. One that was hidden has no text, one that its author deleted has no name either."""

    author = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField(help_text=_l("Markdown"))
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

    def get_author(self, comment: Comment) -> str:
        return comment.author.display_name if comment.deleted_at is None else ""

    def get_text(self, comment: Comment) -> str:
        return comment.text if comment.is_readable else ""

    def get_is_hidden(self, comment: Comment) -> bool:
        return comment.hidden_at is not None

    def get_is_deleted(self, comment: Comment) -> bool:
        return comment.deleted_at is not None


class NewCommentSerializer(Strict):
    """A comment to add; `key` is a UUID made by the client, so that a retry adds nothing."""

    text = TextField(max_length=MAX_COMMENT_LENGTH, help_text=_l("Markdown; en az 2 harf."))
    mark = serializers.ChoiceField(choices=Mark.choices, default=Mark.NEUTRAL)
    parent = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=2**63 - 1,
        help_text=_l("Yanıtlanan yorum"),
    )
    key = serializers.UUIDField(
        help_text=_l("Sizin ürettiğiniz bir UUID; aynı istek yinelenirse ikinci yorum eklenmez.")
    )

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and not isinstance(data.get("key", ""), str):
            raise serializers.ValidationError({"key": [self.fields["key"].error_messages["invalid"]]})
        return super().to_internal_value(data)


class EditCommentSerializer(Strict):
    text = TextField(max_length=MAX_COMMENT_LENGTH, required=False)
    mark = serializers.ChoiceField(choices=Mark.choices, required=False)
