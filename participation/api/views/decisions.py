"""The municipal council's decisions, and the steps of an opinion before the council."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.types import OpenApiTypes
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from councils.models import MunicipalMeeting
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from participation.api.parsers import BoundedMultiPartParser
from people.tokens import Area, Scope
from proposals import actions
from proposals.actions import Said
from proposals.attachment_files import pdf_answer
from proposals.models import Decision, DecisionDocument, DecisionOutcome, DocumentKind, Opinion, Outcome
from proposals.municipal_permissions import may_keep_decisions
from proposals.reading.municipal import council_part, proposals_before_council
from proposals.stages import IN_MUNICIPAL_COUNCIL, Stage

_KEEPER = _l("Konseyin genel sekreteri ya da müdürlük görevlisi")
_SECOND = _l("Kararı girenden başka bir genel sekreter ya da müdürlük görevlisi")


# --- Shapes -----------------------------------------------------------------------------------------------------------
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


# --- Decisions --------------------------------------------------------------------------------------------------------
class _Decisions(Endpoint):
    area = Area.PROPOSALS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticatedOrReadOnly]

    def decisions(self) -> QuerySet[Decision]:
        """Confirmed decisions, and for those who keep them every entry: at the desk, so a token needs its scope."""
        council = self.find_council()
        outcomes = Prefetch("outcomes", DecisionOutcome.objects.select_related("proposal").order_by("pk"))
        documents = Prefetch("documents", DecisionDocument.objects.select_related("decision__council").order_by("pk"))
        found = Decision.objects.filter(council=council)
        keeps = self.opens(Scope.DESK_READ) and may_keep_decisions(self.request.user, council, at=timezone.now())
        if not keeps:
            found = Decision.objects.visible_to(self.request.user).filter(council=council)
        return found.with_names().prefetch_related(outcomes, documents)

    def find_decision(self) -> Decision:
        found = self.decisions().filter(pk=self.kwargs["decision"]).first()
        if found is None:
            raise NotFound
        return found

    def find_opinion(self) -> Opinion:
        found = Opinion.objects.filter(
            council=self.find_council(), number=self.kwargs["opinion"], sent_at__isnull=False
        ).select_related("council")
        opinion = found.first()
        if opinion is None:
            raise NotFound
        return opinion

    def meeting(self, name: str, pk: int) -> MunicipalMeeting:
        meetings = MunicipalMeeting.objects.visible_to(self.request.user).filter(council=self.find_council())
        found = meetings.filter(pk=pk).first()
        if found is None:
            raise ValidationError({name: [_("Bilinmeyen değer.")]})
        return found

    def told(self, decision: Decision, *, status: int = 200) -> Response:
        return Response(DecisionSerializer(self.decisions().get(pk=decision.pk)).data, status=status)


class DecisionList(_Decisions, generics.ListAPIView[Decision]):
    serializer_class = DecisionSerializer
    queryset = Decision.objects.none()
    order = Order("pk")
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[Decision]:
        return self.decisions()

    @described(
        "list_decisions",
        _l("Belediye meclisinin kararları, son girilen önce; onay bekleyenleri yalnızca karar girenler görür"),
        answer=DecisionSerializer(many=True),
        tag="decisions",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class DecisionDetail(_Decisions):
    @described("get_decision", _l("Bir karar"), answer=DecisionSerializer, tag="decisions")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(DecisionSerializer(self.find_decision()).data)


class DecisionConfirm(_Decisions):
    office_methods = frozenset({"POST"})
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "confirm_decision",
        _l("Girilen kararı onaylar; öneriler ilerler, karar bundan sonra değişmez"),
        answer=DecisionSerializer,
        tag="decisions",
        who=_SECOND,
        request=shapes.NothingSerializer,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.sent(shapes.NothingSerializer)
        return self.told(actions.confirm_decision(actor=request.user, decision=self.find_decision(), at=timezone.now()))


class DecisionWithdraw(_Decisions):
    office_methods = frozenset({"POST"})
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "withdraw_decision",
        _l("Onay bekleyen girişi geri çeker"),
        answer=DecisionSerializer,
        tag="decisions",
        who=_KEEPER,
        request=shapes.NothingSerializer,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.sent(shapes.NothingSerializer)
        return self.told(
            actions.withdraw_decision(actor=request.user, decision=self.find_decision(), at=timezone.now())
        )


class DecisionDocuments(_Decisions):
    office_methods = frozenset({"POST"})
    parser_classes: ClassVar[list[Any]] = [BoundedMultiPartParser]
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "add_decision_document",
        _l("Karara belge ekler; aynı dosya ikinci kez eklenmez"),
        answer=DecisionDocumentSerializer,
        tag="decisions",
        who=_KEEPER,
        request={"multipart/form-data": DecisionUploadSerializer},
        status=201,
        refusals=(401, 403, 404, 413, 415),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        decision = self.find_decision()
        may_keep_decisions(request.user, decision.council, at=timezone.now()).require()
        sent = self.sent(DecisionUploadSerializer)
        upload: UploadedFile = sent["file"]
        document = actions.add_decision_document(
            actor=request.user, decision=decision, kind=sent["kind"], upload=upload, at=timezone.now()
        )
        return Response(DecisionDocumentSerializer(document).data, status=201)


class DecisionFile(_Decisions):
    @described(
        "download_decision_document",
        _l("Karar belgesi"),
        answer=OpenApiTypes.BINARY,
        tag="decisions",
        kinds=("application/pdf",),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = DecisionDocument.objects.filter(decision=self.find_decision(), pk=self.kwargs["document"]).first()
        if found is None:
            raise NotFound
        return pdf_answer(found.file, found.name)


# --- An opinion before the council ------------------------------------------------------------------------------------
class OpinionInCouncil(_Decisions):
    @described(
        "get_opinion_in_council",
        _l("Bir görüşün belediye meclisindeki yeri: hedef toplantı, geçen toplantılar, gündem, komisyonlar"),
        answer=OpinionInCouncilSerializer,
        tag="decisions",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.stands(self.find_opinion())

    def stands(self, opinion: Opinion) -> Response:
        waits = bool(proposals_before_council(opinion, [Stage.SENT]))
        return Response(OpinionInCouncilSerializer(council_part(opinion, is_waiting=waits)).data)


class _Step(OpinionInCouncil):
    office_methods = frozenset({"POST"})
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]
    http_method_names: ClassVar[list[str]] = ["post", "options"]


def _step(name: str, summary: Any, shape: type[shapes.Strict]) -> Any:
    return described(
        name,
        summary,
        answer=OpinionInCouncilSerializer,
        tag="decisions",
        who=_KEEPER,
        request=shape,
        refusals=(401, 403, 404),
    )


class OpinionAgenda(_Step):
    @_step("put_on_municipal_agenda", _l("Görüşün hangi toplantının gündeminde olduğunu yazar"), AgendaSerializer)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        opinion, at = self.find_opinion(), timezone.now()
        may_keep_decisions(request.user, opinion.council, at=at).require()
        sent = self.sent(AgendaSerializer)
        meeting = self.meeting("meeting", sent["meeting"])
        actions.put_on_municipal_agenda(
            actor=request.user, opinion=opinion, meeting=meeting, number=sent["number"], at=at
        )
        return self.stands(opinion)


class OpinionOffAgenda(_Step):
    @_step(
        "take_off_municipal_agenda", _l("Görüşü gündemden çıkarır; sonraki toplantıyı bekler"), shapes.ReasonSerializer
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        opinion = self.find_opinion()
        sent = self.sent(shapes.ReasonSerializer)
        actions.take_off_municipal_agenda(actor=request.user, opinion=opinion, at=timezone.now(), **sent)
        return self.stands(opinion)


class OpinionCommission(_Step):
    @_step("refer_to_commission", _l("Görüşün gönderildiği komisyonu yazar"), CommissionSerializer)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        opinion = self.find_opinion()
        sent = self.sent(CommissionSerializer)
        actions.refer_to_commission(actor=request.user, opinion=opinion, at=timezone.now(), **sent)
        return self.stands(opinion)


class OpinionCommissionReport(_Step):
    @_step(
        "take_back_from_commission", _l("Komisyonun raporunu yazar; görüş meclise döner"), CommissionReportSerializer
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        opinion = self.find_opinion()
        sent = self.sent(CommissionReportSerializer)
        actions.take_back_from_commission(actor=request.user, opinion=opinion, at=timezone.now(), **sent)
        return self.stands(opinion)


class OpinionDecision(_Decisions):
    office_methods = frozenset({"POST"})
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "enter_decision",
        _l("Meclisin bir görüş üzerindeki kararını girer; ikinci bir kişi onaylayana kadar hiçbir öneri ilerlemez"),
        answer=DecisionSerializer,
        tag="decisions",
        who=_KEEPER,
        request=NewDecisionSerializer,
        status=201,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        opinion, at = self.find_opinion(), timezone.now()
        may_keep_decisions(request.user, opinion.council, at=at).require()
        sent = self.sent(NewDecisionSerializer)
        here = {proposal.number: proposal for proposal in proposals_before_council(opinion, IN_MUNICIPAL_COUNCIL)}
        outcomes = []
        for each in sent.pop("outcomes"):
            if each["proposal"] not in here:
                raise ValidationError({"outcomes": [_("Bilinmeyen değer.")]})
            later = each["deferred_to"]
            outcomes.append(
                Said(
                    here[each["proposal"]],
                    each["outcome"],
                    each["accepted_parts"],
                    each["reason_code"],
                    self.meeting("outcomes", later) if later is not None else None,
                )
            )
        sent["meeting"] = self.meeting("meeting", sent["meeting"])
        decision = actions.enter_decision(actor=request.user, opinion=opinion, said=sent, outcomes=outcomes, at=at)
        return self.told(decision, status=201)
