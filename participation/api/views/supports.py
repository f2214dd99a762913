"""The support of the one who asks."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import SIGNED_IN, described
from people.tokens import Area
from proposals import actions
from proposals.models import Proposal, Support

_RESIDENT = _l("Doğrulanmış hemşehri, destek toplanırken")


class SupportView(Endpoint):
    area = Area.PROPOSALS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    def _answer(self, proposal: Proposal) -> Response:
        proposal.refresh_from_db(fields=["support_count", "stage"])
        support = Support.objects.filter(proposal=proposal, person=self.request.user).first()
        state = {
            "supported": support is not None,
            "shows_name": bool(support and support.shows_name),
            "support_count": proposal.support_count,
            "support_threshold": proposal.support_threshold,
            "stage": proposal.stage,
        }
        return Response(shapes.SupportStateSerializer(state).data)

    @described(
        "get_support",
        _l("Öneriyi destekliyor muyum"),
        answer=shapes.SupportStateSerializer,
        tag="supports",
        who=SIGNED_IN,
        refusals=(401, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._answer(self.find_proposal())

    @described(
        "give_support",
        _l("Destek verir; yinelemek bir şey değiştirmez"),
        answer=shapes.SupportStateSerializer,
        tag="supports",
        who=_RESIDENT,
        request=shapes.SupportSerializer,
        refusals=(401, 403, 404),
    )
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = shapes.SupportSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        proposal = self.find_proposal()
        actions.support_proposal(actor=request.user, proposal=proposal, **sent.validated_data)
        return self._answer(proposal)

    @described(
        "take_support_back",
        _l("Desteği geri alır"),
        answer=shapes.SupportStateSerializer,
        tag="supports",
        who=_RESIDENT,
        refusals=(401, 403, 404),
    )
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        proposal = self.find_proposal()
        actions.withdraw_support(actor=request.user, proposal=proposal, at=timezone.now())
        return self._answer(proposal)
