"""A thread as people read it: pages by key, a few replies below each comment, the same work for 20 and for 5,000."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, OuterRef
from django.db.models.expressions import Func, RawSQL
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from discussions.finding import BIGGEST
from discussions.forms import CommentForm
from discussions.models import Comment, CommentQuerySet, Mention, Report, Thread
from discussions.permissions import may_comment
from people.models import AnyPerson
from people.verdicts import Verdict

PAGE = 20
"""First-level comments of a page, and replies of a comment's own page."""
SHOWN_REPLIES = 5
"""Replies shown below a comment before "all replies"."""

# The newest first-level comments, and for each of them one descent into the index `replies_in_order`, however many replies
# they have. A range of threads instead of an equality: the order by thread and id can then come from
# `first_level_comments_newest` alone. With an equality PostgreSQL may walk the primary key backwards past everything written
# in other threads since.
_PAGE = """
    WITH first_level AS MATERIALIZED (
        SELECT id FROM discussions_comment
        WHERE thread_id >= %s AND thread_id <= %s AND depth = 0 AND id < %s ORDER BY thread_id, id DESC LIMIT %s
    )
    SELECT id FROM first_level
    UNION ALL
    SELECT reply.id FROM first_level CROSS JOIN LATERAL (
        SELECT id FROM discussions_comment
        WHERE root_id = first_level.id AND depth > 0 ORDER BY id LIMIT %s
    ) AS reply
"""


def with_names(comments: CommentQuerySet) -> CommentQuerySet:
    """Everything `_comment.html` names, in the same query: authors, and who is mentioned."""
    mentions = Mention.objects.filter(comment=OuterRef("pk")).order_by("pk")
    return comments.select_related("author").annotate(mentioned=ArraySubquery(mentions.values("person__display_name")))


@dataclass(slots=True)
class Node:
    """A comment with what is shown below it."""

    comment: Comment
    replies: list[Node] = field(default_factory=list)
    has_more: bool = False
    answers: str = ""
    """Whom the comment answers, when that comment is not on the page."""


def for_screen(comment_id: int) -> Node | None:
    """One comment alone, as it travels to other people's open pages; None when there is none. One query."""
    comment = with_names(Comment.objects.select_related("thread")).filter(pk=comment_id).first()
    return Node(comment) if comment is not None else None


def _tree(replies: Iterable[Comment], top: Node) -> list[Node]:
    """Hang replies below their parents; those whose parent is not on the page hang below the top and are given back."""
    nodes = {top.comment.pk: top}
    strays = []
    for reply in replies:
        nodes[reply.pk] = node = Node(reply)
        above = nodes.get(reply.parent_id or 0)
        if above is None:
            strays.append(node)
        (above or top).replies.append(node)
    return strays


def page_of_roots(thread: Thread, *, before: int | None = None) -> tuple[list[Node], int | None]:
    """Newest first-level comments below an id with their first replies, and the id the next page begins below. One query."""
    place = [thread.pk, thread.pk, BIGGEST if before is None else before, PAGE + 1, SHOWN_REPLIES + 1]
    ids = RawSQL(_PAGE, place)  # noqa: S611 # nosec B611
    here = Func(F("pk"), ids, template="%(expressions)s)", arg_joiner=" = ANY(ARRAY", output_field=BooleanField())
    found: list[Comment] = []
    replies: dict[int, list[Comment]] = {}
    for comment in with_names(Comment.objects.filter(here)).order_by("pk"):
        if comment.root_id is None:
            found.append(comment)
        else:
            replies.setdefault(comment.root_id, []).append(comment)
    found.reverse()
    nodes = [Node(comment) for comment in found[:PAGE]]
    for node in nodes:
        below = replies.get(node.comment.pk, [])
        node.has_more = len(below) > SHOWN_REPLIES
        _tree(below[:SHOWN_REPLIES], node)
    return nodes, (found[PAGE - 1].pk if len(found) > PAGE else None)


@dataclass(frozen=True, slots=True)
class RepliesPage:
    """A first-level comment with one page of its replies."""

    node: Node
    after: int | None
    """The id the next page begins after."""
    is_first: bool


def page_of_replies(root: Comment, *, at: int | None = None, after: int | None = None) -> RepliesPage:
    """Replies in order: from the beginning, after an id, or so that the reply `at` is on the page."""
    replies = with_names(Comment.objects.filter(root=root, depth__gt=0).order_by("pk"))
    if after is not None:
        replies = replies.filter(pk__gt=after)
    found = list(replies[: PAGE + 1])
    if at is not None and at not in {reply.pk for reply in found[:PAGE]}:
        found = list(replies.filter(pk__gte=at)[: PAGE + 1])
        after = at
    node = Node(root)
    strays = _tree(found[:PAGE], node)
    if strays:
        parents = Comment.objects.filter(pk__in=[stray.comment.parent_id for stray in strays], deleted_at__isnull=True)
        names = dict(parents.values_list("pk", "author__display_name"))
        for stray in strays:
            stray.answers = names.get(stray.comment.parent_id, "")
    return RepliesPage(node, found[PAGE - 1].pk if len(found) > PAGE else None, is_first=after is None)


class Discussion:
    """What `_thread.html` shows: a page of comments, and whether and how the reader may write."""

    def __init__(self, request: HttpRequest, thread: Thread, *, before: int | None, form: CommentForm | None) -> None:
        self.thread = thread
        self.person: AnyPerson = request.user
        self.before = before
        self.is_first_page = before is None
        self.form = form or CommentForm(auto_id=f"thread-{thread.pk}-%s")
        self.at = timezone.now()

    @property
    def topic(self) -> str:
        return self.thread.topic

    @cached_property
    def _page(self) -> tuple[list[Node], int | None]:
        """Read when the page asks for it: a page that is kept need not."""
        return page_of_roots(self.thread, before=self.before)

    @property
    def nodes(self) -> list[Node]:
        return self._page[0]

    @property
    def next_before(self) -> int | None:
        return self._page[1]

    @cached_property
    def may_comment(self) -> Verdict:
        return may_comment(self.person, self.thread, at=self.at)

    @cached_property
    def older_url(self) -> str | None:
        if self.next_before is None:
            return None
        return f"{reverse('thread_page', args=[self.thread.pk])}?before={self.next_before}"

    @property
    def page_url(self) -> str:
        return reverse("thread_page", args=[self.thread.pk])


def thread_context(
    request: HttpRequest, thread: Thread, *, before: int | None = None, form: CommentForm | None = None
) -> dict[str, Any]:
    """The context of `discussions/_thread.html`: one key, ``discussion``. At most eight queries, whatever the size.

    The page that includes it follows ``thread.topic`` in its ``live`` topics.
    """
    return {"discussion": Discussion(request, thread, before=before, form=form)}


def open_reports(council_id: int, *, after: int = 0) -> Iterator[Report]:
    """Unsettled reports of a council beyond an id, oldest first, with everything their list names."""
    return (
        Report.objects.filter(council_id=council_id, settled_at__isnull=True, pk__gt=after)
        .select_related("comment__author", "comment__thread")
        .order_by("pk")
        .iterator(chunk_size=200)
    )
