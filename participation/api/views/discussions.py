"""A thread as a whole, a comment's past, what may be done with it, and keeping it readable."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from discussions import actions
from discussions.models import CommentVersion, Report, ReportReason, Thread
from discussions.permissions import may_comment, may_delete, may_edit, may_hide, may_report, may_restore, may_settle
from discussions.reading import PAGE, open_reports
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import SIGNED_IN, described
from participation.api.views.comments import OneComment, find_thread, shown
from participation.api.views.verdicts import VerdictSerializer, told
from people.tokens import Area

_READER = _l("Tartışmayı okuyabilen herkes; açık tartışmalar girişsiz okunur")
_MODERATOR = _l("Tartışmanın kolaylaştırıcısı ya da konseyin genel sekreteri")
VERSIONS_SHOWN, NAMES_SHOWN = 100, 8


class ThreadSerializer(serializers.ModelSerializer[Thread]):
    """A discussion: whether it is open, how much was said, and whether the one who asks may write."""

    may_write = VerdictSerializer()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Thread
        fields = ["id", "is_open", "comment_count", "may_write", "url"]

    def get_url(self, thread: Thread) -> str:
        return shapes.address(thread.rules.address(thread))


class ThreadDetail(Endpoint):
    area = Area.DISCUSSIONS

    @described("get_thread", _l("Bir tartışma"), answer=ThreadSerializer, tag="comments", who=_READER)
    def get(self, request: Request, pk: int) -> Response:
        thread: Any = find_thread(request.user, pk)
        verdict = may_comment(request.user, thread, at=timezone.now())
        thread.may_write = told({"comment": verdict})[0]
        return Response(ThreadSerializer(thread).data)


class NamesSerializer(serializers.Serializer[Any]):
    names = serializers.ListField(child=serializers.CharField())


class ThreadPeople(Endpoint):
    area = Area.DISCUSSIONS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]
    asks = frozenset({"q"})

    @described(
        "suggest_names",
        _l("@ işaretinden sonra yazılabilecek adlar; en az iki harften sonra"),
        answer=NamesSerializer,
        tag="comments",
        who=_l("Tartışmaya yazabilen, giriş yapmış kişi"),
        parameters=[OpenApiParameter("q", str, description=_l("Adın başlangıcı"))],
        refusals=(401, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        thread = find_thread(request.user, pk)
        names: list[str] = []
        if may_comment(request.user, thread, at=timezone.now()):
            names = actions.suggested_names(thread, request.query_params.get("q", "")[:80], limit=NAMES_SHOWN)
        return Response({"names": names})


class CommentVersionSerializer(serializers.ModelSerializer[CommentVersion]):
    """What a comment said until it was corrected."""

    class Meta:
        model = CommentVersion
        fields = ["text", "mark", "replaced_at"]


class CommentVersions(OneComment):
    @described(
        "list_comment_versions",
        _l("Yorumun önceki metinleri; gizlenmiş ya da silinmiş bir yorumun yoktur"),
        answer=CommentVersionSerializer(many=True),
        tag="comments",
        who=_READER,
    )
    def get(self, request: Request, pk: int) -> Response:
        comment = self.find_comment()
        versions = comment.versions.all()[:VERSIONS_SHOWN] if comment.is_readable else []
        return Response(CommentVersionSerializer(versions, many=True).data)


class CommentOptions(OneComment):
    @described(
        "get_comment_options",
        _l("Bu yorumla neler yapabilirsiniz"),
        answer=VerdictSerializer(many=True),
        tag="comments",
        who=_READER,
    )
    def get(self, request: Request, pk: int) -> Response:
        comment, person, at = self.find_comment(), request.user, timezone.now()
        verdicts = {
            "edit": may_edit(person, comment, at=at),
            "delete": may_delete(person, comment),
            "report": may_report(person, comment),
        }
        if person.is_authenticated:
            verdicts |= {"hide": may_hide(person, comment, at=at), "restore": may_restore(person, comment, at=at)}
        return Response(told(verdicts))


# --- Reporting and moderating -----------------------------------------------------------------------------------------
class ReportSerializer(serializers.ModelSerializer[Report]):
    """One's own report."""

    class Meta:
        model = Report
        fields = ["reason", "note", "created_at", "settled_at"]


class NewReportSerializer(shapes.Strict):
    reason = serializers.ChoiceField(choices=ReportReason.choices)
    note = shapes.TextField(max_length=500, required=False, allow_blank=True, default="")


class CommentReport(OneComment):
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "get_my_report",
        _l("Bu yorum için bildiriminiz; yoksa 404"),
        answer=ReportSerializer,
        tag="comments",
        who=SIGNED_IN,
        refusals=(401, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        report = Report.objects.filter(comment=self.find_comment(), reporter=request.user).first()
        if report is None:
            raise NotFound
        return Response(ReportSerializer(report).data)

    @described(
        "report_comment",
        _l("Yorumu moderatörlere bildirir; ikinci bildirim bir şey değiştirmez"),
        answer=ReportSerializer,
        tag="comments",
        who=SIGNED_IN,
        request=NewReportSerializer,
        status=201,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, pk: int) -> Response:
        sent = self.sent(NewReportSerializer)
        report = actions.report_comment(actor=request.user, comment=self.find_comment(), at=timezone.now(), **sent)
        return Response(ReportSerializer(report).data, status=201)


class HideSerializer(shapes.Strict):
    reason = shapes.TextField(max_length=300, help_text=_l("Gerekçe; herkes okur."))


class CommentHide(OneComment):
    area = Area.DESK
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "hide_comment",
        _l("Yorumu gerekçesiyle gizler; açık bildirimleri de kapatır"),
        answer=shapes.CommentSerializer,
        tag="moderation",
        who=_MODERATOR,
        request=HideSerializer,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, pk: int) -> Response:
        sent = self.sent(HideSerializer)
        hidden = actions.hide_comment(
            actor=request.user, comment=self.find_comment(), reason=sent["reason"], at=timezone.now()
        )
        return shown(hidden)


class CommentRestore(OneComment):
    area = Area.DESK
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "restore_comment",
        _l("Gizlenmiş yorumu yeniden gösterir"),
        answer=shapes.CommentSerializer,
        tag="moderation",
        who=_MODERATOR,
        refusals=(400, 401, 403, 404),
    )
    def post(self, request: Request, pk: int) -> Response:
        self.sent(shapes.NothingSerializer)
        return shown(actions.restore_comment(actor=request.user, comment=self.find_comment(), at=timezone.now()))


class OpenReportSerializer(serializers.ModelSerializer[Report]):
    """A report that waits for its moderators. Who reported is told to nobody."""

    comment = shapes.CommentSerializer()
    thread = serializers.IntegerField(source="comment.thread_id")

    class Meta:
        model = Report
        fields = ["id", "thread", "comment", "reason", "note", "created_at"]


class ReportPageSerializer(serializers.Serializer[Any]):
    next_after = serializers.IntegerField(allow_null=True, help_text=_l("Sonraki sayfa için after değeri"))
    results = OpenReportSerializer(many=True)


class ReportList(Endpoint):
    area = Area.DESK
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]
    asks = frozenset({"after"})

    @described(
        "list_reports",
        _l("Moderatörü olduğunuz tartışmalarda açık bildirimler, en eski önce"),
        answer=ReportPageSerializer,
        tag="moderation",
        who=_MODERATOR,
        parameters=[OpenApiParameter("after", OpenApiTypes.INT64, description=_l("Bu numaradan sonrakiler"))],
        refusals=(401, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        council, at = self.find_council(), timezone.now()
        after = request.query_params.get("after", "0")
        if not (after.isascii() and after.isdecimal() and len(after) < 19):
            raise ValidationError({"after": [_l("Bu değer okunamıyor.")]})
        verdicts: dict[Hashable, bool] = {}
        mine: list[Report] = []
        for report in open_reports(council.pk, after=int(after)):
            # Who moderates follows from where a thread belongs, so one verdict serves all threads of a body.
            place = (report.comment.thread.policy, report.body_id)
            if place not in verdicts:
                verdicts[place] = bool(may_settle(request.user, report.comment, at=at))
            if verdicts[place]:
                mine.append(report)
            if len(mine) > PAGE:
                break
        page = {"next_after": mine[PAGE - 1].pk if len(mine) > PAGE else None, "results": mine[:PAGE]}
        return Response(ReportPageSerializer(page).data)


class ReportSettle(Endpoint):
    area = Area.DESK
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "settle_report",
        _l("Bildirimi, yorumu gizlemeden kapatır"),
        answer=None,
        tag="moderation",
        who=_MODERATOR,
        status=204,
        refusals=(400, 401, 404),
    )
    def post(self, request: Request, pk: int) -> Response:
        self.sent(shapes.NothingSerializer)
        report = Report.objects.select_related("comment__thread").filter(pk=pk).first()
        # To whoever does not moderate the thread there is no such report.
        if report is None or not may_settle(request.user, report.comment, at=timezone.now()):
            raise NotFound
        actions.settle_report(actor=request.user, report=report, at=timezone.now())
        return Response(status=204)
