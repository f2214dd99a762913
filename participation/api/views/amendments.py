"""Amendments of a proposal's text: its paragraphs with whom they came from, what is asked of them, and the decisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import SIGNED_IN, described
from participation.api.pagination import PARAMETERS, Order
from participation.api.views.me import Mine
from people.tokens import Area, Scope
from proposals import actions
from proposals.amending import AmendmentKind, AmendmentReason, AmendmentState
from proposals.models import MAX_BODY_LENGTH, Amendment, AmendmentDecision, Proposal
from proposals.models.amendment import LONGEST_REASON
from proposals.reading import amendments as reading

BIGGEST_NUMBER = 32_767


class CreditSerializer(serializers.Serializer[Any]):
    """Somebody who wrote a paragraph, or changed it."""

    person = serializers.CharField(source="person.display_name")
    version = serializers.IntegerField(source="version.number")
    amendment = serializers.IntegerField(source="amendment.number", allow_null=True, default=None)


class ParagraphSerializer(serializers.Serializer[Any]):
    """A paragraph of the text as it stands; `digest` names it when a change is asked for."""

    position = serializers.IntegerField()
    text = serializers.CharField()
    digest = serializers.CharField()
    credits = CreditSerializer(many=True)
    amendments = serializers.SerializerMethodField(help_text=_l("Karar bekleyen önergelerin numaraları"))

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_amendments(self, paragraph: reading.Paragraph) -> list[int]:
        return [each.number for each in paragraph.amendments]


class AmendmentDecisionSerializer(serializers.ModelSerializer[AmendmentDecision]):
    """What became of an amendment; `version` is the one it made, or the one that overtook it."""

    actor = serializers.CharField(source="actor.display_name", allow_null=True, default=None)
    version = serializers.IntegerField(source="version.number", allow_null=True, default=None)

    class Meta:
        model = AmendmentDecision
        fields = ["outcome", "actor", "reason_code", "reason", "version", "at"]


class AmendmentSerializer(serializers.ModelSerializer[Amendment]):
    """A change to one paragraph that somebody asks for."""

    proposal = serializers.CharField(source="proposal.number")
    author = serializers.CharField(source="author.display_name")
    renews = serializers.IntegerField(source="renews.number", allow_null=True, default=None)
    decision = AmendmentDecisionSerializer(allow_null=True, default=None)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Amendment
        fields = [
            "proposal",
            "number",
            "kind",
            "author",
            "state",
            "version",
            "position",
            "paragraph",
            "digest",
            "text",
            "reason",
            "renews",
            "decision",
            "created_at",
            "url",
        ]

    def get_url(self, amendment: Amendment) -> str:
        return shapes.address(amendment.get_absolute_url())


class NewAmendmentSerializer(shapes.Strict):
    kind = serializers.ChoiceField(choices=AmendmentKind.choices)
    position = serializers.IntegerField(min_value=0, max_value=20_000, help_text=_l("Paragrafın sırası, 1’den başlar"))
    digest = shapes.TextField(
        max_length=64, required=False, help_text=_l("Gördüğünüz paragrafın özeti; bu arada değiştiyse reddedilir.")
    )
    text = shapes.TextField(max_length=MAX_BODY_LENGTH, required=False, allow_blank=True, default="")
    reason = shapes.TextField(max_length=LONGEST_REASON, help_text=_l("En az 10 harf, herkes okur."))
    renews = serializers.IntegerField(
        min_value=1, max_value=BIGGEST_NUMBER, required=False, help_text=_l("Yenilediğiniz önergenizin numarası")
    )


class AcceptSerializer(shapes.Strict):
    reason = shapes.TextField(max_length=2000, required=False, allow_blank=True, default="")


class DeclineSerializer(shapes.ReasonSerializer):
    reason_code = serializers.ChoiceField(choices=AmendmentReason.choices)


class ParagraphList(Endpoint):
    area = Area.PROPOSALS

    @described(
        "list_paragraphs",
        _l("Metnin paragrafları: kimden ne geldi, ne isteniyor"),
        answer=ParagraphSerializer(many=True),
        tag="proposals",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, _removed = reading.paragraphs(self.find_proposal())
        return Response(ParagraphSerializer(found, many=True).data)


class AmendmentList(Endpoint, generics.ListAPIView[Amendment]):
    area = Area.PROPOSALS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticatedOrReadOnly]
    serializer_class = AmendmentSerializer
    queryset = Amendment.objects.none()
    order = Order("number")
    asks: ClassVar[frozenset[str]] = PARAMETERS | {"state"}

    def get_queryset(self) -> QuerySet[Amendment]:
        state = self.chosen("state", AmendmentState.values)
        rows = reading.amendments_of(self.find_proposal(), state)
        return rows.select_related("proposal__council")

    @described(
        "list_amendments",
        _l("Metin için verilen değişiklik önergeleri, en yeni önce"),
        answer=AmendmentSerializer(many=True),
        tag="proposals",
        parameters=[OpenApiParameter("state", str, enum=AmendmentState.values, description=_l("Durumu"))],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @described(
        "propose_amendment",
        _l("Bir paragraf için değişiklik önerir; aynısını yinelemek ilkini verir"),
        answer=AmendmentSerializer,
        tag="proposals",
        who=_l("Hemşehriliği doğrulanmış kişi ya da öneriyi görüşenlerin üyesi"),
        request=NewAmendmentSerializer,
        status=201,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = self.sent(NewAmendmentSerializer)
        proposal = self.find_proposal()
        if "renews" in sent:
            old = Amendment.objects.filter(proposal=proposal, author=request.user, number=sent["renews"]).first()
            if old is None:
                sentence = ErrorDetail(_l("Böyle bir önergeniz yok."), code="unknown")
                raise ValidationError({"renews": [sentence]})
            sent["renews"] = old
        made = actions.propose_amendment(actor=request.user, proposal=proposal, at=timezone.now(), **sent)
        return _answer(proposal, made, status=201)


def _answer(proposal: Proposal, amendment: Amendment, *, status: int = 200) -> Response:
    found = Amendment.objects.with_names().get(pk=amendment.pk)
    found.proposal = proposal
    return Response(AmendmentSerializer(found).data, status=status)


class _One(Endpoint):
    area = Area.PROPOSALS

    def find_amendment(self) -> Amendment:
        """The amendment of the address, reached through its proposal."""
        proposal, number = self.find_proposal(), min(self.kwargs["amendment"], BIGGEST_NUMBER)
        found = Amendment.objects.filter(proposal=proposal, number=number).with_names().first()
        if found is None:
            raise NotFound
        found.proposal = proposal
        return found


class AmendmentDetail(_One):
    @described("get_amendment", _l("Bir değişiklik önergesi"), answer=AmendmentSerializer, tag="proposals")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(AmendmentSerializer(self.find_amendment()).data)


def deed(
    name: str,
    summary: Promise,
    action: Callable[..., Any],
    who: Promise,
    body: type[shapes.Strict] = shapes.NothingSerializer,
    *,
    decides: bool = False,
) -> type[Endpoint]:
    """An endpoint whose POST runs one action on an amendment and answers with it.

    Who `decides` on a text they did not write does so for the body: the desk's work.
    """

    class Deed(_One):
        permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

        @described(
            name,
            summary,
            answer=AmendmentSerializer,
            tag="proposals",
            who=who,
            request=None if body is shapes.NothingSerializer else body,
            refusals=(400, 401, 403, 404),
        )
        def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
            sent = self.sent(body)
            amendment = self.find_amendment()
            if decides and amendment.proposal.author_id != request.user.pk:
                self.need(Scope.DESK_WRITE)
            action(actor=request.user, amendment=amendment, at=timezone.now(), **sent)
            return _answer(self.find_proposal(), amendment)

    Deed.__name__ = Deed.__qualname__ = "".join(part.title() for part in name.split("_"))
    return Deed


AmendmentAccept = deed(
    "accept_amendment",
    _l("Önergeyi kabul eder; metnin yeni sürümü yayımlanır"),
    actions.accept_amendment,
    _l("Önerinin yazarı; görüşülürken grubun kolaylaştırıcısı da"),
    AcceptSerializer,
    decides=True,
)
AmendmentDecline = deed(
    "decline_amendment",
    _l("Önergeyi gerekçesiyle reddeder"),
    actions.decline_amendment,
    _l("Önerinin yazarı; görüşülürken yalnız grubun kolaylaştırıcısı"),
    DeclineSerializer,
    decides=True,
)
AmendmentWithdraw = deed(
    "withdraw_amendment", _l("Önergeyi geri çeker"), actions.withdraw_amendment, _l("Önergeyi veren")
)


class MyAmendments(Mine, generics.ListAPIView[Amendment]):
    serializer_class = AmendmentSerializer
    queryset = Amendment.objects.none()
    order = Order()
    asks = PARAMETERS | {"role"}

    def get_queryset(self) -> QuerySet[Amendment]:
        if self.chosen("role", ("written", "to_decide")) == "to_decide":
            return reading.amendments_to_decide(self.me).with_names()
        return reading.written_amendments(self.me)

    @described(
        "list_my_amendments",
        _l("Verdiğiniz değişiklik önergeleri ya da önerilerinizde kararınızı bekleyenler"),
        answer=AmendmentSerializer(many=True),
        tag="me",
        who=SIGNED_IN,
        parameters=[
            OpenApiParameter("role", str, enum=["written", "to_decide"], default="written", description=_l("Hangileri"))
        ],
        refusals=(401,),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)
