"""Who opens a socket: the session's person, checked as Django checks it, without changing the session."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, load_backend
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import parse_cookie
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from people import second_step
from people.models import AnyPerson, Person
from people.offices import with_offices


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


def stranger(session_key: str) -> Visitor:
    """Whoever holds this cookie, before anybody was asked who that is."""
    if not session_key or len(session_key) > 100:
        return NOBODY
    return Visitor(None, digest(session_key), session_key)


def visitor_of(session_key: str) -> Visitor:
    """The person of a session. Queries the database."""
    found = stranger(session_key)
    if not found.session_key:
        return NOBODY
    return replace(found, person_id=_person_in(_store(session_key)))


def persons_of(session_keys: Iterable[str]) -> dict[str, int | None]:
    """The persons of many sessions, with two queries when sessions are rows of the database."""
    keys = {key for key in session_keys if key}
    store = _store(None)
    if not isinstance(store, DatabaseStore):
        return {key: visitor_of(key).person_id for key in keys}
    rows = store.get_model_class().objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    opened = {row.session_key: store.decode(row.session_data) for row in rows}
    wanted = {_pk(session) for session in opened.values()} - {None}
    people = with_offices(Person.objects.all()).in_bulk(wanted)
    return {key: _verified(opened.get(key, {}), people.get(_pk(opened.get(key, {})))) for key in keys}


def _store(session_key: str | None) -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore(session_key)


def _pk(session: Any) -> int | None:
    try:
        return int(session[SESSION_KEY])
    except (KeyError, TypeError, ValueError):
        return None


def _person_in(session: Any) -> int | None:
    backend = session.get(BACKEND_SESSION_KEY)
    if backend is None or backend not in settings.AUTHENTICATION_BACKENDS:
        return None
    return _verified(session, load_backend(backend).get_user(_pk(session)))


def _verified(session: Any, person: Any) -> int | None:
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    if not isinstance(person, Person) or not person.is_active:
        return None
    given = session.get(HASH_SESSION_KEY) or ""
    known = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    if not any(constant_time_compare(given, each) for each in known):
        return None
    return None if second_step.is_missing(session, person, at=timezone.now()) else int(person.pk)


def person_of(person_id: int | None) -> AnyPerson | None:
    """The person as stored now; None when the account is gone or closed."""
    if person_id is None:
        return AnonymousUser()
    return Person.objects.filter(pk=person_id, is_active=True).first()
