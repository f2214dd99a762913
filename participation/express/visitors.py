"""Whose a session is: looked up for many requests at once, as Django's middlewares would for each.

Nothing is trusted that was read for an earlier request: a session that ended, an account that was closed or a password
that changed counts from the next look-up on. Only the arithmetic on unchanged rows is remembered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.db import connection
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from journal.group_commit import GroupCommit
from people import second_step
from people.models import Person
from people.offices import holds_office, with_offices
from people.sessions import SEEN_ANEW_AFTER

SessionStore: Any = import_module(settings.SESSION_ENGINE).SessionStore


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose a session says it is, the hash that proves it, and what else it holds."""

    person: int
    proof: str
    data: Mapping[str, Any]


@lru_cache(maxsize=20_000)
def _claim(session_data: str) -> Claim | None:
    """What a session says of its person; None when it says nothing that is understood here."""
    data = SessionStore().decode(session_data)
    try:
        claim = Claim(int(data[auth.SESSION_KEY]), data[auth.HASH_SESSION_KEY], data)
        return claim if data[auth.BACKEND_SESSION_KEY] in settings.AUTHENTICATION_BACKENDS else None
    except (KeyError, ValueError, TypeError):
        return None


@lru_cache(maxsize=20_000)
def _proof(password: str) -> str:
    return Person(password=password).get_session_auth_hash()


def look_up(keys: Sequence[str]) -> list[Person | None]:
    """The person of each session; None for whom Django has to ask more closely. Two queries.

    Those are sessions whose "seen" has to be renewed, and people with an office who have not proved their second step.
    """
    connection.close_if_unusable_or_obsolete()
    now = timezone.now()
    rows = SessionStore.get_model_class().objects.filter(
        session_key__in=keys, expire_date__gt=now, seen_at__gt=now - SEEN_ANEW_AFTER
    )
    claims = {row.session_key: claim for row in rows if (claim := _claim(row.session_data)) is not None}
    people = with_offices(Person.objects.filter(is_active=True)).in_bulk({claim.person for claim in claims.values()})
    found: dict[str, Person] = {}
    for key, claim in claims.items():
        person = people.get(claim.person)
        if person is None or not constant_time_compare(claim.proof, _proof(person.password)):
            continue
        if not holds_office(person) or second_step.is_done(claim.data, person):
            found[key] = person
    return [found.get(key) for key in keys]


def _give_back() -> None:
    connection.close()  # the leader's own


visitors: GroupCommit[str, Person | None] = GroupCommit(look_up, name="visitors", patience=5.0, rest=_give_back)
