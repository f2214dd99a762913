"""How often may be asked: by a visitor's address, by a person in all, and by each of their tokens."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from participation.api.authentication import token_of


class TokenRateThrottle(SimpleRateThrottle):
    """One token's requests, so that one program of a person leaves room for the others."""

    scope = "token"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        token = token_of(request)
        return self.cache_format % {"scope": self.scope, "ident": token.pk} if token is not None else None
