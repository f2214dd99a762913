"""Who asks: the bearer of a personal access token, or somebody with a session of the site."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.utils import timezone
from rest_framework import authentication, exceptions
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from people.actions import use_token
from people.models import AccessToken, Person
from people.verdicts import Refused

CHALLENGE = 'Bearer realm="meydan"'
WRONG_TOKENS_A_MINUTE = 30
"""How many wrong tokens an address may show in a minute before none of its tokens is looked at."""


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer mey_…`. No session, no cookie and so no form token; a wrong one is never taken for none."""

    def authenticate(self, request: Request) -> tuple[Person, AccessToken] | None:
        kind, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        counter = f"wrong-tokens:{BaseThrottle().get_ident(request)}"
        if cache.get(counter, 0) >= WRONG_TOKENS_A_MINUTE:
            raise exceptions.Throttled(wait=60)
        try:
            token = use_token(text.strip(), at=timezone.now())
        except Refused as refused:
            raise exceptions.AuthenticationFailed(code=refused.code) from None
        if token is None:
            cache.add(counter, 0, 60)
            try:
                cache.incr(counter)
            except ValueError:  # it expired in between
                cache.set(counter, 1, 60)
            raise exceptions.AuthenticationFailed(code="invalid_token")
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


class SessionAuthentication(authentication.SessionAuthentication):
    """The session of the site; writing needs the token of the forms too."""

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied:
            raise exceptions.PermissionDenied(code="csrf_failed") from None


def token_of(request: Request) -> AccessToken | None:
    """The token that carries the request; None for a session or a visitor."""
    auth: Any = request.auth
    return auth if isinstance(auth, AccessToken) else None
