"""The demo's questions of the councils themselves: opened, voted in and closed through the same actions as a person's clicks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from ballots import actions as ballots
from ballots.models import Elector
from ballots.rules import Rule
from councils.actions import set_proxy_rule
from councils.balloting import open_council_ballot
from councils.meetings.actions import MeetingFields, add_meeting, change_meeting, plan_meetings
from councils.meetings.checking import rule_of
from councils.meetings.rules import expected_meetings
from councils.models import Council, CouncilBallot, Electorate, MeetingState, Month, ProxyScope
from participation.demo.reading import moment
from participation.demo.settling import Setting
from participation.demo.telling import PLAYED
from people.models import Person

RULES = ("method", "options", "seats", "most", "tie_rule")


def ask(setting: Setting) -> None:
    """Give each council its rule about proxies and its ballots, as they stand now."""
    for slug, council in setting.councils.items():
        asked = setting.content.ballots[slug]
        secretary = setting.people[setting.content.bodies[slug]["secretary"]]
        set_proxy_rule(actor=secretary, council=council, scope=ProxyScope.BODIES, at=setting.now, **asked["proxies"])
        for row in asked["ballots"]:
            _hold(setting, slug, council, row)
        _keep_calendar(council, secretary, now=setting.now)


def _keep_calendar(council: Council, secretary: Person, *, now: datetime) -> None:
    """The municipal council's year: two meetings that were held, the next one confirmed, the others expected by the rule."""
    for months in (2, 1):
        day = now - timedelta(days=30 * months)
        plan = next(iter(expected_meetings(rule_of(council), after=day.replace(day=1), months=1)))
        name = f"{Month(timezone.localtime(plan).month).label} {timezone.localtime(plan).year} birleşimi"
        if plan < now:
            said: MeetingFields = {"name": name, "starts_at": plan, "state": MeetingState.HELD}
            add_meeting(actor=secretary, council=council, at=now, said=said)
    planned = plan_meetings(actor=secretary, council=council, at=now)
    first = planned[0]
    change_meeting(actor=secretary, meeting=first, at=now, said={"name": first.name, "starts_at": first.starts_at})


def _hold(setting: Setting, slug: str, council: Council, row: dict[str, Any]) -> None:
    body = setting.bodies.get((slug, row["asks"]))
    electorate = Electorate.RESIDENTS if body is None else Electorate.BODY
    opener = setting.people[row["by"]]
    ballot = open_council_ballot(
        actor=opener,
        asked=CouncilBallot(council=council, electorate=electorate, body=body),
        question=row["question"],
        closes_at=moment(row["closes"], now=setting.now),
        at=timezone.now(),
        **Rule(**{name: row[name] for name in RULES if name in row}),
    )
    leave = [] if "closed" in row else [setting.people[key].pk for key in PLAYED]
    voters = Elector.objects.filter(ballot=ballot).exclude(person__in=leave).select_related("person").order_by("pk")
    for elector, paper in zip(voters, row["papers"], strict=False):
        ballots.cast_vote(actor=elector.person, ballot=ballot, paper=paper)
    if "closed" in row:
        ballots.close_ballot_now(actor=opener, ballot=ballot, reason=row["closed"])
