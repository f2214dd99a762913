"""What entries of the journal mean for requests: who closes an account is left out of mails; another calendar moves clocks."""

from __future__ import annotations

from collections.abc import Sequence

from journal.models import Entry
from people.journal_kinds import PersonKind
from servicerequests.actions import forget_sender

MOVES_CLOCKS = frozenset({"councils.holiday_changed", "councils.holidays_seeded", "servicerequests.hours_changed"})
"""Entries after which clocks are counted anew."""


def take(entries: Sequence[Entry]) -> None:
    """The subscriber of the journal; an entry may come twice."""
    for entry in entries:
        if entry.kind == PersonKind.ACCOUNT_CLOSED:
            forget_sender(person=entry.subject_id)


def recount_after_changes(entries: Sequence[Entry]) -> None:
    """A changed holiday, or other hours of the office, move what runs; counted by a task, because there may be thousands."""
    from servicerequests.tasks import recount_requests

    for council in {entry.council_id for entry in entries if entry.kind in MOVES_CLOCKS}:
        recount_requests.delay(council)
