"""The desk's work by the API: queues, who holds a request, and what the desk says in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics, serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from participation.api.views.requests.matters import DESK
from participation.api.views.requests.own import OneRequest
from participation.api.views.requests.shapes import MessageTextSerializer, RequestSerializer
from people.tokens import Area, Scope
from servicerequests import actions, desk_reading
from servicerequests.models import Priority, ServiceRequest
from servicerequests.models.request import LONGEST_TEXT
from servicerequests.permissions import may_enter
from servicerequests.states import Resolution

ANSWERS = [(each.value, each.label) for each in Resolution if each not in {Resolution.WITHDRAWN, Resolution.DUPLICATE}]
"""As what the desk may answer."""


class DeskRowSerializer(serializers.ModelSerializer[ServiceRequest]):
    """A request in a queue; its text is read at its own address."""

    type = serializers.CharField(source="type.name")
    unit = serializers.CharField(source="unit.name")
    assignee = serializers.CharField(source="assignee.person.display_name", allow_null=True, default=None)

    class Meta:
        model = ServiceRequest
        fields = [
            "number",
            "subject",
            "type",
            "unit",
            "assignee",
            "status",
            "resolution",
            "priority",
            "channel",
            "filed_at",
        ]
        fields += ["due_at", "ended_at"]


class RequestDesk(Endpoint, generics.ListAPIView[ServiceRequest]):
    area = Area.DESK
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]
    serializer_class = DeskRowSerializer
    queryset = ServiceRequest.objects.none()
    asks: ClassVar[frozenset[str]] = PARAMETERS | {"queue", "q"}

    @property
    def order(self) -> Order:
        by, falls = self._filters().queue.by, self._filters().queue.descending
        return Order(by[0], descending=falls, is_moment=True)

    def _filters(self) -> desk_reading.DeskFilters:
        if not hasattr(self, "_read"):
            council = self.find_council()
            said = {"q": self.request.query_params.get("q", "")}
            queue = self.request.query_params.get("queue", "")
            choices = desk_reading.choices_of(council)
            known = set(desk_reading.BY_WORD) | {f"{desk_reading.UNIT}{unit.slug}" for unit in choices.units}
            if queue and queue not in known:
                sentence = ErrorDetail(_("Bilinmeyen değer."), code="unknown_value")
                raise ValidationError({"queue": [sentence]})
            if queue:
                said["kuyruk"] = queue
            self._read = desk_reading.filters_of(said, choices, default="acik")
        return self._read

    def get_queryset(self) -> QuerySet[ServiceRequest]:
        council, at = self.find_council(), timezone.now()
        may_enter(self.request.user, council).require()
        officer = desk_reading.officer_of(self.request.user, council)
        return desk_reading.requests_of(council, self._filters(), officer, at=at)

    @described(
        "list_desk_requests",
        _l("Masanın bir kuyruğu, süresi en önce dolan önce"),
        answer=DeskRowSerializer(many=True),
        tag="requests",
        who=DESK,
        parameters=[
            OpenApiParameter(
                "queue",
                str,
                default="acik",
                description=_l(
                    "Kuyruk: benim, sahipsiz, gecikmis, acik, basvuranda, baska-birimde, yayim, yanitlanan, hepsi ya da birim-…"
                ),
            ),
            OpenApiParameter("q", str, description=_l("Sözcük, ad ya da numara")),
        ],
        refusals=(401, 403, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class AssignSerializer(shapes.Strict):
    unit = shapes.TextField(max_length=80, required=False)
    officer = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text=_l("Görevlinin kişi numarası; boş: kimse")
    )
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)


class RequestAssign(OneRequest):
    @described(
        "assign_request",
        _l("Başvuruyu bir birime ve görevliye verir, önceliğini değiştirir"),
        answer=RequestSerializer,
        tag="requests",
        who=DESK,
        request=AssignSerializer,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, sent, at = self.find_request(), self.sent(AssignSerializer), timezone.now()
        self.need(Scope.DESK_WRITE)
        may_enter(request.user, found.council).require()
        choices = desk_reading.choices_of(found.council)
        unit, officer = None, found.assignee
        if "unit" in sent:
            unit = next((each for each in choices.units if each.slug == sent["unit"]), None) or _unknown("unit")
        if "officer" in sent:
            wanted = sent["officer"]
            officer = next((each for each in choices.officers if each.person_id == wanted), None)
            if wanted is not None and officer is None:
                _unknown("officer")
        actions.assign_request(actor=request.user, request=found, unit=unit, assignee=officer, at=at)
        if "priority" in sent:
            actions.set_priority(actor=request.user, request=found, priority=Priority(sent["priority"]), at=at)
        return Response(RequestSerializer(self.find_request()).data)


def _unknown(field: str) -> Any:
    raise ValidationError({field: [ErrorDetail(_("Böyle bir seçenek yok."), code="unknown")]})


class AnswerSerializer(shapes.Strict):
    text = shapes.TextField(max_length=LONGEST_TEXT)
    resolution = serializers.ChoiceField(choices=ANSWERS)


def deed(
    name: str,
    summary: Promise,
    action: Callable[..., Any],
    body: type[shapes.Strict] = MessageTextSerializer,
    **always: Any,
) -> type[OneRequest]:
    """An endpoint whose POST runs one of the desk's actions on a request and answers with it."""

    class Deed(OneRequest):
        @described(
            name,
            summary,
            answer=RequestSerializer,
            tag="requests",
            who=DESK,
            request=None if body is shapes.NothingSerializer else body,
            refusals=(400, 401, 403, 404),
        )
        def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
            found, sent = self.find_request(), self.sent(body)
            self.need(Scope.DESK_WRITE)
            action(actor=request.user, request=found, at=timezone.now(), **sent, **always)
            return Response(RequestSerializer(self.find_request()).data)

    Deed.__name__ = Deed.__qualname__ = "".join(part.title() for part in name.split("_"))
    return Deed


def _wait(*, text: str, **said: Any) -> ServiceRequest:
    return actions.wait_for_other(whom=text, **said)


RequestAnswer = deed(
    "answer_request", _l("Başvuruyu sonuçlandırarak yanıtlar"), actions.answer_request, AnswerSerializer
)
RequestTell = deed("tell_applicant", _l("Başvurana ara bilgi verir"), actions.write_to_applicant)
RequestAsk = deed("ask_applicant", _l("Başvurana sorar; süre durur"), actions.write_to_applicant, asks=True)
RequestNote = deed("note_inside", _l("Başvurana görünmeyen bir not yazar"), actions.note_inside)
RequestWait = deed("wait_for_other", _l("Başka birimden yanıt beklendiğini yazar"), _wait)
RequestTakeUp = deed("take_up_request", _l("İncelemeye alır"), actions.take_up, shapes.NothingSerializer)
