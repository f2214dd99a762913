"""Working groups: who sits in one, joining, leaving, and answering who asks to join."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from councils.models import BodyKind, Membership
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import SIGNED_IN, described
from participation.api.pagination import PARAMETERS, Order
from people.tokens import Area
from workinggroups import actions
from workinggroups.models import JoinRequest, JoinState
from workinggroups.permissions import may_decide_on_joining

FACILITATOR = _l("Grubun kolaylaştırıcısı")


class MemberSerializer(serializers.ModelSerializer[Membership]):
    """A seat that runs today."""

    person = serializers.CharField(source="person.display_name")

    class Meta:
        model = Membership
        fields = ["id", "person", "role", "has_vote", "starts_on"]


class JoinRequestSerializer(serializers.ModelSerializer[JoinRequest]):
    """A request to join and what became of it."""

    person = serializers.CharField(source="person.display_name")
    body = serializers.CharField(source="body.slug")
    council = serializers.CharField(source="body.council.slug")

    class Meta:
        model = JoinRequest
        fields = ["id", "council", "body", "person", "message", "state", "reason", "created_at", "decided_at"]


class MessageSerializer(shapes.Strict):
    message = shapes.TextField(
        max_length=actions.MAX_MESSAGE,
        required=False,
        allow_blank=True,
        default="",
        help_text=_l("Neden katılmak istediğiniz; yalnız kolaylaştırıcı okur."),
    )


class PersonalReasonSerializer(shapes.Strict):
    reason = shapes.TextField(max_length=actions.MAX_REASON, help_text=_l("En az 10 harf; ilgili kişi okur."))


class MemberList(Endpoint, generics.ListAPIView[Membership]):
    area = Area.COUNCILS
    serializer_class = MemberSerializer
    queryset = Membership.objects.none()
    order = Order(descending=False)
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[Membership]:
        body = self.find_body(BodyKind.WORKING_GROUP)
        return Membership.objects.on(timezone.localdate()).filter(body=body).select_related("person")

    @described("list_members", _l("Bir çalışma grubunun üyeleri"), answer=MemberSerializer(many=True), tag="bodies")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class MemberEnd(Endpoint):
    area = Area.DESK
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "end_membership",
        _l("Bir üyeliği gerekçesiyle bitirir"),
        answer=None,
        tag="groups",
        who=FACILITATOR,
        request=PersonalReasonSerializer,
        status=204,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = self.sent(PersonalReasonSerializer)
        body, at = self.find_body(BodyKind.WORKING_GROUP), timezone.now()
        running = Membership.objects.on(timezone.localtime(at).date()).filter(body=body).select_related("person")
        seat = running.filter(pk=self.kwargs["membership"]).first()
        if seat is None:
            raise NotFound
        seat.body = body
        actions.end_membership(actor=request.user, membership=seat, reason=sent["reason"], at=at)
        return Response(status=204)


class Leave(Endpoint):
    area = Area.GROUPS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "leave_group",
        _l("Gruptan ayrılır"),
        answer=None,
        tag="groups",
        who=_l("Grubun üyesi"),
        status=204,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.sent(shapes.NothingSerializer)
        actions.leave_group(actor=request.user, body=self.find_body(BodyKind.WORKING_GROUP), at=timezone.now())
        return Response(status=204)


class JoinRequestList(Endpoint, generics.ListAPIView[JoinRequest]):
    area = Area.GROUPS
    office_methods = frozenset({"GET", "HEAD"})
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]
    serializer_class = JoinRequestSerializer
    queryset = JoinRequest.objects.none()
    order = Order(descending=False)
    asks: ClassVar[frozenset[str]] = PARAMETERS | {"state"}

    def get_queryset(self) -> QuerySet[JoinRequest]:
        body = self.find_body(BodyKind.WORKING_GROUP)
        may_decide_on_joining(self.request.user, body, at=timezone.now()).require()
        found = JoinRequest.objects.filter(body=body).select_related("person", "body__council")
        return found.filter(state=self.chosen("state", JoinState.values, JoinState.PENDING.value))

    @described(
        "list_join_requests",
        _l("Gruba katılma istekleri; bekleyenler ya da state ile sonuçlananlar"),
        answer=JoinRequestSerializer(many=True),
        tag="groups",
        who=FACILITATOR,
        parameters=[OpenApiParameter("state", enum=JoinState.values, default="pending", description=_l("Durumu"))],
        refusals=(401, 403, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @described(
        "ask_to_join",
        _l("Gruba katılma isteği gönderir; bekleyen isteğiniz varsa onu verir"),
        answer=JoinRequestSerializer,
        tag="groups",
        who=SIGNED_IN,
        request=MessageSerializer,
        status=201,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = self.sent(MessageSerializer)
        body = self.find_body(BodyKind.WORKING_GROUP)
        asked = actions.ask_to_join(actor=request.user, body=body, message=sent["message"], at=timezone.now())
        return Response(JoinRequestSerializer(asked).data, status=201)


def answering(
    name: str, summary: Promise, action: Callable[..., Any], body: Any = shapes.NothingSerializer, *, mine: bool = False
) -> type[Endpoint]:
    """An endpoint whose POST settles one request: its sender's (`mine`), or the facilitator's."""

    class Answer(Endpoint):
        area = Area.GROUPS if mine else Area.DESK
        permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

        @described(
            name,
            summary,
            answer=JoinRequestSerializer,
            tag="groups",
            who=_l("İsteği gönderen") if mine else FACILITATOR,
            request=None if body is shapes.NothingSerializer else body,
            refusals=(400, 401, 403, 404),
        )
        def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
            sent = self.sent(body)
            group = self.find_body(BodyKind.WORKING_GROUP)
            if not mine:
                may_decide_on_joining(request.user, group, at=timezone.now()).require()
            found = JoinRequest.objects.filter(body=group, pk=self.kwargs["join_request"])
            asked = (found.filter(person=request.user) if mine else found).first()
            if asked is None:
                raise NotFound
            action(actor=request.user, request=asked, at=timezone.now(), **sent)
            settled = JoinRequest.objects.select_related("person", "body__council").get(pk=asked.pk)
            return Response(JoinRequestSerializer(settled).data)

    Answer.__name__ = Answer.__qualname__ = "".join(part.title() for part in name.split("_"))
    return Answer


Accept = answering("accept_join_request", _l("Kişiyi oy hakkı olan üye olarak gruba alır"), actions.accept_join)
Decline = answering(
    "decline_join_request", _l("İsteği gerekçesiyle kabul etmez"), actions.decline_join, PersonalReasonSerializer
)
Withdraw = answering("withdraw_join_request", _l("Kendi isteğini geri çeker"), actions.withdraw_join, mine=True)
