"""That the desk read what somebody asked is noted (law 6698, article 12)."""

from __future__ import annotations

from datetime import datetime

from people.data_reads import note_read
from people.models import DataRead, Person
from servicerequests.models import IncomingMail, ServiceRequest
from servicerequests.permissions import is_applicant


def note_reading(*, reader: Person, request: ServiceRequest, at: datetime) -> None:
    """Note that somebody of the desk read a request; the applicant's own side reads unnoted."""
    if not is_applicant(reader, request, at=at):
        note_read(reader=reader, person=request.applicant, what=DataRead.What.REQUEST, key=request.number, at=at)


def note_mail_reading(*, reader: Person, mail: IncomingMail, at: datetime) -> None:
    """Note that somebody of the desk read a mail of somebody who has an account."""
    if mail.person is not None:
        note_read(reader=reader, person=mail.person, what=DataRead.What.REQUEST, key=f"e-posta {mail.pk}", at=at)
