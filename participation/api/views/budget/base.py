"""What every address of money and plan shares."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.response import Response

from councils.meetings.importing import UnreadableFile
from participation.api.base import Endpoint
from participation.api.views.budget.shapes import (
    BudgetLineSerializer,
    ObjectiveSerializer,
    TableImportSerializer,
    TableSerializer,
)
from people.tokens import Area
from proposals.budget import reading
from proposals.budget.permissions import may_keep_budget
from proposals.models import StrategicPlan

KEEPER = _l("Müdürlük görevlisi")


class BudgetEndpoint(Endpoint):
    area = Area.PROPOSALS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticatedOrReadOnly]

    def get_serializer_context(self) -> dict[str, Any]:
        return {"council": self.kwargs["council"]}

    def find(self, rows: QuerySet[Any], key: str) -> Any:
        """The row of the address, of the council of the address."""
        found = rows.filter(pk=self.kwargs[key]).first()
        if found is None:
            raise NotFound
        return found

    def find_line(self) -> Any:
        return self.find(reading.lines_of(self.find_council()).select_related("council", "unit"), "line")

    def find_plan(self, pk: int) -> StrategicPlan:
        plan = StrategicPlan.objects.select_related("council").filter(council=self.find_council(), pk=pk).first()
        if plan is None:
            raise NotFound
        return plan

    def find_objective(self) -> Any:
        rows = reading.objectives_of(self.find_council()).select_related("plan__council", "unit")
        return self.find(rows, "objective")

    def find_unit(self) -> Any:
        return self.find(reading.units_of(self.find_council()).select_related("council", "merged_into"), "unit")

    def told_objective(self, pk: int) -> dict[str, Any]:
        row = reading.objectives_of(self.find_council()).get(pk=pk)
        return ObjectiveSerializer(row, context=self.get_serializer_context()).data

    def told_line(self, pk: int) -> dict[str, Any]:
        return BudgetLineSerializer(
            reading.lines_of(self.find_council()).select_related("council", "unit").get(pk=pk)
        ).data

    def imported(self, read: Any, compare: Any, write: Any) -> Response:
        """What a table would change, written when it is confirmed."""
        council, at = self.find_council(), timezone.now()
        may_keep_budget(self.request.user, council, at=at).require()
        sent = self.sent(TableSerializer)
        try:
            rows = read(sent["text"])
        except UnreadableFile as error:
            raise ValidationError({"text": [str(error)]}) from None
        lines = compare(council, rows)
        if sent["confirm"]:
            write(actor=self.request.user, council=council, rows=rows, at=at)
        return Response(TableImportSerializer({"is_written": sent["confirm"], "lines": lines}).data)
