"""Who may read, write in and moderate a thread: asked of the app that owns it.

Discussions lie below their owners, so owners register a policy under the name kept in `Thread.policy`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, runtime_checkable

from django.db.models import QuerySet

from discussions.models import Thread
from journal.actions import HasKey
from people.models import AnyPerson, Person
from people.verdicts import Verdict


class ThreadPolicy(Protocol):
    """What an owner answers about one of its threads."""

    def may_read(self, person: AnyPerson, thread: Thread) -> bool: ...

    def may_comment(self, person: AnyPerson, thread: Thread, *, at: datetime) -> Verdict: ...

    def may_moderate(self, person: AnyPerson, thread: Thread, *, at: datetime) -> Verdict: ...

    def address(self, thread: Thread) -> str:
        """The path of the page the thread stands on."""
        ...

    def place(self, thread: Thread) -> tuple[HasKey | None, HasKey | None]:
        """The council and the body the thread belongs to, for the journal."""
        ...

    def audience(self, thread: Thread) -> str:
        """Who may read entries about the thread, a value of `journal.models.Audience`."""
        ...


@runtime_checkable
class KnowsPeople(Protocol):
    """What a policy may answer besides: whom a comment can mention although they have not written here yet."""

    def people(self, thread: Thread) -> QuerySet[Person]:
        """Such as a group's members, or everybody known to a council; may be many, so they are never listed."""
        ...


@runtime_checkable
class KnowsReaders(Protocol):
    """What a policy may answer besides: `may_read` for many people at once, in a fixed number of statements."""

    def readers(self, thread: Thread, among: set[int]) -> set[int]:
        """Those of the people, by id, who may read the thread."""
        ...


@runtime_checkable
class KnowsTitle(Protocol):
    """What a policy may answer besides: what the page is called on which the thread stands."""

    def title(self, thread: Thread) -> str: ...


_policies: dict[str, ThreadPolicy] = {}


def register(name: str, policy: ThreadPolicy) -> None:
    _policies[name] = policy


def policy_of(thread: Thread) -> ThreadPolicy:
    """The policy of a thread's owner; LookupError when the owner's app is not installed."""
    return _policies[thread.policy]
