"""Cases 84, 93, 95 and 96: every live topic for everybody. A topic without a row here fails."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from discussions.actions import add_comment
from journal.models import Audience
from realtime import frames, topics
from realtime.access import permitted
from realtime.reactions import rendering as _rendering  # noqa: F401 - its renderers are registered with it
from tests.attacks.conftest import ROLES

pytestmark = pytest.mark.django_db
EVERYBODY = tuple(role for role in ROLES if role != "closed")
LEADING = ("facilitator",)
INSIDE = ("member", "facilitator", "secretary")

# Topic, and who may follow it. `state:` and `presence:` of a kind follow its rule unless they have one of their own.
ROWS = {
    "council:{council}": EVERYBODY,
    "body:{group}": EVERYBODY,
    "proposal:{gathering}": EVERYBODY,
    "proposal:{draft}": ("ayse",),
    "thread:{open}": EVERYBODY,
    "thread:{closed}": INSIDE,
    "ballot:{ballot}": EVERYBODY,
    "body:{group}:involved": LEADING,  # who asks to join
    # What does not exist
    "council:999999": (),
    "body:999999": (),
    "proposal:999999": (),
    "thread:999999": (),
    "ballot:999999": (),
    "person:1": (),
    "session:1": (),
}


@pytest.fixture
def names(world):
    group = world.things.group
    group.charter.is_discussion_public = False
    group.charter.save()
    world.things.closed_thread = group.charter.thread
    t = world.things
    return {
        "council": t.council.pk,
        "group": t.group.pk,
        "gathering": t.gathering.pk,
        "draft": t.draft.pk,
        "open": t.thread.pk,
        "closed": t.closed_thread.pk,
        "ballot": t.ballot.pk,
    }


def test_084_every_kind_of_topic_has_rows():
    kinds = set(topics._rules)
    rows = {re.sub(r":\{\w+\}", "", name) for name, allowed in ROWS.items() if allowed}
    assert kinds == rows


def test_084_everybody_may_follow_what_the_rows_say(world, names):
    wrong = []
    asked = {row.format(**names): allowed for row, allowed in ROWS.items()}
    for role in ROLES:
        person = world.people[role]
        found = permitted(person.pk if person else None, asked)
        if role == "closed":  # the socket of a closed account is cut
            assert found is None
            continue
        wrong += [f"{name} {role}" for name, allowed in asked.items() if (name in found) != (role in allowed)]
    assert wrong == []


@pytest.mark.parametrize("sort", ["state", "presence"])
def test_084_the_state_and_the_presence_of_a_topic_follow_its_rule(world, names, sort):
    closed = f"{sort}:thread:{names['closed']}"
    for role in EVERYBODY:
        person = world.people[role]
        assert topics.may_join(person or AnonymousUser(), closed) is (role in INSIDE), role


def test_084_asking_by_page_tells_what_the_socket_tells(world, names):
    for role in ("visitor", "mehmet", "member", "closed"):
        client = world.client(role)
        for row, allowed in ROWS.items():
            name = row.format(**names)
            [answer] = client.get("/canli/yokla/", {"t": name}).json()["frames"]
            as_whom = "visitor" if role == "closed" else role
            assert (answer["type"] != "refused") is (as_whom in allowed), (role, name)


@pytest.mark.parametrize(
    "name",
    [
        "thread:-1", "thread:0", "thread:01", "thread:1e3", "thread: 1", "thread:1\n", "thread:١", "thread:*", "thread:",
        "thread", ":1", "state:state:thread:1", "presence:", "thread:1:2", "Thread:1", "thread:" + "9" * 19,
        "a" * 200 + ":1", "thread:1@x:0", "../thread:1", "thread:1;DROP", "\u0000thread:1", "",
    ],
)  # fmt: skip
def test_096_a_topic_s_name_is_a_kind_and_a_number(name):
    with pytest.raises(topics.UnknownTopic):
        topics.parse(name)
    assert topics.may_join(AnonymousUser(), name) is False


def test_095_a_frame_of_a_closed_discussion_tells_nobody_outside_what_was_said(world, names):
    comment = add_comment(
        actor=world.people["facilitator"],
        thread=world.things.closed_thread,
        text="Bütçe 4 milyon",
        key=uuid4(),
        at=timezone.now(),
    )
    from journal.models import Entry

    entry = Entry.objects.get(kind="discussions.comment_added", subject_id=comment.pk)
    assert entry.audience == Audience.INVOLVED
    council = f"council:{world.things.council.pk}"
    for client in (world.client("visitor"), world.client("neighbour")):
        told = client.get("/canli/yokla/", {"t": [f"{council}@x:0", f"body:{names['group']}@x:0"]}).content.decode()
        assert "milyon" not in told
    assert "milyon" in frames.render(entry).text


def test_093_presence_counts_and_names_nobody(world, names):
    name = f"presence:thread:{world.things.thread.pk}"
    [frame] = world.client("mehmet").get("/canli/yokla/", {"t": name}).json()["frames"]
    assert set(frame["d"]) == {"count"}
