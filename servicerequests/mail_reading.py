"""Read the mailbox of requests over IMAP: only what is new, each mail by itself, changing nothing on the server."""

from __future__ import annotations

import imaplib
import re
import ssl
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, transaction
from django.utils import timezone

from servicerequests.actions import Place, set_aside, take_mail
from servicerequests.models import MailboxCursor

log = structlog.get_logger(__name__)
SECONDS = 20
TRIES = 3
"""How often a mail is tried that the database fails over; then it is set aside, so that those behind it come."""
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_SIZE = re.compile(rb"RFC822\.SIZE (\d{1,12})")


@dataclass(frozen=True)
class Box:
    """A mailbox as its address in the settings names it."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: str

    @property
    def name(self) -> str:
        """Under which name it is remembered: no password in it."""
        return f"{self.user}@{self.host}/{self.folder}"[:200]


def box_of(url: str) -> Box | None:
    """The mailbox of an address, None without one. `ImproperlyConfigured` for no address, or a password sent in clear."""
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"imaps", "imap+tls", "imap"} or not parts.hostname or not parts.username:
        raise ImproperlyConfigured("REQUEST_MAIL_URL is like imaps://user:password@host:993/INBOX")
    if parts.scheme == "imap" and parts.hostname not in _LOOPBACK:
        raise ImproperlyConfigured("REQUEST_MAIL_URL needs imaps:// or imap+tls:// outside this machine")
    return Box(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or (993 if parts.scheme == "imaps" else 143),
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
    )


def read_mailbox(*, at: datetime | None = None, seconds: float = 50) -> int:
    """Take what is new, for so many seconds; returns how many mails were taken. Nothing is read where no mailbox is named.

    Safe beside itself. A mailbox that does not answer is logged and tried the next time.
    """
    box = box_of(settings.REQUEST_MAIL_URL)
    if box is None:
        return 0
    until, taken = time.monotonic() + seconds, 0
    try:
        with _opened(box) as client:
            validity, uids = _new(client, box)
            for uid in uids:
                if time.monotonic() > until:
                    break
                received_at, raw, is_whole = _fetched(client, uid)
                place = Place(box.name, validity, uid)
                taken += _take(place, raw, is_whole=is_whole, received_at=received_at, at=at or timezone.now())
    except (imaplib.IMAP4.error, OSError, EOFError) as error:
        log.warning("request_mailbox_unreachable", error=type(error).__name__)
    return taken


@contextmanager
def _opened(box: Box) -> Iterator[imaplib.IMAP4]:
    client: imaplib.IMAP4
    if box.scheme == "imaps":
        client = imaplib.IMAP4_SSL(box.host, box.port, ssl_context=ssl.create_default_context(), timeout=SECONDS)
    else:
        client = imaplib.IMAP4(box.host, box.port, timeout=SECONDS)
    try:
        if box.scheme == "imap+tls":
            client.starttls(ssl.create_default_context())
        client.login(box.user, box.password)
        yield client
    finally:
        try:
            client.logout()
        except (imaplib.IMAP4.error, OSError):
            log.info("request_mailbox_left_without_a_word")


def _new(client: imaplib.IMAP4, box: Box) -> tuple[int, list[int]]:
    """The validity of the mailbox's uids and those not taken yet, the oldest first."""
    folder = box.folder.replace("\\", "\\\\").replace('"', '\\"')
    status, _data = client.select(f'"{folder}"', readonly=True)
    if status != "OK":
        raise imaplib.IMAP4.error("no such folder")
    _name, values = client.response("UIDVALIDITY")
    validity = int(values[0] or 0) if values and isinstance(values[0], bytes) else 0
    cursor = MailboxCursor.objects.filter(mailbox=box.name).first()
    last = cursor.last_uid if cursor is not None and cursor.uid_validity == validity else 0
    status, found = client.uid("SEARCH", f"UID {last + 1}:*")
    if status != "OK":
        raise imaplib.IMAP4.error("search refused")
    # The last one of the mailbox is named even where it is older.
    return validity, sorted(uid for uid in map(int, b" ".join(each for each in found if each).split()) if uid > last)


def _fetched(client: imaplib.IMAP4, uid: int) -> tuple[datetime, bytes, bool]:
    """When the server got a mail, and the mail; of one that is too large its headers alone."""
    _status, facts = client.uid("FETCH", str(uid), "(RFC822.SIZE INTERNALDATE)")
    line = b" ".join(each if isinstance(each, bytes) else each[0] for each in facts if each)
    moment = imaplib.Internaldate2tuple(line)
    now = timezone.now()
    received_at = min(datetime.fromtimestamp(time.mktime(moment), UTC), now) if moment else now
    size = _SIZE.search(line)
    is_whole = size is not None and int(size[1]) <= settings.REQUEST_MAIL_MAX_BYTES
    _status, data = client.uid("FETCH", str(uid), "(BODY.PEEK[])" if is_whole else "(BODY.PEEK[HEADER])")
    return received_at, b"".join(each[1] for each in data if isinstance(each, tuple)), is_whole


def _take(place: Place, raw: bytes, *, is_whole: bool, received_at: datetime, at: datetime) -> bool:
    """Take one mail; whatever goes wrong with it, those behind it come. A database that is away is waited for."""
    try:
        return take_mail(place=place, raw=raw, is_whole=is_whole, received_at=received_at, at=at) is not None
    except DatabaseError as error:
        log.warning("request_mail_not_taken", uid=place.uid, error=type(error).__name__)
        if _failed(place) < TRIES:
            raise
        why = type(error).__name__
    except Exception as error:  # one mail's fault must not keep those behind it from being read
        # Where it broke, without what it says: the words of an error may be those of the mail.
        frame = traceback.extract_tb(error.__traceback__)[-1]
        log.error("request_mail_broken", uid=place.uid, error=type(error).__name__, at=f"{frame.name}:{frame.lineno}")
        why = type(error).__name__
    set_aside(place=place, why=why, received_at=received_at)
    return False


@transaction.atomic
def _failed(place: Place) -> int:
    """How often the mail after the last one has failed now."""
    cursor, _new = MailboxCursor.objects.get_or_create(mailbox=place.mailbox)
    cursor = MailboxCursor.objects.select_for_update().get(pk=cursor.pk)
    cursor.failures += 1
    cursor.save(update_fields=["failures"])
    return cursor.failures
