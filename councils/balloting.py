"""A council's own ballots: put to residents, to a body's members or to its organisations, by any method."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ballots import actions as ballots
from ballots.models import Ballot, TieRule
from ballots.rules import Rule
from councils.chairs import chair_of
from councils.electorates import people_with_the_right
from councils.models import CouncilBallot
from councils.permissions import may_open_ballot
from councils.proxy_rules import proxy_limit_of
from people.models import Person

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(days=60)
POLICY = "councils.council"


def quorum_of(size: int, percent: int) -> int:
    """The quorum in people: the percentage of the roll, rounded up; 0 when none is asked."""
    return -(-size * percent // 100)


def by_procedure(asked: CouncilBallot, rule: Rule, *, chair_seat: int | None, at: datetime) -> Rule:
    """The rule with what whoever opens the ballot does not choose freely: who decides ties, and how many proxies one holds."""
    chair = chair_of(asked, chair_seat, at=at) if rule.get("tie_rule") == TieRule.CHAIR else None
    return Rule(**{**rule, "chair": chair, "proxy_limit": proxy_limit_of(asked)})


@transaction.atomic
def open_council_ballot(
    *,
    actor: Person,
    asked: CouncilBallot,
    question: str,
    quorum_percent: int = 0,
    opens_at: datetime | None = None,
    closes_at: datetime,
    chair_seat: int | None = None,
    at: datetime,
    **rule: Unpack[Rule],
) -> Ballot:
    """Put a question to those whom `asked` (unsaved, with council, electorate, body and district) gives a vote now.

    Proxies are as the council's procedure says at this moment. `chair_seat` is the seat of whoever decides ties where the rule
    gives them to the chair; without it whoever alone presides. Raises `ValidationError` on the field that is wrong; refuses
    with the verdict's reason, ``no_electors`` or ``several_delegates``.
    """
    may_open_ballot(actor, asked.council, asked.body, at=at).require()
    starts = max(opens_at or at, at)
    if opens_at is not None and opens_at < at - timedelta(minutes=1):
        raise ValidationError({"opens_on": _("Açılış geçmişte olamaz.")})
    if closes_at - starts < SHORTEST:
        raise ValidationError({"closes_on": _("Oylama en az 5 dakika açık kalmalı.")})
    if closes_at - starts > LONGEST:
        raise ValidationError({"closes_on": _("Oylama en çok 60 gün açık kalabilir.")})
    rule = by_procedure(asked, rule, chair_seat=chair_seat, at=at)
    electors = people_with_the_right(asked, at=at)
    rule["quorum"] = quorum_of(len(electors), quorum_percent)
    ballot = ballots.open_ballot(
        actor=actor,
        policy=POLICY,
        question=question,
        electors=electors,
        opens_at=opens_at,
        closes_at=closes_at,
        at=at,
        place=(asked.council, asked.body),
        **rule,
    )
    asked.ballot = ballot
    asked.save(force_insert=True)
    return ballot
