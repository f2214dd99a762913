"""A proposal and the one who reads it: following, supporters, what may be done now."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import SIGNED_IN, described
from participation.api.pagination import PARAMETERS, Order
from participation.api.views.verdicts import VerdictSerializer, told
from people.tokens import Area
from proposals import actions
from proposals.actions.attaching import may_attach
from proposals.models import Follow, Proposal, Support
from proposals.permissions import (
    may_amend,
    may_answer_directly,
    may_decide_admissibility,
    may_decline_in_group,
    may_follow,
    may_give_back,
    may_implement,
    may_merge,
    may_open_ballot,
    may_put_on_agenda,
    may_review,
    may_revise,
    may_split,
    may_support,
    may_withdraw,
    may_withdraw_support,
)


class FollowStateSerializer(serializers.Serializer[Any]):
    follows = serializers.BooleanField()


class FollowView(Endpoint):
    area = Area.PROPOSALS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    def _answer(self, proposal: Proposal) -> Response:
        follows = Follow.objects.filter(proposal=proposal, person=self.request.user).exists()
        return Response(FollowStateSerializer({"follows": follows}).data)

    @described(
        "get_follow",
        _l("Öneriyi takip ediyor muyum"),
        answer=FollowStateSerializer,
        tag="supports",
        who=SIGNED_IN,
        refusals=(401, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._answer(self.find_proposal())

    @described(
        "follow_proposal",
        _l("Öneriyi takip eder; yinelemek bir şey değiştirmez"),
        answer=FollowStateSerializer,
        tag="supports",
        who=SIGNED_IN,
        refusals=(400, 401, 403, 404),
    )
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.sent(shapes.NothingSerializer)
        proposal = self.find_proposal()
        actions.follow_proposal(actor=request.user, proposal=proposal, at=timezone.now())
        return self._answer(proposal)

    @described(
        "unfollow_proposal",
        _l("Takibi bırakır"),
        answer=FollowStateSerializer,
        tag="supports",
        who=SIGNED_IN,
        refusals=(401, 403, 404),
    )
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        proposal = self.find_proposal()
        actions.unfollow_proposal(actor=request.user, proposal=proposal)
        return self._answer(proposal)


class SupporterSerializer(serializers.ModelSerializer[Support]):
    """Somebody who lets their name be shown."""

    person = serializers.CharField(source="person.display_name")

    class Meta:
        model = Support
        fields = ["person", "created_at"]


class SupporterList(Endpoint, generics.ListAPIView[Support]):
    area = Area.PROPOSALS
    serializer_class = SupporterSerializer
    queryset = Support.objects.none()
    order = Order("created_at", is_moment=True)
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[Support]:
        return Support.objects.filter(proposal=self.find_proposal(), shows_name=True).select_related("person")

    @described(
        "list_supporters",
        _l("Adının görünmesini isteyen destekleyenler, en yeni önce"),
        answer=SupporterSerializer(many=True),
        tag="supports",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class ProposalOptions(Endpoint):
    area = Area.PROPOSALS

    @described(
        "get_proposal_options",
        _l("Bu öneriyle şimdi neler yapabilirsiniz"),
        answer=VerdictSerializer(many=True),
        tag="proposals",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        proposal, person, at = self.find_proposal(), request.user, timezone.now()
        verdicts = {
            "support": may_support(person, proposal, at=at),
            "follow": may_follow(person, proposal),
            "amend": may_amend(person, proposal, at=at),
        }
        if person.is_authenticated:
            verdicts |= {
                "take_support_back": may_withdraw_support(person, proposal, at=at),
                "revise": may_revise(person, proposal, at=at),
                "attach": may_attach(person, proposal, at=at),
                "withdraw": may_withdraw(person, proposal, at=at),
                "decide_admissibility": may_decide_admissibility(person, proposal, at=at),
                "open_ballot": may_open_ballot(person, proposal, at=at),
                "decline_in_group": may_decline_in_group(person, proposal, at=at),
                "put_on_agenda": may_put_on_agenda(person, proposal, at=at),
                "give_back": may_give_back(person, proposal, at=at),
                "answer_directly": may_answer_directly(person, proposal, at=at),
                "merge": may_merge(person, proposal, at=at),
                "split": may_split(person, proposal, at=at),
                "implement": may_implement(person, proposal, at=at),
                "review": may_review(person, proposal, at=at),
            }
        return Response(told(verdicts))
