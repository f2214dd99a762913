"""Ballots and the vote of the one who asks."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from ballots import actions
from ballots.casting import Receipt
from ballots.chairing import decide_tie
from ballots.models import MAX_OPTIONS, Ballot, Vote, VoteRecord
from ballots.permissions import may_close, may_decide_tie, may_read, may_see_roll_call, may_vote
from ballots.roll_reading import roll_call
from participation.api import idempotency
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.views.verdicts import VerdictSerializer, told
from people.models import AnyPerson, Person
from people.tokens import Area

_ELECTOR = _l("Oy hakkı listesinde olan kişi")


def find_ballot(person: AnyPerson, pk: int) -> Ballot:
    """A ballot the person may read."""
    ballot = Ballot.objects.select_related("chair").filter(pk=pk).first()
    if ballot is None or not may_read(person, ballot):
        raise NotFound
    return ballot


def own_receipt(ballot: Ballot, person: Person, *, key: UUID | None = None) -> Receipt:
    """The receipt of a person's vote, the newest or the one of a key; not found when there is none."""
    records = VoteRecord.objects.filter(ballot=ballot, person=person).order_by("-times", "-pk")
    record = (records if key is None else records.filter(key=key)).first()
    vote = Vote.objects.filter(ballot=ballot, person=person).first()
    if record is None or vote is None:
        raise NotFound
    return Receipt(vote.pk, record.paper, vote.cast_at, record.at, record.times, record.receipt)


class BallotDetail(Endpoint):
    area = Area.BALLOTS

    @described(
        "get_ballot",
        _l("Bir oylama; sonuçlar ancak açıklanabildiğinde yer alır"),
        answer=shapes.BallotSerializer,
        tag="ballots",
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(shapes.BallotSerializer(find_ballot(request.user, pk)).data)


class VoteView(Endpoint):
    area = Area.BALLOTS
    remembers = False  # the record of the vote keeps the key, so the answer outlives a day
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "get_vote",
        _l("Verdiğiniz oy; vermediyseniz 404"),
        answer=shapes.ReceiptSerializer,
        tag="ballots",
        who=_ELECTOR,
        refusals=(401, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(shapes.ReceiptSerializer(own_receipt(find_ballot(request.user, pk), request.user)).data)

    @described(
        "cast_vote",
        _l("Oy verir ya da değiştirir; yinelemek bir şey değiştirmez"),
        answer=shapes.ReceiptSerializer,
        tag="ballots",
        who=_ELECTOR,
        request=shapes.VoteSerializer,
        refusals=(401, 403, 404, 409, 503),
    )
    def put(self, request: Request, pk: int) -> Response:
        sent = shapes.VoteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        ballot = find_ballot(request.user, pk)
        receipt = actions.cast_vote(
            actor=request.user, ballot=ballot, paper=sent.validated_data["paper"], key=idempotency.key_of(request)
        )
        response = Response(shapes.ReceiptSerializer(receipt).data)
        if receipt.is_repeated:
            response[idempotency.REPLAYED] = "true"
        return response


class VoteByKey(Endpoint):
    area = Area.BALLOTS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "get_vote_by_key",
        _l("Bu anahtarla gönderilen oy sayıldı mı: sayıldıysa makbuzu, sayılmadıysa 404"),
        answer=shapes.ReceiptSerializer,
        tag="ballots",
        who=_ELECTOR,
        refusals=(401, 404),
    )
    def get(self, request: Request, pk: int, key: UUID) -> Response:
        return Response(
            shapes.ReceiptSerializer(own_receipt(find_ballot(request.user, pk), request.user, key=key)).data
        )


class BallotClose(Endpoint):
    area = Area.DESK
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "close_ballot",
        _l("Oylamayı duyurulan kapanıştan önce, gerekçesiyle kapatır ve sonucu açıklar"),
        answer=shapes.BallotSerializer,
        tag="ballots",
        who=_l("Oylamayı yöneten kolaylaştırıcı"),
        request=shapes.ReasonSerializer,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, pk: int) -> Response:
        sent = shapes.ReasonSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        ballot = find_ballot(request.user, pk)
        ballot = actions.close_ballot_now(actor=request.user, ballot=ballot, reason=sent.validated_data["reason"])
        return Response(shapes.BallotSerializer(ballot).data)


class TieSerializer(shapes.Strict):
    chosen = serializers.ListField(
        child=serializers.CharField(max_length=3),
        max_length=MAX_OPTIONS,
        help_text=_l("yes ya da no; seçenekli oylamada, kaç yer varsa o kadar seçenek numarası"),
    )
    reason = shapes.TextField(max_length=2000, help_text=_l("Gerekçe; en az 10 harf, herkes okur."))


class BallotTie(Endpoint):
    area = Area.DESK
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "decide_tie",
        _l("Eşitlikte başkanın kararı; bir kez verilir"),
        answer=shapes.BallotSerializer,
        tag="ballots",
        who=_l("Oylamanın adını yazdığı başkan"),
        request=TieSerializer,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, pk: int) -> Response:
        sent = self.sent(TieSerializer)
        decide_tie(actor=request.user, ballot=find_ballot(request.user, pk), **sent)
        return Response(shapes.BallotSerializer(find_ballot(request.user, pk)).data)


class RollLineSerializer(serializers.Serializer[Any]):
    """An elector and what they voted; empty when they did not."""

    name = serializers.CharField()
    paper = serializers.CharField(source="vote.paper", default="")
    changed_at = serializers.DateTimeField(source="vote.changed_at", default=None, allow_null=True)


class RollCallSerializer(serializers.Serializer[Any]):
    next_after = serializers.IntegerField(
        source="after", allow_null=True, help_text=_l("Sonraki sayfa için after değeri")
    )
    results = RollLineSerializer(source="lines", many=True)


class RollCall(Endpoint):
    area = Area.BALLOTS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]
    asks = frozenset({"after"})

    @described(
        "get_roll_call",
        _l("Kim ne oy verdi, adlara göre sıralı"),
        answer=RollCallSerializer,
        tag="ballots",
        who=_l("Oylamanın sahibinin izin verdikleri, sonuçlar açıklanınca"),
        parameters=[OpenApiParameter("after", OpenApiTypes.INT64, description=_l("Bu numaradan sonrakiler"))],
        refusals=(401, 403, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        ballot = find_ballot(request.user, pk)
        may_see_roll_call(request.user, ballot, at=timezone.now()).require()
        after = request.query_params.get("after", "")
        if after and not (after.isascii() and after.isdecimal() and len(after) < 19):
            raise ValidationError({"after": [ErrorDetail(_("Bu değer okunamıyor."), code="unreadable")]})
        return Response(RollCallSerializer(roll_call(ballot, after=after)).data)


class BallotOptions(Endpoint):
    area = Area.BALLOTS

    @described(
        "get_ballot_options",
        _l("Bu oylamada şimdi neler yapabilirsiniz"),
        answer=VerdictSerializer(many=True),
        tag="ballots",
    )
    def get(self, request: Request, pk: int) -> Response:
        ballot, person, at = find_ballot(request.user, pk), request.user, actions.database_now()
        verdicts = {"vote": may_vote(person, ballot, at=at)}
        if person.is_authenticated:
            verdicts |= {
                "close": may_close(person, ballot, at=at),
                "decide_tie": may_decide_tie(person, ballot),
                "see_roll_call": may_see_roll_call(person, ballot, at=at),
            }
        return Response(told(verdicts))
