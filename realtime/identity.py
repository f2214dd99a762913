"""Who opens a socket: the session's person, checked as Django checks it, without changing the session."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, load_backend
from django.contrib.auth.models import AnonymousUser
from django.http import parse_cookie
from django.utils.crypto import constant_time_compare

from people.models import AnyPerson, Person


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person by id, or nobody; `session` is a digest, so that a key never travels on the bus."""

    person_id: int | None = None
    session: str = ""
    session_key: str = ""

    def __repr__(self) -> str:
        return f"Visitor({self.person_id})"


NOBODY = Visitor()


def digest(session_key: str) -> str:
    """A name for a session that opens nothing."""
    return hashlib.sha256(f"live:{session_key}".encode()).hexdigest()[:24]


def session_key_of(headers: list[tuple[bytes, bytes]]) -> str:
    """The session key in the cookies of a handshake; empty without one."""
    cookies = b"; ".join(value for name, value in headers if name == b"cookie")
    return parse_cookie(cookies.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, "")


def visitor_of(session_key: str) -> Visitor:
    """The person of a session. Queries the database."""
    if not session_key or len(session_key) > 100:
        return NOBODY
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    return Visitor(_person_in(session), digest(session_key), session_key)


def _person_in(session: Any) -> int | None:
    backend = session.get(BACKEND_SESSION_KEY)
    if backend is None or backend not in settings.AUTHENTICATION_BACKENDS:
        return None
    person = load_backend(backend).get_user(Person._meta.pk.to_python(session[SESSION_KEY]))
    if not isinstance(person, Person) or not person.is_active:
        return None
    given = session.get(HASH_SESSION_KEY) or ""
    known = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    return int(person.pk) if any(constant_time_compare(given, each) for each in known) else None


def person_of(person_id: int | None) -> AnyPerson | None:
    """The person as stored now; None when the account is gone or closed."""
    if person_id is None:
        return AnonymousUser()
    return Person.objects.filter(pk=person_id, is_active=True).first()
