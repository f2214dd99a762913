"""What keeping lines and keeping a plan share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from councils.models import Council
from journal.actions import record
from people.models import Person
from proposals.actions.units import named_unit
from proposals.budget.comparing import Compared
from proposals.budget.journal_kinds import BudgetKind
from proposals.models import BudgetLine, Objective, Unit


def locked_council(council: Council) -> Council:
    """Two people who keep the budget or the plan do it one after the other."""
    return Council.objects.select_for_update(no_key=True).get(pk=council.pk)


def tell(
    kind: BudgetKind, actor: Person, council: Council, subject: models.Model, at: datetime, facts: Mapping[str, Any]
) -> None:
    """Record on the council's own topic."""
    record(kind, actor=actor, subject=subject, topic=f"council:{council.pk}", council=council, at=at, facts=facts)


def answering_unit(council: Council, name: str, row: BudgetLine | Objective) -> Unit | None:
    """The unit that answers for a line or an objective; None for an empty name. `ValidationError` on ``unit``."""
    return named_unit(council, name, held=row.unit_id) if name.strip() else None


class AnsweringUnits:
    """Units of the rows of a file: each name is looked up and locked once, however many rows have it."""

    def __init__(self, council: Council) -> None:
        self.council = council
        self.known: dict[str, Unit | None] = {}

    def of(self, name: str, row: BudgetLine | Objective) -> Unit | None:
        """As `answering_unit`; that a row may name a retired unit was asked when the rows were compared."""
        if name not in self.known:
            self.known[name] = answering_unit(self.council, name, row)
        return self.known[name]


def all_taken(lines: Iterable[Compared[Any]]) -> None:
    """`ValidationError` on ``text`` with the sentences of rows that cannot be taken."""
    sentence = _("%(line)d. satır: %(sentence)s")
    wrong = [sentence % {"line": each.row.line, "sentence": each.sentence} for each in lines if each.sentence]
    if wrong:
        raise ValidationError({"text": wrong[:20]})
