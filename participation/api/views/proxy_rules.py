"""A council's rules about proxies: what was said and when, and saying it anew."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from rest_framework import generics, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from ballots.models import MAX_PROXIES
from councils.actions import set_proxy_rule
from councils.models import Body, ProxyRule, ProxyScope
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from people.tokens import Area


class ProxyRuleSerializer(serializers.ModelSerializer[ProxyRule]):
    """A rule; the newest of its scope and body holds for ballots that are opened now."""

    body = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    by = serializers.CharField(source="actor.display_name")

    class Meta:
        model = ProxyRule
        fields = ["id", "scope", "body", "limit", "reason", "by", "at"]
        read_only_fields = fields


class NewProxyRuleSerializer(shapes.Strict):
    scope = serializers.ChoiceField(choices=ProxyScope.choices)
    body = shapes.TextField(max_length=80, required=False, allow_null=True, default=None)
    limit = serializers.IntegerField(
        min_value=0,
        max_value=MAX_PROXIES,
        allow_null=True,
        help_text=_l("0: vekâlet verilemez; null: organ, organların ortak kuralına döner"),
    )
    reason = shapes.TextField(max_length=2000, help_text=_l("Dayanak; en az 10 harf, herkes okur."))


class ProxyRuleList(Endpoint, generics.ListAPIView[ProxyRule]):
    area = Area.BALLOTS
    office_methods = frozenset({"POST"})
    permission_classes: ClassVar[list[Any]] = [IsAuthenticatedOrReadOnly]
    serializer_class = ProxyRuleSerializer
    queryset = ProxyRule.objects.none()
    order = Order("id")
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[ProxyRule]:
        return ProxyRule.objects.filter(council=self.find_council()).select_related("actor", "body")

    @described(
        "list_proxy_rules",
        _l("Vekâlet kuralları, en yeni önce; her kapsamın en yenisi geçerlidir"),
        answer=ProxyRuleSerializer(many=True),
        tag="ballots",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @described(
        "set_proxy_rule",
        _l("Bundan sonra açılan oylamalarda bir kişinin kaç kişinin vekili olabileceğini söyler"),
        answer=ProxyRuleSerializer,
        tag="ballots",
        who=_l("Konseyin genel sekreteri"),
        request=NewProxyRuleSerializer,
        status=201,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = self.sent(NewProxyRuleSerializer)
        council, body = self.find_council(), None
        if slug := sent.pop("body"):
            body = Body.objects.visible_to(request.user).filter(council=council, slug=slug, is_active=True).first()
            if body is None:
                raise ValidationError({"body": [_("Bilinmeyen değer.")]})
        rule = set_proxy_rule(actor=request.user, council=council, body=body, at=timezone.now(), **sent)
        return Response(ProxyRuleSerializer(rule).data, status=201)
