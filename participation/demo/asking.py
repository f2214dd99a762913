"""The demo's questions of the councils themselves: opened, voted in and closed through the same actions as a person's clicks."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from ballots import actions as ballots
from ballots.models import Elector
from ballots.rules import Rule
from councils.actions import set_proxy_rule
from councils.balloting import open_council_ballot
from councils.models import Council, CouncilBallot, Electorate, ProxyScope
from participation.demo.reading import moment
from participation.demo.settling import Setting
from participation.demo.telling import PLAYED

RULES = ("method", "options", "seats", "most", "tie_rule")


def ask(setting: Setting) -> None:
    """Give each council its rule about proxies and its ballots, as they stand now."""
    for slug, council in setting.councils.items():
        asked = setting.content.ballots[slug]
        secretary = setting.people[setting.content.bodies[slug]["secretary"]]
        set_proxy_rule(actor=secretary, council=council, scope=ProxyScope.BODIES, at=setting.now, **asked["proxies"])
        for row in asked["ballots"]:
            _hold(setting, slug, council, row)


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
