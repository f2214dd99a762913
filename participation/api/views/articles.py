"""The knowledge base: what is shown of it, and whether it helped."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from articles import actions, reading
from articles.models import Article
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import SIGNED_IN, described
from participation.api.pagination import PARAMETERS, Order
from people.tokens import Area


class ArticleSerializer(serializers.ModelSerializer[Article]):
    """An article of the knowledge base, as it was released."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = Article
        fields = ["slug", "title", "summary", "topics", "released_at", "reviewed_at", "is_stale", "url"]

    def get_url(self, article: Article) -> str:
        return shapes.address(article.get_absolute_url())


class ArticleDetailSerializer(ArticleSerializer):
    """With its text, in Markdown, and how many said that it helped."""

    helpful = serializers.IntegerField(source="told.yes")
    not_helpful = serializers.IntegerField(source="told.no")

    class Meta(ArticleSerializer.Meta):
        fields = [*ArticleSerializer.Meta.fields, "body", "helpful", "not_helpful"]


class HelpfulSerializer(shapes.Strict):
    is_helpful = serializers.BooleanField()


class ArticleList(Endpoint, generics.ListAPIView[Article]):
    area = Area.COUNCILS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticatedOrReadOnly]
    serializer_class = ArticleSerializer
    queryset = Article.objects.none()
    order = Order("released_at", is_moment=True)
    asks: ClassVar[frozenset[str]] = PARAMETERS | {"q", "topic"}

    def get_queryset(self) -> QuerySet[Article]:
        council, topic = self.find_council(), self.request.query_params.get("topic", "")
        text = self.request.query_params.get("q", "").strip()
        if text:
            self.order = Order("relevance")
            rows = reading.found_articles(council, text, topic=topic)
        else:
            rows = reading.shown_articles(council, topic=topic)
        return rows.select_related("council")

    @described(
        "list_articles",
        _l("Bilgi bankasının yazıları: en yeni önce, aranınca en uygun önce"),
        answer=ArticleSerializer(many=True),
        tag="requests",
        parameters=[
            OpenApiParameter("q", str, description=_l("Aranan sözcükler; Türkçe harfler eksik olabilir")),
            OpenApiParameter("topic", str, description=_l("Yalnız bu konu")),
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class OneArticle(Endpoint):
    area = Area.COUNCILS

    def find_article(self) -> Article:
        rows = Article.objects.shown().select_related("council").defer("search")
        found = rows.filter(council__slug=self.kwargs["council"], slug=self.kwargs["article"]).first()
        if found is None:
            raise NotFound
        return found

    def shown(self, article: Article) -> Response:
        article.told = reading.told_of(article, self.request.user)  # type: ignore[attr-defined]
        return Response(ArticleDetailSerializer(article).data)


class ArticleDetail(OneArticle):
    permission_classes: ClassVar[list[Any]] = [IsAuthenticatedOrReadOnly]

    @described("get_article", _l("Bir bilgi bankası yazısı"), answer=ArticleDetailSerializer, tag="requests")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.shown(self.find_article())


class ArticleHelpful(OneArticle):
    area = Area.REQUESTS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "say_article_helpful",
        _l("Yazının işinize yarayıp yaramadığını söyler; yeniden söylenen öncekinin yerine geçer"),
        answer=ArticleDetailSerializer,
        tag="requests",
        who=SIGNED_IN,
        request=HelpfulSerializer,
        refusals=(400, 401, 404),
    )
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, sent = self.find_article(), self.sent(HelpfulSerializer)
        actions.say_helpful(actor=request.user, article=found, is_helpful=sent["is_helpful"], at=timezone.now())
        return self.shown(found)
