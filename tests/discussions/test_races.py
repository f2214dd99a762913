"""What happens at the same moment, with real threads, connections and commits; each race with its control."""

from threading import Barrier
from uuid import uuid4

import pytest
from django.utils import timezone

from discussions import actions
from discussions.models import Comment, Thread
from journal.models import Entry
from people.verdicts import Refused
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_fifty_parallel_sendings_of_one_form_are_one_comment(write, side_by_side, thread):
    author, key = PersonFactory(), uuid4()

    def send_five_times():
        return [write(author, key=key).pk for _ in range(5)]

    answers = side_by_side([send_five_times] * 10)

    assert {pk for pks in answers for pk in pks} == {Comment.objects.get().pk}
    assert Entry.objects.count() == 1
    thread.refresh_from_db()
    assert thread.comment_count == 1


def test_parallel_comments_and_replies_are_all_counted(write, side_by_side, thread, counters_are_true):
    root = write(PersonFactory())
    people = PersonFactory.create_batch(12)

    def answer(person):
        return [write(person), write(person, parent=root), write(person, parent=root)]

    answers = side_by_side([lambda person=person: answer(person) for person in people])

    assert not [answer for answer in answers if isinstance(answer, Exception)]
    thread.refresh_from_db()
    root.refresh_from_db()
    assert (thread.comment_count, root.reply_count) == (37, 24)
    counters_are_true()
    sequences = list(Entry.objects.order_by("pk").values_list("sequence", flat=True))
    assert sorted(sequences) == list(range(1, 38))


def test_control_counting_in_python_loses_comments(write, side_by_side, thread, monkeypatch):
    """The same race with the usual read, add one, save, and without the lock on the thread: the counter falls behind."""
    everybody_has_read = Barrier(6)

    def read_add_save(comment, change):
        found = Thread.objects.get(pk=comment.thread_id)
        everybody_has_read.wait(timeout=60)
        Thread.objects.filter(pk=found.pk).update(comment_count=found.comment_count + change)

    monkeypatch.setattr(actions, "_count", read_add_save)
    monkeypatch.setattr(actions, "_locked", lambda thread: Thread.objects.get(pk=thread.pk))
    people = PersonFactory.create_batch(6)

    side_by_side([lambda person=person: write(person) for person in people])

    thread.refresh_from_db()
    assert (Comment.objects.count(), thread.comment_count) == (6, 1)


def test_parallel_haste_of_one_person_stops_at_the_limit(write, side_by_side):
    author, at = PersonFactory(), timezone.now()

    answers = side_by_side([lambda n=n: write(author, f"Söz {n}", at=at) for n in range(16)])

    assert sum(isinstance(answer, Comment) for answer in answers) == Comment.objects.count() == actions.RATE
    assert {answer.code for answer in answers if isinstance(answer, Refused)} == {"too_fast"}


def test_control_without_taking_turns_haste_passes_the_limit(write, side_by_side, monkeypatch):
    """The same race without the lock on the writer, each comment in a thread of its own so that no other lock helps."""
    everybody_has_checked = Barrier(16)
    require_patience = actions._require_patience

    def check_and_wait(actor, *, at):
        require_patience(actor, at=at)
        everybody_has_checked.wait(timeout=60)

    monkeypatch.setattr(actions, "_take_turn", lambda actor: None)
    monkeypatch.setattr(actions, "_require_patience", check_and_wait)
    author, at = PersonFactory(), timezone.now()
    threads = [actions.open_thread("tests.owner") for _ in range(16)]

    side_by_side([lambda place=place: write(author, at=at, in_=place) for place in threads])

    assert Comment.objects.count() == 16 > actions.RATE


def test_hiding_and_deleting_at_once_is_counted_once(write, side_by_side, moderator, counters_are_true):
    author = PersonFactory()
    for _ in range(5):
        comment = write(author)
        side_by_side(
            [
                lambda comment=comment: actions.delete_comment(actor=author, comment=comment, at=timezone.now()),
                lambda comment=comment: actions.hide_comment(
                    actor=moderator, comment=comment, reason="Gerekçe bu.", at=timezone.now()
                ),
            ]
        )
    counters_are_true()


def test_replies_that_meet_the_hiding_of_their_parent_are_either_before_it_or_refused(
    write, side_by_side, moderator, counters_are_true
):
    parent = write(PersonFactory())
    people = PersonFactory.create_batch(8)

    *answers, hidden = side_by_side(
        [
            *(lambda person=person: write(person, parent=parent) for person in people),
            lambda: actions.hide_comment(actor=moderator, comment=parent, reason="Gerekçe bu.", at=timezone.now()),
        ]
    )

    hiding = Entry.objects.get(kind="discussions.comment_hidden").sequence
    assert hidden.hidden_at is not None
    for answer in answers:
        if isinstance(answer, Comment):
            assert Entry.objects.get(subject_id=answer.pk, kind="discussions.comment_added").sequence < hiding
        else:
            assert answer.code == "comment_gone"
    counters_are_true()
