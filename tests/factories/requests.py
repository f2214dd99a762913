"""Requests of the directorate's desk, filed by the action."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from councils.models import Council
from people.models import Person
from servicerequests.actions import Said, file_request, start_desk
from servicerequests.models import IncomingMail, RequestFile, RequestType, ServiceRequest


def request_of(
    person: Person,
    council: Council,
    *,
    kind: str = "sikayet",
    subject: str = "Salon kapalıydı",
    text: str = "Salı akşamı geldik, salon kapalıydı.",
    at: datetime | None = None,
    **options: Any,
) -> ServiceRequest:
    """A request somebody filed; the council's desk is opened first where it has none."""
    at = at or timezone.now()
    if not RequestType.objects.filter(council=council).exists():
        start_desk(council=council, at=at)
    said = {
        name: options.pop(name) for name in ("answers", "district", "may_be_published", "matter") if name in options
    }
    row = RequestType.objects.get(council=council, slug=kind)
    return file_request(actor=person, council=council, kind=row, said=Said(subject, text, **said), at=at, **options)


def mail_of(council: Council, *, uid: int = 1, **options: Any) -> IncomingMail:
    """An e-mail that waits at the desk, from somebody nobody knows."""
    values: dict[str, Any] = {
        "sender": "yabanci@ornek.invalid",
        "sender_name": "Hatice Yılmaz",
        "subject": "Salonun ısıtması",
        "text": "Salı akşamı geldik, salon soğuktu.",
        "whole": "Salı akşamı geldik, salon soğuktu.",
        "state": "held",
        "why": "unknown",
        "received_at": timezone.now(),
    }
    values |= options
    return IncomingMail.objects.create(
        council=council, mailbox="test", uid_validity=1, uid=uid, fingerprint=f"{uid:064d}", **values
    )


def file_of(request: ServiceRequest, person: Person, *, content: bytes = b"RIFF", **options: Any) -> RequestFile:
    """A picture in a request, as it is kept once it has been checked."""
    row = RequestFile(
        request=request,
        kind="image",
        name="salon.webp",
        size=len(content),
        added_by=person,
        added_at=timezone.now(),
        **options,
    )
    row.digest = hashlib.sha256(content).hexdigest()
    row.file.save(row.name, ContentFile(content), save=False)
    row.save()
    return row
