"""Opinions of the general assembly: public ones, drafts, and the steps from the draft to the municipality."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from councils.models import Council
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from participation.api.parsers import BoundedMultiPartParser
from people.tokens import Area, Scope
from proposals import actions
from proposals.actions.opinions.tallying import Figures
from proposals.attachment_files import pdf_answer
from proposals.models import AssemblyTally, Opinion, Proposal, TallyState
from proposals.opinion_states import OpinionState
from proposals.opinions.documents import has_document
from proposals.opinions.permissions import may_ask_assembly, may_prepare_opinions, may_read_minutes, may_settle_tally
from proposals.opinions.views import pdf_of
from proposals.reading.opinions import listed, opinion_part, standing_tally

_PREPARER = _l("Konseyin genel sekreteri ya da yürütme kurulunu yönetenler")
_ASSEMBLY = _l("Konseyin genel sekreteri ya da genel kurulun başkanı")
_SECOND = _l("Sonucu girenden başka bir görevli")
_SECRETARY = _l("Konseyin genel sekreteri")


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


class _Opinions(Endpoint):
    area = Area.PROPOSALS

    def find_opinion(self) -> Opinion:
        """The numbered opinion of the address."""
        council = self.find_council()
        found = Opinion.objects.visible_to(self.request.user).filter(council=council, number=self.kwargs["number"])
        opinion = found.first()
        if opinion is None:
            raise NotFound
        opinion.council = council
        return opinion

    def find_draft(self) -> Opinion:
        """The draft of the address, for those who prepare opinions or ask the assembly."""
        council, at = self.find_council(), timezone.now()
        opinion = Opinion.objects.filter(council=council, key=self.kwargs["key"]).first()
        if opinion is None:
            may_prepare_opinions(self.request.user, council, at=at).require()
            raise NotFound
        opinion.council = council
        if not may_prepare_opinions(self.request.user, council, at=at):
            may_ask_assembly(self.request.user, opinion, at=at).require()
        return opinion

    def find_proposals(self, council: Council, numbers: list[str]) -> list[Proposal]:
        """Proposals by their numbers; tells which one the council does not have."""
        found = {row.number: row for row in Proposal.objects.filter(council=council, number__in=numbers)}
        missing = [number for number in numbers if number not in found]
        if missing:
            raise ValidationError({"proposals": [ErrorDetail(_("Bu konseyde böyle bir öneri yok."), code="unknown")]})
        return list(found.values())

    def told(self, opinion: Opinion) -> Response:
        council = opinion.council
        opinion.refresh_from_db()
        opinion.council = council
        return Response(OpinionDetailSerializer(opinion).data)


class OpinionList(_Opinions, generics.ListAPIView[Opinion]):
    serializer_class = OpinionSerializer
    queryset = Opinion.objects.none()
    order = Order("id", descending=True)
    asks: ClassVar[frozenset[str]] = PARAMETERS | {"state", "year"}

    def get_queryset(self) -> QuerySet[Opinion]:
        council, year = self.find_council(), self.request.query_params.get("year", "")
        state = self.chosen("state", OpinionState.values)
        if year and not (year.isascii() and year.isdigit() and len(year) == 4):
            raise ValidationError({"year": [ErrorDetail(_("Bilinmeyen değer."), code="unknown_value")]})
        rows = listed(council, self.request.user, year=year).select_related("council").defer("text")
        return rows.filter(state=state) if state else rows

    @described(
        "list_opinions",
        _l("Konseyin görüşleri, en yeni önce"),
        answer=OpinionSerializer(many=True),
        tag="opinions",
        parameters=[
            OpenApiParameter("state", str, enum=OpinionState.values, description=_l("Görüşün durumu")),
            OpenApiParameter("year", int, description=_l("Yıl")),
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class OpinionDetail(_Opinions):
    @described(
        "get_opinion",
        _l("Bir görüş: metni, önerileri, genel kurulun oylaması"),
        answer=OpinionDetailSerializer,
        tag="opinions",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(OpinionDetailSerializer(self.find_opinion()).data)


class OpinionMinutes(_Opinions):
    @described(
        "download_opinion_minutes",
        _l("Genel kurul oylamasının tutanağı"),
        answer=OpenApiTypes.BINARY,
        kinds=("application/pdf",),
        tag="opinions",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        opinion = self.find_opinion()
        reader = request.user if self.opens(Scope.DESK_READ) else AnonymousUser()
        tally = standing_tally(opinion)
        if tally is None or not may_read_minutes(reader, tally, at=timezone.now()):
            raise NotFound
        return pdf_answer(tally.file, tally.name)


class OpinionDocument(_Opinions):
    @described(
        "download_opinion",
        _l("Kabul edilen görüşün belgesi: erişilebilir PDF"),
        answer=OpenApiTypes.BINARY,
        kinds=("application/pdf",),
        tag="opinions",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        opinion = self.find_opinion()
        if not has_document(opinion):
            raise NotFound
        return pdf_of(opinion)


class _Desk(_Opinions):
    area = Area.DESK
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]


class OpinionDraftList(_Desk, generics.ListAPIView[Opinion]):
    serializer_class = OpinionDraftRowSerializer
    queryset = Opinion.objects.none()
    order = Order("id", descending=True)
    asks: ClassVar[frozenset[str]] = PARAMETERS

    def get_queryset(self) -> QuerySet[Opinion]:
        council = self.find_council()
        may_prepare_opinions(self.request.user, council, at=timezone.now()).require()
        return Opinion.objects.filter(council=council, state=OpinionState.DRAFT).select_related("council").defer("text")

    @described(
        "list_opinion_drafts",
        _l("Hazırlanan görüşlerin taslakları"),
        answer=OpinionDraftRowSerializer(many=True),
        tag="opinions",
        who=_PREPARER,
        refusals=(401, 403, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @described(
        "prepare_opinion",
        _l("Genel kurulda bekleyen önerilerden bir görüş taslağı başlatır"),
        answer=OpinionDraftSerializer,
        tag="opinions",
        who=_PREPARER,
        request=PrepareOpinionSerializer,
        status=201,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        council = self.find_council()
        may_prepare_opinions(request.user, council, at=timezone.now()).require()
        chosen = self.find_proposals(council, self.sent(PrepareOpinionSerializer)["proposals"])
        opinion = actions.prepare_opinion(actor=request.user, council=council, proposals=chosen, at=timezone.now())
        return Response(OpinionDraftSerializer(opinion).data, status=201)


class OpinionDraft(_Desk):
    @described(
        "get_opinion_draft",
        _l("Bir görüş taslağı"),
        answer=OpinionDraftSerializer,
        tag="opinions",
        who=_PREPARER,
        refusals=(401, 403, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(OpinionDraftSerializer(self.find_draft()).data)

    @described(
        "edit_opinion",
        _l("Taslağın başlığını, metnini ve önerilerini kaydeder"),
        answer=OpinionDraftSerializer,
        tag="opinions",
        who=_PREPARER,
        request=EditOpinionSerializer,
        refusals=(400, 401, 403, 404),
    )
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        draft, said = self.find_draft(), self.sent(EditOpinionSerializer)
        said["proposals"] = self.find_proposals(draft.council, said["proposals"])
        opinion = actions.edit_opinion(actor=request.user, opinion=draft, at=timezone.now(), **said)
        return Response(OpinionDraftSerializer(opinion).data)

    @described(
        "discard_opinion",
        _l("Genel kurula hiç sunulmamış taslağı siler"),
        answer=None,
        tag="opinions",
        who=_PREPARER,
        status=204,
        refusals=(401, 403, 404),
    )
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        actions.discard_opinion(actor=request.user, opinion=self.find_draft(), at=timezone.now())
        return Response(status=204)


class OpenOpinionBallot(_Desk):
    @described(
        "open_opinion_ballot",
        _l("Görüşü genel kurulun oy hakkı olan üyelerine sunar"),
        answer=OpinionDetailSerializer,
        tag="opinions",
        who=_ASSEMBLY,
        request=shapes.OpenBallotSerializer,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        draft, said = self.find_draft(), self.sent(shapes.OpenBallotSerializer)
        actions.open_opinion_ballot(actor=request.user, opinion=draft, at=timezone.now(), **said)
        return self.told(draft)


class EnterOpinionTally(_Desk):
    parser_classes: ClassVar[list[Any]] = [BoundedMultiPartParser]

    @described(
        "enter_opinion_tally",
        _l("Genel kurulun toplantıda verdiği kararı tutanağıyla girer"),
        answer=OpinionDetailSerializer,
        tag="opinions",
        who=_ASSEMBLY,
        request={"multipart/form-data": EnterTallySerializer},
        refusals=(400, 401, 403, 404, 413, 415),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        draft, said = self.find_draft(), self.sent(EnterTallySerializer)
        upload = said.pop("file")
        actions.enter_tally(
            actor=request.user, opinion=draft, figures=Figures(**said), upload=upload, at=timezone.now()
        )
        return self.told(draft)


class SettleOpinionTally(_Desk):
    @described(
        "settle_opinion_tally",
        _l("Girilen sonucu ikinci kişi olarak onaylar ya da geri çevirir"),
        answer=OpinionDetailSerializer,
        tag="opinions",
        who=_SECOND,
        request=SettleTallySerializer,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        opinion, at = self.find_opinion(), timezone.now()
        tally = opinion.tallies.order_by("-pk").first()
        if tally is None:
            raise NotFound
        tally.opinion = opinion
        may_settle_tally(request.user, tally, at=at).require()
        said = self.sent(SettleTallySerializer)
        if said["confirm"]:
            actions.confirm_tally(actor=request.user, tally=tally, at=at)
        else:
            actions.reject_tally(actor=request.user, tally=tally, reason=said["reason"], at=at)
        return self.told(opinion)


class SendOpinion(_Desk):
    @described(
        "send_opinion",
        _l("Görüşün belediyeye verildiğini yazar"),
        answer=OpinionDetailSerializer,
        tag="opinions",
        who=_SECRETARY,
        request=SendOpinionSerializer,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        opinion, said = self.find_opinion(), self.sent(SendOpinionSerializer)
        actions.send_opinion(actor=request.user, opinion=opinion, at=timezone.now(), **said)
        return self.told(opinion)
