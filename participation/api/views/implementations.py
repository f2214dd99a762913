"""What becomes of accepted proposals: unit, steps with evidence, notes, the end, and the review a year later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from participation.api.parsers import BoundedMultiPartParser
from participation.api.views.budget.shapes import LiraField, key_field
from people.tokens import Area
from proposals import actions
from proposals.models import (
    Answer,
    BudgetShare,
    Implementation,
    Milestone,
    MilestoneChange,
    Objective,
    ProgressNote,
    Proposal,
    Review,
)
from proposals.models.implementation import LONGEST_MILESTONE, LONGEST_SENTENCE, LONGEST_UNIT
from proposals.reading.implementation import LATE, STATES, Standing, implementations, narrowed, standing
from turkish.text import year_in

_OFFICER = _l("Müdürlük görevlisi")
_ASKED = _l("Öneriyi yazan ve destekleyenler")
STATE_WORDS = {"running": "suren", "late": LATE, "done": "yapilan", "abandoned": "uygulanamayan"}


class MilestoneChangeSerializer(serializers.ModelSerializer[MilestoneChange]):
    """A step was planned for one day and then for another."""

    class Meta:
        model = MilestoneChange
        fields = ["old", "new", "reason", "at"]
        read_only_fields = fields


class MilestoneSerializer(serializers.ModelSerializer[Milestone]):
    """A step; `file` gives the evidence's file to programs."""

    is_late = serializers.SerializerMethodField()
    file = serializers.SerializerMethodField()
    changes = MilestoneChangeSerializer(many=True)

    class Meta:
        model = Milestone
        fields = ["id", "title", "planned_on", "is_late", "done_on", "evidence", "link", "file", "changes"]
        read_only_fields = fields

    def get_is_late(self, milestone: Milestone) -> bool:
        return milestone.pk in self.context["late"]

    def get_file(self, milestone: Milestone) -> str | None:
        if milestone.file_id is None:
            return None
        return shapes.address(f"/api/v1/councils/{self.context['council']}/attachments/{milestone.file_id}/file/")


class ProgressNoteSerializer(serializers.ModelSerializer[ProgressNote]):
    class Meta:
        model = ProgressNote
        fields = ["text", "at"]
        read_only_fields = fields


class ReviewCountSerializer(serializers.Serializer[Any]):
    answer = serializers.ChoiceField(choices=Answer.choices, source="key")
    count = serializers.IntegerField()


class ShareSerializer(serializers.ModelSerializer[BudgetShare]):
    """A budget line that pays, and how much of it in lira; null where it is not known."""

    line = serializers.IntegerField(source="line_id")
    year = serializers.IntegerField(source="line.year")
    code = serializers.CharField(source="line.code")
    name = serializers.CharField(source="line.name")
    amount = LiraField()

    class Meta:
        model = BudgetShare
        fields = ["line", "year", "code", "name", "amount"]
        read_only_fields = fields


class ServedSerializer(serializers.ModelSerializer[Objective]):
    """An aim or an objective of the strategic plan that is served."""

    objective = serializers.IntegerField(source="id")
    period = serializers.CharField(source="plan.key")

    class Meta:
        model = Objective
        fields = ["objective", "period", "code", "name"]
        read_only_fields = fields


class ImplementationSerializer(serializers.Serializer[Any]):
    """How an implementation stands. Progress is done steps of all steps, 0 to 100; null without steps."""

    proposal = serializers.CharField()
    stage = serializers.CharField()
    unit = serializers.CharField(allow_null=True)
    contact = serializers.CharField()
    progress = serializers.IntegerField(allow_null=True)
    milestones = MilestoneSerializer(many=True)
    notes = ProgressNoteSerializer(many=True, help_text=_l("En yeni beş haber"))
    outcome = serializers.CharField()
    why_open = serializers.CharField()
    done_at = serializers.DateTimeField(allow_null=True)
    budget = ShareSerializer(many=True)
    objectives = ServedSerializer(many=True)
    review = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DictField(allow_null=True))
    def get_review(self, row: dict[str, Any]) -> dict[str, Any] | None:
        stands: Standing = row["stands"]
        review: Review | None = stands.review
        if review is None:
            return None
        return {
            "opened_at": review.opened_at,
            "closes_at": review.closes_at,
            "closed_at": review.closed_at,
            "asked": review.asked,
            "answers": ReviewCountSerializer(stands.tally, many=True).data,
            "sentences": [{"answer": each.answer, "sentence": each.sentence} for each in stands.sentences],
        }


class ImplementationRowSerializer(serializers.ModelSerializer[Proposal]):
    """A proposal that is or was carried out."""

    unit = serializers.SerializerMethodField()
    is_late = serializers.BooleanField()
    next_title = serializers.CharField(allow_null=True)
    next_on = serializers.DateField(allow_null=True)
    steps = serializers.IntegerField(allow_null=True)
    done_steps = serializers.IntegerField(allow_null=True)

    class Meta:
        model = Proposal
        fields = [
            "number",
            "title",
            "stage",
            "stage_since",
            "unit",
            "is_late",
            "next_title",
            "next_on",
            "steps",
            "done_steps",
        ]
        read_only_fields = fields

    def get_unit(self, proposal: Proposal) -> str | None:
        begun: Implementation | None = getattr(proposal, "implementation", None)
        return begun.unit.name if begun is not None and begun.unit is not None else None


class PlanSerializer(shapes.Strict):
    unit = shapes.TextField(max_length=LONGEST_UNIT)
    contact = shapes.TextField(max_length=120, allow_blank=True, default="", help_text=_l("Görevin adı, kişi değil"))


class NewMilestoneSerializer(shapes.Strict):
    title = shapes.TextField(max_length=LONGEST_MILESTONE)
    planned_on = serializers.DateField()


class MoveSerializer(shapes.Strict):
    milestone = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    planned_on = serializers.DateField()
    reason = shapes.TextField(max_length=LONGEST_SENTENCE)


class FinishSerializer(shapes.Strict):
    milestone = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    done_on = serializers.DateField()
    evidence = shapes.TextField(max_length=LONGEST_SENTENCE)
    link = shapes.TextField(max_length=500, allow_blank=True, default="")
    file = serializers.FileField(required=False)

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(data.dict() if hasattr(data, "dict") else data)


class NoteSerializer(shapes.Strict):
    text = shapes.TextField(max_length=LONGEST_SENTENCE)


class DoneSerializer(shapes.Strict):
    outcome = shapes.TextField(max_length=LONGEST_SENTENCE)
    why_open = shapes.TextField(max_length=LONGEST_SENTENCE, allow_blank=True, default="")


class LineKeySerializer(shapes.Strict):
    line = key_field()


class FundSerializer(LineKeySerializer):
    amount = LiraField(required=False, default=None)


class ObjectiveKeySerializer(shapes.Strict):
    objective = key_field()


class ReviewAnswerSerializer(shapes.Strict):
    answer = serializers.ChoiceField(choices=Answer.choices)
    sentence = shapes.TextField(max_length=300, allow_blank=True, default="")


def _told(endpoint: Endpoint, status: int = 200) -> Response:
    """The implementation as it stands now; 404 for a proposal that is not carried out."""
    proposal = endpoint.find_proposal()
    stands = standing(proposal, at=timezone.now())
    if stands is None:
        raise NotFound
    begun = stands.implementation
    row = {
        "proposal": proposal.number,
        "stage": proposal.stage,
        "unit": begun.unit.name if begun is not None and begun.unit is not None else None,
        "contact": begun.contact if begun is not None else "",
        "progress": stands.share if stands.milestones else None,
        "milestones": stands.milestones,
        "notes": stands.notes,
        "outcome": begun.outcome if begun is not None else "",
        "why_open": begun.why_open if begun is not None else "",
        "done_at": begun.done_at if begun is not None else None,
        "budget": stands.money,
        "objectives": stands.objectives,
        "stands": stands,
    }
    context = {"council": proposal.council.slug, "late": {step.pk for step, is_late in stands.steps if is_late}}
    return Response(ImplementationSerializer(row, context=context).data, status=status)


class ImplementationDetail(Endpoint):
    area = Area.PROPOSALS

    @described(
        "get_implementation",
        _l("Kabul edilen önerinin uygulaması ve değerlendirmesi; uygulaması olmayan öneride 404"),
        answer=ImplementationSerializer,
        tag="proposals",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return _told(self)


class ImplementationList(Endpoint, generics.ListAPIView[Proposal]):
    area = Area.PROPOSALS
    serializer_class = ImplementationRowSerializer
    queryset = Proposal.objects.none()
    order = Order("stage_since", is_moment=True)
    asks = PARAMETERS | {"state", "unit", "year"}

    def get_queryset(self) -> QuerySet[Proposal]:
        given = self.request.query_params
        state = STATE_WORDS.get(self.chosen("state", STATE_WORDS), "")
        year = year_in(given.get("year", ""))
        if given.get("year", "") and year is None:
            raise ValidationError({"year": [ErrorDetail(_("Yılı dört rakamla yazın."), code="invalid")]})
        rows = implementations(self.find_council(), at=timezone.now())
        return narrowed(rows, state=state, unit=given.get("unit", ""), year=year)

    @described(
        "list_implementations",
        _l("Konseyin uygulamaları, son değişen önce"),
        answer=ImplementationRowSerializer(many=True),
        tag="proposals",
        parameters=[
            OpenApiParameter("state", str, enum=list(STATE_WORDS), description=_l("Durum")),
            OpenApiParameter("unit", str, description=_l("Sorumlu birimin kısa adı")),
            OpenApiParameter("year", str, description=_l("Başladığı yıl, dört rakam")),
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


assert set(STATE_WORDS.values()) == {*STATES, LATE}, "every state has its word"


def deed(
    name: str,
    summary: Any,
    action: Callable[..., object],
    who: Any,
    body: type[serializers.Serializer[Any]],
    *,
    of: Area = Area.DESK,
    takes_file: bool = False,
) -> type[Endpoint]:
    """An endpoint whose POST runs one action on a proposal and answers with its implementation."""

    class Deed(Endpoint):
        area = of
        permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

        @described(
            name,
            summary,
            answer=ImplementationSerializer,
            tag="proposals",
            who=who,
            request={"multipart/form-data": body} if takes_file else body,
            refusals=(400, 401, 403, 404, 413, 415) if takes_file else (400, 401, 403, 404),
        )
        def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
            proposal, sent = self.find_proposal(), self.sent(body)
            action(proposal=proposal, actor=request.user, at=timezone.now(), **sent)
            return _told(self)

    if takes_file:
        Deed.parser_classes = [BoundedMultiPartParser]
    Deed.__name__ = Deed.__qualname__ = "".join(part.title() for part in name.split("_"))
    return Deed


Plan = deed("plan_implementation", _l("Sorumlu birimi yazar"), actions.plan_implementation, _OFFICER, PlanSerializer)
AddMilestone = deed(
    "add_milestone", _l("Uygulamaya bir adım ekler"), actions.add_milestone, _OFFICER, NewMilestoneSerializer
)
MoveMilestone = deed(
    "move_milestone",
    _l("Bir adımın gününü gerekçesiyle değiştirir; eski gün de okunur"),
    actions.move_milestone,
    _OFFICER,
    MoveSerializer,
)
FinishMilestone = deed(
    "finish_milestone",
    _l("Bir adımın tamamlandığını kanıtıyla yazar"),
    actions.finish_milestone,
    _OFFICER,
    FinishSerializer,
    takes_file=True,
)
WriteNote = deed("write_progress", _l("Uygulamadan haber yazar"), actions.write_progress, _OFFICER, NoteSerializer)
Finish = deed(
    "finish_implementation",
    _l("Önerinin yapıldığını yazar; açık adım varsa nedenini de"),
    actions.finish_implementation,
    _OFFICER,
    DoneSerializer,
)
Abandon = deed(
    "abandon_implementation",
    _l("Önerinin uygulanamadığını gerekçesiyle yazar"),
    actions.abandon_implementation,
    _OFFICER,
    shapes.CodedReasonSerializer,
)
Fund = deed(
    "fund_implementation",
    _l("Uygulamanın hangi bütçe kaleminden karşılandığını yazar ya da ayrılan tutarı değiştirir"),
    actions.fund_implementation,
    _OFFICER,
    FundSerializer,
)
StopFunding = deed(
    "stop_funding",
    _l("Bütçe kalemini uygulamadan çıkarır"),
    actions.stop_funding,
    _OFFICER,
    LineKeySerializer,
)
Serve = deed(
    "serve_objective",
    _l("Uygulamanın stratejik planın bir amacına ya da hedefine hizmet ettiğini yazar"),
    actions.serve_objective,
    _OFFICER,
    ObjectiveKeySerializer,
)
StopServing = deed(
    "stop_serving",
    _l("Amacı ya da hedefi uygulamadan çıkarır"),
    actions.stop_serving,
    _OFFICER,
    ObjectiveKeySerializer,
)
AnswerReview = deed(
    "answer_review",
    _l("“Oldu mu?” sorusunu bir kez yanıtlar"),
    actions.answer_review,
    _ASKED,
    ReviewAnswerSerializer,
    of=Area.PROPOSALS,
)
