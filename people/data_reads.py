"""The log of who read another person's data for their office (law 6698, article 12)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from people.models import DataRead, Person


def note_read(*, reader: Person, person: Person | None, what: DataRead.What, key: str, at: datetime) -> None:
    """Note that somebody read it; again within the hour, and one's own, is nothing new. One statement."""
    if person is not None and person.pk == reader.pk:
        return
    hour = timezone.localtime(at).replace(minute=0, second=0, microsecond=0)
    row = DataRead(reader=reader, person=person, what=what, key=key, hour=hour, at=at)
    DataRead.objects.bulk_create([row], ignore_conflicts=True)


def reads_of(person: Person) -> QuerySet[DataRead]:
    """When officers read what is kept about a person, the newest first; who they were is kept for the controller alone."""
    return DataRead.objects.filter(person=person).order_by("-at", "-pk")
