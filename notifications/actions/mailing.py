"""Mails that are owed: digests become due, and what is due is sent, each once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from datetime import time as clock
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import TypeVar

import structlog
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.utils import timezone

from notifications.composing import compose
from notifications.frequencies import DEFAULTS
from notifications.models import Frequency, Letter, Mail, MailState, Round

log = structlog.get_logger(__name__)
Owed = TypeVar("Owed", Mail, Letter)
Compose = Callable[[Owed], EmailMessage | None]
DIGEST_AT = clock(8, 0)
"""When digests are gathered, by the clock of the site."""
SETTLED = timedelta(minutes=5)
"""How long after a round's end its notices are certainly committed."""
SPANS = {Frequency.DAILY: timedelta(days=1), Frequency.WEEKLY: timedelta(days=7)}
EXPIRES = {Frequency.DAILY: timedelta(hours=12), Frequency.WEEKLY: timedelta(days=2)}
"""How late a digest may still come. What is not gathered by then comes with the next one."""
LONGEST = {Frequency.DAILY: timedelta(days=7), Frequency.WEEKLY: timedelta(days=28)}
"""How far back a digest reaches after the clock stood still."""
RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
SMTP_SECONDS = 20


# --- Digests become due -----------------------------------------------------------------------------------------------
def last_end(frequency: str, at: datetime) -> datetime:
    """The newest end of a round at a moment: this morning or yesterday's, for weekly ones on a Monday."""
    day = timezone.localtime(at).date()
    if frequency == Frequency.WEEKLY:
        day -= timedelta(days=day.weekday())
    end = timezone.make_aware(datetime.combine(day, DIGEST_AT))
    return end if end <= at else end - SPANS[Frequency(frequency)]


def gather_digests(*, at: datetime) -> int:
    """Owe a digest to everybody with unread news of the round that has just ended; returns how many. Safe to repeat."""
    return sum(_gather(frequency, at=at) for frequency in SPANS)


@transaction.atomic
def _gather(frequency: Frequency, *, at: datetime) -> int:
    until = last_end(frequency, at)
    expires_at = until + EXPIRES[frequency]
    if not until + SETTLED <= at < expires_at:
        return 0
    last = Round.objects.filter(frequency=frequency).order_by("-until_at").first()
    if last is not None and last.until_at >= until:
        return 0
    since = max(last.until_at, until - LONGEST[frequency]) if last is not None else until - SPANS[frequency]
    made, is_new = Round.objects.get_or_create(frequency=frequency, until_at=until, defaults={"from_at": since})
    if not is_new:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _GATHER,
            {
                "round": made.pk,
                "frequency": frequency,
                "defaults": json.dumps(DEFAULTS),
                "since": since,
                "until": until,
                "at": at,
                "expires_at": expires_at,
            },
        )
        return int(cursor.rowcount)


_GATHER = """
    INSERT INTO notifications_mail (round_id, person_id, next_try_at, expires_at)
    SELECT DISTINCT %(round)s::bigint, n.person_id, %(at)s::timestamptz, %(expires_at)s::timestamptz
    FROM notifications_notice n
    JOIN people_person p ON p.id = n.person_id AND p.is_active
    LEFT JOIN notifications_mailchoice c ON c.person_id = n.person_id AND c.role = n.role
    WHERE n.created_at >= %(since)s AND n.created_at < %(until)s AND n.read_at IS NULL
      AND coalesce(c.frequency, %(defaults)s::jsonb ->> n.role) = %(frequency)s
    ON CONFLICT (round_id, person_id) DO NOTHING
"""


# --- Sending ----------------------------------------------------------------------------------------------------------
def send_mails(*, at: datetime | None = None, seconds: float = 8) -> int:
    """Send what is due, for so many seconds; returns how many were sent. Safe beside itself: each mail is taken by one.

    The row stays locked while its mail is handed over, so only a crash between the server's yes and the commit could send it
    again; it then carries the same Message-ID.
    """
    until = time.monotonic() + seconds
    post = get_connection(timeout=SMTP_SECONDS)
    sent = 0
    try:
        while time.monotonic() < until:
            outcome = _send_next(post, at=at or timezone.now())
            if outcome is None:
                break
            sent += outcome == MailState.SENT
    finally:
        post.close()
    return sent


@transaction.atomic
def _send_next(post: BaseEmailBackend, *, at: datetime) -> str | None:
    """Send the mail that is due the longest; its new state, None when nothing is due."""
    mail = (
        Mail.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("person", "round", "step")
        .filter(state=MailState.WAITING, next_try_at__lte=at)
        .order_by("next_try_at", "pk")
        .first()
    )
    if mail is None:
        return None
    mail.state = handed_over(post, mail, compose, at=at)
    if mail.state == MailState.WAITING:
        mail.next_try_at = at + RETRIES[min(mail.attempts, len(RETRIES) - 1)]
    mail.attempts += 1
    mail.save(update_fields=["attempts", "state", "next_try_at"])
    return mail.state


def handed_over(post: BaseEmailBackend, mail: Owed, composed: Compose[Owed], *, at: datetime) -> str:
    """Hand one mail over; which state it has then."""
    if at >= mail.expires_at:
        return MailState.DROPPED
    try:
        with transaction.atomic():
            message = composed(mail)
        if message is None:
            return MailState.DROPPED
        message.connection = post
        message.send()
    except SMTPRecipientsRefused:
        log.warning("notice_mail_refused", mail=str(mail))
        return MailState.FAILED
    except (SMTPException, OSError) as error:
        log.warning("notice_mail_not_sent", mail=str(mail), error=type(error).__name__)
        return MailState.WAITING
    except Exception:  # one mail's fault must not keep those behind it from being sent
        log.exception("notice_mail_broken", mail=str(mail))
        return MailState.WAITING
    return MailState.SENT
