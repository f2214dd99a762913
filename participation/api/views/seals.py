"""Receipts of votes and the sealed log. Each endpoint names the page it belongs to."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from ballots.models import VoteRecord
from ballots.receipts import Standing, find_receipt, read_code
from journal import proofs
from journal.models import Entry, Head
from journal.sources import ENTRIES
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import SIGNED_IN, described
from participation.api.pagination import PARAMETERS, Order
from people.tokens import Area

BIGGEST = 2**63 - 1
_CODE_HOLDER = _l("Kodu bilen ve oylamayı okuyabilen herkes; ne oy verildiğini yalnız sahibi ve listeyi görebilenler")


# --- Receipts ---------------------------------------------------------------------------------------------------------
class ReceiptList(Endpoint, generics.ListAPIView[VoteRecord]):
    """Pages `me` and `ballot_receipt`."""

    area = Area.BALLOTS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]
    serializer_class = shapes.VoteRecordSerializer
    queryset = VoteRecord.objects.none()
    order = Order()
    asks = PARAMETERS

    @described(
        "list_receipts",
        _l("Oy makbuzlarınız, en yeni önce"),
        answer=shapes.VoteRecordSerializer(many=True),
        tag="ballots",
        who=SIGNED_IN,
        refusals=(400, 401),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[VoteRecord]:
        return VoteRecord.objects.filter(person_id=self.request.user.pk)


def _standing(request: Request, code: str) -> Standing:
    standing = find_receipt(request.user, read_code(code))
    if standing is None:
        raise NotFound
    return standing


class ReceiptDetail(Endpoint):
    """Page `receipt_lookup`."""

    area = Area.BALLOTS

    @described(
        "get_receipt",
        _l("Bir oy makbuzu: anı, geçerli olup olmadığı, mührü"),
        answer=shapes.StandingSerializer,
        tag="ballots",
        who=_CODE_HOLDER,
    )
    def get(self, request: Request, code: str) -> Response:
        return Response(shapes.StandingSerializer(_standing(request, code)).data)


class ReceiptProof(Endpoint):
    """Pages `ballot_receipt_proof` and `receipt_proof`."""

    area = Area.BALLOTS

    @described(
        "get_receipt_proof",
        _l("Makbuzun mühürlü günlükte durduğunun kanıtı; kayıt mühürlenmeyi beklerken 404"),
        answer=shapes.ProofSerializer,
        tag="ballots",
        who=_CODE_HOLDER,
    )
    def get(self, request: Request, code: str) -> Response:
        proof = _standing(request, code).proof()
        if proof is None:
            raise NotFound
        return Response(proof)


# --- The log ----------------------------------------------------------------------------------------------------------
class SealList(Endpoint, generics.ListAPIView[Head]):
    """Pages `seal_list`, `seal_file` and `seal_feed`."""

    area = Area.COUNCILS
    serializer_class = shapes.SealSerializer
    queryset = Head.objects.all()
    order = Order()
    asks = PARAMETERS

    @described(
        "list_seals",
        _l("Mühürler, en yeni önce"),
        answer=shapes.SealSerializer(many=True),
        tag="seals",
        refusals=(400,),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


def _head(number: int) -> Head:
    head = Head.objects.filter(number=number).first() if number <= BIGGEST else None
    if head is None:
        raise NotFound
    return head


class SealDetail(Endpoint):
    """Page `seal_detail`."""

    area = Area.COUNCILS

    @described("get_seal", _l("Bir mühür"), answer=shapes.SealSerializer, tag="seals")
    def get(self, request: Request, number: int) -> Response:
        return Response(shapes.SealSerializer(_head(number)).data)


class SealGrowth(Endpoint):
    """Linked from page `seal_detail`."""

    area = Area.COUNCILS
    asks: ClassVar[frozenset[str]] = frozenset({"since"})

    @described(
        "get_seal_growth",
        _l("Günlüğün eski bir mühürden buna yalnız büyüdüğünün kanıtı (RFC 6962, 2.1.2)"),
        answer=shapes.GrowthSerializer,
        tag="seals",
        parameters=[
            OpenApiParameter("since", OpenApiTypes.INT64, description=_l("Eski mührün numarası; verilmezse bir önceki"))
        ],
    )
    def get(self, request: Request, number: int) -> Response:
        new = _head(number)
        given = request.query_params.get("since", str(number - 1))
        if not (given.isascii() and given.isdecimal() and len(given) < 19 and int(given) <= number):
            wrong = ErrorDetail(_("Bu mühürden eski bir mührün numarasını yazın."), code="not_older")
            raise ValidationError({"since": [wrong]})
        return Response(proofs.consistency_document(_head(int(given)), new))


class EntryProof(Endpoint):
    """Belongs to the pages of the record: `council_journal`, `group_record`, `assembly_record`, `proposal_record`."""

    area = Area.COUNCILS

    @described(
        "get_entry_proof",
        _l("Herkese açık bir kayıt satırının mühürlü günlükte durduğunun kanıtı; mühürlenmeyi beklerken 404"),
        answer=shapes.ProofSerializer,
        tag="seals",
    )
    def get(self, request: Request, pk: int) -> Response:
        if pk > BIGGEST or not Entry.objects.public().filter(pk=pk).exists():
            raise NotFound
        leaf = proofs.leaf_of(ENTRIES.name, pk)
        if leaf is None:
            raise NotFound
        return Response(proofs.inclusion_document(leaf, with_content=True))
