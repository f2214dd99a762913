"""What entries of the journal mean here: a step to tell of, a mail about a request, an account that closes."""

from __future__ import annotations

from collections.abc import Sequence

from journal.models import Audience, Entry
from notifications.actions import forget_person, keep_letters, keep_steps
from notifications.sentences import WHAT
from people.journal_kinds import PersonKind

TOPIC = "proposal:"
REQUEST = "request:"


def take(entries: Sequence[Entry]) -> None:
    """The subscriber of the journal. An entry may come twice and in any order; the telling itself is a task."""
    steps = [entry for entry in entries if is_told(entry)]
    if steps:
        keep_steps(steps)
    letters = [entry for entry in entries if entry.topic.startswith(REQUEST)]
    if letters:
        keep_letters(letters)
    for entry in entries:
        if entry.kind == PersonKind.ACCOUNT_CLOSED:
            forget_person(person=entry.subject_id)


def is_told(entry: Entry) -> bool:
    """Whether people are told: a public entry about a proposal, of a kind that has a sentence."""
    return entry.kind in WHAT and entry.audience == Audience.PUBLIC and entry.topic.startswith(TOPIC)
