"""Whose a session is: looked up for many requests at once, as Django's middlewares would for each.

Nothing is trusted that was read for an earlier request: a session that ended, an account that was closed or a password
that changed counts from the next look-up on. Only the arithmetic on unchanged rows is remembered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import auth
from django.db import connection
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from journal.group_commit import GroupCommit
from people import second_step
from people.models import Person
from people.offices import with_offices
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


@dataclass(frozen=True, slots=True)
class Visitor:
    """What the lane needs of a person who is signed in; the limits of the API ask it as they ask a person."""

    pk: int
    holds_office: bool
    is_authenticated: ClassVar[bool] = True


def look_up(keys: Sequence[str]) -> list[Visitor | None]:
    """The person of each session; None for whom Django has to ask more closely. Two queries.

    Those are sessions whose "seen" has to be renewed, and people with an office who have not proved their second step.
    """
    connection.close_if_unusable_or_obsolete()
    now = timezone.now()
    rows = SessionStore.get_model_class().objects.filter(
        session_key__in=keys, expire_date__gt=now, seen_at__gt=now - SEEN_ANEW_AFTER
    )
    sessions = rows.values_list("session_key", "session_data")
    claims = {key: claim for key, session_data in sessions if (claim := _claim(session_data)) is not None}
    people = with_offices(Person.objects.filter(is_active=True, pk__in={claim.person for claim in claims.values()}))
    known = {pk: rest for pk, *rest in people.values_list("pk", "password", "holds_office")}
    found: dict[str, Visitor] = {}
    for key, claim in claims.items():
        password, holds_office = known.get(claim.person, ("", False))
        if claim.person not in known or not constant_time_compare(claim.proof, _proof(password)):
            continue
        visitor = Visitor(claim.person, holds_office)
        if not holds_office or second_step.is_done(claim.data, visitor):
            found[key] = visitor
    return [found.get(key) for key in keys]


def _give_back() -> None:
    connection.close()  # the leader's own


visitors: GroupCommit[str, Visitor | None] = GroupCommit(look_up, name="visitors", patience=5.0, rest=_give_back)
