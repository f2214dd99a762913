"""Drafts: the author's alone. Those of others do not exist."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from rest_framework import generics
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import SIGNED_IN, described
from participation.api.etags import IF_MATCH, matched, tag_of_moment, tagged
from participation.api.pagination import PARAMETERS, Order
from participation.api.views.proposals import detail
from people.tokens import Area
from proposals import actions
from proposals.models import Proposal
from proposals.stages import Stage

_AUTHOR = _l("Taslağın yazarı")


class DraftList(Endpoint, generics.ListAPIView[Proposal]):
    area = Area.PROPOSALS
    serializer_class = shapes.DraftSerializer
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]
    queryset = Proposal.objects.none()
    order = Order("changed_at", is_moment=True)
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[Proposal]:
        own = Proposal.objects.filter(council=self.find_council(), author=self.request.user, stage=Stage.DRAFT)
        return own.with_names().defer("search")

    @described(
        "list_drafts",
        _l("Kendi taslaklarınız"),
        answer=shapes.DraftSerializer(many=True),
        tag="drafts",
        who=SIGNED_IN,
        refusals=(401, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @described(
        "start_draft",
        _l("Yeni bir taslak başlatır"),
        answer=shapes.DraftSerializer,
        tag="drafts",
        who=SIGNED_IN,
        request=shapes.DraftSerializer,
        status=201,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        council = self.find_council()
        sent = shapes.DraftSerializer(data=request.data, partial=True, context={"council": council})
        sent.is_valid(raise_exception=True)
        at = timezone.now()
        with transaction.atomic():  # a draft that cannot be filled is not begun
            draft = actions.start_draft(actor=request.user, council=council, at=at)
            draft = actions.save_draft(actor=request.user, proposal=draft, changes=sent.validated_data, at=at)
        return shown(draft, status=201)


def tag_of(draft: Proposal) -> str:
    return tag_of_moment(draft.key, draft.changed_at)


def shown(draft: Proposal, *, status: int = 200) -> Response:
    return tagged(Response(shapes.DraftSerializer(draft).data, status=status), tag_of(draft))


class OneDraft(Endpoint):
    area = Area.PROPOSALS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    def find_draft(self, *, or_submitted: bool = False) -> Proposal:
        own = Proposal.objects.filter(author=self.request.user).with_names().defer("search")
        if not or_submitted:
            own = own.filter(stage=Stage.DRAFT)
        draft = own.filter(council__slug=self.kwargs["council"], key=self.kwargs["key"]).first()
        if draft is None:
            raise NotFound
        return draft


class DraftDetail(OneDraft):
    @described(
        "get_draft", _l("Bir taslağınız"), answer=shapes.DraftSerializer, tag="drafts", who=_AUTHOR, refusals=(401, 404)
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return shown(self.find_draft())

    @described(
        "save_draft",
        _l("Taslağın gönderilen alanlarını kaydeder"),
        answer=shapes.DraftSerializer,
        tag="drafts",
        who=_AUTHOR,
        request=shapes.DraftSerializer,
        parameters=[IF_MATCH],
        refusals=(401, 403, 404, 412),
    )
    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        draft = self.find_draft()
        sent = shapes.DraftSerializer(data=request.data, partial=True, context={"council": draft.council})
        sent.is_valid(raise_exception=True)
        matched(request, tag_of(draft))
        seen = draft.changed_at if "If-Match" in request.headers else None
        draft = actions.save_draft(
            actor=request.user, proposal=draft, changes=sent.validated_data, seen=seen, at=timezone.now()
        )
        return shown(draft)

    @described(
        "discard_draft", _l("Taslağı siler"), answer=None, tag="drafts", who=_AUTHOR, status=204, refusals=(401, 404)
    )
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        actions.discard_draft(actor=request.user, proposal=self.find_draft())
        return Response(status=204)


class DraftSubmit(OneDraft):
    """A second call answers with the proposal that is there."""

    @described(
        "submit_draft",
        _l("Taslağı sunar: numara alır ve herkese açılır"),
        answer=shapes.ProposalDetailSerializer,
        tag="drafts",
        who=_AUTHOR,
        refusals=(400, 401, 403, 404, 412),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = shapes.NothingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        draft = self.find_draft(or_submitted=True)
        proposal = actions.submit_proposal(actor=request.user, proposal=draft, at=timezone.now())
        self.kwargs["number"] = proposal.number
        return detail(self)
