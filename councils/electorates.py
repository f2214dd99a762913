"""Who may vote: a rule about residents, members or delegates, resolved into people at a moment.

A ballot opened by a council keeps its rule (`CouncilBallot`). At opening the rule is resolved into the roll. Whether somebody
who gains or loses the right later is added or struck is the ballot's roll rule.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Body, CouncilBallot, Electorate, Membership, Residence
from organisations.models import Representative
from people.verdicts import Refused


def people_with_the_right(rule: CouncilBallot, *, at: datetime) -> set[int]:
    """Ids of those the rule gives a vote at this moment. Refuses with ``several_delegates`` where it names no single one."""
    day = timezone.localtime(at).date()
    match Electorate(rule.electorate):
        case Electorate.RESIDENTS | Electorate.DISTRICT:
            return set(_residents(rule).values_list("person_id", flat=True))
        case Electorate.BODY:
            return set(_seats(rule.body, day).values_list("person_id", flat=True))
    return _delegates(rule.body, day)


def has_the_right(rule: CouncilBallot, person_id: int, *, at: datetime) -> bool:
    """Whether the rule gives one person a vote now."""
    day = timezone.localtime(at).date()
    match Electorate(rule.electorate):
        case Electorate.RESIDENTS | Electorate.DISTRICT:
            return _residents(rule).filter(person_id=person_id).exists()
        case Electorate.BODY:
            return _seats(rule.body, day).filter(person_id=person_id).exists()
    return person_id in _delegates(rule.body, day)


def _residents(rule: CouncilBallot) -> QuerySet[Residence]:
    found = Residence.objects.filter(council=rule.council_id, verified_at__isnull=False, person__is_active=True)
    return found.filter(district=rule.district_id) if rule.district_id else found


def _seats(body: Body | None, day: date) -> QuerySet[Membership]:
    return Membership.objects.on(day).voting().filter(body=body, person__is_active=True)


def _delegates(body: Body | None, day: date) -> set[int]:
    """One delegate of each organisation among the body's voting members: the one whose seat is oldest, then whose mandate is.

    Two with the same days are not told apart by anything else: the body has to name one.
    """
    seats = dict(_seats(body, day).values_list("person_id", "starts_on"))
    mandates = (
        Representative.objects.on(day)
        .filter(person__in=seats, organisation__verified_at__isnull=False)
        .values_list("organisation_id", "organisation__name", "person_id", "starts_on")
    )
    of_each: dict[int, list[tuple[date, date, int]]] = defaultdict(list)
    names: dict[int, str] = {}
    for organisation, name, person, since in mandates:
        of_each[organisation].append((seats[person], since, person))
        names[organisation] = name
    delegates: set[int] = set()
    for organisation, found in of_each.items():
        first = min(found)
        if sum(each[:2] == first[:2] for each in found) > 1:
            raise Refused(
                _("%(name)s için birden çok temsilci var; oy hakkı olan temsilciyi belirleyin.")
                % {"name": names[organisation]},
                code="several_delegates",
            )
        delegates.add(first[2])
    return delegates
