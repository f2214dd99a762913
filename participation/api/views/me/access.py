"""Everything that is kept of somebody, and what they have signed in with."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from participation.api.describing import SIGNED_IN, described
from participation.api.pagination import PARAMETERS, Order
from participation.api.views.me.account import Mine
from participation.my_data import PARTS, everything_of
from people.actions import end_sessions, revoke_token
from people.models import AccessToken
from people.sessions_shown import sessions_of


class StoredSerializer(serializers.Serializer[Any]):
    """Everything that is stored about the one who asks, by kind (law 6698, article 11)."""

    made_at = serializers.DateTimeField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        kinds = {part.key: serializers.ListField(child=serializers.DictField(), label=part.label) for part in PARTS}
        return {**super().get_fields(), **kinds}

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        return instance


class MyData(Mine):
    @described(
        "get_my_data",
        _l("Hakkınızda saklananların hepsi"),
        answer=StoredSerializer,
        tag="me",
        who=SIGNED_IN,
        refusals=(401,),
    )
    def get(self, request: Request) -> Response:
        return Response(StoredSerializer(everything_of(self.me)).data)


class TokenSerializer(serializers.ModelSerializer[AccessToken]):
    """An access token, without what it opens with."""

    is_live = serializers.SerializerMethodField()

    class Meta:
        model = AccessToken
        fields = ["id", "name", "prefix", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at", "is_live"]

    def get_is_live(self, token: AccessToken) -> bool:
        return token.is_live(timezone.now())


class MyTokens(Mine, generics.ListAPIView[AccessToken]):
    serializer_class = TokenSerializer
    queryset = AccessToken.objects.none()
    order = Order()
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[AccessToken]:
        return AccessToken.objects.of(self.me).select_related("person")

    @described(
        "list_tokens",
        _l("Erişim anahtarlarınız; yenisi yalnız sitede oluşturulur"),
        answer=TokenSerializer(many=True),
        tag="me",
        who=SIGNED_IN,
        refusals=(401,),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class TokenRevoke(Mine):
    @described(
        "revoke_token",
        _l("Bir erişim anahtarınızı iptal eder"),
        answer=None,
        tag="me",
        who=SIGNED_IN,
        status=204,
        refusals=(401, 404),
    )
    def delete(self, request: Request, token: int) -> Response:
        found = AccessToken.objects.of(self.me).filter(pk=token).first()
        if found is None:
            raise NotFound
        revoke_token(actor=self.me, token=found, at=timezone.now())
        return Response(status=204)


class SessionSerializer(serializers.Serializer[Any]):
    """A place where one is logged in; `name` stands for it and opens nothing."""

    name = serializers.CharField()
    device = serializers.CharField()
    began_at = serializers.DateTimeField(allow_null=True)
    seen_at = serializers.DateTimeField()
    is_current = serializers.BooleanField()


class _Sessions(Mine):
    def current(self) -> str:
        """The session that asks; none when a token does."""
        return "" if self.request.auth is not None else self.request.session.session_key or ""


class MySessions(_Sessions):
    @described(
        "list_sessions",
        _l("Açık oturumlarınız"),
        answer=SessionSerializer(many=True),
        tag="me",
        who=SIGNED_IN,
        refusals=(401,),
    )
    def get(self, request: Request) -> Response:
        return Response(SessionSerializer(sessions_of(self.me, current=self.current()), many=True).data)

    @described(
        "end_sessions",
        _l("Bu oturum dışındaki bütün oturumlarınızı kapatır"),
        answer=None,
        tag="me",
        who=SIGNED_IN,
        status=204,
        refusals=(401,),
    )
    def delete(self, request: Request) -> Response:
        end_sessions(person=self.me, keep=self.current())
        return Response(status=204)


class SessionEnd(_Sessions):
    @described(
        "end_session",
        _l("Bir oturumunuzu kapatır"),
        answer=None,
        tag="me",
        who=SIGNED_IN,
        status=204,
        refusals=(401, 404),
    )
    def delete(self, request: Request, name: str) -> Response:
        current = self.current()
        keys = [each.key for each in sessions_of(self.me, current=current) if each.name == name and not each.is_current]
        if not end_sessions(person=self.me, only=keys):
            raise NotFound
        return Response(status=204)
