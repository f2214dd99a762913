"""Budget lines: added, changed and retired one by one, and taken from a file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import NotRequired, TypedDict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from councils.meetings.comparing import Outcome
from councils.models import Council
from people.models import Person
from proposals.budget.actions.keeping import AnsweringUnits, all_taken, answering_unit, locked_council, tell
from proposals.budget.checking import line_code, not_below, plain_name, plausible_year, whole_amount
from proposals.budget.comparing import compared_lines
from proposals.budget.importing import FoundLine
from proposals.budget.journal_kinds import BudgetKind
from proposals.budget.lira import in_the_record
from proposals.budget.permissions import may_keep_budget
from proposals.budget.reading import given_of
from proposals.models import BudgetLine


class LineFields(TypedDict):
    """What may be said of a line. What is left out is empty, and a line is in use."""

    year: int
    code: str
    name: str
    unit: NotRequired[str]
    amount: NotRequired[Decimal | None]
    is_retired: NotRequired[bool]


@transaction.atomic
def add_budget_line(*, actor: Person, council: Council, said: LineFields, at: datetime) -> BudgetLine:
    """Add a line to a year's budget. Refuses who does not keep it; `ValidationError` on the fields."""
    may_keep_budget(actor, council, at=at).require()
    council = locked_council(council)
    line = BudgetLine(council=council)
    _take(line, said)
    line.save(force_insert=True)
    tell(BudgetKind.LINE_ADDED, actor, council, line, at, {"line": str(line), "name": line.name})
    return line


@transaction.atomic
def change_budget_line(*, actor: Person, line: BudgetLine, said: LineFields, at: datetime) -> BudgetLine:
    """Write a line anew, retire it or take it back; the same again changes nothing.

    Refuses who does not keep the budget; `ValidationError` on the fields, also for an amount below what the line gives.
    """
    may_keep_budget(actor, line.council, at=at).require()
    council = locked_council(line.council)
    line = BudgetLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    before = BudgetLine.objects.select_related("unit").get(pk=line.pk)
    line.council = council
    _take(line, said)
    not_below(line.amount, given_of(line))
    line.save()
    facts = {"line": str(line), "name": line.name}
    if (str(before), before.name, before.unit_id) != (str(line), line.name, line.unit_id):
        tell(BudgetKind.LINE_CHANGED, actor, council, line, at, {**facts, "before": f"{before}, {before.name}"})
    if before.amount != line.amount:
        amounts = {"before": in_the_record(before.amount), "amount": in_the_record(line.amount)}
        tell(BudgetKind.LINE_AMOUNT_CHANGED, actor, council, line, at, facts | amounts)
    if before.is_retired != line.is_retired:
        kind = BudgetKind.LINE_RETIRED if line.is_retired else BudgetKind.LINE_TAKEN_BACK
        tell(kind, actor, council, line, at, facts)
    return line


def _take(line: BudgetLine, said: LineFields) -> None:
    line.year, line.code, line.name = plausible_year(said["year"]), line_code(said["code"]), plain_name(said["name"])
    line.amount = whole_amount(said.get("amount"))
    line.is_retired = said.get("is_retired", False)
    same = BudgetLine.objects.filter(council=line.council, year=line.year, code=line.code).exclude(pk=line.pk)
    if same.exists():
        sentence = _("Bu yılın bütçesinde bu kodda bir kalem var.")
        raise ValidationError({"code": ValidationError(sentence, code="taken")})
    line.unit = answering_unit(line.council, said.get("unit", ""), line)


@transaction.atomic
def import_budget_lines(*, actor: Person, council: Council, rows: Iterable[FoundLine], at: datetime) -> tuple[int, int]:
    """Write the rows of a file that `compared_lines` calls new or changed; returns how many of each.

    A row that cannot be written stops all of them. Refuses who does not keep the budget. `ValidationError` on ``text`` with
    the rows' sentences.
    """
    may_keep_budget(actor, council, at=at).require()
    council = locked_council(council)
    rows = list(rows)
    places = {(row.year, row.code) for row in rows}
    years = {year for year, _code in places}
    # Locked, so that nobody gives money of a line away while its amount is compared.
    locked = BudgetLine.objects.select_for_update(of=("self",)).filter(council=council, year__in=years)
    known = {line.pk: line for line in locked.order_by("pk")}
    lines = compared_lines(council, rows)
    all_taken(lines)
    units = AnsweringUnits(council)
    new, changed = [], []
    for each in lines:
        if each.outcome == Outcome.NEW:
            new.append(_filled(BudgetLine(council=council, year=each.row.year, code=each.row.code), each.row, units))
        elif each.outcome == Outcome.CHANGED:
            assert each.known is not None
            changed.append(_filled(known[each.known], each.row, units))
    BudgetLine.objects.bulk_create(new)
    BudgetLine.objects.bulk_update(changed, ["name", "unit", "amount", "is_retired"], batch_size=500)
    if new or changed:
        tell(BudgetKind.LINES_IMPORTED, actor, council, council, at, {"new": len(new), "changed": len(changed)})
    return len(new), len(changed)


def _filled(line: BudgetLine, row: FoundLine, units: AnsweringUnits) -> BudgetLine:
    line.name = row.name
    if "unit" in row.told:
        line.unit = units.of(row.unit, line)
    if "amount" in row.told:
        line.amount = row.amount
    if "state" in row.told:
        line.is_retired = row.is_retired
    return line
