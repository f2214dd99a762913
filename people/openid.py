"""OpenID Connect: logging in by an outside provider, for example a national one (OpenID Connect Core 1.0, code flow).

Every answer is checked here and nowhere else: state, nonce and PKCE belong to one attempt of one browser; the ID token's
signature, issuer, audience and time are always verified, also when it came straight from the provider.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
import urllib.parse
import urllib.request
from dataclasses import asdict, dataclass
from typing import Any

import jwt
from django.conf import settings

ALGORITHMS = ["RS256", "PS256", "ES256"]
"""Signatures with a key that only the provider has; what the token itself names counts only within these."""
ATTEMPT_SECONDS = 10 * 60
TIMEOUT_SECONDS = 5
LONGEST_ANSWER = 256 * 1024
CLOCK_SECONDS = 30


class Untrusted(Exception):
    """The answer proves nobody. `code` names the check that failed, for the log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Provider:
    issuer: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way out and back of one browser; kept in its session until the way back, which takes it."""

    state: str
    nonce: str
    verifier: str
    began: float
    onward: str = ""
    links: int | None = None
    """The person who wants to link their account; None at a log-in."""
    proves: int | None = None
    """The signed-in person who is asked again who they are."""

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Claims:
    """Who somebody is, by the provider. `email` is empty unless the provider has verified it."""

    issuer: str
    subject: str
    email: str
    name: str
    proved_at: float | None = None
    """When they proved it there (`auth_time`), if the provider says so."""


def provider() -> Provider | None:
    """The configured provider; None when there is none."""
    if not settings.OPENID_ISSUER:
        return None
    return Provider(settings.OPENID_ISSUER, settings.OPENID_CLIENT_ID, settings.OPENID_CLIENT_SECRET)


def new_attempt(*, onward: str = "", links: int | None = None, proves: int | None = None) -> Attempt:
    return Attempt(*(secrets.token_urlsafe(32) for _ in range(3)), time.time(), onward, links, proves)


def address_of(provider: Provider, attempt: Attempt, *, redirect_uri: str) -> str:
    """Where to send the browser."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid email profile",
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    if attempt.proves is not None:  # section 3.1.2.1: a session there is not enough, and the token says when
        asked |= {"prompt": "login", "max_age": "0"}
    endpoint = _configuration(provider)["authorization_endpoint"]
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urllib.parse.urlencode(asked)}"


def check_state(attempt: Attempt, state: str) -> None:
    """Raise `Untrusted` unless the way back belongs to this attempt, in time."""
    if not hmac.compare_digest(attempt.state.encode(), state.encode()):
        raise Untrusted("state")
    if time.time() - attempt.began > ATTEMPT_SECONDS:
        raise Untrusted("too_late")


def claims_of(provider: Provider, attempt: Attempt, *, code: str, redirect_uri: str) -> Claims:
    """Exchange the code and verify the ID token. Raises `Untrusted` when anything is not as it must be."""
    configuration = _configuration(provider)
    answer = _fetch(
        configuration["token_endpoint"],
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": provider.client_id,
            "client_secret": provider.client_secret,
            "code_verifier": attempt.verifier,
        },
    )
    token = _verified(provider, configuration, str(answer.get("id_token", "")))
    if not hmac.compare_digest(str(token.get("nonce", "")).encode(), attempt.nonce.encode()):
        raise Untrusted("nonce")
    told = token
    if "email" not in token and "userinfo_endpoint" in configuration:
        told = _fetch(configuration["userinfo_endpoint"], bearer=str(answer.get("access_token", "")))
        if told.get("sub") != token["sub"]:
            raise Untrusted("userinfo")
    is_verified = told.get("email_verified") is True
    return Claims(
        issuer=provider.issuer,
        subject=token["sub"],
        email=str(told.get("email", "")).strip().lower() if is_verified else "",
        name=str(told.get("name", "")),
        proved_at=float(proved) if type(proved := token.get("auth_time")) in {int, float} else None,
    )


def _verified(provider: Provider, configuration: dict[str, Any], token: str) -> dict[str, Any]:
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        keys = jwt.PyJWKSet.from_dict(_fetch(configuration["jwks_uri"])).keys
        fitting = [key for key in keys if key.public_key_use in {None, "sig"} and kid in {None, key.key_id}]
        if len(fitting) != 1:
            raise Untrusted("key")
        content: dict[str, Any] = jwt.decode(
            token,
            key=fitting[0],
            algorithms=ALGORITHMS,
            issuer=provider.issuer,
            audience=provider.client_id,
            leeway=CLOCK_SECONDS,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except jwt.PyJWTError as error:
        raise Untrusted(type(error).__name__) from None
    if isinstance(content["aud"], list) and len(content["aud"]) > 1 and content.get("azp") != provider.client_id:
        raise Untrusted("azp")
    if not 0 < len(str(content["sub"])) <= 255:
        raise Untrusted("sub")
    return content


def _configuration(provider: Provider) -> dict[str, Any]:
    configuration = _fetch(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if configuration.get("issuer") != provider.issuer:
        raise Untrusted("issuer")
    return configuration


class _StayThere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """A provider that sends its answers elsewhere is not the one that was configured."""


_opener = urllib.request.build_opener(_StayThere, urllib.request.ProxyHandler())


def _fetch(address: str, form: dict[str, str] | None = None, *, bearer: str = "") -> dict[str, Any]:
    parts = urllib.parse.urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"}):
        raise Untrusted("not_https")
    request = urllib.request.Request(  # noqa: S310 (the scheme is checked above)
        address, data=urllib.parse.urlencode(form).encode() if form else None, headers={"Accept": "application/json"}
    )
    if bearer:
        request.add_header("Authorization", f"Bearer {bearer}")
    try:
        with _opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            found = json.loads(answer.read(LONGEST_ANSWER))
    except (OSError, ValueError) as error:
        raise Untrusted(type(error).__name__) from None
    if not isinstance(found, dict):
        raise Untrusted("answer")
    return found
