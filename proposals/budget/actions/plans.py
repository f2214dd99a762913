"""The strategic plan: its periods, and its aims and objectives one by one and from a file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NotRequired, TypedDict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from councils.meetings.comparing import Outcome
from councils.models import Council
from people.models import Person
from people.verdicts import no
from proposals.budget.actions.keeping import AnsweringUnits, all_taken, answering_unit, locked_council, tell
from proposals.budget.checking import plain_name, plausible_period, read_objective_code
from proposals.budget.comparing import compared_objectives, overlapping
from proposals.budget.importing import FoundObjective
from proposals.budget.journal_kinds import BudgetKind
from proposals.budget.permissions import may_keep_budget
from proposals.models import Objective, StrategicPlan


class ObjectiveFields(TypedDict):
    """What may be said of an aim (code A1) or an objective (code H1.2)."""

    code: str
    name: str
    unit: NotRequired[str]
    is_retired: NotRequired[bool]


# --- Plans ------------------------------------------------------------------------------------------------------------
def _free_period(council: Council, first: int, last: int, *, but: int | None = None) -> tuple[int, int]:
    """`ValidationError` on ``period`` for years that another plan has."""
    period = plausible_period(first, last)
    plans = StrategicPlan.objects.filter(council=council).exclude(pk=but or 0)
    others = plans.values_list("first_year", "last_year")
    taken = _("Bu dönemin planı var.") if period in list(others) else overlapping(period, others)
    if taken:
        raise ValidationError({"period": ValidationError(taken, code="taken")})
    return period


@transaction.atomic
def add_strategic_plan(
    *, actor: Person, council: Council, first_year: int, last_year: int, at: datetime
) -> StrategicPlan:
    """Add a plan for some years. Refuses who does not keep it; `ValidationError` on ``period``."""
    may_keep_budget(actor, council, at=at).require()
    council = locked_council(council)
    first, last = _free_period(council, first_year, last_year)
    plan = StrategicPlan.objects.create(council=council, first_year=first, last_year=last)
    tell(BudgetKind.PLAN_ADDED, actor, council, plan, at, {"period": plan.period})
    return plan


@transaction.atomic
def change_strategic_plan(
    *, actor: Person, plan: StrategicPlan, first_year: int, last_year: int, at: datetime
) -> StrategicPlan:
    """Correct a plan's years; the same again changes nothing. Refuses who does not keep it; `ValidationError` on ``period``."""
    may_keep_budget(actor, plan.council, at=at).require()
    council = locked_council(plan.council)
    plan = StrategicPlan.objects.get(pk=plan.pk)
    before = plan.period
    plan.council = council
    plan.first_year, plan.last_year = _free_period(council, first_year, last_year, but=plan.pk)
    if plan.period != before:
        plan.save()
        tell(BudgetKind.PLAN_CHANGED, actor, council, plan, at, {"period": plan.period, "before": before})
    return plan


# --- Aims and objectives ----------------------------------------------------------------------------------------------
@transaction.atomic
def add_objective(*, actor: Person, plan: StrategicPlan, said: ObjectiveFields, at: datetime) -> Objective:
    """Add an aim, or an objective below an aim that is there. Refuses who does not keep the plan; `ValidationError` on the
    fields.
    """
    may_keep_budget(actor, plan.council, at=at).require()
    council = locked_council(plan.council)
    objective = Objective(plan=plan)
    _take(council, objective, said)
    objective.save(force_insert=True)
    facts = {"objective": objective.code, "name": objective.name, "period": plan.period}
    tell(BudgetKind.OBJECTIVE_ADDED, actor, council, objective, at, facts)
    return objective


@transaction.atomic
def change_objective(*, actor: Person, objective: Objective, said: ObjectiveFields, at: datetime) -> Objective:
    """Write an aim or an objective anew, retire it or take it back; the same again changes nothing.

    Refuses who does not keep the plan, and another code for an aim that has objectives. `ValidationError` on the fields.
    """
    plan = objective.plan
    may_keep_budget(actor, plan.council, at=at).require()
    council = locked_council(plan.council)
    objective = Objective.objects.select_for_update(of=("self",)).get(pk=objective.pk)
    before = Objective.objects.get(pk=objective.pk)
    objective.plan = plan
    if read_objective_code(said["code"]) != (before.aim, before.target) and objective.children.exists():
        no(_("Altında hedefler olan amacın kodu değişmez."), code="has_objectives").require()
    _take(council, objective, said)
    objective.save()
    facts = {"objective": objective.code, "name": objective.name, "period": plan.period}
    if (before.code, before.name, before.unit_id) != (objective.code, objective.name, objective.unit_id):
        told = facts | {"before": f"{before.code}, {before.name}"}
        tell(BudgetKind.OBJECTIVE_CHANGED, actor, council, objective, at, told)
    if before.is_retired != objective.is_retired:
        kind = BudgetKind.OBJECTIVE_RETIRED if objective.is_retired else BudgetKind.OBJECTIVE_TAKEN_BACK
        tell(kind, actor, council, objective, at, facts)
    return objective


def _take(council: Council, objective: Objective, said: ObjectiveFields) -> None:
    aim, target = read_objective_code(said["code"])
    others = Objective.objects.filter(plan=objective.plan).exclude(pk=objective.pk)
    if others.filter(aim=aim, target=target).exists():
        raise ValidationError({"code": ValidationError(_("Planda bu kod var."), code="taken")})
    parent = others.filter(aim=aim, target=0).first() if target else None
    if target and parent is None:
        sentence = _("Önce bu hedefin amacını (A%(aim)d) ekleyin.") % {"aim": aim}
        raise ValidationError({"code": ValidationError(sentence, code="no_aim")})
    objective.aim, objective.target, objective.parent = aim, target, parent
    objective.name = plain_name(said["name"])
    objective.is_retired = said.get("is_retired", False)
    objective.unit = answering_unit(council, said.get("unit", ""), objective)


# --- Files ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def import_objectives(
    *, actor: Person, council: Council, rows: Iterable[FoundObjective], at: datetime
) -> tuple[int, int]:
    """Write the rows of a file that `compared_objectives` calls new or changed, with the plans they name; returns how many of
    each.

    A row that cannot be written stops all of them. Refuses who does not keep the plan. `ValidationError` on ``text`` with
    the rows' sentences.
    """
    may_keep_budget(actor, council, at=at).require()
    council = locked_council(council)
    lines = compared_objectives(council, list(rows))
    all_taken(lines)
    plans = {(plan.first_year, plan.last_year): plan for plan in StrategicPlan.objects.filter(council=council)}
    aims = {(each.plan_id, each.aim): each for each in Objective.objects.filter(plan__council=council, target=0)}
    known = Objective.objects.in_bulk([each.known for each in lines if each.outcome == Outcome.CHANGED])
    units, changed, new = AnsweringUnits(council), [], 0
    # Aims first, in whatever order the file has them.
    for is_below in (False, True):
        fresh = []
        for each in (line for line in lines if bool(line.row.code[1]) == is_below):
            row = each.row
            if each.outcome == Outcome.NEW:
                if row.period not in plans:
                    first, last = row.period
                    plans[row.period] = StrategicPlan.objects.create(council=council, first_year=first, last_year=last)
                plan, (aim, target) = plans[row.period], row.code
                parent = aims[plan.pk, aim] if is_below else None
                fresh.append(_filled(Objective(plan=plan, aim=aim, target=target, parent=parent), row, units))
            elif each.outcome == Outcome.CHANGED:
                assert each.known is not None
                changed.append(_filled(known[each.known], row, units))
        aims |= {(each.plan_id, each.aim): each for each in Objective.objects.bulk_create(fresh) if not is_below}
        new += len(fresh)
    Objective.objects.bulk_update(changed, ["name", "unit", "is_retired"], batch_size=500)
    if new or changed:
        tell(BudgetKind.OBJECTIVES_IMPORTED, actor, council, council, at, {"new": new, "changed": len(changed)})
    return new, len(changed)


def _filled(objective: Objective, row: FoundObjective, units: AnsweringUnits) -> Objective:
    objective.name = row.name
    if "unit" in row.told:
        objective.unit = units.of(row.unit, objective)
    if "state" in row.told:
        objective.is_retired = row.is_retired
    return objective
