"""Addresses and Message-IDs of requests: each carries the number and a signature, so that an answer finds its request."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from servicerequests.mail_parsing import sound_address

SALT = "servicerequests.mail"
LETTERS = 20
_NUMBER = r"[a-z0-9]{2,8}-t-\d{4}-\d{4,9}"
_LOCAL = re.compile(rf"({_NUMBER})\.([a-z2-7]{{{LETTERS}}})")
_ID = re.compile(rf"<({_NUMBER})\.([a-z2-7]{{{LETTERS}}})(\.\d+)?@[^<>@]+>")
_IN_SUBJECT = re.compile(rf"\b({_NUMBER})\b", re.ASCII | re.IGNORECASE)


def token(number: str, *, secret: str | bytes | None = None) -> str:
    """What only who got a mail of a request knows; in small letters, as some mail programs write addresses."""
    made = salted_hmac(SALT, number.upper(), secret=secret, algorithm="sha256").digest()
    return base64.b32encode(made).decode("ascii").lower()[:LETTERS]


def _is_signed(number: str, given: str) -> bool:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(token(number, secret=each), given) for each in secrets)


def mailbox_address(council: str = "") -> str:
    """The address requests are mailed to, that of one council where it is named; empty where no mails are taken."""
    local, _at, domain = settings.REQUEST_MAIL_ADDRESS.rpartition("@")
    if not local:
        return ""
    return f"{local}+{council}@{domain}" if council else f"{local}@{domain}"


def reply_address(number: str) -> str:
    """Where an answer about a request goes; empty where no mails are taken."""
    return mailbox_address(f"{number.lower()}.{token(number)}")


def after_plus(recipients: Iterable[str]) -> list[str]:
    """What stands after the plus in addresses of our mailbox; an empty word for the mailbox itself."""
    local, _at, domain = settings.REQUEST_MAIL_ADDRESS.lower().rpartition("@")
    found = []
    for each in recipients:
        given, _at, host = sound_address(each).rpartition("@")
        name, _plus, rest = given.partition("+")
        if local and host == domain and name == local:
            found.append(rest)
    return found


def number_of(recipients: Iterable[str]) -> str:
    """The number of the request whose signed address is among the recipients, or nothing."""
    for rest in after_plus(recipients):
        match = _LOCAL.fullmatch(rest)
        if match and _is_signed(match[1], match[2]):
            return match[1].upper()
    return ""


def thread_id(number: str) -> str:
    """The Message-ID every mail of a request refers to."""
    return f"<{number.lower()}.{token(number)}@{_host()}>"


def message_id(number: str, letter: int) -> str:
    """The Message-ID of one mail of a request: the same however often it is sent."""
    return f"<{number.lower()}.{token(number)}.{letter}@{_host()}>"


def desk_thread_id(number: str) -> str:
    """What mails to the desk refer to; it opens nothing."""
    return f"<masa.{number.lower()}@{_host()}>"


def number_in_references(references: Iterable[str]) -> str:
    """The number of a request whose signed Message-ID is referred to, or nothing."""
    for each in references:
        match = _ID.fullmatch(each.lower())
        if match and _is_signed(match[1], match[2]):
            return match[1].upper()
    return ""


def number_in_subject(subject: str) -> str:
    """The number a subject names. Everybody can write one: it counts together with who wrote it."""
    match = _IN_SUBJECT.search(subject)
    return match[1].upper() if match else ""


def _host() -> str:
    return settings.REQUEST_MAIL_ADDRESS.rpartition("@")[2] or settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(
        "> "
    )
