"""Project partnerships: facts of what was published for everybody, the file for its two sides."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from rest_framework import generics, serializers
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from councils.models import Officer
from organisations.models import Organisation
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from partnerships import actions
from partnerships.models import LONGEST_TEXT, Note, Partnership, Protocol, State, Step
from partnerships.permissions import is_partner, may_keep, may_read
from partnerships.reading import published
from people.tokens import Area, Scope
from servicerequests.models import ServiceRequest

OFFICER = _l("Müdürlük görevlisi")
BOTH = _l("Ortakların temsilcileri ve müdürlük")


class PartnershipSerializer(serializers.ModelSerializer[Partnership]):
    """The facts of a partnership."""

    state = serializers.ChoiceField(choices=State.choices)
    partners = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Partnership
        fields = ["id", "title", "purpose", "state", "partners", "starts_on", "ends_on", "published_at", "url"]

    def get_partners(self, found: Partnership) -> list[str]:
        return [str(partner) for partner in found.partners.all()]

    def get_url(self, found: Partnership) -> str:
        return shapes.address(found.get_absolute_url())


class PartnershipStepSerializer(serializers.ModelSerializer[Step]):
    partner = serializers.SerializerMethodField()
    is_officers = serializers.SerializerMethodField(help_text=_l("Bir görevliye verildi"))

    class Meta:
        model = Step
        fields = ["id", "title", "is_milestone", "due_on", "done_at", "partner", "is_officers"]

    def get_partner(self, step: Step) -> str:
        return str(step.partner) if step.partner is not None else ""

    def get_is_officers(self, step: Step) -> bool:
        return step.officer_id is not None


class ProtocolSerializer(serializers.ModelSerializer[Protocol]):
    class Meta:
        model = Protocol
        fields = ["version", "name", "size", "signed_on", "valid_until", "added_at"]


class FileNoteSerializer(serializers.ModelSerializer[Note]):
    class Meta:
        model = Note
        fields = ["id", "is_inside", "text", "at"]


class PartnershipFileSerializer(serializers.Serializer[Any]):
    """What the two sides read besides the facts; notes inside are the desk's."""

    request = serializers.CharField()
    steps = PartnershipStepSerializer(many=True)
    protocols = ProtocolSerializer(many=True)
    notes = FileNoteSerializer(many=True)


class NewPartnershipSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=160)
    purpose = serializers.CharField(max_length=LONGEST_TEXT)
    starts_on = serializers.DateField(default=None, allow_null=True)
    ends_on = serializers.DateField(default=None, allow_null=True)
    request = serializers.CharField(max_length=24, default="", allow_blank=True)


class PartnerNameSerializer(serializers.Serializer[Any]):
    organisation = serializers.CharField(max_length=80, default="", allow_blank=True)
    named = serializers.CharField(max_length=160, default="", allow_blank=True)


class PartnershipMoveSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=State.choices)
    reason = serializers.CharField(max_length=500, default="", allow_blank=True)


class PublishPartnershipSerializer(serializers.Serializer[Any]):
    is_public = serializers.BooleanField()


class NewPartnershipStepSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200)
    due_on = serializers.DateField()
    is_milestone = serializers.BooleanField(default=False)
    partner = serializers.CharField(max_length=160, default="", allow_blank=True, help_text=_l("Ortağın adı"))
    is_mine = serializers.BooleanField(default=False, help_text=_l("İş, isteyen görevlinindir"))


class TickStepSerializer(serializers.Serializer[Any]):
    is_done = serializers.BooleanField()


class NewFileNoteSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=LONGEST_TEXT)
    is_inside = serializers.BooleanField(default=False)


def _unknown(field: str) -> Any:
    raise ValidationError({field: [ErrorDetail(_("Böyle bir seçenek yok."), code="unknown")]})


class PartnershipList(Endpoint, generics.ListAPIView[Partnership]):
    area = Area.COUNCILS
    office_methods = frozenset({"POST"})
    serializer_class = PartnershipSerializer
    queryset = Partnership.objects.none()
    order = Order("published_at", is_moment=True)
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[Partnership]:
        return published(self.find_council()).select_related("council")

    @described(
        "list_partnerships",
        _l("Yayımlanmış proje ortaklıkları, en yeni önce"),
        answer=PartnershipSerializer(many=True),
        tag="partnerships",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @described(
        "open_partnership",
        _l("Ortaklık dosyası açar; başvurudan açılırsa kuruluşu ilk ortaktır"),
        answer=PartnershipSerializer,
        tag="partnerships",
        who=OFFICER,
        request=NewPartnershipSerializer,
        status=201,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        council = self.find_council()
        if not request.user.is_authenticated:
            self.permission_denied(request)
        may_keep(request.user, council).require()
        sent = self.sent(NewPartnershipSerializer)
        number, asked = sent.pop("request"), None
        if number:
            asked = ServiceRequest.objects.filter(council=council, number=number).first() or _unknown("request")
        made = actions.open_file(actor=request.user, council=council, request=asked, at=timezone.now(), **sent)
        return Response(PartnershipSerializer(made).data, status=201)


class _Files(Endpoint):
    area = Area.REQUESTS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    def _find(self) -> Partnership:
        rows = Partnership.objects.select_related("council", "request").prefetch_related("partners__organisation")
        found = rows.filter(council=self.find_council(), pk=self.kwargs["partnership"]).first()
        if found is None:
            raise NotFound
        return found

    def find_file(self) -> Partnership:
        """The file of the address for its two sides; the desk's side needs a token of the desk."""
        found, at = self._find(), timezone.now()
        if not may_read(self.request.user, found, at=at):
            raise NotFound
        if not is_partner(self.request.user, found, at=at):
            self.need(Scope.DESK_READ if self.request.method == "GET" else Scope.DESK_WRITE)
        return found

    def told(self, status: int = 200) -> Response:
        return Response(PartnershipSerializer(self._find()).data, status=status)


class PartnershipDetail(_Files):
    area = Area.COUNCILS
    permission_classes: ClassVar[list[Any]] = [AllowAny]

    @described(
        "get_partnership",
        _l("Bir ortaklığın bilgileri: yayımlanmışsa herkes, değilse iki tarafı"),
        answer=PartnershipSerializer,
        tag="partnerships",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self._find()
        if found.published_at is None:
            found = self.find_file()
        return Response(PartnershipSerializer(found).data)


class PartnershipFile(_Files):
    @described(
        "get_partnership_file",
        _l("Dosyanın işleri, protokolleri ve notları"),
        answer=PartnershipFileSerializer,
        tag="partnerships",
        who=BOTH,
        refusals=(401, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self.find_file()
        notes = found.notes.all() if may_keep(request.user, found.council) else found.notes.filter(is_inside=False)
        facts = {
            "request": found.request.number if found.request is not None else "",
            "steps": found.steps.select_related("partner__organisation"),
            "protocols": found.protocols.all(),
            "notes": notes,
        }
        return Response(PartnershipFileSerializer(facts).data)


def _deed(name: str, summary: Any, shape: Any, who: Any = OFFICER) -> Any:
    """The schema of a deed in a file."""
    return described(
        name,
        summary,
        answer=PartnershipSerializer,
        tag="partnerships",
        who=who,
        request=shape,
        refusals=(400, 401, 403, 404),
    )


class PartnershipChange(_Files):
    @_deed("change_partnership", _l("Başlığı, amacı ve tarihleri değiştirir"), NewPartnershipSerializer)
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, sent = self.find_file(), self.sent(NewPartnershipSerializer)
        sent.pop("request")
        actions.change_file(
            actor=request.user, partnership=found, responsible=found.responsible, at=timezone.now(), **sent
        )
        return self.told()


class PartnershipPartners(_Files):
    @_deed("add_partner_to_partnership", _l("Kuruluşu ya da adıyla bir kurumu ortak yazar"), PartnerNameSerializer)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, sent, organisation = self.find_file(), self.sent(PartnerNameSerializer), None
        if sent["organisation"]:
            organisation = Organisation.objects.filter(slug=sent["organisation"]).first() or _unknown("organisation")
        actions.add_partner(
            actor=request.user, partnership=found, organisation=organisation, named=sent["named"], at=timezone.now()
        )
        return self.told()


class PartnershipMove(_Files):
    @_deed("move_partnership", _l("Ortaklığın durumunu değiştirir"), PartnershipMoveSerializer)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, sent = self.find_file(), self.sent(PartnershipMoveSerializer)
        actions.move(actor=request.user, partnership=found, at=timezone.now(), **sent)
        return self.told()


class PartnershipPublish(_Files):
    @_deed(
        "publish_partnership", _l("Bilgilerini herkese yayımlar ya da yayından kaldırır"), PublishPartnershipSerializer
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, sent = self.find_file(), self.sent(PublishPartnershipSerializer)
        actions.publish(actor=request.user, partnership=found, at=timezone.now(), **sent)
        return self.told()


class PartnershipSteps(_Files):
    @_deed("add_partnership_step", _l("Bir iş ya da projenin bir tarihini ekler"), NewPartnershipStepSerializer)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, sent, officer, partner = self.find_file(), self.sent(NewPartnershipStepSerializer), None, None
        if name := sent.pop("partner"):
            partner = next((each for each in found.partners.all() if str(each) == name), None) or _unknown("partner")
        if sent.pop("is_mine"):
            officer = Officer.objects.filter(person=request.user, council=found.council, is_active=True).first()
        actions.add_step(
            actor=request.user, partnership=found, officer=officer, partner=partner, at=timezone.now(), **sent
        )
        return self.told()


class PartnershipTick(_Files):
    @_deed("tick_partnership_step", _l("İşi tamamlandı diye işaretler ya da geri açar"), TickStepSerializer, BOTH)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, sent = self.find_file(), self.sent(TickStepSerializer)
        step = Step.objects.select_related("partnership").filter(partnership=found, pk=self.kwargs["step"]).first()
        if step is None:
            raise NotFound
        actions.tick(actor=request.user, step=step, is_done=sent["is_done"], at=timezone.now())
        return self.told()


class PartnershipNotes(_Files):
    @_deed(
        "write_partnership_note", _l("Dosyaya not yazar; iç notu yalnız müdürlük yazar"), NewFileNoteSerializer, BOTH
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, sent = self.find_file(), self.sent(NewFileNoteSerializer)
        actions.write_note(actor=request.user, partnership=found, at=timezone.now(), **sent)
        return self.told()
