"""Mails about requests: who is owed one, and each sent once, to nobody more than they can bear."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from journal.models import Entry
from notifications.actions.mailing import RETRIES, SMTP_SECONDS, handed_over
from notifications.letters import CLOCKS, compose_letter, is_told, is_told_to_desk, is_told_to_joined
from notifications.models import Frequency, Letter, MailChoice, MailState, RequestRole
from people.models import Person
from servicerequests.actions import contact_address, told_of_clock
from servicerequests.models import Channel, ServiceRequest

FRESH = timedelta(days=1)
"""How old an entry may be and still be told; what is entered later of the past is not."""
EXPIRES = timedelta(days=3)
MOST_IN_AN_HOUR = 20
"""Mails of requests one address gets in an hour, whoever causes them; what is more waits."""
AGAIN = timedelta(minutes=15)


def keep_letters(entries: Sequence[Entry]) -> None:
    """Owe the mails of these entries; those that are owed already are left as they are."""
    # An entry that comes again finds other people holding the request: those who were owed a mail stay those.
    owed = set(Letter.objects.filter(entry__in=[entry.pk for entry in entries]).values_list("entry", flat=True))
    entries = [entry for entry in entries if entry.pk not in owed]
    ids = {entry.pk: int(entry.topic.partition(":")[2]) for entry in entries}
    rows = ServiceRequest.objects.select_related(
        "applicant", "on_behalf_of", "assignee__person", "unit__head__person"
    ).defer("text")
    asked = rows.in_bulk(set(ids.values()))
    letters: list[Letter] = []
    for entry in entries:
        request = asked.get(ids[entry.pk])
        if request is not None and _is_fresh(entry, request):
            letters += _letters(entry, request)
    Letter.objects.bulk_create(letters, ignore_conflicts=True)


def _is_fresh(entry: Entry, request: ServiceRequest) -> bool:
    """A mail that waited for an officer becomes a request of the day it came, and is told all the same."""
    if request.channel == Channel.IMPORT:
        return False
    since = entry.recorded_at if request.channel == Channel.EMAIL else entry.at
    return (since or entry.at) > timezone.now() - FRESH


def _letters(entry: Entry, request: ServiceRequest) -> list[Letter]:
    expires_at = timezone.now() + EXPIRES

    def owe(role: RequestRole, people: Iterable[Person]) -> list[Letter]:
        people = [person for person in people if person.is_active]
        stopped = MailChoice.objects.filter(person__in=people, role=role, frequency=Frequency.NEVER)
        without = set(stopped.values_list("person", flat=True))
        return [
            Letter(request=request, entry=entry, role=role, person=person, expires_at=expires_at)
            for person in people
            if person.pk not in without
        ]

    found = []
    if is_told(entry, request):
        if request.applicant is not None:
            found += owe(RequestRole.APPLICANT, _applicants(request))
        elif address := contact_address(request):
            found.append(
                Letter(request=request, entry=entry, role=RequestRole.APPLICANT, address=address, expires_at=expires_at)
            )
    if is_told_to_desk(entry):
        people = told_of_clock(entry.kind, request) if entry.kind in CLOCKS else _holders(request)
        found += owe(RequestRole.DESK, [each for each in people if each.pk != entry.actor_id])
    if is_told_to_joined(entry):
        joined = Person.objects.filter(requests_joined__request=request).exclude(pk=request.applicant_id or 0)
        found += owe(RequestRole.JOINED, joined)
    return found


def _applicants(request: ServiceRequest) -> list[Person]:
    """Who asked, and whoever represents the organisation it was asked for: they all read and answer it."""
    assert request.applicant is not None
    if request.on_behalf_of is None or request.on_behalf_of.verified_at is None:
        return [request.applicant]
    mandates = request.on_behalf_of.representatives.on(timezone.localdate()).exclude(person=request.applicant)
    others = {mandate.person.pk: mandate.person for mandate in mandates.select_related("person")}
    return [request.applicant, *others.values()]


def _holders(request: ServiceRequest) -> list[Person]:
    """Who holds it: its officer, else who leads the unit, else everybody there; never who asked."""
    if request.assignee is not None:
        people = [request.assignee.person]
    elif request.unit.head is not None:
        people = [request.unit.head.person]
    else:
        officers = request.unit.officers.filter(is_active=True).select_related("person")
        people = [officer.person for officer in officers]
    return [person for person in people if person.pk != request.applicant_id]


def send_letters(*, at: datetime | None = None, seconds: float = 5) -> int:
    """Send what is due, for so many seconds; returns how many were sent. Safe beside itself, as `send_mails`."""
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
    rows = Letter.objects.select_for_update(of=("self",), skip_locked=True).select_related("person", "entry")
    rows = rows.select_related("request__council", "request__type", "request__unit", "person", "entry")
    letter = rows.filter(state=MailState.WAITING, next_try_at__lte=at).order_by("next_try_at", "pk").first()
    if letter is None:
        return None
    letter.sent_to = letter.person.email.lower() if letter.person is not None else letter.address
    if _has_enough(letter.sent_to, at=at) and at < letter.expires_at:
        letter.next_try_at = at + AGAIN
        letter.save(update_fields=["next_try_at"])
        return letter.state
    letter.state = handed_over(post, letter, compose_letter, at=at)
    if letter.state == MailState.WAITING:
        letter.next_try_at = at + RETRIES[min(letter.attempts, len(RETRIES) - 1)]
    elif letter.state == MailState.SENT:
        letter.sent_at = at
    letter.attempts += 1
    letter.save(update_fields=["attempts", "state", "next_try_at", "sent_to", "sent_at"])
    return letter.state


def _has_enough(address: str, *, at: datetime) -> bool:
    recent = Letter.objects.filter(sent_to=address, sent_at__gt=at - timedelta(hours=1))
    return recent.count() >= MOST_IN_AN_HOUR
