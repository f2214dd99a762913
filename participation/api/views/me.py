"""The one who asks: their account, what they wrote and follow, what is stored about them, their tokens."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError as WrongValue
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from councils.actions import declare_residence
from councils.models import District, Membership, Residence
from organisations.models import Representative
from participation import me as my
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import SIGNED_IN, described
from participation.api.pagination import PARAMETERS, Order
from participation.api.views.groups import JoinRequestSerializer
from participation.api.views.records import RecordLineSerializer
from participation.my_data import PARTS, everything_of
from people.actions import change_profile, end_sessions, give_age_band, revoke_token
from people.models import AccessToken, AgeBand, Language, Person
from people.names import MAX_LENGTH
from people.sessions_shown import sessions_of
from people.tokens import Area
from proposals.models import Proposal
from workinggroups.models import JoinRequest


class ResidenceSerializer(serializers.ModelSerializer[Residence]):
    """Where one lives, and whether an officer verified it."""

    council = serializers.CharField(source="council.slug")
    district = serializers.CharField(source="district.slug")

    class Meta:
        model = Residence
        fields = ["council", "district", "declared_at", "verified_at"]


class SeatSerializer(serializers.ModelSerializer[Membership]):
    council = serializers.CharField(source="body.council.slug")
    body = serializers.CharField(source="body.slug")

    class Meta:
        model = Membership
        fields = ["council", "body", "role", "has_vote", "starts_on"]


class MandateSerializer(serializers.ModelSerializer[Representative]):
    organisation = serializers.CharField(source="organisation.slug")

    class Meta:
        model = Representative
        fields = ["organisation", "title", "starts_on", "ends_on"]


class AccountSerializer(serializers.ModelSerializer[Person]):
    """One's own account."""

    residence = ResidenceSerializer(allow_null=True)
    seats = SeatSerializer(many=True)
    mandates = MandateSerializer(many=True)
    desks = serializers.ListField(child=serializers.CharField(), help_text=_l("Görevinizin olduğu konseyler"))

    class Meta:
        model = Person
        fields = ["display_name", "email", "language", "joined_at", "residence", "seats", "mandates", "desks"]


class ProfileSerializer(shapes.Strict):
    display_name = shapes.TextField(max_length=MAX_LENGTH, required=False)
    language = serializers.ChoiceField(choices=Language.choices, required=False)


class NewResidenceSerializer(shapes.Strict):
    council = shapes.TextField(max_length=80, help_text=_l("Konseyin kısa adı"))
    district = shapes.TextField(max_length=80, help_text=_l("İlçenin kısa adı"))


class Mine(Endpoint):
    area = Area.ME
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @property
    def me(self) -> Person:
        assert isinstance(self.request.user, Person)
        return self.request.user


class Me(Mine):
    def answer(self, account: Person) -> Response:
        at = timezone.now()
        day = timezone.localtime(at).date()
        shape = {
            "display_name": account.display_name,
            "email": account.email,
            "language": account.language,
            "joined_at": account.joined_at,
            "residence": Residence.objects.select_related("council", "district").filter(person=account).first(),
            "seats": Membership.objects.filter(person=account).on(day).select_related("body__council").order_by("pk"),
            "mandates": Representative.objects.filter(person=account).on(day).select_related("organisation"),
            "desks": [council.slug for council in my.councils_with_desk(account, at=at)],
        }
        return Response(AccountSerializer(shape).data)

    @described("get_me", _l("Hesabınız"), answer=AccountSerializer, tag="me", who=SIGNED_IN, refusals=(401,))
    def get(self, request: Request) -> Response:
        return self.answer(self.me)

    @described(
        "change_profile",
        _l("Adınızı ya da dilinizi değiştirir"),
        answer=AccountSerializer,
        tag="me",
        who=SIGNED_IN,
        request=ProfileSerializer,
        refusals=(401,),
    )
    def patch(self, request: Request) -> Response:
        sent = self.sent(ProfileSerializer)
        person = self.me
        name, language = sent.get("display_name", person.display_name), sent.get("language", person.language)
        try:
            changed = change_profile(actor=person, display_name=name, language=language)
        except WrongValue as error:
            raise WrongValue({"display_name": error.error_list}) from None
        return self.answer(changed)


class MyResidence(Mine):
    @described(
        "get_residence",
        _l("Oturduğunuz yer; bildirmediyseniz 404"),
        answer=ResidenceSerializer,
        tag="me",
        who=SIGNED_IN,
        refusals=(401, 404),
    )
    def get(self, request: Request) -> Response:
        residence = Residence.objects.select_related("council", "district").filter(person=self.me).first()
        if residence is None:
            raise NotFound
        return Response(ResidenceSerializer(residence).data)

    @described(
        "declare_residence",
        _l("Oturduğunuz ilçeyi bildirir; başka bir ilçe doğrulamayı düşürür"),
        answer=ResidenceSerializer,
        tag="me",
        who=SIGNED_IN,
        request=NewResidenceSerializer,
        refusals=(401,),
    )
    def put(self, request: Request) -> Response:
        sent = self.sent(NewResidenceSerializer)
        found = District.objects.select_related("council").filter(council__slug=sent["council"], slug=sent["district"])
        district = found.first()
        if district is None:
            raise ValidationError({"district": [_("Bu konseyde böyle bir ilçe yok.")]})
        declare_residence(actor=self.me, district=district, at=timezone.now())
        return self.get(request)


class AgeBandSerializer(serializers.Serializer[Any]):
    age_band = serializers.ChoiceField(choices=AgeBand.choices, allow_blank=True)
    given_at = serializers.DateTimeField(source="age_band_given_at", allow_null=True)


class NewAgeBandSerializer(shapes.Strict):
    age_band = serializers.ChoiceField(choices=AgeBand.choices)
    consent = serializers.BooleanField(help_text=_l("true: sayımlarda kullanılmasına izin veriyorum"))

    def validate_consent(self, value: bool) -> bool:
        if not value:
            raise ValidationError(_("İzin vermeden yaş aralığı kaydedilmez."))
        return value


class MyAgeBand(Mine):
    @described(
        "get_age_band",
        _l("Verdiyseniz yaş aralığınız"),
        answer=AgeBandSerializer,
        tag="me",
        who=SIGNED_IN,
        refusals=(401,),
    )
    def get(self, request: Request) -> Response:
        return Response(AgeBandSerializer(self.me).data)

    @described(
        "give_age_band",
        _l("Yaş aralığınızı sayımlar için verir"),
        answer=AgeBandSerializer,
        tag="me",
        who=SIGNED_IN,
        request=NewAgeBandSerializer,
        refusals=(401,),
    )
    def put(self, request: Request) -> Response:
        sent = self.sent(NewAgeBandSerializer)
        return Response(AgeBandSerializer(give_age_band(actor=self.me, band=sent["age_band"], at=timezone.now())).data)

    @described(
        "remove_age_band",
        _l("Yaş aralığınızı siler"),
        answer=AgeBandSerializer,
        tag="me",
        who=SIGNED_IN,
        refusals=(401,),
    )
    def delete(self, request: Request) -> Response:
        return Response(AgeBandSerializer(give_age_band(actor=self.me, band="", at=timezone.now())).data)


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
