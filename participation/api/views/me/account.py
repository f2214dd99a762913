"""Who somebody is here: name, offices, residence, age."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError as WrongValue
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from rest_framework import serializers
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
from people.actions import change_profile, give_age_band
from people.models import AgeBand, Language, Person
from people.names import MAX_LENGTH
from people.tokens import Area


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
