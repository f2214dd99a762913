"""Ballots, papers and receipts of votes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ballots.models import MAX_PAPER, Ballot, BallotOption, ChairDecision, Phase, ResultsVisibility
from ballots.reading import tally
from participation.api.serializers.fields import Strict, address


class OpenBallotSerializer(Strict):
    closes_at = serializers.DateTimeField()
    opens_at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text=_l("Boşsa oylama hemen açılır.")
    )
    visibility = serializers.ChoiceField(choices=ResultsVisibility.choices, default=ResultsVisibility.LIVE)


class TallySerializer(serializers.Serializer[Any]):
    """The state of a ballot. Votes stand here only when results may be read."""

    phase = serializers.ChoiceField(choices=Phase.choices)
    turnout = serializers.IntegerField()
    electorate = serializers.IntegerField()
    quorum = serializers.IntegerField()
    turnout_share = serializers.IntegerField()
    yes = serializers.IntegerField(required=False)
    yes_share = serializers.IntegerField(required=False)
    no = serializers.IntegerField(required=False)
    no_share = serializers.IntegerField(required=False)
    abstain = serializers.IntegerField(required=False)
    abstain_share = serializers.IntegerField(required=False)


_PAPER = _l(
    "Oy pusulası: yes, no ya da abstain; tek seçenekte 3; onayda 1,4,7; puanda 1:5,2:0; sıralamada 3>1=2>4; boş oy blank."
)


class OptionSerializer(serializers.ModelSerializer[BallotOption]):
    class Meta:
        model = BallotOption
        fields = ["number", "text"]


class ChairDecisionSerializer(serializers.ModelSerializer[ChairDecision]):
    """What the chair decided in a tie: yes, no or numbers of options."""

    by = serializers.CharField(source="actor.display_name")
    chosen = serializers.SerializerMethodField()

    class Meta:
        model = ChairDecision
        fields = ["by", "chosen", "reason", "at"]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_chosen(self, decision: ChairDecision) -> list[str]:
        return decision.chosen.split(",")


class BallotSerializer(serializers.ModelSerializer[Ballot]):
    """A ballot; the tally is empty as long as results may not be read."""

    options = OptionSerializer(many=True)
    result = serializers.JSONField(
        help_text=_l("Sayım: oylar, turlar, kazananlar ve eşitlikler; sonuç açıklanınca yer alır.")
    )
    chair = serializers.CharField(
        source="chair.display_name", default=None, allow_null=True, help_text=_l("Eşitlikte kararı veren başkan")
    )
    awaits_chair = serializers.BooleanField(help_text=_l("Oylar eşit çıktı, başkanın kararı bekleniyor"))
    decision = ChairDecisionSerializer(allow_null=True, help_text=_l("Başkanın eşitlikte verdiği karar"))
    decided_outcome = serializers.CharField(help_text=_l("Başkanın kararı varsa onunla, yoksa outcome ile aynı"))
    tally = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Ballot
        fields = [
            "id",
            "question",
            "method",
            "options",
            "seats",
            "least",
            "most",
            "highest",
            "allows_blank",
            "tie_rule",
            "lot_digest",
            "chair",
            "opens_at",
            "closes_at",
            "quorum",
            "quorum_base",
            "majority",
            "threshold_base",
            "present",
            "visibility",
            "electorate_size",
            "declared_at",
            "outcome",
            "result",
            "awaits_chair",
            "decision",
            "decided_outcome",
            "tally",
            "url",
        ]

    @extend_schema_field(TallySerializer)
    def get_tally(self, ballot: Ballot) -> dict[str, Any]:
        return tally(ballot.pk)

    def get_url(self, ballot: Ballot) -> str:
        return address(ballot.rules.address(ballot))


class VoteSerializer(Strict):
    paper = serializers.CharField(max_length=MAX_PAPER, trim_whitespace=False, help_text=_PAPER)


class ReceiptSerializer(serializers.Serializer[Any]):
    """What was written down for the voter; `code` is that of the receipt."""

    code = serializers.CharField()
    paper = serializers.CharField(help_text=_PAPER)
    cast_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    times = serializers.IntegerField()
