"""The signed token in each mail that stops such mails (RFC 8058): no log-in, no end, and it can do nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from django.core import signing

from notifications.frequencies import DEFAULTS

SALT = "notifications.leave"


def leaving_token(person: int, roles: Iterable[str]) -> str:
    return signing.dumps([person, sorted(roles)], salt=SALT)


def read_leaving_token(token: str) -> tuple[int, list[str]] | None:
    """Whose mails a token stops, for which roles; None for anything that this site has not signed."""
    try:
        person, roles = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(person), [role for role in roles if role in DEFAULTS]
