"""The solidarity board: read by everybody, used by verified organisations, kept by the desk."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics, serializers
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from councils.models import District
from organisations.models import Organisation
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import SIGNED_IN, described
from participation.api.pagination import PARAMETERS, Order
from participation.api.views.lending import WhySerializer
from people.tokens import Area
from solidarity import actions
from solidarity.models import LONGEST_TEXT, Match, Message, Post, Side, Sort
from solidarity.permissions import mandates, may_keep, may_run, may_see
from solidarity.reading import board, conversation, matches_of

OFFICER = _l("Müdürlük görevlisi")
OURS = _l("İlanı veren kuruluşun temsilcisi")
REPRESENTATIVE = _l("Doğrulanmış bir kuruluşun temsilcisi")


class SolidarityPostSerializer(serializers.ModelSerializer[Post]):
    """A need or an offer of an organisation. Who posted it is not told."""

    organisation = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    organisation_name = serializers.CharField(source="organisation.name")
    district = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Post
        fields = [
            "id", "organisation", "organisation_name", "side", "sort", "title", "text", "quantity", "district", "starts_on",
            "ends_on", "expires_on", "posted_at", "closed_at", "hidden_reason", "url",
        ]  # fmt: skip

    def get_url(self, post: Post) -> str:
        return shapes.address(post.get_absolute_url())


class NewPostSerializer(serializers.Serializer[Any]):
    organisation = serializers.CharField(max_length=80)
    side = serializers.ChoiceField(choices=Side.choices)
    sort = serializers.ChoiceField(choices=Sort.choices)
    title = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=LONGEST_TEXT)
    quantity = serializers.IntegerField(min_value=1, max_value=10_000, default=None, allow_null=True)
    district = serializers.CharField(max_length=80, default="", allow_blank=True)
    starts_on = serializers.DateField(default=None, allow_null=True)
    ends_on = serializers.DateField(default=None, allow_null=True)


class BoardMessageSerializer(serializers.ModelSerializer[Message]):
    other = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Message
        fields = ["id", "other", "is_from_poster", "text", "at"]


class NewBoardMessageSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=LONGEST_TEXT)
    organisation = serializers.CharField(max_length=80, help_text=_l("Adına yazdığınız kuruluş"))
    other = serializers.CharField(
        max_length=80, default="", allow_blank=True, help_text=_l("İlanı veren kuruluştan: kime yazıldığı")
    )


class MatchSerializer(serializers.ModelSerializer[Match]):
    need = serializers.PrimaryKeyRelatedField(read_only=True)
    offer = serializers.PrimaryKeyRelatedField(read_only=True)

    class Meta:
        model = Match
        fields = ["id", "need", "offer", "proposed_at", "need_says", "offer_says", "fulfilled_at", "outcome"]


class NewMatchSerializer(serializers.Serializer[Any]):
    offer = serializers.IntegerField(min_value=1)


class AnswerMatchSerializer(serializers.Serializer[Any]):
    accepts = serializers.BooleanField()


class OutcomeSerializer(serializers.Serializer[Any]):
    outcome = serializers.CharField(max_length=500)


def _unknown(field: str) -> Any:
    raise ValidationError({field: [ErrorDetail(_("Böyle bir seçenek yok."), code="unknown")]})


class PostList(Endpoint, generics.ListAPIView[Post]):
    area = Area.REQUESTS
    serializer_class = SolidarityPostSerializer
    queryset = Post.objects.none()
    order = Order("posted_at", is_moment=True)
    asks: ClassVar[frozenset[str]] = PARAMETERS | {"side", "sort", "district"}

    @classmethod
    def scope_of(cls, method: str) -> str:
        """The board itself is public."""
        return "councils:read" if method.upper() == "GET" else super().scope_of(method)

    def get_queryset(self) -> QuerySet[Post]:
        council, district = self.find_council(), None
        if slug := self.request.query_params.get("district", ""):
            district = (District.objects.filter(council=council, slug=slug).first() or _unknown("district")).pk
        side, sort = self.chosen("side", Side.values), self.chosen("sort", Sort.values)
        return board(council, timezone.localdate(), side=side, sort=sort, district=district).select_related("council")

    @described(
        "list_solidarity_posts",
        _l("Panodaki ihtiyaçlar ve destekler, en yeni önce"),
        answer=SolidarityPostSerializer(many=True),
        tag="solidarity",
        parameters=[
            OpenApiParameter("side", enum=Side.values, description=_l("Yalnız ihtiyaçlar ya da yalnız destekler")),
            OpenApiParameter("sort", enum=Sort.values, description=_l("Yalnız bu türden olanlar")),
            OpenApiParameter("district", str, description=_l("Bu ilçeyi ya da bütün kenti ilgilendirenler")),
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @described(
        "post_to_solidarity_board",
        _l("Panoya bir ihtiyaç ya da destek koyar; 30 gün durur"),
        answer=SolidarityPostSerializer,
        tag="solidarity",
        who=REPRESENTATIVE,
        request=NewPostSerializer,
        status=201,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        council, at = self.find_council(), timezone.now()
        if not request.user.is_authenticated:
            self.permission_denied(request)
        sent = self.sent(NewPostSerializer)
        slug, organisation = sent.pop("district"), sent.pop("organisation")
        district = None
        if slug:
            district = District.objects.filter(council=council, slug=slug).first() or _unknown("district")
        found = Organisation.objects.filter(slug=organisation).first() or _unknown("organisation")
        said = actions.Said(district=district, **sent)
        made = actions.post(actor=request.user, council=council, organisation=found, said=said, at=at)
        return Response(SolidarityPostSerializer(made).data, status=201)


class _Posts(Endpoint):
    area = Area.REQUESTS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    def find_post(self) -> Post:
        rows = Post.objects.select_related("organisation", "district", "council")
        found = rows.filter(council=self.find_council(), pk=self.kwargs["post"]).first()
        if found is None or not may_see(self.request.user, found, at=timezone.now()):
            raise NotFound
        return found

    def told(self) -> Response:
        return Response(SolidarityPostSerializer(self.find_post()).data)


class PostDetail(_Posts):
    area = Area.COUNCILS
    permission_classes: ClassVar[list[Any]] = [AllowAny]

    @described("get_solidarity_post", _l("Panodaki bir ilan"), answer=SolidarityPostSerializer, tag="solidarity")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.told()


def _of_ours(name: str, summary: Any, action: Any) -> Any:
    """An address at which the organisation of a post does something with it."""

    class Deed(_Posts):
        @described(name, summary, answer=SolidarityPostSerializer, tag="solidarity", who=OURS, refusals=(401, 403, 404))
        def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
            action(actor=request.user, found=self.find_post(), at=timezone.now())
            return self.told()

    return Deed


PostRenew = _of_ours("renew_solidarity_post", _l("İlanı 30 gün daha panoda tutar"), actions.renew_post)
PostClose = _of_ours("close_solidarity_post", _l("İlanı kapatır"), actions.close_post)


class PostMessages(_Posts):
    @described(
        "list_solidarity_messages",
        _l("İlan üzerine yazışma: veren kuruluş hepsini, öbürleri kendilerininkini okur"),
        answer=BoardMessageSerializer(many=True),
        tag="solidarity",
        who=SIGNED_IN,
        refusals=(401, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, at = self.find_post(), timezone.now()
        ours = mandates(request.user, found.council, at=at)
        lines = conversation(found, ours, is_ours=bool(may_run(request.user, found, at=at)))
        return Response(BoardMessageSerializer(lines, many=True).data)

    @described(
        "write_about_solidarity_post",
        _l("İlanı veren kuruluşa yazar ya da onun adına yanıtlar"),
        answer=BoardMessageSerializer,
        tag="solidarity",
        who=REPRESENTATIVE,
        request=NewBoardMessageSerializer,
        status=201,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, sent = self.find_post(), self.sent(NewBoardMessageSerializer)
        organisation = Organisation.objects.filter(slug=sent["organisation"]).first() or _unknown("organisation")
        other = Organisation.objects.filter(slug=sent["other"]).first() if sent["other"] else None
        made = actions.write(
            actor=request.user,
            found=found,
            organisation=organisation,
            other=other,
            text=sent["text"],
            at=timezone.now(),
        )
        return Response(BoardMessageSerializer(made).data, status=201)


class PostReport(_Posts):
    @described(
        "report_solidarity_post",
        _l("İlanı uygunsuz bulduğunu bildirir"),
        answer=None,
        tag="solidarity",
        who=SIGNED_IN,
        request=WhySerializer,
        status=204,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, sent = self.find_post(), self.sent(WhySerializer)
        actions.report_post(actor=request.user, found=found, text=sent["text"], at=timezone.now())
        return Response(status=204)


class PostHide(_Posts):
    office_methods = frozenset({"POST"})

    @described(
        "hide_solidarity_post",
        _l("İlanı gerekçesiyle panodan kaldırır; bildirimler kapanır"),
        answer=SolidarityPostSerializer,
        tag="solidarity",
        who=OFFICER,
        request=WhySerializer,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self.find_post()
        may_keep(request.user, found.council).require()
        sent = self.sent(WhySerializer)
        actions.hide_post(actor=request.user, found=found, text=sent["text"], at=timezone.now())
        return self.told()


class PostShow(_Posts):
    office_methods = frozenset({"POST"})

    @described(
        "show_solidarity_post",
        _l("Gizlenen ilanı yeniden gösterir ya da bildirimleri sorun yok diye kapatır"),
        answer=SolidarityPostSerializer,
        tag="solidarity",
        who=OFFICER,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        actions.show_post(actor=request.user, found=self.find_post(), at=timezone.now())
        return self.told()


class PostMatches(_Posts):
    office_methods = frozenset({"POST"})

    @described(
        "list_solidarity_matches",
        _l("İlanın eşleşmeleri: müdürlük hepsini, kuruluşlar kendilerininkini okur"),
        answer=MatchSerializer(many=True),
        tag="solidarity",
        who=SIGNED_IN,
        refusals=(401, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, at = self.find_post(), timezone.now()
        ours = {each.pk for each in mandates(request.user, found.council, at=at)}
        is_desk = bool(may_keep(request.user, found.council))
        rows = [
            each
            for each in matches_of(found)
            if is_desk or {each.need.organisation_id, each.offer.organisation_id} & ours
        ]
        return Response(MatchSerializer(rows, many=True).data)

    @described(
        "match_solidarity_posts",
        _l("Bir ihtiyacı bir destekle eşleştirir; iki kuruluşa da sorulur"),
        answer=MatchSerializer,
        tag="solidarity",
        who=OFFICER,
        request=NewMatchSerializer,
        status=201,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self.find_post()
        may_keep(request.user, found.council).require()
        sent = self.sent(NewMatchSerializer)
        offer = Post.objects.filter(council=found.council, pk=sent["offer"]).first() or _unknown("offer")
        made = actions.propose_match(actor=request.user, need=found, offer=offer, at=timezone.now())
        return Response(MatchSerializer(made).data, status=201)


class _Match(_Posts):
    def find_match(self) -> Match:
        """A match of the post, for its two sides and the desk."""
        found = self.find_post()
        match = matches_of(found).filter(pk=self.kwargs["match"]).first()
        ours = {each.pk for each in mandates(self.request.user, found.council, at=timezone.now())}
        sides = {match.need.organisation_id, match.offer.organisation_id} if match is not None else set()
        if match is None or not (sides & ours or may_keep(self.request.user, found.council)):
            raise NotFound
        return match


class MatchAnswer(_Match):
    @described(
        "answer_solidarity_match",
        _l("Eşleşmeyi temsil ettiği kuruluş adına kabul eder ya da geri çevirir"),
        answer=MatchSerializer,
        tag="solidarity",
        who=REPRESENTATIVE,
        request=AnswerMatchSerializer,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        match, sent = self.find_match(), self.sent(AnswerMatchSerializer)
        made = actions.answer_match(actor=request.user, match=match, accepts=sent["accepts"], at=timezone.now())
        return Response(MatchSerializer(made).data)


class MatchFulfil(_Match):
    office_methods = frozenset({"POST"})

    @described(
        "fulfil_solidarity_need",
        _l("İki kuruluşun kabul ettiği eşleşmenin sonucunu yazar; ihtiyaç karşılanmış sayılır"),
        answer=MatchSerializer,
        tag="solidarity",
        who=OFFICER,
        request=OutcomeSerializer,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        match, sent = self.find_match(), self.sent(OutcomeSerializer)
        made = actions.fulfil(actor=request.user, match=match, outcome=sent["outcome"], at=timezone.now())
        return Response(MatchSerializer(made).data)
