"""Personal access tokens (erişim anahtarı): how one is written, what it may do, and how it is compared.

Plain values in, plain values out. A token is `mey_`, ten characters that name its row, `_` and 43 characters of 256 random
bits. Only the SHA-256 of the whole is kept: what cannot be guessed needs no slow hash.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta
from enum import StrEnum

from django.db import models
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _l

LONGEST = timedelta(days=366)
"""How long a token may live: a year, whichever year it is."""
MAX_TOKENS = 20
"""Tokens of one person that live at the same time."""
DAYS = (7, 30, 90, 180, 365)
"""The lifetimes that are offered."""
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_SHAPE = re.compile(r"(mey_[a-z2-9]{10})_[A-Za-z0-9_-]{43}", re.ASCII)


class Area(StrEnum):
    """What of the site a scope opens."""

    COUNCILS = "councils"
    PROPOSALS = "proposals"
    DISCUSSIONS = "discussions"
    BALLOTS = "ballots"
    GROUPS = "groups"
    REQUESTS = "requests"
    ME = "me"
    DESK = "desk"


class Scope(models.TextChoices):
    """What a token may do. Writing in an area includes reading in it; the desk's work is never included in another."""

    COUNCILS_READ = "councils:read", _l("Konseyleri, grupları, STK’ları ve kaydı okuma")
    PROPOSALS_READ = "proposals:read", _l("Önerileri ve taslaklarınızı okuma")
    PROPOSALS_WRITE = "proposals:write", _l("Öneri yazma, destek verme, takip etme")
    DISCUSSIONS_READ = "discussions:read", _l("Tartışmaları okuma")
    DISCUSSIONS_WRITE = "discussions:write", _l("Yorum yazma, düzeltme, silme ve bildirme")
    BALLOTS_READ = "ballots:read", _l("Oylamaları ve verdiğiniz oyu okuma")
    BALLOTS_WRITE = "ballots:write", _l("Oy verme")
    GROUPS_READ = "groups:read", _l("Katılma isteklerinizi okuma")
    GROUPS_WRITE = "groups:write", _l("Gruba katılma isteme, gruptan ayrılma")
    REQUESTS_READ = "requests:read", _l("Müdürlüğe başvurularınızı ve yazışmalarını okuma")
    REQUESTS_WRITE = "requests:write", _l("Müdürlüğe başvurma, yazışma, geri çekme")
    ME_READ = "me:read", _l("Hesabınızı ve verilerinizi okuma")
    ME_WRITE = "me:write", _l("Adınızı, dilinizi, ilçenizi ve haber tercihlerinizi değiştirme")
    DESK_READ = "desk:read", _l("Görevinizle ilgili işleri okuma")
    DESK_WRITE = "desk:write", _l("Görevinizle ilgili işlerde karar verme")


def scope_of(area: str, *, writes: bool) -> str:
    """The scope an endpoint asks for."""
    return Scope(f"{area}:{'write' if writes else 'read'}").value


def suffices(given: list[str], asked: str) -> bool:
    """Whether the scopes a token carries open what is asked for."""
    area, _, kind = asked.partition(":")
    return asked in given or (kind == "read" and f"{area}:write" in given)


def new_token() -> tuple[str, str]:
    """A fresh token: the part that may be shown, and the whole."""
    prefix = "mey_" + "".join(secrets.choice(_ALPHABET) for _ in range(10))
    return prefix, f"{prefix}_{secrets.token_urlsafe(32)}"


def prefix_of(token: str) -> str | None:
    """The part that names the row; None for a text that cannot be a token."""
    match = _SHAPE.fullmatch(token)
    return match[1] if match else None


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def is_token(token: str, kept: str) -> bool:
    """Whether a token has the kept hash; takes as long for a wrong one as for the right one."""
    return constant_time_compare(hash_of(token), kept)
