"""What entries of the journal mean for requests: an account that closes leaves its name out of the mails it sent."""

from __future__ import annotations

from collections.abc import Sequence

from journal.models import Entry
from people.journal_kinds import PersonKind
from servicerequests.actions import forget_sender


def take(entries: Sequence[Entry]) -> None:
    """The subscriber of the journal; an entry may come twice."""
    for entry in entries:
        if entry.kind == PersonKind.ACCOUNT_CLOSED:
            forget_sender(person=entry.subject_id)
