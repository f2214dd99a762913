"""A thread of 5,000 comments is read with the same queries, through the same index, as one of 20."""

import re
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from discussions import actions
from discussions.models import Comment, Thread
from discussions.reading import PAGE, SHOWN_REPLIES, for_screen, page_of_replies, page_of_roots, thread_context
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def fill(thread):
    """Add many comments at once: `fill(roots=4_000, replies=1_000)`, the replies all below the newest root."""

    def fill_(*, roots=0, replies=0, text="Bir söz, @Yazar ile.", below=None, into=None):
        authors = PersonFactory.create_batch(3, display_name="Yazar")
        begun = timezone.now() - timedelta(days=2)

        def rows(count, **fields):
            return [
                Comment(
                    thread=into or thread,
                    author=authors[n % 3],
                    key=uuid4(),
                    text=text,
                    created_at=begun + timedelta(seconds=n),
                    **fields,
                )
                for n in range(count)
            ]

        made = Comment.objects.bulk_create(rows(roots), batch_size=2_000)
        parent = below or (made[-1] if made else None)
        Comment.objects.bulk_create(rows(replies, parent=parent, root=parent, depth=1), batch_size=2_000)
        if parent:
            Comment.objects.filter(pk=parent.pk).update(reply_count=parent.descendants.count())
        Thread.objects.filter(pk=thread.pk).update(comment_count=thread.comments.count())
        thread.refresh_from_db()
        return made

    return fill_


def request(person, path="/"):
    return SimpleNamespace(
        user=person, method="GET", GET={}, csp_nonce="", get_full_path=lambda: path, htmx=False, META={}
    )


def render(thread, person):
    asked = request(person)
    context = thread_context(asked, thread)
    return render_to_string("discussions/_thread.html", {**context, "request": asked, "csrf_token": "x"})


def queries_of(function):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        function()
    return [query["sql"] for query in captured]


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_first_level_comments_come_newest_first_by_key(thread, fill):
    made = fill(roots=45)

    first, before = page_of_roots(thread)
    second, further = page_of_roots(thread, before=before)
    third, end = page_of_roots(thread, before=further)

    ids = [node.comment.pk for page in (first, second, third) for node in page]
    assert ids == sorted((comment.pk for comment in made), reverse=True)
    assert (len(first), len(second), len(third), end) == (PAGE, PAGE, 5, None)


def test_exactly_one_page_has_no_next(thread, fill):
    fill(roots=PAGE)

    assert page_of_roots(thread)[1] is None


def test_what_is_written_meanwhile_moves_no_page(thread, fill):
    fill(roots=25)
    _, before = page_of_roots(thread)
    expected = [node.comment.pk for node in page_of_roots(thread, before=before)[0]]

    fill(roots=30)

    assert [node.comment.pk for node in page_of_roots(thread, before=before)[0]] == expected


def test_at_most_five_replies_are_shown_in_order_and_nested(thread, write):
    root = write(PersonFactory())
    replies = [write(PersonFactory(), parent=root) for _ in range(3)]
    below = write(PersonFactory(), parent=replies[0])
    replies.append(write(PersonFactory(), parent=root))

    (node,), _ = page_of_roots(thread)
    assert [each.comment for each in node.replies] == replies
    assert [each.comment for each in node.replies[0].replies] == [below]
    assert not node.has_more

    write(PersonFactory(), parent=root)
    (node,), _ = page_of_roots(thread)
    assert node.has_more
    assert sum(1 + len(each.replies) for each in node.replies) == SHOWN_REPLIES


def test_replies_have_pages_by_key_and_one_can_be_aimed_at(thread, fill):
    (root,) = fill(roots=1, replies=50)
    ids = list(root.descendants.order_by("pk").values_list("pk", flat=True))

    first = page_of_replies(root)
    second = page_of_replies(root, after=first.after)
    aimed = page_of_replies(root, at=ids[30])

    assert [node.comment.pk for node in first.node.replies] == ids[:20]
    assert [node.comment.pk for node in second.node.replies] == ids[20:40]
    assert [node.comment.pk for node in aimed.node.replies] == ids[30:50]
    assert (first.is_first, aimed.is_first, aimed.after) == (True, False, None)
    assert page_of_replies(root, at=ids[3]).is_first


def test_a_reply_whose_parent_is_on_another_page_says_whom_it_answers(thread, fill, write):
    (root,) = fill(roots=1)
    second = write(PersonFactory(display_name="Mehmet Arslan"), parent=root)
    fill(replies=25, below=root)
    third = write(PersonFactory(), parent=second)

    page = page_of_replies(root, at=third.pk)

    (node,) = [node for node in page.node.replies if node.comment == third]
    assert node.answers == "Mehmet Arslan"


# --- Cost -------------------------------------------------------------------------------------------------------------
def test_5000_comments_are_read_with_the_queries_of_20(thread, fill):
    person = PersonFactory()
    fill(roots=PAGE, replies=SHOWN_REPLIES)
    small = queries_of(lambda: render(thread, person))
    fill(roots=4_000, replies=975)
    large = queries_of(lambda: render(thread, person))

    assert Comment.objects.count() == 5_000
    assert len(large) == len(small) <= 6
    assert not [sql for sql in large if "OFFSET" in sql.upper()]


def test_the_plans_of_5000_comments_use_the_indexes_and_read_no_more_than_a_page(thread, fill):
    fill(roots=4_000, replies=1_000)
    fill(roots=30)
    fill(roots=5_000, into=actions.open_thread("tests.owner"))  # another thread, written in later
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE discussions_comment")
    [sql] = queries_of(lambda: page_of_roots(thread, before=None))

    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT TEXT) " + sql)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "first_level_comments_newest" in plan, plan
    assert "replies_in_order" in plan, plan
    assert "Seq Scan on discussions_comment" not in plan, plan
    assert most_rows(plan) <= (PAGE + 1) * (SHOWN_REPLIES + 2), plan


def most_rows(plan):
    return max(float(rows) for rows in re.findall(r"actual time=[^)]* rows=([\d.]+)", plan))


def test_the_oldest_page_costs_what_the_newest_does(thread, fill):
    made = fill(roots=3_000)

    newest = queries_of(lambda: page_of_roots(thread))
    oldest = queries_of(lambda: page_of_roots(thread, before=made[PAGE].pk))

    assert len(newest) == len(oldest)


def test_one_comment_for_other_screens_takes_few_queries(write, django_assert_max_num_queries):
    comment = write(PersonFactory(display_name="Ayşe Demir"), "@Ayşe Demir")

    with django_assert_max_num_queries(1):
        html = render_to_string("discussions/_comment.html", {"node": for_screen(comment.pk)})
    assert 'class="mention"' in html
    assert for_screen(comment.pk + 1) is None


# --- What is shown ----------------------------------------------------------------------------------------------------
def test_a_travelling_comment_holds_nothing_of_its_reader(write):
    html = render_to_string("discussions/_comment.html", {"node": for_screen(write(PersonFactory()).pk)})

    assert "csrf" not in html
    assert "<form" not in html


def test_a_thread_without_comments_says_so_and_asks_for_the_first(thread, visitor):
    assert "Henüz yorum yok" in render(thread, visitor)


def test_a_visitor_is_asked_to_log_in_and_a_closed_discussion_says_so(thread, visitor, owner):
    assert "Yazmak için giriş yapın." in render(thread, visitor)
    owner.closed = True
    html = render(thread, PersonFactory())
    assert "Tartışma yeni yorumlara kapandı." in html
    assert "<textarea" not in html
