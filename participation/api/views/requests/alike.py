"""What fits what somebody wants, and counting oneself in on what others asked in public."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import SIGNED_IN, described
from participation.api.views.articles import ArticleSerializer
from people.tokens import Area
from servicerequests import actions
from servicerequests.alike import LONGEST_ASKED, alike, joining_of
from servicerequests.models import Publicity, ServiceRequest


class AlikeRequestSerializer(serializers.ModelSerializer[ServiceRequest]):
    """A published request that asks for the same; `joined` people said so."""

    subject = serializers.CharField(source="public_subject")
    joined = serializers.IntegerField(source="joined_count")
    url = serializers.SerializerMethodField()

    class Meta:
        model = ServiceRequest
        fields = ["number", "subject", "status", "joined", "url"]

    def get_url(self, request: ServiceRequest) -> str:
        return shapes.address(request.get_absolute_url())


class AlikeSerializer(serializers.Serializer[Any]):
    """Articles, requests and types that fit a text; `types` are slugs, the best first, none where nothing fits."""

    articles = ArticleSerializer(many=True)
    requests = AlikeRequestSerializer(many=True)
    types = serializers.ListField(child=serializers.SlugField())


class RequestAlike(Endpoint):
    area = Area.COUNCILS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticatedOrReadOnly]
    asks: ClassVar[frozenset[str]] = frozenset({"q"})

    @described(
        "suggest_for_request",
        _l("İstenene uyan hazır yanıtlar, yayımlanmış başvurular ve başvuru türleri"),
        answer=AlikeSerializer,
        tag="requests",
        parameters=[OpenApiParameter("q", str, description=_l("Ne istendiği, bir iki cümleyle"))],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        text = request.query_params.get("q", "").strip()[:LONGEST_ASKED]
        found = alike(self.find_council(), request.user, text)
        types = [version.type.slug for version in found.types[: found.fitting]]
        shown = {"articles": found.articles, "requests": found.requests, "types": types}
        return Response(AlikeSerializer(shown).data)


class JoinedSerializer(serializers.Serializer[Any]):
    """Whether one joined, and how many did; nobody is named."""

    is_in = serializers.BooleanField()
    count = serializers.IntegerField()


class RequestJoined(Endpoint):
    area = Area.REQUESTS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    def find_published(self) -> ServiceRequest:
        rows = ServiceRequest.objects.filter(publicity=Publicity.PUBLIC).select_related("council")
        found = rows.filter(council__slug=self.kwargs["council"], number=self.kwargs["request_number"]).first()
        if found is None:
            raise NotFound
        return found

    def shown(self, found: ServiceRequest) -> Response:
        return Response(JoinedSerializer(joining_of(found, self.request.user)).data)

    @described(
        "join_request",
        _l("Yayımlanmış, açık bir başvuruya “ben de” der; yinelemek bir şey değiştirmez"),
        answer=JoinedSerializer,
        tag="requests",
        who=SIGNED_IN,
        refusals=(401, 403, 404),
    )
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self.find_published()
        actions.join_request(actor=request.user, request=found, at=timezone.now())
        return self.shown(found)

    @described(
        "leave_request",
        _l("“Ben de” dediğini geri alır"),
        answer=JoinedSerializer,
        tag="requests",
        who=SIGNED_IN,
        refusals=(401, 404),
    )
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self.find_published()
        actions.leave_request(actor=request.user, request=found)
        return self.shown(found)
