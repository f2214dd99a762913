"""What somebody wrote, follows, is told of and asked to join."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from participation import me as my
from participation.api import serializers as shapes
from participation.api.describing import SIGNED_IN, described
from participation.api.pagination import PARAMETERS, Order
from participation.api.views.groups import JoinRequestSerializer
from participation.api.views.me.account import Mine
from participation.api.views.records import RecordLineSerializer
from people.tokens import Area
from proposals.models import Proposal
from workinggroups.models import JoinRequest


class MyProposals(Mine, generics.ListAPIView[Proposal]):
    serializer_class = shapes.ProposalSerializer
    queryset = Proposal.objects.none()
    order = Order("submitted_at", is_moment=True)
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[Proposal]:
        return my.written_by(self.me)

    @described(
        "list_my_proposals",
        _l("Sunduğunuz öneriler"),
        answer=shapes.ProposalSerializer(many=True),
        tag="me",
        who=SIGNED_IN,
        refusals=(401,),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class MyFollowed(MyProposals):
    order = Order()

    def get_queryset(self) -> QuerySet[Proposal]:
        return my.followed_by(self.me)

    @described(
        "list_followed_proposals",
        _l("Desteklediğiniz ya da takip ettiğiniz, başkalarının önerileri"),
        answer=shapes.ProposalSerializer(many=True),
        tag="me",
        who=SIGNED_IN,
        refusals=(401,),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return generics.ListAPIView.get(self, request, *args, **kwargs)


class MentionSerializer(serializers.Serializer[Any]):
    """A comment that names the one who asks."""

    author = serializers.CharField(source="author.display_name")
    text = serializers.CharField()
    at = serializers.DateTimeField()
    title = serializers.CharField()
    url = serializers.SerializerMethodField()

    def get_url(self, mention: my.MentionRow) -> str:
        return shapes.address(mention.url)


class NewsSerializer(serializers.Serializer[Any]):
    moves = RecordLineSerializer(many=True, help_text=_l("Önerilerinizde ve takip ettiklerinizde son adımlar"))
    mentions = MentionSerializer(many=True, help_text=_l("Sizden söz eden son yorumlar"))


class MyNews(Mine):
    @described(
        "get_news",
        _l("Sizi ilgilendiren son gelişmeler"),
        answer=NewsSerializer,
        tag="me",
        who=SIGNED_IN,
        refusals=(401,),
    )
    def get(self, request: Request) -> Response:
        found = {"moves": my.news_for(self.me), "mentions": my.mentions_of(self.me, timezone.localdate())}
        return Response(NewsSerializer(found).data)


class MyJoinRequests(Mine, generics.ListAPIView[JoinRequest]):
    area = Area.GROUPS
    serializer_class = JoinRequestSerializer
    queryset = JoinRequest.objects.none()
    order = Order()
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[JoinRequest]:
        return JoinRequest.objects.filter(person=self.me).select_related("person", "body__council")

    @described(
        "list_my_join_requests",
        _l("Gruplara katılma istekleriniz ve yanıtları"),
        answer=JoinRequestSerializer(many=True),
        tag="me",
        who=SIGNED_IN,
        refusals=(401,),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)
