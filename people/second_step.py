"""The second step of a log-in (ikinci adım): a code of an app, a passkey or a recovery code after the password.

Whoever may act on the matters of others needs it; everybody may have it. What a session has proved is kept in the session by
allauth, one record for each proof; this module reads it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY as OWNER_SESSION_KEY,
)
from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from people.models import Person
from people.offices import holds_office

STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second step by itself; recovery codes only stand in for one."""


def is_done(session: Any, person: Person) -> bool:
    """Whether this session has proved a second step of this person."""
    if session.get(OWNER_SESSION_KEY) != str(person.pk):
        return False
    return any(record.get("method") == "mfa" for record in session.get(AUTHENTICATION_METHODS_SESSION_KEY) or [])


def has_one(person: Person) -> bool:
    """Whether the person has set up a second step."""
    return bool(Authenticator.objects.filter(user=person, type__in=STEPS).exists())


def is_missing(session: Any, person: Person, *, at: datetime) -> bool:
    """Whether the person holds an office and this session may not yet be used for it; the time of grace is over."""
    return not is_done(session, person) and holds_office(person) and not is_in_grace(person, at=at)


def is_in_grace(person: Person, *, at: datetime) -> bool:
    """Whether somebody without a second step still has time to set one up: `SECOND_STEP_GRACE_DAYS` from the first demand."""
    days = settings.SECOND_STEP_GRACE_DAYS
    if not days or has_one(person):
        return False
    return person.second_step_asked_at is None or at < person.second_step_asked_at + timedelta(days=days)


def mark(request: HttpRequest, person: Person, **proof: Any) -> None:
    """Note in the session that a second step was proved; the session gets a new key, the old one is dead."""
    record_authentication(request, person, "mfa", **proof)
    if request.session.session_key:
        request.session.cycle_key()


def forget(request: HttpRequest, person: Person) -> None:
    """Take the proof of a second step that is no more out of the session."""
    records = [record for record in get_authentication_records(request, person) if record.get("method") != "mfa"]
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = records
