"""The desk (Masam): what waits for a person in a council, gathered from the apps below."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from councils.models import Council, Membership, Officer
from people.models import Person


def has_desk(person: Person, council: Council, *, at: datetime) -> bool:
    """Whether the person holds any office in the council: a leading seat, or a place on the municipality's staff."""
    day = timezone.localtime(at).date()
    return (
        Membership.objects.on(day).leading().filter(person=person, body__council=council).exists()
        or Officer.objects.filter(person=person, council=council, is_active=True).exists()
    )
