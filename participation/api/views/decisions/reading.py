"""Decisions of the municipal council, their second person and their documents."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.types import OpenApiTypes
from rest_framework import generics
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from councils.models import MunicipalMeeting
from documents.attachment_files import pdf_answer
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from participation.api.parsers import BoundedMultiPartParser
from participation.api.views.decisions.shapes import (
    DecisionDocumentSerializer,
    DecisionSerializer,
    DecisionUploadSerializer,
)
from people.tokens import Area, Scope
from proposals import actions
from proposals.models import Decision, DecisionDocument, DecisionOutcome, Opinion
from proposals.municipal_permissions import may_keep_decisions

KEEPER = _l("Konseyin genel sekreteri ya da müdürlük görevlisi")
_SECOND = _l("Kararı girenden başka bir genel sekreter ya da müdürlük görevlisi")


class OfDecisions(Endpoint):
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


class DecisionList(OfDecisions, generics.ListAPIView[Decision]):
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


class DecisionDetail(OfDecisions):
    @described("get_decision", _l("Bir karar"), answer=DecisionSerializer, tag="decisions")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(DecisionSerializer(self.find_decision()).data)


class DecisionConfirm(OfDecisions):
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


class DecisionWithdraw(OfDecisions):
    office_methods = frozenset({"POST"})
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "withdraw_decision",
        _l("Onay bekleyen girişi geri çeker"),
        answer=DecisionSerializer,
        tag="decisions",
        who=KEEPER,
        request=shapes.NothingSerializer,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.sent(shapes.NothingSerializer)
        return self.told(
            actions.withdraw_decision(actor=request.user, decision=self.find_decision(), at=timezone.now())
        )


class DecisionDocuments(OfDecisions):
    office_methods = frozenset({"POST"})
    parser_classes: ClassVar[list[Any]] = [BoundedMultiPartParser]
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "add_decision_document",
        _l("Karara belge ekler; aynı dosya ikinci kez eklenmez"),
        answer=DecisionDocumentSerializer,
        tag="decisions",
        who=KEEPER,
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


class DecisionFile(OfDecisions):
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
