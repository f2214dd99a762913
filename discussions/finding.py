"""A thread and its comments, found for whoever may read them; for anybody else they do not exist."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from discussions.models import Comment, Thread
from discussions.permissions import may_read
from discussions.policies import KnowsTitle

BIGGEST = 2**63 - 1
"""The biggest id PostgreSQL knows; a bigger number in an address names nothing."""
LONGEST = len(str(BIGGEST))


def find_thread(request: HttpRequest, pk: int) -> Thread:
    """A thread the reader may read; the page then belongs to the thread's council."""
    if pk > BIGGEST:
        raise Http404
    thread = get_object_or_404(Thread, pk=pk)
    if not may_read(request.user, thread):
        raise Http404
    request.council = thread.rules.place(thread)[0]  # type: ignore[attr-defined]
    return thread


def find_comment(request: HttpRequest, thread_pk: int, pk: int) -> Comment:
    """A comment of a thread the reader may read, with its author."""
    thread = find_thread(request, thread_pk)
    if pk > BIGGEST:
        raise Http404
    comment = get_object_or_404(Comment.objects.select_related("author", "hidden_by"), pk=pk, thread=thread)
    comment.thread = thread
    return comment


def number(value: str | None) -> int | None:
    """A positive id out of a query string; None for anything else."""
    if not value or not value.isascii() or not value.isdecimal() or len(value) > LONGEST:
        return None
    return int(value) if int(value) <= BIGGEST else None


def where(thread: Thread) -> dict[str, str]:
    """The page a thread stands on, for crumbs and ways back."""
    rules = thread.rules
    title = rules.title(thread) if isinstance(rules, KnowsTitle) else ""
    return {"owner_url": rules.address(thread), "owner_title": title}
