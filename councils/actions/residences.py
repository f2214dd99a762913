"""Where people live: declared by themselves, verified by an officer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from councils.journal_kinds import CouncilKind
from councils.models import Council, District, Residence
from councils.permissions import may_verify_residence
from journal.actions import record
from journal.models import Audience
from people.actions import check_identity
from people.models import Person
from people.verdicts import Refused


@transaction.atomic
def declare_residence(*, actor: Person, district: District, at: datetime) -> Residence:
    """Say in which district one lives. Another district than before has to be verified anew; the same changes nothing."""
    residence, is_new = Residence.objects.select_for_update(no_key=True).get_or_create(
        person=actor, defaults={"council": district.council, "district": district, "declared_at": at}
    )
    if is_new or residence.district_id == district.pk:
        return residence
    was_verified_in = residence.council if residence.is_verified else None
    residence.council, residence.district, residence.declared_at = district.council, district, at
    residence.verified_at = residence.verified_by = None
    residence.save()
    if was_verified_in is not None:
        record(
            CouncilKind.RESIDENCE_CHANGED,
            actor=actor,
            subject=residence,
            topic=f"residence:{residence.pk}",
            at=at,
            council=was_verified_in,
            audience=Audience.STAFF,
        )
    return residence


@sensitive_variables("number")
@transaction.atomic
def verify_residence(*, actor: Person, person: Person, council: Council, number: str, at: datetime) -> Residence:
    """Verify identity and residence of a person who declared to live in the council's city; again changes nothing.

    Raises `people.identity.InvalidNumber` for a wrong number. Refuses who is no officer of the council, one's own record,
    a closed account, somebody who declared another city or nothing, and a number of another account.
    """
    may_verify_residence(actor, council, person, at=at).require()
    residence = (
        Residence.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person")
        .filter(person=person, council=council)
        .first()
    )
    if residence is None:
        raise Refused(_("Bu kişi bu kentte oturduğunu beyan etmemiş."), "not_declared")
    if not residence.person.is_active:
        raise Refused(_("Bu hesap kapalı."), "closed_account")
    check_identity(actor=actor, person=person, number=number, at=at)
    if residence.is_verified:
        return residence
    residence.verified_at, residence.verified_by = at, actor
    residence.save(update_fields=["verified_at", "verified_by"])
    record(
        CouncilKind.RESIDENCE_VERIFIED,
        actor=actor,
        subject=residence,
        topic=f"residence:{residence.pk}",
        at=at,
        council=council,
        audience=Audience.STAFF,
    )
    return residence
