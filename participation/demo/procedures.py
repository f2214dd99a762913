"""The demo's councils change their procedures, as the secretary does on the ground of a decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from councils.actions import set_procedure
from councils.actions.procedures import rules_of
from councils.models import Council, Procedure, Step
from participation.demo.calendar import Calendar, Deed
from participation.demo.reading import moment
from participation.demo.settling import Setting
from people.models import Person


def plan_procedures(calendar: Calendar, setting: Setting) -> None:
    """Each version keeps the steps of the first one, all of them or those up to a step."""
    for slug, rows in setting.content.procedures.items():
        secretary = setting.people[setting.content.bodies[slug]["secretary"]]
        for row in rows:
            calendar.add(moment(row["at"], now=calendar.now), _changing(setting.councils[slug], secretary, row))


def _changing(council: Council, secretary: Person, row: dict[str, Any]) -> Deed:
    def change(at: datetime) -> None:
        first = Procedure.objects.get(council=council, route=row["route"], number=1)
        rules, order = rules_of(first), list(Step)
        last = order.index(Step(row["until"])) if "until" in row else len(order)
        kept = [rule for rule in rules if order.index(rule.step) <= last]
        set_procedure(actor=secretary, council=council, route=row["route"], rules=kept, reason=row["reason"], at=at)

    return change
