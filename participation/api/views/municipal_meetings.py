"""The municipal council's calendar: meetings, the rule that expects them, and files."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from councils.meetings.actions import (
    RuleFields,
    add_meeting,
    change_meeting,
    import_meetings,
    plan_meetings,
    set_municipal_calendar,
)
from councils.meetings.checking import rule_of
from councils.meetings.comparing import ROW_OUTCOMES, Line, compared
from councils.meetings.importing import MAX_BYTES, UnreadableFile, read_file
from councils.meetings.permissions import may_keep_meetings
from councils.models import MeetingState, MeetingWeek, Month, MunicipalMeeting, Weekday
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from people.tokens import Area

_KEEPER = _l("Konseyin genel sekreteri ya da müdürlük görevlisi")


class MunicipalMeetingSerializer(serializers.ModelSerializer[MunicipalMeeting]):
    """A meeting of the municipal council. An opinion goes to the first whose `agenda_closes_at` is ahead when it is sent."""

    class Meta:
        model = MunicipalMeeting
        fields = [
            "id",
            "uid",
            "name",
            "starts_at",
            "agenda_closes_at",
            "is_extraordinary",
            "is_estimate",
            "state",
            "note",
            "agenda_url",
        ]
        read_only_fields = fields


class MeetingFieldsSerializer(shapes.Strict):
    name = shapes.TextField(max_length=120)
    starts_at = serializers.DateTimeField()
    agenda_closes_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text=_l("Boşsa takvim kuralından hesaplanır")
    )
    is_extraordinary = serializers.BooleanField(required=False)
    state = serializers.ChoiceField(choices=MeetingState.choices, required=False)
    note = shapes.TextField(max_length=300, required=False, allow_blank=True)
    agenda_url = shapes.TextField(max_length=500, required=False, allow_blank=True)


class MunicipalCalendarSerializer(serializers.Serializer[Any]):
    """When the council usually meets: week 1 to 4 of the month, weekday 0 (Monday) to 6, and when the agenda closes."""

    week = serializers.ChoiceField(choices=MeetingWeek.choices)
    weekday = serializers.ChoiceField(choices=Weekday.choices)
    begins = shapes.ClockField()
    notice_days = serializers.IntegerField(min_value=1, max_value=30)
    agenda_closes = shapes.ClockField()
    recess_month = serializers.ChoiceField(choices=Month.choices, allow_null=True)


class CalendarFieldsSerializer(shapes.Strict, MunicipalCalendarSerializer):
    pass


class MeetingFileSerializer(shapes.Strict):
    text = serializers.CharField(
        max_length=2 * MAX_BYTES, trim_whitespace=False, help_text=_l("iCal ya da CSV dosyasının içeriği")
    )
    confirm = serializers.BooleanField(default=False, help_text=_l("true değilse hiçbir şey yazılmaz"))


class ImportLineSerializer(serializers.Serializer[Line]):
    """What a row of the file changes, or why it cannot be taken."""

    line = serializers.IntegerField(source="row.line")
    name = serializers.CharField(source="row.name")
    starts_at = serializers.DateTimeField(source="row.starts_at", allow_null=True)
    outcome = serializers.ChoiceField(choices=ROW_OUTCOMES)
    before = serializers.DateTimeField(allow_null=True)
    detail = serializers.CharField(source="sentence")


class MeetingImportSerializer(serializers.Serializer[Any]):
    is_written = serializers.BooleanField()
    lines = ImportLineSerializer(many=True)


class _Meetings(Endpoint):
    area = Area.COUNCILS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticatedOrReadOnly]


class MunicipalMeetingList(_Meetings, generics.ListAPIView[MunicipalMeeting]):
    office_methods = frozenset({"POST"})
    serializer_class = MunicipalMeetingSerializer
    queryset = MunicipalMeeting.objects.none()
    order = Order("starts_at", is_moment=True)
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[MunicipalMeeting]:
        return MunicipalMeeting.objects.visible_to(self.request.user).filter(council=self.find_council())

    @described(
        "list_municipal_meetings",
        _l("Belediye meclisinin toplantıları, en geç olan önce"),
        answer=MunicipalMeetingSerializer(many=True),
        tag="councils",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @described(
        "add_municipal_meeting",
        _l("Takvime bir toplantı ekler"),
        answer=MunicipalMeetingSerializer,
        tag="councils",
        who=_KEEPER,
        request=MeetingFieldsSerializer,
        status=201,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        council, said = self.find_council(), self.sent(MeetingFieldsSerializer)
        meeting = add_meeting(actor=request.user, council=council, at=timezone.now(), said=said)
        return Response(MunicipalMeetingSerializer(meeting).data, status=201)


class MunicipalMeetingDetail(_Meetings):
    office_methods = frozenset({"PUT"})

    def find_meeting(self) -> MunicipalMeeting:
        meetings = MunicipalMeeting.objects.visible_to(self.request.user).select_related("council")
        found = meetings.filter(council=self.find_council(), pk=self.kwargs["meeting"]).first()
        if found is None:
            raise NotFound
        return found

    @described("get_municipal_meeting", _l("Bir toplantı"), answer=MunicipalMeetingSerializer, tag="councils")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(MunicipalMeetingSerializer(self.find_meeting()).data)

    @described(
        "change_municipal_meeting",
        _l("Toplantının gününü ya da durumunu yazar; saati gelmiş toplantının günü değişmez"),
        answer=MunicipalMeetingSerializer,
        tag="councils",
        who=_KEEPER,
        request=MeetingFieldsSerializer,
        refusals=(401, 403, 404),
    )
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        meeting, said = self.find_meeting(), self.sent(MeetingFieldsSerializer)
        changed = change_meeting(actor=request.user, meeting=meeting, at=timezone.now(), said=said)
        return Response(MunicipalMeetingSerializer(changed).data)


class MunicipalCalendarView(_Meetings):
    office_methods = frozenset({"PUT"})

    def _told(self) -> Response:
        rule = rule_of(self.find_council())
        return Response(
            MunicipalCalendarSerializer({name: getattr(rule, name) for name in RuleFields.__annotations__}).data
        )

    @described(
        "get_municipal_calendar",
        _l("Belediye meclisinin olağan toplantı günü ve gündem kapanışı"),
        answer=MunicipalCalendarSerializer,
        tag="councils",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._told()

    @described(
        "set_municipal_calendar",
        _l("Olağan toplantı gününü yazar; takvimdeki toplantılar değişmez"),
        answer=MunicipalCalendarSerializer,
        tag="councils",
        who=_KEEPER,
        request=CalendarFieldsSerializer,
        refusals=(401, 403, 404),
    )
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        council, said = self.find_council(), self.sent(CalendarFieldsSerializer)
        set_municipal_calendar(actor=request.user, council=council, at=timezone.now(), **said)
        return self._told()


class MunicipalMeetingPlan(_Meetings):
    office_methods = frozenset({"POST"})

    @described(
        "plan_municipal_meetings",
        _l("Önümüzdeki on iki ayın olağan toplantılarını tahmini olarak takvime yazar"),
        answer=MunicipalMeetingSerializer(many=True),
        tag="councils",
        who=_KEEPER,
        status=201,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        planned = plan_meetings(actor=request.user, council=self.find_council(), at=timezone.now())
        return Response(MunicipalMeetingSerializer(planned, many=True).data, status=201)


class MunicipalMeetingImport(_Meetings):
    office_methods = frozenset({"POST"})

    @described(
        "import_municipal_meetings",
        _l("iCal ya da CSV içeriğini okur, satır satır ne değişeceğini söyler; onaylanırsa yazar"),
        answer=MeetingImportSerializer,
        tag="councils",
        who=_KEEPER,
        request=MeetingFileSerializer,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        council, at = self.find_council(), timezone.now()
        may_keep_meetings(request.user, council, at=at).require()
        sent = self.sent(MeetingFileSerializer)
        try:
            rows = read_file(sent["text"], rule_of(council))
        except UnreadableFile as error:
            raise ValidationError({"text": [str(error)]}) from None
        lines = compared(council, rows, at=at)
        if sent["confirm"]:
            import_meetings(actor=request.user, council=council, rows=rows, at=at)
        return Response(MeetingImportSerializer({"is_written": sent["confirm"], "lines": lines}).data)
