"""Requests of the one who asks: filing, reading, writing, reopening, withdrawing. Those of others do not exist."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from rest_framework import generics
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from councils.models import Council, District
from organisations.models import Organisation
from participation.api.base import Endpoint
from participation.api.describing import SIGNED_IN, described
from participation.api.pagination import PARAMETERS, Order
from participation.api.views.requests.shapes import (
    MessageTextSerializer,
    NewRequestSerializer,
    RequestLineSerializer,
    RequestSerializer,
    RequestTypeSerializer,
)
from people.tokens import Area, Scope
from servicerequests import actions
from servicerequests.models import Matter, RequestType, ServiceRequest
from servicerequests.permissions import is_applicant, may_read
from servicerequests.reading import lines_of, own_requests, types_of

SIDES = _l("Başvuran, temsilcisi olduğu kuruluş ve müdürlük")
APPLICANT = _l("Başvuran ya da adına başvurulan kuruluşun temsilcisi")


class OneRequest(Endpoint):
    """A request of the one who asks, or of the desk."""

    area = Area.REQUESTS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    def find_request(self) -> ServiceRequest:
        """The request of the address, for its two sides; the desk's side needs a token of the desk."""
        rows = ServiceRequest.objects.select_related(
            "council", "type__type", "unit", "applicant", "on_behalf_of", "district", "matter"
        )
        found = rows.filter(council__slug=self.kwargs["council"], number=self.kwargs["request_number"]).first()
        at = timezone.now()
        if found is None or not may_read(self.request.user, found, at=at):
            raise NotFound
        if not is_applicant(self.request.user, found, at=at):
            self.need(Scope.DESK_READ if self.request.method == "GET" else Scope.DESK_WRITE)
            actions.note_reading(reader=self.request.user, request=found, at=at)
        return found


class RequestTypeList(Endpoint):
    area = Area.COUNCILS

    @described(
        "list_request_types",
        _l("Müdürlükten neler istenebilir, hangi sorularla ve kaç günde"),
        answer=RequestTypeSerializer(many=True),
        tag="requests",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(RequestTypeSerializer(types_of(self.find_council()), many=True).data)


class RequestList(OneRequest, generics.ListAPIView[ServiceRequest]):
    serializer_class = RequestSerializer
    queryset = ServiceRequest.objects.none()
    order = Order("filed_at", is_moment=True)
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[ServiceRequest]:
        rows = own_requests(self.request.user, self.find_council(), with_text=True)
        return rows.select_related("council", "type__type", "unit", "on_behalf_of", "district", "matter")

    @described(
        "list_my_requests",
        _l("Yaptığınız başvurular, en yeni önce"),
        answer=RequestSerializer(many=True),
        tag="requests",
        who=SIGNED_IN,
        refusals=(401, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @described(
        "file_request",
        _l("Müdürlüğe başvurur; numarasını ve yanıt gününü verir"),
        answer=RequestSerializer,
        tag="requests",
        who=SIGNED_IN,
        request=NewRequestSerializer,
        status=201,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        council, sent, at = self.find_council(), self.sent(NewRequestSerializer), timezone.now()
        organisation = None
        if sent["on_behalf_of"]:
            mandates = Organisation.objects.represented_by(request.user, on=timezone.localtime(at).date())
            organisation = mandates.filter(slug=sent["on_behalf_of"]).first() or _unknown("on_behalf_of")
        district = None
        if sent["district"]:
            district = District.objects.filter(council=council, slug=sent["district"]).first() or _unknown("district")
        matter = None
        if sent["matter"]:
            matter = Matter.objects.filter(council=council, slug=sent["matter"]).first() or _unknown("matter")
        made = actions.file_request(
            actor=request.user,
            council=council,
            kind=_kind(council, sent["type"]),
            said=actions.Said(
                sent["subject"],
                sent["text"],
                answers=sent["answers"],
                district=district,
                may_be_published=sent["may_be_published"],
                matter=matter,
            ),
            on_behalf_of=organisation,
            at=at,
        )
        return Response(RequestSerializer(made).data, status=201)


def _kind(council: Council, slug: str) -> RequestType:
    found: RequestType = RequestType.objects.filter(council=council, slug=slug).first() or _unknown("type")
    return found


def _unknown(field: str) -> Any:
    raise ValidationError({field: [ErrorDetail(_("Böyle bir seçenek yok."), code="unknown")]})


class RequestDetail(OneRequest):
    @described(
        "get_request",
        _l("Bir başvuru, süreleriyle"),
        answer=RequestSerializer,
        tag="requests",
        who=SIDES,
        refusals=(401, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(RequestSerializer(self.find_request()).data)


class MessageList(OneRequest):
    @described(
        "list_request_messages",
        _l("Başvurudaki yazışma, eskiden yeniye; iç notları yalnız müdürlük görür"),
        answer=RequestLineSerializer(many=True),
        tag="requests",
        who=SIDES,
        refusals=(401, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self.find_request()
        return Response(RequestLineSerializer(lines_of(found, request.user, at=timezone.now()), many=True).data)

    @described(
        "reply_to_request",
        _l("Başvurunuza yazar; müdürlük sizi bekliyorsa süre yeniden işler"),
        answer=RequestSerializer,
        tag="requests",
        who=APPLICANT,
        request=MessageTextSerializer,
        status=201,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, sent = self.find_request(), self.sent(MessageTextSerializer)
        actions.reply_as_applicant(actor=request.user, request=found, text=sent["text"], at=timezone.now())
        return Response(RequestSerializer(self.find_request()).data, status=201)


class RequestReopen(OneRequest):
    @described(
        "reopen_request",
        _l("Yanıtlanan başvurunuzu, 30 gün içinde ve bir kez, neyin eksik kaldığını yazarak yeniden açar"),
        answer=RequestSerializer,
        tag="requests",
        who=APPLICANT,
        request=MessageTextSerializer,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, sent = self.find_request(), self.sent(MessageTextSerializer)
        actions.reopen_request(actor=request.user, request=found, text=sent["text"], at=timezone.now())
        return Response(RequestSerializer(self.find_request()).data)


class RequestWithdraw(OneRequest):
    @described(
        "withdraw_request",
        _l("Başvurunuzu geri çeker"),
        answer=RequestSerializer,
        tag="requests",
        who=APPLICANT,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self.find_request()
        actions.withdraw_request(actor=request.user, request=found, at=timezone.now())
        return Response(RequestSerializer(self.find_request()).data)
