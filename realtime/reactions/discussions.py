"""Comments appear, change and disappear on other people's screens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from discussions.journal_kinds import CommentKind
from discussions.models import Thread
from discussions.permissions import may_read, readers
from journal.models import Audience, Entry
from people.models import AnyPerson, Person
from realtime import frames, states, topics
from realtime.reactions.rendering import in_each_language


def register() -> None:
    topics.register("thread", may_join=may_follow_thread, visitors_first=True, among=who_may_follow_thread)
    states.register("thread", thread_state)
    for kind in CommentKind:
        # Whoever may follow a thread may read it: the same rule decides both, so its entries travel whatever their audience.
        frames.register(kind, comment_changed, audiences=Audience.values)
        frames.touches(kind, lambda entry: [f"state:{entry.topic}"])


def may_follow_thread(person: AnyPerson, thread_id: int) -> bool:
    thread = Thread.objects.filter(pk=thread_id).first()
    return thread is not None and may_read(person, thread)


def who_may_follow_thread(people: Mapping[int, Person], thread_id: int) -> set[int]:
    thread = Thread.objects.filter(pk=thread_id).first()
    return set() if thread is None else readers(thread, people)


def thread_state(thread_id: int) -> dict[str, Any] | None:
    """How many readable comments the thread has, and whether it is open."""
    thread = Thread.objects.filter(pk=thread_id).first()
    if thread is None:
        return None
    return {"comments": thread.comment_count, "phase": "open" if thread.is_open else "closed"}


def comment_changed(entry: Entry) -> dict[str, Any] | None:
    """The comment as it is now, or the trace it left. A hidden or deleted text is forgotten by every process."""
    from discussions.reading import for_screen  # it brings forms along, which need the registry of apps complete

    node = for_screen(entry.subject_id)
    if node is None:
        return None
    comment = node.comment
    return {
        "do": "add" if entry.kind == CommentKind.ADDED else "replace",
        "id": f"comment-{comment.pk}",
        "parent": f"comment-{comment.parent_id}" if comment.parent_id else None,
        "by": comment.author_id if comment.deleted_at is None else None,
        "html": in_each_language("discussions/_comment.html", lambda: {"node": node}),
        "forget": entry.kind in (CommentKind.HIDDEN, CommentKind.DELETED),
    }
