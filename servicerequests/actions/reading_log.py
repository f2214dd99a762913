"""That the desk read what somebody asked is noted (law 6698, article 12)."""

from __future__ import annotations

from datetime import datetime

from people.data_reads import note_read
from people.models import DataRead, Person
from servicerequests.models import ServiceRequest
from servicerequests.permissions import is_applicant


def note_reading(*, reader: Person, request: ServiceRequest, at: datetime) -> None:
    """Note that somebody of the desk read a request; the applicant's own side reads unnoted."""
    if not is_applicant(reader, request, at=at):
        note_read(reader=reader, person=request.applicant, what=DataRead.What.REQUEST, key=request.number, at=at)
