"""Who works with the office's list of proposals."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import BodyKind, Council, Membership, Officer, OfficerRole, Role
from councils.permissions import (
    is_directorate_officer,
    is_secretary,
)
from people.models import AnyPerson, Person
from people.verdicts import YES, Verdict, no
from proposals.models import Proposal
from proposals.permissions.deciding import may_decide_admissibility


def may_manage_proposals(person: AnyPerson, council: Council, *, at: datetime) -> Verdict:
    """The council's secretary and the directorate's officers share one list with notes of their own."""
    if is_secretary(person, council, at=at) or is_directorate_officer(person, council):
        return YES
    return no(_("Gelen öneriler listesi konsey sekreteri ve müdürlük görevlileri içindir."), code="not_office")


def office_staff(council: Council, *, at: datetime) -> QuerySet[Person]:
    """Those whom a proposal can be assigned to: the council's secretaries and the directorate's officers of the day."""
    seats = Membership.objects.on(timezone.localtime(at).date()).filter(
        role=Role.SECRETARY, body__council=council, body__kind=BodyKind.SECRETARIAT
    )
    posts = Officer.objects.filter(council=council, role=OfficerRole.DIRECTORATE, is_active=True)
    return Person.objects.filter(Q(pk__in=seats.values("person")) | Q(pk__in=posts.values("person")), is_active=True)


def may_hand_over(person: AnyPerson, proposal: Proposal, *, at: datetime) -> Verdict:
    """Whoever decides on admissibility sends a proposal to another body first, where it was addressed to the wrong one."""
    return may_decide_admissibility(person, proposal, at=at)
