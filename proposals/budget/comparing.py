"""What the rows of a file would change: new, changed, as it is, or why a row cannot be taken. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from councils.meetings.comparing import Outcome
from councils.models import Council
from proposals.budget.checking import not_below
from proposals.budget.importing import FoundLine, FoundObjective
from proposals.budget.reading import given_by_line
from proposals.models import BudgetLine, Objective, StrategicPlan, Unit
from turkish.templatetags.turkish_text import lira
from turkish.text import slugify

Row = TypeVar("Row", FoundLine, FoundObjective)


@dataclass(frozen=True)
class Compared(Generic[Row]):
    """A row with what it does. `changes` tells field, old and new value of what differs; `known` is what stands there."""

    row: Row
    outcome: Outcome
    known: int | None = None
    changes: tuple[tuple[str, str, str], ...] = ()
    sentence: str = ""


class Units:
    """The council's units by their words, as names mean them now. One query."""

    def __init__(self, council: Council) -> None:
        rows = list(Unit.objects.filter(council=council))
        by_key = {unit.pk: unit for unit in rows}
        self.by_word = {unit.word: by_key.get(unit.merged_into_id or unit.pk, unit) for unit in rows}

    def found(self, name: str) -> Unit | None:
        return self.by_word.get(slugify(name)[:160])

    def refusal(self, name: str, held: int | None) -> str:
        """Why a row may not name the unit; empty where it may, and a new name joins the list."""
        unit = self.found(name) if name else None
        if unit is not None and unit.is_retired and unit.pk != held:
            return _("“%(unit)s” artık kullanılmıyor; başka bir birim yazın.") % {"unit": unit.name}
        return ""


def _state(is_retired: bool) -> str:
    return _("kullanılmıyor") if is_retired else _("kullanımda")


def _differing(
    found: FoundLine | FoundObjective, known: BudgetLine | Objective, units: Units
) -> list[tuple[str, str, str]]:
    """What a row says otherwise than what stands there, of what both kinds have."""
    changes = []
    if found.name != known.name:
        changes.append((_("Ad"), known.name, found.name))
    if "unit" in found.told:
        wanted = units.found(found.unit) if found.unit else None
        if (wanted.pk if wanted else found.unit) != (known.unit_id or ""):
            before = known.unit.name if known.unit else ""
            changes.append((_("Birim"), before, wanted.name if wanted else found.unit))
    if "state" in found.told and found.is_retired != known.is_retired:
        changes.append((_("Durum"), _state(known.is_retired), _state(found.is_retired)))
    return changes


def compared_lines(council: Council, rows: Iterable[FoundLine]) -> list[Compared[FoundLine]]:
    """One for each row. Three queries."""
    rows = list(rows)
    units = Units(council)
    years = {row.year for row in rows if not row.wrong}
    lines = BudgetLine.objects.filter(council=council, year__in=years).select_related("unit")
    known = {(line.year, line.code): line for line in lines}
    given = given_by_line(council, years)
    seen: set[tuple[int, str]] = set()
    found: list[Compared[FoundLine]] = []
    for row in rows:
        place = (row.year, row.code)
        if row.wrong:
            found.append(Compared(row, Outcome.WRONG, sentence=row.wrong))
            continue
        if place in seen:
            found.append(Compared(row, Outcome.WRONG, sentence=_("Aynı kalem dosyada daha önce de yazılı.")))
            continue
        seen.add(place)
        line = known.get(place)
        if sentence := units.refusal(row.unit, line.unit_id if line else None):
            found.append(Compared(row, Outcome.WRONG, sentence=sentence))
            continue
        if line is None:
            found.append(Compared(row, Outcome.NEW))
            continue
        changes = _differing(row, line, units)
        if "amount" in row.told and row.amount != line.amount:
            changes.append((_("Tutar"), lira(line.amount) or _("yazılmadı"), lira(row.amount) or _("yazılmadı")))
            try:
                if line.pk in given:
                    not_below(row.amount, given[line.pk])
            except ValidationError as error:
                found.append(Compared(row, Outcome.WRONG, line.pk, sentence=" ".join(error.messages)))
                continue
        outcome = Outcome.CHANGED if changes else Outcome.UNCHANGED
        found.append(Compared(row, outcome, line.pk, tuple(changes)))
    return found


def compared_objectives(council: Council, rows: Iterable[FoundObjective]) -> list[Compared[FoundObjective]]:
    """One for each row; an aim may stand below its objectives in the file. Three queries."""
    rows = list(rows)
    units = Units(council)
    plans = {(plan.first_year, plan.last_year): plan for plan in StrategicPlan.objects.filter(council=council)}
    objectives = Objective.objects.filter(plan__council=council).select_related("unit", "plan")
    known = {((o.plan.first_year, o.plan.last_year), (o.aim, o.target)): o for o in objectives}
    aims = {(period, aim) for period, (aim, target) in known if not target}
    aims |= {(row.period, row.code[0]) for row in rows if not row.wrong and not row.code[1]}
    seen: set[tuple[tuple[int, int], tuple[int, int]]] = set()
    found: list[Compared[FoundObjective]] = []
    for row in rows:
        place = (row.period, row.code)
        sentence = row.wrong
        objective = None if sentence else known.get(place)
        if not sentence and place in seen:
            sentence = _("Aynı kod dosyada daha önce de yazılı.")
        if not sentence and row.period not in plans:
            sentence = overlapping(row.period, [*plans, *{other.period for other in rows if not other.wrong}])
        if not sentence and row.code[1] and (row.period, row.code[0]) not in aims:
            sentence = _("Bu hedefin amacı (A%(aim)d) ne planda ne dosyada var.") % {"aim": row.code[0]}
        sentence = sentence or units.refusal(row.unit, objective.unit_id if objective else None)
        seen.add(place)
        if sentence:
            found.append(Compared(row, Outcome.WRONG, sentence=sentence))
        elif objective is None:
            found.append(Compared(row, Outcome.NEW))
        else:
            changes = tuple(_differing(row, objective, units))
            found.append(Compared(row, Outcome.CHANGED if changes else Outcome.UNCHANGED, objective.pk, changes))
    return found


def overlapping(period: tuple[int, int], others: Iterable[tuple[int, int]]) -> str:
    """The sentence for a period that shares years with another plan's; empty where it shares none."""
    for first, last in others:
        if (first, last) != period and first <= period[1] and period[0] <= last:
            return _("Bu dönem %(other)s planıyla çakışıyor.") % {"other": f"{first}–{last}"}
    return ""
