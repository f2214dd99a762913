"""A ticket: who opens a socket and what they may follow, asked by a page and signed, so that joining asks no database.

It is good for a minute, and only together with the cookie of the session it was made for. What was revoked after it was
made is known to every hub that was listening; a hub that was not asks the database, see `realtime.access.identify`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core import signing

SECONDS = 60
LONGEST = 8_000
"""Characters; fifty topics fit."""
_SALT = "realtime.ticket"


@dataclass(frozen=True, slots=True)
class Ticket:
    """`issued_at` is in seconds since 1970; `session` is the digest of the session's key."""

    person_id: int
    session: str
    issued_at: float
    topics: frozenset[str] = field(default_factory=frozenset)


def mint(person_id: int, session: str, topics: Iterable[str] = (), *, asked_at: float | None = None) -> str:
    """A ticket for a person; `asked_at` is when their session and permissions were looked up."""
    issued = int((time.time() if asked_at is None else asked_at) * 1000)
    content = {"p": person_id, "s": session, "i": issued, "t": sorted(topics)}
    return signing.Signer(salt=_SALT).sign_object(content)


def read(text: str, *, now: float | None = None) -> Ticket | None:
    """The ticket of a text; None when it is forged, broken, too old or from the future."""
    if not text or len(text) > LONGEST:
        return None
    try:
        match signing.Signer(salt=_SALT).unsign_object(text):
            case {"p": int(person_id), "s": str(session), "i": int(issued), "t": list(topics)}:
                ticket = Ticket(person_id, session, issued / 1000, frozenset(map(str, topics)))
            case _:
                return None
    except (signing.BadSignature, ValueError):
        return None
    age = (time.time() if now is None else now) - ticket.issued_at
    return ticket if -5 < age < SECONDS else None
