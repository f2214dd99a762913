"""The strategic plans of the demo's municipalities, written by an officer of the directorate."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from councils.models import Council, OfficerRole
from participation.demo.calendar import Calendar, Deed
from participation.demo.reading import moment
from participation.demo.settling import Setting
from people.models import Person
from proposals.budget.actions import add_objective, add_strategic_plan


def plan_strategic_plans(calendar: Calendar, setting: Setting) -> None:
    """Each is written once, for the five years after."""
    for slug, row in setting.content.plans.items():
        council = setting.councils[slug]
        post = council.officers.filter(role=OfficerRole.DIRECTORATE).select_related("person").earliest("pk")
        calendar.add(moment(row["at"], now=calendar.now), _writing(council, post.person, row["objectives"]))


def _writing(council: Council, officer: Person, objectives: dict[str, Any]) -> Deed:
    def write(at: datetime) -> None:
        first = timezone.localtime(at).year + 1
        plan = add_strategic_plan(actor=officer, council=council, first_year=first, last_year=first + 4, at=at)
        for code, name in objectives.items():
            add_objective(actor=officer, plan=plan, said={"code": code, "name": name}, at=at)

    return write
