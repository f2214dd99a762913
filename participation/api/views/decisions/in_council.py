"""An opinion before the municipal council: agenda, commission, decision."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from participation.api import serializers as shapes
from participation.api.describing import described
from participation.api.views.decisions.reading import KEEPER, OfDecisions
from participation.api.views.decisions.shapes import (
    AgendaSerializer,
    CommissionReportSerializer,
    CommissionSerializer,
    DecisionSerializer,
    NewDecisionSerializer,
    OpinionInCouncilSerializer,
)
from proposals import actions
from proposals.actions import Said
from proposals.models import Opinion
from proposals.municipal_permissions import may_keep_decisions
from proposals.reading.municipal import council_part, proposals_before_council
from proposals.stages import IN_MUNICIPAL_COUNCIL, Stage


class OpinionInCouncil(OfDecisions):
    @described(
        "get_opinion_in_council",
        _l("Bir görüşün belediye meclisindeki yeri: hedef toplantı, geçen toplantılar, gündem, komisyonlar"),
        answer=OpinionInCouncilSerializer,
        tag="decisions",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.stands(self.find_opinion())

    def stands(self, opinion: Opinion) -> Response:
        waits = bool(proposals_before_council(opinion, [Stage.SENT]))
        return Response(OpinionInCouncilSerializer(council_part(opinion, is_waiting=waits)).data)


class _Step(OpinionInCouncil):
    office_methods = frozenset({"POST"})
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]
    http_method_names: ClassVar[list[str]] = ["post", "options"]


def _step(name: str, summary: Any, shape: type[shapes.Strict]) -> Any:
    return described(
        name,
        summary,
        answer=OpinionInCouncilSerializer,
        tag="decisions",
        who=KEEPER,
        request=shape,
        refusals=(401, 403, 404),
    )


class OpinionAgenda(_Step):
    @_step("put_on_municipal_agenda", _l("Görüşün hangi toplantının gündeminde olduğunu yazar"), AgendaSerializer)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        opinion, at = self.find_opinion(), timezone.now()
        may_keep_decisions(request.user, opinion.council, at=at).require()
        sent = self.sent(AgendaSerializer)
        meeting = self.meeting("meeting", sent["meeting"])
        actions.put_on_municipal_agenda(
            actor=request.user, opinion=opinion, meeting=meeting, number=sent["number"], at=at
        )
        return self.stands(opinion)


class OpinionOffAgenda(_Step):
    @_step(
        "take_off_municipal_agenda", _l("Görüşü gündemden çıkarır; sonraki toplantıyı bekler"), shapes.ReasonSerializer
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        opinion = self.find_opinion()
        sent = self.sent(shapes.ReasonSerializer)
        actions.take_off_municipal_agenda(actor=request.user, opinion=opinion, at=timezone.now(), **sent)
        return self.stands(opinion)


class OpinionCommission(_Step):
    @_step("refer_to_commission", _l("Görüşün gönderildiği komisyonu yazar"), CommissionSerializer)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        opinion = self.find_opinion()
        sent = self.sent(CommissionSerializer)
        actions.refer_to_commission(actor=request.user, opinion=opinion, at=timezone.now(), **sent)
        return self.stands(opinion)


class OpinionCommissionReport(_Step):
    @_step(
        "take_back_from_commission", _l("Komisyonun raporunu yazar; görüş meclise döner"), CommissionReportSerializer
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        opinion = self.find_opinion()
        sent = self.sent(CommissionReportSerializer)
        actions.take_back_from_commission(actor=request.user, opinion=opinion, at=timezone.now(), **sent)
        return self.stands(opinion)


class OpinionDecision(OfDecisions):
    office_methods = frozenset({"POST"})
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    @described(
        "enter_decision",
        _l("Meclisin bir görüş üzerindeki kararını girer; ikinci bir kişi onaylayana kadar hiçbir öneri ilerlemez"),
        answer=DecisionSerializer,
        tag="decisions",
        who=KEEPER,
        request=NewDecisionSerializer,
        status=201,
        refusals=(401, 403, 404),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        opinion, at = self.find_opinion(), timezone.now()
        may_keep_decisions(request.user, opinion.council, at=at).require()
        sent = self.sent(NewDecisionSerializer)
        here = {proposal.number: proposal for proposal in proposals_before_council(opinion, IN_MUNICIPAL_COUNCIL)}
        outcomes = []
        for each in sent.pop("outcomes"):
            if each["proposal"] not in here:
                raise ValidationError({"outcomes": [_("Bilinmeyen değer.")]})
            later = each["deferred_to"]
            outcomes.append(
                Said(
                    here[each["proposal"]],
                    each["outcome"],
                    each["accepted_parts"],
                    each["reason_code"],
                    self.meeting("outcomes", later) if later is not None else None,
                )
            )
        sent["meeting"] = self.meeting("meeting", sent["meeting"])
        decision = actions.enter_decision(actor=request.user, opinion=opinion, said=sent, outcomes=outcomes, at=at)
        return self.told(decision, status=201)
