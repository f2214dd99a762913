"""An owner of threads that belongs to the tests, and small ways to write in one."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone

from discussions import actions, policies
from discussions.models import Comment, Thread
from people.models import Person
from people.verdicts import YES, no
from proposals.stages import Stage
from tests.factories import (
    BodyFactory,
    CharterFactory,
    CommentFactory,
    MembershipFactory,
    PersonFactory,
    ProposalFactory,
)


class OwnerOfTests:
    """Everybody reads, people with an account write, `moderators` moderate; each answer can be changed by a test."""

    def __init__(self):
        self.moderators = set()
        self.readable = True
        self.closed = False
        self.voice = "public"
        self.members = []

    def may_read(self, person, thread):
        return self.readable

    def may_comment(self, person, thread, *, at):
        if not person.is_authenticated:
            return no("Yazmak için giriş yapın.", code="sign_in")
        return no("Tartışma yeni yorumlara kapandı.", code="discussion_closed") if self.closed else YES

    def may_moderate(self, person, thread, *, at):
        return YES if person in self.moderators else no("Bunu kolaylaştırıcı yapar.", code="not_moderator")

    def address(self, thread):
        return f"/tartisma/{thread.pk}/"

    def place(self, thread):
        return None, None

    def audience(self, thread):
        return self.voice

    def people(self, thread):
        return Person.objects.filter(pk__in=self.members)


@pytest.fixture
def owner():
    owner = OwnerOfTests()
    policies.register("tests.owner", owner)
    yield owner
    policies._policies.pop("tests.owner")


@pytest.fixture
def thread(owner, db):
    return actions.open_thread("tests.owner")


@pytest.fixture
def moderator(owner, db):
    person = PersonFactory(display_name="Derya Öztürk")
    owner.moderators.add(person)
    return person


@pytest.fixture
def write(thread):
    """Write a comment: `write(author, text="…", parent=None, at=…)`."""

    def write_(author, text="Bu konuda bir sözüm var.", *, parent=None, at=None, key=None, in_=None, **rest):
        return actions.add_comment(
            actor=author,
            thread=in_ or thread,
            text=text,
            parent=parent,
            key=key or uuid4(),
            at=at or timezone.now(),
            **rest,
        )

    return write_


@pytest.fixture
def counters_are_true():
    """A recount of every thread and every first-level comment, to be called at the end of a test."""

    def check():
        for thread in Thread.objects.all():
            readable = thread.comments.filter(deleted_at=None, hidden_at=None)
            assert thread.comment_count == readable.count()
            for root in thread.comments.filter(depth=0):
                assert root.reply_count == readable.filter(root=root).count()
        assert not Comment.objects.filter(depth__gt=0).exclude(reply_count=0).exists()

    return check


# --- A discussion of a proposal, as its pages show it ------------------------------------------------------------------
@pytest.fixture
def proposal(ulasim):
    return ProposalFactory(council=ulasim.council, addressed_to=ulasim, stage=Stage.IN_GROUP)


@pytest.fixture
def place(proposal):
    """The thread of a proposal in the transport group of Kocaeli: derya and hakan moderate it."""
    return proposal.thread


@pytest.fixture
def comment(place, ayse):
    return actions.add_comment(actor=ayse, thread=place, text="Kavşakta ışık yok.", key=uuid4(), at=timezone.now())


@pytest.fixture
def reply(place, comment, mehmet):
    return actions.add_comment(
        actor=mehmet, thread=place, text="Ben de gördüm.", parent=comment, key=uuid4(), at=timezone.now()
    )


@pytest.fixture
def closed_group(kocaeli):
    """A group that keeps its discussion among members, with one comment."""
    charter = CharterFactory(body=BodyFactory(council=kocaeli, name="Kapalı Çalışma Grubu"), is_discussion_public=False)
    member = PersonFactory(display_name="Zeynep Şahin")
    MembershipFactory(body=charter.body, person=member)
    comment = CommentFactory(thread=charter.thread, author=member, text="Aramızda kalsın.")
    return charter.thread, comment, member
