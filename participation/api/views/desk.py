"""The work of an office: what waits, and the verification of residents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics, serializers
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from councils.actions import verify_residence
from councils.models import Residence
from councils.residents import find_residents, read_resident
from participation import desk
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from people.identity import InvalidNumber
from people.tokens import Area

_OFFICER = _l("Konseyde görevi olan kişi")
_VERIFIER = _l("Genel sekreter ya da müdürlük görevlisi")

KINDS: Mapping[str, str] = {
    "late": "gecikenler",
    "opinions_to_prepare": "gorus-hazirlanacak",
    "tallies_to_confirm": "gorus-onayi",
    "opinions_to_send": "gorus-gonderilecek",
    "decisions": "meclis-onay",
    "municipal_council": "meclis",
    "admissibility": "uygunluk",
    "on_board": "yurutme-kurulu",
    "to_answer": "mudurluk",
    "requests": "basvurular",
    "late_requests": "geciken-basvurular",
    "held_mails": "e-postalar",
    "implementations": "uygulamalar",
    "in_group": "grupta",
    "amendments": "degisiklikler",
    "ballots": "oylamalar",
    "council_ballots": "konsey-oylamalari",
    "ties": "esitlik",
    "articles_to_read": "yazilar",
    "stale_articles": "eskiyen-yazilar",
    "reported_posts": "ilan-bildirimleri",
    "unmet_needs": "ihtiyaclar",
    "partnership_steps": "ortaklik-isleri",
    "loans": "odunc",
    "join_requests": "istekler",
    "reports": "bildirimler",
    "residents": "ikamet",
}
"""The words of the API for the kinds of work."""
WORDS = {kind: word for word, kind in KINDS.items()}
assert set(WORDS) == {kind.key for kind in desk.KINDS}, "every kind of work has its word"


class TaskSerializer(serializers.Serializer[Any]):
    """One thing that waits."""

    title = serializers.CharField()
    note = serializers.CharField()
    due = serializers.SerializerMethodField()
    since = serializers.DateTimeField(allow_null=True)
    url = serializers.SerializerMethodField()

    def get_due(self, task: desk.Task) -> str | None:
        return task.due.isoformat() if task.due is not None and task.due < desk.NEVER else None

    def get_url(self, task: desk.Task) -> str:
        return shapes.address(task.url)


class WorkSerializer(serializers.Serializer[Any]):
    """One kind of work."""

    kind = serializers.ChoiceField(choices=list(KINDS))
    title = serializers.CharField()
    count = serializers.IntegerField()


class _Office(Endpoint):
    area = Area.DESK
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    def office(self) -> desk.Office:
        council, at = self.find_council(), timezone.now()
        desk.may_open_desk(self.request.user, council, at=at).require()
        return desk.office_of(self.request.user, council, at=at)


class Desk(_Office):
    @described(
        "get_desk",
        _l("Masanızda ne bekliyor: işler ve sayıları"),
        answer=WorkSerializer(many=True),
        tag="desk",
        who=_OFFICER,
        refusals=(401, 403, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        office = self.office()
        mine = [kind for kind in desk.KINDS if kind.concerns(office)]
        found = [{"kind": WORDS[each.key], "title": each.title, "count": each.rows(office).count()} for each in mine]
        return Response(WorkSerializer(found, many=True).data)


class DeskTasks(_Office, generics.GenericAPIView[Any]):
    serializer_class = TaskSerializer
    queryset = Residence.objects.none()
    order: Order
    asks = PARAMETERS

    @described(
        "list_tasks",
        _l("Bir türden bekleyen işler, süresi önce dolan önce"),
        answer=TaskSerializer(many=True),
        tag="desk",
        who=_OFFICER,
        parameters=[OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=list(KINDS))],
        refusals=(401, 403, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        office = self.office()
        key = KINDS.get(self.kwargs["kind"])
        kind = next((each for each in desk.KINDS if each.key == key and each.concerns(office)), None)
        if kind is None:
            raise NotFound
        self.order = Order(kind.by[0], descending=False, is_moment=True)
        page = self.paginate_queryset(kind.rows(office)) or []
        return self.get_paginated_response(TaskSerializer(kind.tell(office, page), many=True).data)


# --- Residents --------------------------------------------------------------------------------------------------------
class ResidentSerializer(serializers.ModelSerializer[Residence]):
    """Somebody who declared to live in the council's city."""

    name = serializers.CharField(source="person.display_name")
    email = serializers.EmailField(source="person.email")
    district = serializers.CharField(source="district.slug")

    class Meta:
        model = Residence
        fields = ["person", "name", "email", "district", "declared_at", "verified_at"]


class NumberSerializer(shapes.Strict):
    national_number = shapes.TextField(max_length=20, help_text=_l("On bir rakam; saklanmaz ve geri verilmez."))


class ResidentList(Endpoint, generics.ListAPIView[Residence]):
    area = Area.DESK
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]
    serializer_class = ResidentSerializer
    queryset = Residence.objects.none()
    order = Order(descending=False)
    asks: ClassVar[frozenset[str]] = PARAMETERS | {"state", "q"}

    def get_queryset(self) -> QuerySet[Residence]:
        council, is_verified = self.find_council(), self.chosen("state", ("waiting", "verified")) == "verified"
        self.order = Order("verified_at" if is_verified else "declared_at", is_verified, is_moment=True)
        text = self.request.query_params.get("q", "")
        return find_residents(self.request.user, council, verified=is_verified, text=text, at=timezone.now())

    @described(
        "list_residents",
        _l("Bu kentte oturduğunu bildirenler: doğrulama bekleyenler, en eski önce, ya da doğrulananlar"),
        answer=ResidentSerializer(many=True),
        tag="desk",
        who=_VERIFIER,
        parameters=[
            OpenApiParameter("state", enum=["waiting", "verified"], default="waiting", description=_l("Durumu")),
            OpenApiParameter("q", str, description=_l("Adın başlangıcı ya da tam e-posta adresi")),
        ],
        refusals=(401, 403, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class OneResident(Endpoint):
    area = Area.DESK
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    def find_resident(self) -> Residence:
        found = read_resident(self.request.user, self.find_council(), self.kwargs["person"], at=timezone.now())
        if found is None:
            raise NotFound
        return found


class ResidentDetail(OneResident):
    @described(
        "get_resident",
        _l("Bir kişinin bildirimi; okunduğu günlüğe yazılır"),
        answer=ResidentSerializer,
        tag="desk",
        who=_VERIFIER,
        refusals=(401, 403, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(ResidentSerializer(self.find_resident()).data)


class ResidentVerify(OneResident):
    @described(
        "verify_residence",
        _l("Kimliği ve hemşehriliği doğrular; yinelemek bir şey değiştirmez"),
        answer=ResidentSerializer,
        tag="desk",
        who=_VERIFIER,
        request=NumberSerializer,
        refusals=(401, 403, 404),
    )
    @sensitive_variables()
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = self.sent(NumberSerializer)
        resident = self.find_resident()
        try:
            verified = verify_residence(
                actor=request.user,
                person=resident.person,
                council=resident.council,
                number=sent["national_number"],
                at=timezone.now(),
            )
        except InvalidNumber as error:
            sentence = ErrorDetail(_("Bu bir T.C. kimlik no değil. Numarayı karttan bir daha okuyun."), code=error.code)
            raise ValidationError({"national_number": [sentence]}) from None
        resident.verified_at = verified.verified_at
        return Response(ResidentSerializer(resident).data)
