"""The municipal councils' calendars of the demo: three years of meetings that were held, and the year ahead."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from councils.meetings.actions import MeetingFields, add_meeting, change_meeting, plan_meetings
from councils.meetings.checking import rule_of
from councils.meetings.rules import expected_meetings
from councils.models import Council, MeetingState, Month
from participation.demo.settling import FIRST_DAY, Setting
from people.models import Person


def keep_calendars(setting: Setting) -> None:
    """Each council's secretary writes what was held by the rule, confirms the next meeting and expects the others."""
    for slug, council in setting.councils.items():
        secretary = setting.people[setting.content.bodies[slug]["secretary"]]
        _write_past(council, secretary, now=setting.now)
        planned = plan_meetings(actor=secretary, council=council, at=setting.now)
        first = planned[0]
        said: MeetingFields = {"name": first.name, "starts_at": first.starts_at}
        change_meeting(actor=secretary, meeting=first, at=setting.now, said=said)


def _write_past(council: Council, secretary: Person, *, now: datetime) -> None:
    begin = (timezone.localtime(now) - timedelta(days=FIRST_DAY - 60)).replace(day=1)
    for plan in expected_meetings(rule_of(council), after=begin, months=FIRST_DAY // 30):
        if plan >= now:
            return
        day = timezone.localtime(plan)
        name = f"{Month(day.month).label} {day.year} birleşimi"
        said: MeetingFields = {"name": name, "starts_at": plan, "state": MeetingState.HELD}
        add_meeting(actor=secretary, council=council, at=min(plan + timedelta(days=1), now), said=said)
