"""Who declared to live in a council's city: for those who verify it."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q, QuerySet

from councils.models import Council, Residence
from councils.permissions import may_verify_residence
from people.data_reads import note_read
from people.models import AnyPerson, DataRead
from turkish.functions import Fold
from turkish.text import fold

log = structlog.get_logger(__name__)
LARGEST_KEY = 2**63 - 1
MAX_TEXT = 254


def declared_in(council: Council) -> QuerySet[Residence]:
    """Residences declared in the council's city, with everything a list names; closed accounts are left out."""
    return Residence.objects.select_related("person", "district", "council", "verified_by").filter(
        council=council, person__is_active=True
    )


def find_residents(
    reader: AnyPerson, council: Council, *, verified: bool, text: str, at: datetime
) -> QuerySet[Residence]:
    """Those who wait for verification, or who are verified; with a text, those with exactly this address or a name of
    which a word begins so, whatever the diacritics. Refuses who is no officer of the council."""
    may_verify_residence(reader, council, at=at).require()
    residents = declared_in(council).filter(verified_at__isnull=not verified)
    text = text.replace("\x00", "").strip()[:MAX_TEXT]
    return _found(residents, text) if text else residents


def read_resident(reader: AnyPerson, council: Council, person_id: int, *, at: datetime) -> Residence | None:
    """One person's record, or None; that it was read is logged. Refuses who is no officer of the council."""
    may_verify_residence(reader, council, at=at).require()
    residence = declared_in(council).filter(person_id=min(person_id, LARGEST_KEY)).first()
    if residence is not None:
        log.info("residence_record_read", reader=reader.pk, person=residence.person_id, council=council.slug)
        note_read(
            reader=reader,  # type: ignore[arg-type]
            person=residence.person,
            what=DataRead.What.RESIDENT,
            key=f"{council.slug}:{residence.person_id}",
            at=at,
        )
    return residence


def _found(residents: QuerySet[Residence], text: str) -> QuerySet[Residence]:
    try:
        validate_email(text)
    except ValidationError:
        folded = " ".join(fold(text).split())
        return residents.annotate(folded_name=Fold("person__display_name")).filter(
            Q(folded_name__startswith=folded) | Q(folded_name__contains=f" {folded}")
        )
    return residents.filter(person__email=text.lower())
