"""Whose a session is: looked up for many requests at once, as Django's middlewares would for each.

Nothing is trusted that was read for an earlier request: a session that ended, an account that was closed or a password
that changed counts from the next look-up on. Only the arithmetic on unchanged rows is remembered.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.db import connection
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from journal.group_commit import GroupCommit
from people.models import Person

SessionStore: Any = import_module(settings.SESSION_ENGINE).SessionStore


@lru_cache(maxsize=20_000)
def _claim(session_data: str) -> tuple[int, str] | None:
    """Whose a session says it is, with the hash that proves it; None when it says nothing that is understood here."""
    data = SessionStore().decode(session_data)
    try:
        person, backend, proof = (
            int(data[auth.SESSION_KEY]),
            data[auth.BACKEND_SESSION_KEY],
            data[auth.HASH_SESSION_KEY],
        )
    except (KeyError, ValueError, TypeError):
        return None
    return (person, proof) if backend in settings.AUTHENTICATION_BACKENDS else None


@lru_cache(maxsize=20_000)
def _proof(password: str) -> str:
    return Person(password=password).get_session_auth_hash()


def look_up(keys: Sequence[str]) -> list[Person | None]:
    """The person of each session; None for whom Django has to ask more closely. Two queries."""
    connection.close_if_unusable_or_obsolete()
    rows = SessionStore.get_model_class().objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    claims = {row.session_key: claim for row in rows if (claim := _claim(row.session_data)) is not None}
    people = Person.objects.filter(is_active=True).in_bulk({person for person, _proof in claims.values()})
    found: dict[str, Person] = {}
    for key, (pk, proof) in claims.items():
        person = people.get(pk)
        if person is not None and constant_time_compare(proof, _proof(person.password)):
            found[key] = person
    return [found.get(key) for key in keys]


def _give_back() -> None:
    connection.close()  # the leader's own


visitors: GroupCommit[str, Person | None] = GroupCommit(look_up, name="visitors", patience=5.0, rest=_give_back)
