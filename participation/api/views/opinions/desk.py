"""Drafts, and the steps from the draft to the municipality."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from rest_framework import generics
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from participation.api import serializers as shapes
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from participation.api.parsers import BoundedMultiPartParser
from participation.api.views.opinions.reading import PREPARER, OfOpinions
from participation.api.views.opinions.shapes import (
    EditOpinionSerializer,
    EnterTallySerializer,
    OpinionDetailSerializer,
    OpinionDraftRowSerializer,
    OpinionDraftSerializer,
    PrepareOpinionSerializer,
    SendOpinionSerializer,
    SettleTallySerializer,
)
from people.tokens import Area
from proposals import actions
from proposals.actions.opinions.tallying import Figures
from proposals.models import Opinion
from proposals.opinion_states import OpinionState
from proposals.opinions.permissions import may_prepare_opinions, may_settle_tally

_ASSEMBLY = _l("Konseyin genel sekreteri ya da genel kurulun başkanı")
_SECOND = _l("Sonucu girenden başka bir görevli")
_SECRETARY = _l("Konseyin genel sekreteri")


class _Desk(OfOpinions):
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
        who=PREPARER,
        refusals=(401, 403, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @described(
        "prepare_opinion",
        _l("Genel kurulda bekleyen önerilerden bir görüş taslağı başlatır"),
        answer=OpinionDraftSerializer,
        tag="opinions",
        who=PREPARER,
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
        who=PREPARER,
        refusals=(401, 403, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(OpinionDraftSerializer(self.find_draft()).data)

    @described(
        "edit_opinion",
        _l("Taslağın başlığını, metnini ve önerilerini kaydeder"),
        answer=OpinionDraftSerializer,
        tag="opinions",
        who=PREPARER,
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
        who=PREPARER,
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
