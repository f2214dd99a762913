"""What requests are about: the published rule, what a text is probably about, and the desk's corrections."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from councils.models import Council
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.views.requests.own import OneRequest
from participation.api.views.requests.shapes import RequestSerializer
from people.tokens import Area, Scope
from servicerequests import actions
from servicerequests.models import Matter
from servicerequests.suggesting import suggest

DESK = _l("Müdürlük görevlisi")


class MatterSerializer(serializers.ModelSerializer[Matter]):
    """A field of the municipality's work; a word with a star stands for all that begin so."""

    name = serializers.CharField(source="title")

    class Meta:
        model = Matter
        fields = ["slug", "name", "words", "is_active"]


class SuggestionSerializer(serializers.Serializer[Any]):
    """A matter a text may be about; `likelihood` is null where the rule of words found it."""

    matter = serializers.CharField(source="matter.slug")
    likelihood = serializers.FloatField(allow_null=True, min_value=0, max_value=1)


class MatterWordsSerializer(shapes.Strict):
    name = shapes.TextField(max_length=80)
    name_en = shapes.TextField(max_length=80, required=False, allow_blank=True, default="")
    words = serializers.ListField(child=shapes.TextField(max_length=41), max_length=200)
    is_active = serializers.BooleanField(required=False, default=True)


class ChosenMatterSerializer(shapes.Strict):
    matter = shapes.TextField(max_length=60, allow_blank=True, help_text=_l("Konu alanının kısa adı; boş: belli değil"))


class MatterList(Endpoint):
    area = Area.COUNCILS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticatedOrReadOnly]
    office_methods = frozenset({"POST"})

    @described(
        "list_matters",
        _l("Başvuruların konu alanları ve ayırma kuralının sözcükleri"),
        answer=MatterSerializer(many=True),
        tag="requests",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = Matter.objects.filter(council=self.find_council())
        return Response(MatterSerializer(rows, many=True).data)

    @described(
        "add_matter",
        _l("Bir konu alanı ekler"),
        answer=MatterSerializer,
        tag="requests",
        who=DESK,
        request=MatterWordsSerializer,
        status=201,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return _kept(self, self.find_council(), None, status=201)


class MatterDetail(Endpoint):
    area = Area.DESK
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "change_matter",
        _l("Bir konu alanının adını ve sözcüklerini değiştirir; ayrılmış başvurular yerinde kalır"),
        answer=MatterSerializer,
        tag="requests",
        who=DESK,
        request=MatterWordsSerializer,
        refusals=(400, 401, 403, 404),
    )
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        council = self.find_council()
        found = Matter.objects.filter(council=council, slug=self.kwargs["matter"]).first()
        if found is None:
            raise NotFound
        return _kept(self, council, found)


def _kept(endpoint: Endpoint, council: Council, matter: Matter | None, *, status: int = 200) -> Response:
    sent = endpoint.sent(MatterWordsSerializer)
    words = ", ".join(sent.pop("words"))
    actor = endpoint.request.user
    made = actions.keep_matter(actor=actor, council=council, matter=matter, words=words, at=timezone.now(), **sent)
    return Response(MatterSerializer(made).data, status=status)


class MatterSuggestions(Endpoint):
    area = Area.COUNCILS
    asks = frozenset({"text"})

    @described(
        "suggest_matters",
        _l("Bir metnin konusu ne olabilir: en çok iki öneri"),
        answer=SuggestionSerializer(many=True),
        tag="requests",
        parameters=[OpenApiParameter("text", str, description=_l("En az 10 harf"))],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = suggest(self.find_council(), request.query_params.get("text", ""))
        return Response(SuggestionSerializer(found, many=True).data)


class RequestMatter(OneRequest):
    @described(
        "set_request_matter",
        _l("Bir başvurunun konu alanını düzeltir"),
        answer=RequestSerializer,
        tag="requests",
        who=DESK,
        request=ChosenMatterSerializer,
        refusals=(400, 401, 403, 404),
    )
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, slug = self.find_request(), self.sent(ChosenMatterSerializer)["matter"]
        self.need(Scope.DESK_WRITE)
        matter = None
        if slug:
            matter = Matter.objects.filter(council=found.council, slug=slug, is_active=True).first()
            if matter is None:
                raise ValidationError({"matter": [ErrorDetail(_("Böyle bir seçenek yok."), code="unknown")]})
        actions.set_matter(actor=request.user, request=found, matter=matter, at=timezone.now())
        return Response(RequestSerializer(self.find_request()).data)
