"""Writing, correcting, deleting, hiding and reporting, one thing at a time. Races are in test_races."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from discussions import actions
from discussions.journal_kinds import CommentKind
from discussions.models import Comment, CommentVersion, Mention, Report, ReportReason, Thread
from journal.models import Entry
from people.verdicts import Refused
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(db):
    return PersonFactory(display_name="Ayşe Demir")


@pytest.fixture
def reader(db):
    return PersonFactory(display_name="Mehmet Arslan")


@pytest.fixture(autouse=True)
def _recount(counters_are_true):
    """After whatever a test did, the counters equal a recount."""
    yield
    counters_are_true()


def now():
    return timezone.now()


def refused(code, function, *arguments, **named):
    with pytest.raises(Refused) as caught:
        function(*arguments, **named)
    assert caught.value.code == code
    assert caught.value.reason.endswith(".")


def invalid(field, function, *arguments, **named):
    with pytest.raises(ValidationError) as caught:
        function(*arguments, **named)
    assert list(caught.value.message_dict) == [field]


# --- Writing ----------------------------------------------------------------------------------------------------------
def test_a_comment_is_stored_counted_and_told(write, thread, author):
    comment = write(author, "  Kavşakta **ışık** yok.\r\n", mark="for")

    thread.refresh_from_db()
    assert (comment.text, comment.mark, comment.depth, comment.root) == ("Kavşakta **ışık** yok.", "for", 0, None)
    assert thread.comment_count == 1
    entry = Entry.objects.get()
    assert (entry.kind, entry.topic, entry.actor_id, entry.audience) == (
        CommentKind.ADDED,
        f"thread:{thread.pk}",
        author.pk,
        "public",
    )
    assert entry.facts == {"comment": comment.pk, "parent": None, "root": None, "mark": "for"}


def test_entries_are_for_the_audience_of_the_thread(write, owner, author):
    owner.voice = "involved"
    write(author)

    assert Entry.objects.get().audience == "involved"


def test_replies_nest_three_levels_and_a_deeper_one_becomes_a_neighbour(write, author):
    root = write(author)
    second = write(author, parent=root)
    third = write(author, parent=second)
    fourth = write(author, parent=third)

    assert [c.depth for c in (root, second, third, fourth)] == [0, 1, 2, 2]
    assert (third.parent, fourth.parent) == (second, second)
    assert {c.root for c in (second, third, fourth)} == {root}
    root.refresh_from_db()
    assert root.reply_count == 3


def test_the_same_key_again_gives_the_same_comment(write, author, thread):
    key = uuid4()

    first, second = write(author, key=key), write(author, key=key)

    assert first.pk == second.pk
    assert (Comment.objects.count(), Entry.objects.count()) == (1, 1)


def test_a_key_with_other_words_is_refused(write, author):
    key = uuid4()
    write(author, "Birinci söz.", key=key)

    refused("key_reused", write, author, "İkinci söz.", key=key)


def test_a_key_belongs_to_its_author_and_thread(write, author, reader):
    key = uuid4()
    write(author, key=key)

    write(reader, key=key)
    refused("key_reused", write, author, key=key, in_=actions.open_thread("tests.owner"))


@pytest.mark.parametrize(
    ("field", "arguments"),
    [
        ("text", {"text": " \n "}),
        ("text", {"text": "a"}),
        ("text", {"text": "a" * 5001}),
        ("text", {"text": "\u200f\u202e\x00"}),
        ("mark", {"mark": "loud"}),
        ("mark", {"mark": ""}),
    ],
)
def test_what_is_no_comment_is_refused_and_leaves_no_trace(write, author, field, arguments):
    invalid(field, write, author, **arguments)
    assert not Comment.objects.exists()
    assert not Entry.objects.exists()


def test_the_owner_decides_who_writes_and_a_closed_thread_takes_nothing(write, owner, author, thread):
    owner.closed = True
    refused("discussion_closed", write, author)
    owner.closed = False
    Thread.objects.filter(pk=thread.pk).update(is_open=False)
    refused("discussion_closed", write, author)
    assert not Comment.objects.exists()


def test_a_parent_must_be_in_the_thread_and_readable(write, author, moderator):
    stranger = write(author, in_=actions.open_thread("tests.owner"))
    hidden, deleted = write(author), write(author)
    actions.hide_comment(actor=moderator, comment=hidden, reason="Hakaret içeriyor.", at=now())
    actions.delete_comment(actor=author, comment=deleted, at=now())

    for parent in (stranger, hidden, deleted):
        refused("comment_gone", write, author, parent=parent)


def test_ten_comments_a_minute_are_enough_in_all_threads_together(write, author, reader):
    at = now()
    elsewhere = actions.open_thread("tests.owner")
    for number in range(10):
        write(author, f"Söz {number}", at=at, in_=elsewhere if number % 2 else None)

    refused("too_fast", write, author, at=at + timedelta(seconds=59))
    write(reader, at=at)
    write(author, at=at + timedelta(seconds=61))


def test_a_retry_is_no_haste(write, author):
    key, at = uuid4(), now()
    first = write(author, key=key, at=at)
    for number in range(9):
        write(author, f"Söz {number}", at=at)

    assert write(author, key=key, at=at) == first


# --- Mentions ---------------------------------------------------------------------------------------------------------
def test_people_of_the_thread_and_those_the_owner_knows_can_be_mentioned(write, owner, author, reader):
    member = PersonFactory(display_name="Nermin Çelik")
    PersonFactory(display_name="Selin Aksoy")
    owner.members = [member.pk]
    write(reader)

    comment = write(author, "@mehmet arslan ve @Nermin Celik, @Selin Aksoy ne der?")

    assert set(comment.mentions.values_list("person_id", flat=True)) == {reader.pk, member.pk}
    assert comment.text_html.count('class="mention"') == 2


def test_who_has_left_is_not_mentioned_and_a_name_that_is_nobodys_is_told(write, owner, author):
    gone = PersonFactory(display_name="Nermin Çelik", is_active=False)
    owner.members = [gone.pk]

    comment = write(author, "@Nermin Çelik, @Selin Aksoy Öz ne der? ornek@Posta, @belediye, 5@ 7")

    assert not comment.mentions.exists()
    assert "mention" not in comment.text_html
    assert actions.unknown_names(comment) == ["Nermin Çelik", "Selin Aksoy Öz"]


def test_names_are_suggested_by_the_beginning_of_a_word(thread, owner):
    names = ["Ayşe Demir", "Şule Ayyıldız", "Aydın Ay", "Mehmet Arslan", "Fatma Şahin"]
    owner.members = [PersonFactory(display_name=name).pk for name in names]
    owner.members.append(PersonFactory(display_name="Aynur Gitti", is_active=False).pk)
    owner.members += [person.pk for person in PersonFactory.create_batch(12, display_name="Zehra Kaya")]
    owner.members += [PersonFactory(display_name=f"Kerem {letter}ara").pk for letter in "ABCDEFGHIJKL"]

    def suggested(begins):
        return actions.suggested_names(thread, begins, limit=8)

    assert suggested("ay") == ["Aydın Ay", "Ayşe Demir", "Şule Ayyıldız"]
    assert suggested("sahin") == suggested("ŞAH") == ["Fatma Şahin"]
    assert suggested("ayse d") == ["Ayşe Demir"]
    assert suggested("zehra") == ["Zehra Kaya"]
    assert len(suggested("ker")) == 8
    assert suggested("a") == suggested(" ") == suggested("%%") == []


def test_mentions_follow_an_edit_and_vanish_with_the_text(write, author, reader):
    write(reader)
    comment = write(author, "@Mehmet Arslan doğru diyor.")

    comment = actions.edit_comment(actor=author, comment=comment, text="Doğru diyor.", at=now())
    assert not Mention.objects.exists()
    comment = actions.edit_comment(actor=author, comment=comment, text="Evet @Mehmet Arslan", at=now())
    assert Mention.objects.count() == 1
    actions.delete_comment(actor=author, comment=comment, at=now())
    assert not Mention.objects.exists()


# --- Correcting and deleting ------------------------------------------------------------------------------------------
def test_an_edit_keeps_what_was_said_before(write, author):
    at = now()
    comment = write(author, "İlk hali.", mark="for")

    actions.edit_comment(actor=author, comment=comment, text="İkinci hali.", at=at)
    edited = actions.edit_comment(actor=author, comment=comment, text="Son hali.", mark="against", at=at)

    assert (edited.text, edited.mark, edited.edited_at) == ("Son hali.", "against", at)
    assert list(comment.versions.values_list("text", "mark")) == [("İkinci hali.", "for"), ("İlk hali.", "for")]
    assert Entry.objects.filter(kind=CommentKind.EDITED).count() == 2


def test_an_edit_that_changes_nothing_leaves_no_trace(write, author):
    comment = write(author, "Aynı söz.")

    actions.edit_comment(actor=author, comment=comment, text=" Aynı söz. ", at=now())

    assert not CommentVersion.objects.exists()
    assert Comment.objects.get().edited_at is None


def test_deleting_leaves_the_place_and_takes_the_words(write, author, reader, thread):
    comment = write(author, "Gizli kalsın.")
    reply = write(reader, parent=comment)
    actions.edit_comment(actor=author, comment=comment, text="Düzeltilmiş söz.", at=now())

    actions.delete_comment(actor=author, comment=comment, at=now())
    actions.delete_comment(actor=author, comment=comment, at=now())

    comment.refresh_from_db()
    assert (comment.text, comment.is_readable, comment.versions.count()) == ("", False, 0)
    assert Comment.objects.filter(pk=reply.pk, parent=comment).exists()
    assert Entry.objects.filter(kind=CommentKind.DELETED).count() == 1
    assert not Entry.objects.filter(facts__icontains="Gizli").exists()


def test_a_comment_can_be_deleted_after_the_discussion_has_closed_but_not_edited(write, owner, author):
    comment = write(author)
    owner.closed = True

    refused("discussion_closed", actions.edit_comment, actor=author, comment=comment, text="Yeni söz.", at=now())
    assert actions.delete_comment(actor=author, comment=comment, at=now()).deleted_at


# --- Hiding and reporting ---------------------------------------------------------------------------------------------
def test_hiding_takes_a_reason_that_is_told_and_restoring_takes_it_back(write, author, moderator, thread):
    comment = write(author)
    reply = write(author, parent=comment)

    hidden = actions.hide_comment(actor=moderator, comment=reply, reason="Kişisel bilgi içeriyor.", at=now())
    assert (hidden.hidden_by, hidden.hidden_reason) == (moderator, "Kişisel bilgi içeriyor.")
    entry = Entry.objects.get(kind=CommentKind.HIDDEN)
    assert entry.facts["reason"] == "Kişisel bilgi içeriyor."
    thread.refresh_from_db()
    assert thread.comment_count == 1

    restored = actions.restore_comment(actor=moderator, comment=reply, at=now())
    assert (restored.is_readable, restored.hidden_reason, restored.hidden_by) == (True, "", None)
    thread.refresh_from_db()
    assert thread.comment_count == 2


@pytest.mark.parametrize("reason", ["", "  ", "a" * 301])
def test_hiding_without_a_reason_is_refused(write, author, moderator, reason):
    comment = write(author)

    invalid("hidden_reason", actions.hide_comment, actor=moderator, comment=comment, reason=reason, at=now())
    assert Comment.objects.get().is_readable


def test_a_hidden_comment_that_its_author_deletes_is_counted_once(write, author, moderator):
    comment = write(author)
    actions.hide_comment(actor=moderator, comment=comment, reason="Reklam içeriyor.", at=now())

    actions.delete_comment(actor=author, comment=comment, at=now())
    refused("comment_gone", actions.restore_comment, actor=moderator, comment=comment, at=now())


def test_a_report_is_made_once_is_not_public_and_ends_with_hiding(write, author, reader, moderator):
    comment = write(author)
    entries = Entry.objects.count()

    first = actions.report_comment(actor=reader, comment=comment, reason="insult", note=" Ağır söz. ", at=now())
    again = actions.report_comment(actor=reader, comment=comment, reason="spam", at=now())

    assert first.pk == again.pk
    assert (again.reason, again.note) == (ReportReason.INSULT, "Ağır söz.")
    assert Entry.objects.count() == entries
    actions.hide_comment(actor=moderator, comment=comment, reason="Hakaret içeriyor.", at=now())
    assert Report.objects.get().settled_by == moderator


def test_a_report_needs_a_known_reason_and_other_needs_words(write, author, reader):
    comment = write(author)

    invalid("reason", actions.report_comment, actor=reader, comment=comment, reason="boring", at=now())
    invalid("note", actions.report_comment, actor=reader, comment=comment, reason="other", at=now())
    invalid("note", actions.report_comment, actor=reader, comment=comment, reason="spam", note="a" * 501, at=now())
    assert not Report.objects.exists()


def test_settling_closes_a_report_and_leaves_the_comment(write, author, reader, moderator):
    comment = write(author)
    report = actions.report_comment(actor=reader, comment=comment, reason="off_topic", at=now())

    actions.settle_report(actor=moderator, report=report, at=now())

    report.refresh_from_db()
    assert (report.settled_by, Comment.objects.get().is_readable) == (moderator, True)


# --- Who --------------------------------------------------------------------------------------------------------------
ACTS = {
    "edit": lambda actor, comment, report: actions.edit_comment(
        actor=actor, comment=comment, text="Yeni söz.", at=now()
    ),
    "delete": lambda actor, comment, report: actions.delete_comment(actor=actor, comment=comment, at=now()),
    "hide": lambda actor, comment, report: actions.hide_comment(
        actor=actor, comment=comment, reason="Gerekçe bu.", at=now()
    ),
    "report": lambda actor, comment, report: actions.report_comment(
        actor=actor, comment=comment, reason="spam", at=now()
    ),
    "settle": lambda actor, comment, report: actions.settle_report(actor=actor, report=report, at=now()),
}
MAY = {
    "author": {"edit", "delete"},
    "reader": {"report"},
    "moderator": {"hide", "report", "settle"},
    "superuser": {"report"},
}


@pytest.mark.parametrize("who", MAY)
@pytest.mark.parametrize("act", ACTS)
def test_who_may_do_what_with_a_comment(write, author, reader, moderator, superuser, who, act):
    comment = write(author)
    report = Report.objects.create(
        comment=comment, reporter=PersonFactory(), reason="spam", created_at=now() - timedelta(minutes=1)
    )
    people = {"author": author, "reader": reader, "moderator": moderator, "superuser": superuser}
    before = Comment.objects.values().get(), Report.objects.count(), Entry.objects.count()

    if act in MAY[who]:
        ACTS[act](people[who], comment, report)
    else:
        with pytest.raises(Refused):
            ACTS[act](people[who], comment, report)
        report.refresh_from_db()
        assert (Comment.objects.values().get(), Report.objects.count(), Entry.objects.count()) == before
        assert report.settled_at is None


@pytest.mark.parametrize(
    ("who", "allowed"), [("author", False), ("reader", False), ("moderator", True), ("superuser", False)]
)
def test_who_may_restore_a_hidden_comment(write, author, reader, moderator, superuser, who, allowed):
    comment = write(author)
    actions.hide_comment(actor=moderator, comment=comment, reason="Gerekçe bu.", at=now())
    people = {"author": author, "reader": reader, "moderator": moderator, "superuser": superuser}

    if allowed:
        assert actions.restore_comment(actor=people[who], comment=comment, at=now()).is_readable
    else:
        refused("not_moderator", actions.restore_comment, actor=people[who], comment=comment, at=now())


def test_what_is_gone_is_neither_edited_nor_hidden_nor_reported(write, author, reader, moderator):
    hidden, deleted = write(author), write(author)
    actions.hide_comment(actor=moderator, comment=hidden, reason="Gerekçe bu.", at=now())
    actions.delete_comment(actor=author, comment=deleted, at=now())

    refused("comment_hidden", actions.edit_comment, actor=author, comment=hidden, text="Yeni söz.", at=now())
    refused("comment_gone", actions.edit_comment, actor=author, comment=deleted, text="Yeni söz.", at=now())
    refused("already_hidden", actions.hide_comment, actor=moderator, comment=hidden, reason="Bir daha.", at=now())
    refused("comment_gone", actions.hide_comment, actor=moderator, comment=deleted, reason="Bir daha.", at=now())
    for comment in (hidden, deleted):
        refused("comment_gone", actions.report_comment, actor=reader, comment=comment, reason="spam", at=now())
