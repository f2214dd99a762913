"""The public record: what happened in a council, in a body, around a proposal."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from journal.models import Entry, EntryQuerySet
from participation import record
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.pagination import PARAMETERS, Order
from participation.api.serializers import address
from people.tokens import Area


class RecordLineSerializer(serializers.Serializer[Any]):
    """One line of the record; its number never changes."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    sentence = serializers.CharField()
    title = serializers.CharField(help_text=_l("Neyle ilgili olduğu"))
    at = serializers.DateTimeField()
    url = serializers.SerializerMethodField()

    def get_url(self, line: record.RecordLine) -> str:
        return address(line.url) if line.url else ""


class RecordList(Endpoint, generics.ListAPIView[Entry], ABC):
    area = Area.COUNCILS
    serializer_class = RecordLineSerializer
    queryset = Entry.objects.none()
    order = Order()
    asks: ClassVar[frozenset[str]] = PARAMETERS | {"kind"}

    @abstractmethod
    def entries(self) -> EntryQuerySet:
        """The part of the record that is read here."""

    def answer(self) -> Response:
        entries = record.narrowed(self.entries(), self.chosen("kind", record.KindGroup.values))
        page = self.paginate_queryset(entries)
        return self.get_paginated_response(RecordLineSerializer(record.record_lines(page or []), many=True).data)


def _described(name: str, summary: Promise, tag: str) -> Any:
    kinds = OpenApiParameter("kind", enum=record.KindGroup.values, description=_l("Yalnız bu türden olanlar"))
    return described(name, summary, answer=RecordLineSerializer(many=True), tag=tag, parameters=[kinds])


class CouncilRecord(RecordList):
    def entries(self) -> EntryQuerySet:
        return record.entries_of_council(self.find_council())

    @_described("list_council_record", _l("Konseyin kaydı, en yeni önce"), "councils")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer()


class BodyRecord(RecordList):
    def entries(self) -> EntryQuerySet:
        return record.entries_of_body(self.find_body())

    @_described("list_body_record", _l("Bir organın, meclisin ya da grubun kaydı, en yeni önce"), "bodies")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer()


class ProposalRecord(RecordList):
    area = Area.PROPOSALS

    def entries(self) -> EntryQuerySet:
        return record.entries_of_proposal(self.find_proposal())

    @_described("list_proposal_record", _l("Bir önerinin kaydı, en yeni önce"), "proposals")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer()
