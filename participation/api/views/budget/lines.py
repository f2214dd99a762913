"""Budget lines: read by everybody, kept by the directorate."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from participation.api.views.budget.base import KEEPER, BudgetEndpoint
from participation.api.views.budget.shapes import (
    BudgetLineSerializer,
    LineFieldsSerializer,
    PaidProposalSerializer,
    TableImportSerializer,
    TableSerializer,
)
from proposals.budget import actions, reading
from proposals.budget.comparing import compared_lines
from proposals.budget.importing import read_lines
from proposals.models import BudgetLine, Proposal
from turkish.text import year_in


class BudgetLineList(BudgetEndpoint, generics.ListAPIView[BudgetLine]):
    office_methods = frozenset({"POST"})
    serializer_class = BudgetLineSerializer
    queryset = BudgetLine.objects.none()
    order = Order("year")
    asks = PARAMETERS | {"year"}

    def get_queryset(self) -> QuerySet[BudgetLine]:
        asked = self.request.query_params.get("year", "")
        year = year_in(asked)
        if asked and year is None:
            raise ValidationError({"year": [ErrorDetail(_("Yılı dört rakamla yazın."), code="invalid")]})
        rows = reading.lines_of(self.find_council(), year=year)
        return rows.select_related("council", "unit")

    @described(
        "list_budget_lines",
        _l("Belediyenin bütçe kalemleri, en yeni yıl önce"),
        answer=BudgetLineSerializer(many=True),
        tag="proposals",
        parameters=[OpenApiParameter("year", str, description=_l("Bütçe yılı, dört rakam"))],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @described(
        "add_budget_line",
        _l("Bütçe kalemi ekler"),
        answer=BudgetLineSerializer,
        tag="proposals",
        who=KEEPER,
        request=LineFieldsSerializer,
        status=201,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        council, said = self.find_council(), self.sent(LineFieldsSerializer)
        made = actions.add_budget_line(actor=request.user, council=council, said=said, at=timezone.now())
        return Response(self.told_line(made.pk), status=201)


class BudgetLineDetail(BudgetEndpoint):
    office_methods = frozenset({"PUT"})

    @described("get_budget_line", _l("Bir bütçe kalemi"), answer=BudgetLineSerializer, tag="proposals")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(BudgetLineSerializer(self.find_line()).data)

    @described(
        "change_budget_line",
        _l("Bütçe kalemini yeniden yazar ya da kullanımdan kaldırır"),
        answer=BudgetLineSerializer,
        tag="proposals",
        who=KEEPER,
        request=LineFieldsSerializer,
        refusals=(401, 403, 404),
    )
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        line, said = self.find_line(), self.sent(LineFieldsSerializer)
        actions.change_budget_line(actor=request.user, line=line, said=said, at=timezone.now())
        return Response(self.told_line(line.pk))


class BudgetLineProposals(BudgetEndpoint, generics.ListAPIView[Proposal]):
    serializer_class = PaidProposalSerializer
    queryset = Proposal.objects.none()
    order = Order()
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[Proposal]:
        return reading.behind_line(self.find_line())

    @described(
        "list_budget_line_proposals",
        _l("Bir bütçe kaleminden karşılanan öneriler ve her birine ayrılan tutar"),
        answer=PaidProposalSerializer(many=True),
        tag="proposals",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class BudgetImport(BudgetEndpoint):
    office_methods = frozenset({"POST"})

    @described(
        "import_budget_lines",
        _l("Bütçe kalemlerini CSV’den okur, satır satır ne değişeceğini söyler; onaylanırsa yazar"),
        answer=TableImportSerializer,
        tag="proposals",
        who=KEEPER,
        request=TableSerializer,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.imported(read_lines, compared_lines, actions.import_budget_lines)
