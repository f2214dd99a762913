"""Receipts looked up, seals and proofs of the sealed log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _l
from rest_framework import serializers

from ballots.models import VoteRecord
from ballots.receipts import Standing, spelled
from journal.models import Head
from journal.proofs import head_document


class VoteRecordSerializer(serializers.ModelSerializer[VoteRecord]):
    """One of the receipts of the one who asks."""

    code = serializers.SerializerMethodField()
    ballot = serializers.IntegerField(source="ballot_id")

    class Meta:
        model = VoteRecord
        fields = ["code", "ballot", "paper", "times", "at"]

    def get_code(self, record: VoteRecord) -> str:
        return spelled(record.receipt)


class SealSerializer(serializers.Serializer[Any]):
    """A head of the sealed log; hashes in hexadecimal."""

    number = serializers.IntegerField()
    size = serializers.IntegerField(help_text=_l("O ana kadar mühürlenen kayıtların sayısı"))
    root = serializers.CharField(help_text=_l("Merkle ağacının kökü"))
    previous = serializers.CharField(help_text=_l("Önceki mührün özeti"))
    at = serializers.CharField(help_text=_l("UTC, mikrosaniyesiyle; özet bu yazımı kapsar"))
    hash = serializers.CharField()

    def to_representation(self, head: Head) -> dict[str, Any]:
        return head_document(head)


class StandingSerializer(serializers.Serializer[Any]):
    """What the one who asks may know of a receipt."""

    code = serializers.CharField()
    ballot = serializers.IntegerField(source="ballot.pk")
    at = serializers.DateTimeField(source="record.at")
    paper = serializers.SerializerMethodField(help_text=_l("Görmeye yetkiniz yoksa null"))
    replaced_at = serializers.DateTimeField(allow_null=True, help_text=_l("Yerine yenisi verildiyse ne zaman"))
    seal = SealSerializer(source="head", allow_null=True, help_text=_l("Mühürlenmeyi beklerken null"))
    sealed_by = serializers.DateTimeField(allow_null=True, help_text=_l("Beklerken: en geç ne zaman mühürlenir"))

    def get_paper(self, standing: Standing) -> str | None:
        return standing.record.paper if standing.may_see_paper else None


class ProofSerializer(serializers.Serializer[Any]):
    """An inclusion proof as RFC 6962 has it; `content` only for who may read what was sealed."""

    form = serializers.CharField()
    index = serializers.IntegerField()
    leaf = serializers.CharField()
    path = serializers.ListField(child=serializers.CharField())
    head = SealSerializer()
    content = serializers.CharField(required=False, help_text=_l("Mühürlenen kaydın tam yazımı"))


class GrowthSerializer(serializers.Serializer[Any]):
    """A consistency proof between two heads."""

    old = SealSerializer()
    new = SealSerializer()
    path = serializers.ListField(child=serializers.CharField())
