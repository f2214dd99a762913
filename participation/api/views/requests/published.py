"""What was published of requests, and what the desk publishes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from participation.api.views.requests.matters import DESK
from participation.api.views.requests.own import SIDES, OneRequest
from participation.api.views.requests.shapes import RequestSerializer
from people.tokens import Area, Scope
from servicerequests import actions
from servicerequests.models import ServiceRequest
from servicerequests.models.request import LONGEST_TEXT
from servicerequests.reading import published


class PublishedRequestSerializer(serializers.ModelSerializer[ServiceRequest]):
    """What everybody reads of a request; nothing of the original."""

    type = serializers.CharField(source="type.words")
    subject = serializers.CharField(source="public_subject")
    text = serializers.CharField(source="public_text")
    answer = serializers.CharField(source="public_answer")
    url = serializers.SerializerMethodField()

    class Meta:
        model = ServiceRequest
        fields = ["number", "type", "subject", "text", "answer", "status", "resolution", "filed_at", "answered_at"]
        fields += ["was_in_time", "published_at", "url"]

    def get_url(self, request: ServiceRequest) -> str:
        return shapes.address(request.get_absolute_url())


class PublicationSerializer(shapes.Strict):
    subject = shapes.TextField(max_length=160)
    text = shapes.TextField(max_length=LONGEST_TEXT)
    answer = shapes.TextField(max_length=LONGEST_TEXT, required=False, allow_blank=True, default="")


class PublishedList(Endpoint, generics.ListAPIView[ServiceRequest]):
    area = Area.COUNCILS
    serializer_class = PublishedRequestSerializer
    queryset = ServiceRequest.objects.none()
    order = Order("published_at", is_moment=True)
    asks: ClassVar[frozenset[str]] = PARAMETERS | {"q"}

    def get_queryset(self) -> QuerySet[ServiceRequest]:
        text = " ".join(self.request.query_params.get("q", "").split())[:200]
        return published(self.find_council(), text).select_related("council", "type")

    @described(
        "list_published_requests",
        _l("Yayımlanmış başvurular ve yanıtları, en yeni önce"),
        answer=PublishedRequestSerializer(many=True),
        tag="requests",
        parameters=[OpenApiParameter("q", str, description=_l("Yayımlanan metinde aranacak sözcükler"))],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class PublishedDetail(Endpoint):
    area = Area.COUNCILS

    @described(
        "get_published_request",
        _l("Yayımlanmış bir başvuru ve yanıtı"),
        answer=PublishedRequestSerializer,
        tag="requests",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = published(self.find_council()).filter(number=self.kwargs["request_number"]).first()
        if found is None:
            raise NotFound
        return Response(PublishedRequestSerializer(found).data)


class RequestPublish(OneRequest):
    @described(
        "publish_request",
        _l("Başvuruyu, kişisel bilgileri çıkarılmış bu sözlerle yayımlar"),
        answer=RequestSerializer,
        tag="requests",
        who=DESK,
        request=PublicationSerializer,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, sent = self.find_request(), self.sent(PublicationSerializer)
        self.need(Scope.DESK_WRITE)
        actions.publish_request(actor=request.user, request=found, at=timezone.now(), **sent)
        return Response(RequestSerializer(self.find_request()).data)


class RequestTakeBack(OneRequest):
    @described(
        "take_back_request",
        _l("Başvurunun yayınını gerekçesiyle kaldırır"),
        answer=RequestSerializer,
        tag="requests",
        who=SIDES,
        request=shapes.ReasonSerializer,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, reason = self.find_request(), self.sent(shapes.ReasonSerializer)["reason"]
        actions.take_back(actor=request.user, request=found, reason=reason, at=timezone.now())
        return Response(RequestSerializer(self.find_request()).data)
