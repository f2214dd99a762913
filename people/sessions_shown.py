"""The sessions of a person, as the page of sessions shows them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import HASH_SESSION_KEY
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from people.models import Person, Session


@dataclass(frozen=True, slots=True)
class ShownSession:
    """`name` stands for the session in forms and opens nothing; the key stays on the server."""

    key: str
    name: str
    device: str
    began_at: datetime | None
    seen_at: datetime
    is_current: bool


def sessions_of(person: Person, *, current: str | None) -> list[ShownSession]:
    """Those that are alive, the current one first, then by when they were last seen. One query."""
    rows = Session.objects.filter(person=person, expire_date__gt=timezone.now()).order_by("-seen_at")
    found = []
    for row in rows:
        data = row.get_decoded()
        if not constant_time_compare(data.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash()):
            continue  # from before a change of the password
        began = data.get("began_at")
        found.append(
            ShownSession(
                key=row.session_key,
                name=hashlib.sha256(f"shown:{row.session_key}".encode()).hexdigest()[:24],
                device=data.get("device", ""),
                began_at=datetime.fromisoformat(began) if began else None,
                seen_at=row.seen_at,
                is_current=row.session_key == current,
            )
        )
    return sorted(found, key=lambda each: not each.is_current)
