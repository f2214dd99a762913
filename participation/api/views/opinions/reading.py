"""Public opinions and their documents."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from councils.models import Council
from documents.attachment_files import pdf_answer
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from participation.api.views.opinions.shapes import OpinionDetailSerializer, OpinionSerializer
from people.tokens import Area, Scope
from proposals.models import Opinion, Proposal
from proposals.opinion_states import OpinionState
from proposals.opinions.documents import has_document
from proposals.opinions.permissions import may_ask_assembly, may_prepare_opinions, may_read_minutes
from proposals.opinions.views import pdf_of
from proposals.reading.opinions import listed, standing_tally
from turkish.text import year_in

PREPARER = _l("Konseyin genel sekreteri ya da yürütme kurulunu yönetenler")


class OfOpinions(Endpoint):
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


class OpinionList(OfOpinions, generics.ListAPIView[Opinion]):
    serializer_class = OpinionSerializer
    queryset = Opinion.objects.none()
    order = Order("id", descending=True)
    asks: ClassVar[frozenset[str]] = PARAMETERS | {"state", "year"}

    def get_queryset(self) -> QuerySet[Opinion]:
        council, year = self.find_council(), self.request.query_params.get("year", "")
        state = self.chosen("state", OpinionState.values)
        if year and year_in(year) is None:
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


class OpinionDetail(OfOpinions):
    @described(
        "get_opinion",
        _l("Bir görüş: metni, önerileri, genel kurulun oylaması"),
        answer=OpinionDetailSerializer,
        tag="opinions",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(OpinionDetailSerializer(self.find_opinion()).data)


class OpinionMinutes(OfOpinions):
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


class OpinionDocument(OfOpinions):
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
