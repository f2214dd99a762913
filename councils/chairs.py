"""Who presides over whom a ballot asks, for ballots whose ties the chair decides."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.models import Body, BodyKind, Council, CouncilBallot, Membership, Role
from people.models import Person

PRESIDING = (Role.PRESIDENT, Role.FACILITATOR)
ORGANS = (BodyKind.GENERAL_ASSEMBLY, BodyKind.EXECUTIVE_BOARD)


def chairing_seats(council: Council, body: Body | None, *, at: datetime) -> QuerySet[Membership]:
    """Seats whose holder may be named as chair: who presides over the body (in a working group, facilitates it), and the
    council's presidents."""
    seats = Membership.objects.on(timezone.localtime(at).date()).filter(person__is_active=True)
    of_council = Q(body__council=council, body__kind__in=ORGANS, role=Role.PRESIDENT)
    of_body = Q(body=body, role__in=PRESIDING) if body is not None else Q()
    return seats.filter(of_council | of_body if of_body else of_council).select_related("person", "body").order_by("pk")


def chair_of(asked: CouncilBallot, seat: int | None, *, at: datetime) -> Person:
    """The holder of the seat that was named; without one whoever alone presides over the body or the council.

    `ValidationError` on ``chair`` when the seat is no such seat, or when nobody or several preside and none was named.
    """
    seats = list(chairing_seats(asked.council, asked.body, at=at))
    if seat is not None:
        for found in seats:
            if found.pk == seat:
                return found.person
        raise _wrong(_("Başkan, sorulan organın ya da konseyin başkanı olmalı."), code="not_chairing")
    if asked.body is not None:
        seats = [found for found in seats if found.body_id == asked.body.pk]
    presidents = {found.person for found in seats if found.role == Role.PRESIDENT}
    people = presidents or {found.person for found in seats}
    if len(people) == 1:
        return people.pop()
    raise _wrong(_("Eşitlikte karar verecek başkanı seçin."), code="no_single_chair")


def _wrong(sentence: str, *, code: str) -> ValidationError:
    return ValidationError({"chair": ValidationError(sentence, code=code)})
