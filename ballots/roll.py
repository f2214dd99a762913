"""The roll between opening and closing, by its published rule.

- `fixed`: taken at opening; nobody is added or struck.
- `strikes`: whoever has lost the right to vote is struck; nobody is added.
- `follows`: besides, whoever has gained the right since is added, until the closing.

A vote already cast stays: it was cast with the right to it. Its voter stays among those who have the right when they are
struck later. Every change holds the ballot's row, which every vote holds too, so a vote is either written before a strike or
refused by it. The triggers of migration 0008 refuse what the rule does not allow.
"""

from __future__ import annotations

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from ballots.models import Ballot, Elector, RollRule, Vote
from ballots.permissions import is_on_roll
from ballots.policies import KnowsElectorate
from journal.actions import touch
from people.models import Person

log = structlog.get_logger(__name__)


def settle_one(ballot: Ballot, person: Person) -> None:
    """Bring one person's entry up to date before they vote; nothing for a fixed roll."""
    if ballot.roll_rule == RollRule.FIXED:
        return
    entry = Elector.objects.filter(ballot=ballot, person=person).first()
    was_on = entry is not None and entry.struck_at is None
    from ballots.actions import database_now

    if was_on != is_on_roll(person, ballot, at=database_now()):
        _write(ballot, add=set() if was_on else {person.pk}, strike={person.pk} if was_on else set())


def settle(ballot: Ballot) -> None:
    """Bring the whole roll of an open ballot up to date."""
    from ballots.actions import database_now

    rules = ballot.rules
    if ballot.roll_rule == RollRule.FIXED or not isinstance(rules, KnowsElectorate):
        return
    entitled = rules.people_with_the_right(ballot, at=database_now())
    on_roll = set(Elector.objects.filter(ballot=ballot, struck_at__isnull=True).values_list("person_id", flat=True))
    late = entitled - on_roll if ballot.roll_rule == RollRule.FOLLOWS else set()
    if late or on_roll - entitled:
        _write(ballot, add=late, strike=on_roll - entitled)


@transaction.atomic
def _write(ballot: Ballot, *, add: set[int], strike: set[int]) -> None:
    held = (
        Ballot.objects.select_for_update().filter(pk=ballot.pk, declared_at__isnull=True, closes_at__gt=Now()).first()
    )
    if held is None:
        return
    Elector.objects.filter(ballot=held, person__in=strike, struck_at__isnull=True).update(struck_at=Now())
    back = set(Elector.objects.filter(ballot=held, person__in=add).values_list("person_id", flat=True))
    Elector.objects.filter(ballot=held, person__in=back, struck_at__isnull=False).update(struck_at=None)
    Elector.objects.bulk_create(
        [Elector(ballot=held, person_id=person, added_at=Now()) for person in sorted(add - back)], batch_size=5_000
    )
    voted = Exists(Vote.objects.filter(ballot=held, person=OuterRef("person")))
    held.roll_size = Elector.objects.filter(Q(struck_at__isnull=True) | voted, ballot=held).count()
    held.save(update_fields=["roll_size"])
    touch(f"state:{held.topic}")


def follow_rolls() -> None:
    """Settle the roll of every open ballot whose rule lets it move."""
    moving = Ballot.objects.filter(declared_at__isnull=True, closes_at__gt=Now()).exclude(roll_rule=RollRule.FIXED)
    for ballot in moving.order_by("pk"):
        try:
            settle(ballot)
        except Exception:  # one owner's fault must not keep other rolls from their rule
            log.exception("roll_not_settled", ballot=ballot.pk)
