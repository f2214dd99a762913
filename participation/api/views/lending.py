"""Equipment that is lent: the list with free days for everybody, loans for their two sides, the desk's deeds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from lending import actions
from lending.models import MOST_DAYS, Condition, Item, Loan, Piece, Prolongation, State
from lending.permissions import is_borrower, may_keep, may_read
from lending.reading import CALENDAR_DAYS, free_days, free_lines, loans_of, own_loans
from organisations.models import Organisation
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import SIGNED_IN, described
from participation.api.pagination import PARAMETERS, Order
from people.tokens import Area, Scope
from servicerequests.models import ServiceRequest

OFFICER = _l("Müdürlük görevlisi")
SIDES = _l("Malzemeyi alan, temsilcisi olduğu kuruluş ve müdürlük")
BORROWER = _l("Malzemeyi alan ya da kuruluşun temsilcisi")


class LentItemSerializer(serializers.ModelSerializer[Item]):
    """Something a council lends."""

    free = serializers.IntegerField(help_text=_l("Sorulan günlerin hepsinde boş olan adet"))
    url = serializers.SerializerMethodField()

    class Meta:
        model = Item
        fields = ["slug", "name", "about", "kept_at", "condition", "stock", "longest_days", "free", "url"]

    def get_url(self, item: Item) -> str:
        return shapes.address(item.get_absolute_url())


class FreeDaySerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    free = serializers.IntegerField()


class LentItemDetailSerializer(LentItemSerializer):
    days = FreeDaySerializer(many=True, help_text=_l("Önümüzdeki dört hafta"))

    class Meta(LentItemSerializer.Meta):
        fields = [*LentItemSerializer.Meta.fields, "days"]


class ProlongationSerializer(serializers.ModelSerializer[Prolongation]):
    class Meta:
        model = Prolongation
        fields = ["until", "reason", "asked_at", "is_granted", "answer", "decided_at"]


class LoanSerializer(serializers.ModelSerializer[Loan]):
    """Pieces of an item that somebody has."""

    item = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    name = serializers.CharField(source="item.name")
    request = serializers.SlugRelatedField(slug_field="number", read_only=True, allow_null=True)
    organisation = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    state = serializers.ChoiceField(choices=State.choices)
    pieces = serializers.SerializerMethodField()
    prolongations = ProlongationSerializer(many=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Loan
        fields = [
            "id", "item", "name", "who", "request", "organisation", "quantity", "returned", "lost", "starts_on", "ends_on",
            "state", "reserved_at", "handed_out_at", "ended_at", "pieces", "prolongations", "url",
        ]  # fmt: skip

    who = serializers.CharField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_pieces(self, loan: Loan) -> list[str]:
        return [row.piece.inventory_number for row in loan.loan_pieces.all() if row.returned_at is None]

    def get_url(self, loan: Loan) -> str:
        return shapes.address(loan.get_absolute_url())


class NewLoanSerializer(serializers.Serializer[Any]):
    item = serializers.CharField(max_length=80)
    quantity = serializers.IntegerField(min_value=1, max_value=5000)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    request = serializers.CharField(
        max_length=24, default="", allow_blank=True, help_text=_l("Geldiği başvurunun numarası")
    )
    organisation = serializers.CharField(max_length=80, default="", allow_blank=True)
    named = serializers.CharField(max_length=120, default="", allow_blank=True)
    text = serializers.CharField(max_length=500, default="", allow_blank=True)


class HandOutSerializer(serializers.Serializer[Any]):
    condition = serializers.ChoiceField(choices=Condition.choices)
    text = serializers.CharField(max_length=500, default="", allow_blank=True)
    pieces = serializers.ListField(
        child=serializers.CharField(max_length=40), default=list, max_length=500, help_text=_l("Demirbaş numaraları")
    )


class TakeBackSerializer(HandOutSerializer):
    quantity = serializers.IntegerField(min_value=0, max_value=5000, default=0)
    lost = serializers.IntegerField(min_value=0, max_value=5000, default=0)


class WhySerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=500)


class LongerSerializer(serializers.Serializer[Any]):
    until = serializers.DateField()
    reason = serializers.CharField(max_length=500)


class LongerDecisionSerializer(serializers.Serializer[Any]):
    is_granted = serializers.BooleanField()
    answer = serializers.CharField(max_length=500, default="", allow_blank=True)


def _unknown(field: str) -> Any:
    raise ValidationError({field: [ErrorDetail(_("Böyle bir seçenek yok."), code="unknown")]})


DAYS = [
    OpenApiParameter("from", date, description=_l("Alış günü; verilmezse bugün")),
    OpenApiParameter("until", date, description=_l("Dönüş günü; verilmezse alış günü")),
]


class _Items(Endpoint):
    area = Area.COUNCILS
    asks: ClassVar[frozenset[str]] = frozenset({"from", "until"})

    def days(self) -> tuple[date, date]:
        today = timezone.localdate()
        first = self._day("from", today)
        last = self._day("until", first)
        if first < today or not first <= last < first + timedelta(days=MOST_DAYS):
            raise ValidationError({"until": [ErrorDetail(_("Bugünden sonraki en çok 90 gün sorulur."), code="days")]})
        return first, last

    def _day(self, name: str, default: date) -> date:
        given = self.request.query_params.get(name)
        if given is None:
            return default
        found: date = serializers.DateField().run_validation(given)
        return found


class LentItemList(_Items, generics.ListAPIView[Item]):
    serializer_class = LentItemSerializer
    queryset = Item.objects.none()
    order = Order(descending=False)
    asks: ClassVar[frozenset[str]] = PARAMETERS | {"from", "until"}

    def get_queryset(self) -> QuerySet[Item]:
        return Item.objects.filter(council=self.find_council(), is_active=True).select_related("council")

    @described(
        "list_lent_items",
        _l("Ödünç verilen malzemeler ve sorulan günlerde boş olan adetleri"),
        answer=LentItemSerializer(many=True),
        tag="lending",
        parameters=DAYS,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        first, last = self.days()
        rows = self.paginate_queryset(self.get_queryset())
        for line in free_lines(rows or [], first, last, today=timezone.localdate()):
            line.item.free = line.free  # type: ignore[attr-defined]
        return self.get_paginated_response(LentItemSerializer(rows, many=True).data)


class LentItemDetail(_Items):
    @described(
        "get_lent_item",
        _l("Bir malzeme, önümüzdeki dört haftanın boş günleriyle"),
        answer=LentItemDetailSerializer,
        tag="lending",
        parameters=DAYS,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        (first, last), today = self.days(), timezone.localdate()
        rows = Item.objects.filter(council=self.find_council(), is_active=True).select_related("council")
        item: Any = rows.filter(slug=self.kwargs["item"]).first()
        if item is None:
            raise NotFound
        item.free = free_lines([item], first, last, today=today)[0].free
        item.days = [
            {"day": day, "free": free} for day, free in free_days(item, today, today=today, days=CALENDAR_DAYS)
        ]
        return Response(LentItemDetailSerializer(item).data)


class _Loans(Endpoint):
    area = Area.REQUESTS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    def find_loan(self) -> Loan:
        """The loan of the address, for its two sides; the desk's side needs a token of the desk."""
        rows = loans_of(self.find_council()).select_related("council", "item__council")
        loan = rows.prefetch_related("loan_pieces__piece", "prolongations").filter(pk=self.kwargs["loan"]).first()
        at = timezone.now()
        if loan is None or not may_read(self.request.user, loan, at=at):
            raise NotFound
        if not is_borrower(self.request.user, loan, at=at):
            self.need(Scope.DESK_READ if self.request.method == "GET" else Scope.DESK_WRITE)
        return loan

    def pieces(self, loan: Loan, numbers: list[str]) -> list[Piece]:
        found = list(Piece.objects.filter(item=loan.item_id, inventory_number__in=numbers))
        if len(found) != len(set(numbers)):
            _unknown("pieces")
        return found

    def told(self, status: int = 200) -> Response:
        return Response(LoanSerializer(self.find_loan()).data, status=status)


class LoanList(_Loans, generics.ListAPIView[Loan]):
    serializer_class = LoanSerializer
    queryset = Loan.objects.none()
    order = Order("reserved_at", is_moment=True)
    asks = PARAMETERS
    office_methods = frozenset({"POST"})

    def get_queryset(self) -> QuerySet[Loan]:
        rows = own_loans(self.request.user, self.find_council(), at=timezone.now())
        return rows.prefetch_related("loan_pieces__piece", "prolongations")

    @described(
        "list_my_loans",
        _l("Sizin ve temsil ettiğiniz kuruluşların ödünç aldıkları, en yeni önce"),
        answer=LoanSerializer(many=True),
        tag="lending",
        who=SIGNED_IN,
        refusals=(401, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @described(
        "lend_item",
        _l("Malzemeyi günleriyle birine ayırır"),
        answer=LoanSerializer,
        tag="lending",
        who=OFFICER,
        request=NewLoanSerializer,
        status=201,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        council = self.find_council()
        may_keep(request.user, council).require()
        sent = self.sent(NewLoanSerializer)
        asked = organisation = None
        if sent["request"]:
            asked = ServiceRequest.objects.filter(council=council, number=sent["request"]).first() or _unknown(
                "request"
            )
        if sent["organisation"]:
            organisation = Organisation.objects.filter(slug=sent["organisation"]).first() or _unknown("organisation")
        loan = actions.lend(
            actor=request.user,
            council=council,
            item=Item.objects.filter(council=council, slug=sent["item"]).first() or _unknown("item"),
            borrower=actions.Borrower(asked, organisation, sent["named"]),
            quantity=sent["quantity"],
            starts_on=sent["starts_on"],
            ends_on=sent["ends_on"],
            text=sent["text"],
            at=timezone.now(),
        )
        return Response(LoanSerializer(loan).data, status=201)


class LoanDetail(_Loans):
    @described("get_loan", _l("Bir ödünç"), answer=LoanSerializer, tag="lending", who=SIDES, refusals=(401, 404))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.told()


class LoanHandOut(_Loans):
    @described(
        "hand_out_loan",
        _l("Malzemeyi teslim eder; hangi durumda verildiği yazılır"),
        answer=LoanSerializer,
        tag="lending",
        who=OFFICER,
        request=HandOutSerializer,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        loan, sent = self.find_loan(), self.sent(HandOutSerializer)
        pieces = self.pieces(loan, sent["pieces"])
        condition, text = sent["condition"], sent["text"]
        actions.hand_out(
            actor=request.user, loan=loan, condition=condition, text=text, pieces=pieces, at=timezone.now()
        )
        return self.told()


class LoanTakeBack(_Loans):
    @described(
        "take_back_loan",
        _l("Malzemenin hepsini ya da bir bölümünü geri alır; durumu ve hasarı yazılır"),
        answer=LoanSerializer,
        tag="lending",
        who=OFFICER,
        request=TakeBackSerializer,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        loan, sent = self.find_loan(), self.sent(TakeBackSerializer)
        pieces = self.pieces(loan, sent.pop("pieces"))
        actions.take_back(actor=request.user, loan=loan, pieces=pieces, at=timezone.now(), **sent)
        return self.told()


class LoanCancel(_Loans):
    @described(
        "cancel_loan",
        _l("Teslim edilmemiş ayırtmayı nedeniyle iptal eder"),
        answer=LoanSerializer,
        tag="lending",
        who=OFFICER,
        request=WhySerializer,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        loan, sent = self.find_loan(), self.sent(WhySerializer)
        actions.cancel_loan(actor=request.user, loan=loan, text=sent["text"], at=timezone.now())
        return self.told()


class LoanLonger(_Loans):
    @described(
        "ask_for_longer_loan",
        _l("Malzemeyi daha uzun tutmak ister"),
        answer=LoanSerializer,
        tag="lending",
        who=BORROWER,
        request=LongerSerializer,
        status=201,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        loan, sent = self.find_loan(), self.sent(LongerSerializer)
        actions.ask_longer(actor=request.user, loan=loan, at=timezone.now(), **sent)
        return self.told(201)


class LoanLongerDecision(_Loans):
    @described(
        "decide_longer_loan",
        _l("Bekleyen süre uzatma isteğini karara bağlar"),
        answer=LoanSerializer,
        tag="lending",
        who=OFFICER,
        request=LongerDecisionSerializer,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        loan, sent = self.find_loan(), self.sent(LongerDecisionSerializer)
        actions.decide_longer(actor=request.user, loan=loan, at=timezone.now(), **sent)
        return self.told()
