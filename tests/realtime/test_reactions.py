"""What people do shows on other people's screens, and what may not be shown does not travel."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ballots.actions import cast_vote, close_ballot_now
from ballots.models import Ballot, ResultsVisibility
from councils.models import BodyKind, Membership, Role
from discussions.actions import add_comment, delete_comment, edit_comment, hide_comment
from people.models import Person
from proposals.actions import find_admissible, open_ballot, support_proposal, withdraw_support
from proposals.models import Proposal
from proposals.stages import Stage
from realtime import access, actions, topics
from realtime import bus as buses
from realtime import hub as hubs
from tests import factories as f
from tests.realtime.conftest import Client, in_thread, until
from workinggroups.actions import ask_to_join, end_membership
from workinggroups.models import Charter


@pytest.fixture
async def live(settings, transactional_db):
    settings.LIVE_BUS = "memory"
    buses.close_bus()
    hub = await hubs.get_hub()
    yield hub
    await hub.stop()
    buses.close_bus()


def now():
    return timezone.now()


def make_proposal(stage: Stage = Stage.GATHERING, **fields) -> Proposal:
    council = f.CouncilFactory(province="Kocaeli", code="KOC")
    return f.ProposalFactory(council=council, stage=stage, **fields)


def make_resident(proposal: Proposal, name: str = "Ayşe Demir") -> Person:
    person = f.PersonFactory(display_name=name)
    f.ResidenceFactory(person=person, council=proposal.council)
    return person


def comment(actor: Person, thread, text: str = "Kavşaklar **çok** tehlikeli.", parent=None):
    return add_comment(actor=actor, thread=thread, text=text, key=uuid.uuid4(), parent=parent, at=now())


# --- Discussion ----------------------------------------------------------------------------------------


async def test_a_comment_travels_in_both_languages_and_knows_no_reader(live):
    proposal = await in_thread(make_proposal)
    ayse = await in_thread(make_resident, proposal)
    name = proposal.thread.topic
    client = Client(live)
    await client.join(name, f"state:{name}")
    first = await in_thread(comment, ayse, proposal.thread)
    answer = await in_thread(comment, ayse, proposal.thread, "Katılıyorum.", first)
    await until(lambda: len(client.of(name)) == 2)
    one, two = client.of(name)
    assert (one["do"], one["id"], one["parent"], one["by"]) == ("add", f"comment-{first.pk}", None, ayse.pk)
    assert (two["id"], two["parent"]) == (f"comment-{answer.pk}", f"comment-{first.pk}")
    assert "<strong>çok</strong>" in one["html"]["tr"]
    assert "Yanıtla" in one["html"]["tr"]
    assert set(one["html"]) == {"tr", "en"}
    assert all("csrfmiddlewaretoken" not in html for html in one["html"].values())
    assert "Needs:" not in one["html"]["tr"]
    await until(lambda: client.of(f"state:{name}")[-1]["d"] == {"comments": 2, "phase": "open"})


@pytest.mark.parametrize("how", ["hidden", "deleted"])
async def test_a_hidden_or_deleted_comment_is_replaced_by_its_trace_also_for_late_comers(live, how):
    proposal = await in_thread(make_proposal)
    ayse = await in_thread(make_resident, proposal)
    derya = await in_thread(f.PersonFactory)
    await in_thread(f.MembershipFactory, body=proposal.addressed_to, person=derya, role=Role.FACILITATOR)
    name = proposal.thread.topic
    client = Client(live)
    await client.join(name)
    written = await in_thread(comment, ayse, proposal.thread, "Ayıp bir söz")
    await until(lambda: len(client.of(name)) == 1)
    if how == "hidden":
        await in_thread(hide_comment, actor=derya, comment=written, reason="Hakaret içeriyor.", at=now())
    else:
        await in_thread(delete_comment, actor=ayse, comment=written, at=now())
    await until(lambda: len(client.of(name)) == 2)
    assert client.of(name)[1]["do"] == "replace"
    late = Client(live)
    await live.join(late.sink, {name: (None, 0)})
    await until(lambda: len(late.of(name)) == 2)
    for frame in (client.of(name)[1], *late.of(name)):
        assert "Ayıp bir söz" not in str(frame)
        assert 'class="comment-gone"' in frame["html"]["tr"]


async def test_an_edited_comment_is_replaced(live):
    proposal = await in_thread(make_proposal)
    ayse = await in_thread(make_resident, proposal)
    client = Client(live)
    written = await in_thread(comment, ayse, proposal.thread)
    await client.join(proposal.thread.topic)
    await in_thread(edit_comment, actor=ayse, comment=written, text="Düzelttim.", at=now())
    await until(lambda: client.of(proposal.thread.topic))
    assert "Düzelttim." in client.of(proposal.thread.topic)[0]["html"]["tr"]


async def test_the_discussion_of_a_closed_group_travels_to_its_members_only_and_ends_with_the_seat(live):
    def closed_group() -> tuple[Charter, Membership, Person]:
        body = f.BodyFactory(council=f.CouncilFactory(province="Kocaeli", code="KOC"))
        charter = f.CharterFactory(body=body, is_discussion_public=False)
        leader = f.MembershipFactory(body=body, role=Role.FACILITATOR).person
        return charter, f.MembershipFactory(body=body), leader

    charter, seat, derya = await in_thread(closed_group)
    name = charter.thread.topic
    member, visitor, outsider = Client(live, seat.person), Client(live), Client(live, await in_thread(f.PersonFactory))
    for client in (member, visitor, outsider):
        await client.join(name, f"state:{name}", f"presence:{name}")
    assert [len(client.told("refused")) for client in (member, visitor, outsider)] == [0, 3, 3]
    await in_thread(comment, derya, charter.thread, "Aramızda kalsın.")
    await until(lambda: member.of(name))
    assert "Aramızda kalsın." in member.of(name)[0]["html"]["tr"]
    await in_thread(end_membership, actor=derya, membership=seat, reason="Taşındı, ayrılmak istedi.", at=now())
    await until(lambda: len(member.told("left")) == 3)
    await in_thread(comment, derya, charter.thread, "Artık görmez.")
    assert len(member.of(name)) == 1
    assert not any(client.of(name) for client in (visitor, outsider))


@pytest.mark.django_db
def test_all_followers_of_a_closed_discussion_are_asked_at_once_and_as_each_alone():
    council, statements = f.CouncilFactory(province="Kocaeli", code="KOC"), []
    body, secretariat = f.BodyFactory(council=council), f.BodyFactory(council=council, kind=BodyKind.SECRETARIAT)
    thread = f.CharterFactory(body=body, is_discussion_public=False).thread
    day, names = timezone.localdate(), {thread.topic, f"state:{thread.topic}"}
    seats = [
        f.MembershipFactory(body=body, role=Role.FACILITATOR),
        f.MembershipFactory(body=secretariat, role=Role.SECRETARY),
        f.MembershipFactory(body=f.BodyFactory(council=council)),
        f.MembershipFactory(body=secretariat),
        f.MembershipFactory(body=body, starts_on=day - timedelta(days=9), ends_on=day - timedelta(days=2)),
    ]
    people = [*(seat.person for seat in seats), f.PersonFactory(), f.PersonFactory(is_active=False)]
    for more in (0, 10):
        people += [f.MembershipFactory(body=body).person for _ in range(more)]
        wanted = {person.pk: names for person in people} | {None: names}
        with CaptureQueriesContext(connection) as asked:
            answers = access.ask_for_many(wanted)
        statements.append(len(asked))

    assert statements[0] == statements[1]
    assert answers == {person_id: access.permitted(person_id, names) for person_id in wanted}
    assert [answers[person.pk] for person in people[:7]] == [names, names, set(), set(), set(), set(), None]
    assert answers[None] == set()


# --- Proposals -----------------------------------------------------------------------------------------


async def test_support_is_counted_for_everybody_and_names_nobody(live):
    proposal = await in_thread(make_proposal)
    people = [await in_thread(make_resident, proposal, f"Kişi {n}") for n in range(2)]
    name = f"state:{proposal.topic}"
    client = Client(live)
    await client.join(name, proposal.topic)
    for person in people:
        await in_thread(support_proposal, actor=person, proposal=proposal, shows_name=True, at=now())
    await until(lambda: client.of(name)[-1]["d"]["supports"] == 2)
    await in_thread(withdraw_support, actor=people[0], proposal=proposal, at=now())
    await until(lambda: client.of(name)[-1]["d"] == {"supports": 1, "support_share": 33, "phase": "gathering"})
    assert "Kişi" not in str(client.frames)


async def test_a_move_shows_where_the_proposal_stands(live):
    proposal = await in_thread(make_proposal, Stage.SUBMITTED)
    hakan = await in_thread(secretary_of, proposal)
    client = Client(live)
    await client.join(proposal.topic, f"state:{proposal.topic}")
    await in_thread(find_admissible, actor=hakan, proposal=proposal, at=now())
    await until(lambda: client.of(proposal.topic))
    html = client.of(proposal.topic)[0]["regions"]["status"]
    assert 'id="stage"' in html["tr"]
    assert html["tr"] != html["en"] or "Destek" in html["tr"]
    await until(lambda: client.of(f"state:{proposal.topic}")[-1]["d"]["phase"] == "gathering")


def secretary_of(proposal: Proposal) -> Person:
    from councils.models import BodyKind

    body = f.BodyFactory(council=proposal.council, kind=BodyKind.SECRETARIAT, name="Genel Sekreterlik")
    return f.MembershipFactory(body=body, role=Role.SECRETARY).person


async def test_a_draft_is_followed_by_its_author_alone(live):
    draft = await in_thread(make_proposal, Stage.DRAFT)
    assert await in_thread(topics.may_join, draft.author, draft.topic)
    for person in (AnonymousUser(), await in_thread(f.PersonFactory)):
        assert not await in_thread(topics.may_join, person, draft.topic)
    assert not await in_thread(topics.may_join, draft.author, "proposal:999999")


# --- Ballots -------------------------------------------------------------------------------------------


def ballot_of(voters: list[Person], visibility: str) -> Ballot:
    proposal = make_proposal(Stage.IN_GROUP)
    leader = f.MembershipFactory(body=proposal.addressed_to, role=Role.FACILITATOR, has_vote=False).person
    for voter in voters:
        f.MembershipFactory(body=proposal.addressed_to, person=voter)
    return open_ballot(
        actor=leader, proposal=proposal, closes_at=now() + timedelta(days=1), visibility=visibility, at=now()
    )


async def test_a_live_tally_ticks(live):
    voters = await in_thread(f.PersonFactory.create_batch, 4)
    ballot = await in_thread(ballot_of, voters, ResultsVisibility.LIVE)
    name = f"state:{ballot.topic}"
    client = Client(live)
    await client.join(name)
    for voter, choice in zip(voters, ("yes", "yes", "no", "abstain"), strict=True):
        await in_thread(cast_vote, actor=voter, ballot=ballot, paper=choice)
    await until(lambda: client.of(name)[-1]["d"]["turnout"] == 4)
    counts = client.of(name)[-1]["d"]
    assert (counts["yes"], counts["no"], counts["abstain"], counts["yes_share"]) == (2, 1, 1, 50)


async def test_a_hidden_tally_never_travels_before_the_outcome(live):
    voters = await in_thread(f.PersonFactory.create_batch, 3)
    ballot = await in_thread(ballot_of, voters, ResultsVisibility.AFTER_CLOSING)
    name = f"state:{ballot.topic}"
    client = Client(live)
    await live.join(client.sink, {name: (None, None), ballot.topic: (None, 0)})
    for voter in voters:
        await in_thread(cast_vote, actor=voter, ballot=ballot, paper="yes")
    await until(lambda: client.of(name)[-1]["d"]["turnout"] == 3)
    await until(lambda: client.of(ballot.topic))
    told = [frame["d"] for frame in client.of(name)]
    assert all(not {"yes", "no", "abstain", "yes_share", "no_share", "abstain_share"} & set(data) for data in told)
    assert f"{name}#yes" not in str(client.of(ballot.topic))
    await in_thread(end_of, ballot)
    await until(lambda: client.of(name)[-1]["d"]["phase"] == "declared")
    assert client.of(name)[-1]["d"]["yes"] == 3
    await until(lambda: len(client.of(ballot.topic)) == 3)  # opened, closed early, declared
    assert f'id="tally-{ballot.pk}"' in client.of(ballot.topic)[2]["regions"]["tally"]["tr"]


def end_of(ballot: Ballot) -> None:
    close_ballot_now(actor=ballot.opened_by, ballot=ballot, reason="Herkes oyunu verdi.")


async def test_who_voted_how_never_travels(live):
    voters = await in_thread(f.PersonFactory.create_batch, 2)
    ballot = await in_thread(ballot_of, voters, ResultsVisibility.LIVE)
    client = Client(live, voters[0])
    await live.join(client.sink, {ballot.topic: (None, 0), f"state:{ballot.topic}": (None, None)})
    await in_thread(cast_vote, actor=voters[1], ballot=ballot, paper="no")
    await until(lambda: client.of(f"state:{ballot.topic}")[-1]["d"]["turnout"] == 1)
    assert voters[1].display_name not in str(client.frames)
    assert not any("by" in frame for frame in client.frames)


async def test_opening_and_outcome_move_the_proposal_too(live):
    voters = await in_thread(f.PersonFactory.create_batch, 1)
    ballot = await in_thread(ballot_of, voters, ResultsVisibility.LIVE)
    link = await in_thread(lambda: Proposal.objects.get(ballot_links__ballot=ballot))
    client = Client(live)
    await live.join(client.sink, {link.topic: (None, 0)})
    await until(lambda: client.of(link.topic))
    assert client.of(link.topic)[0]["regions"]["ballot"] is None
    await in_thread(cast_vote, actor=voters[0], ballot=ballot, paper="yes")
    await in_thread(end_of, ballot)
    await until(lambda: client.of(link.topic)[-1]["k"] == "proposals.adopted")


# --- Groups --------------------------------------------------------------------------------------------


async def test_who_asks_to_join_is_told_to_the_facilitator_alone_and_while_they_are(live):
    def group() -> tuple[Charter, Membership, Membership, Person]:
        council = f.CouncilFactory(province="Kocaeli", code="KOC")
        body = f.BodyFactory(council=council)
        charter = f.CharterFactory(body=body)
        leader, member = (f.MembershipFactory(body=body, role=role) for role in (Role.FACILITATOR, Role.MEMBER))
        person = f.PersonFactory()
        f.ResidenceFactory(person=person, council=council)
        return charter, leader, member, person

    charter, leader, member, asks = await in_thread(group)
    name = f"{charter.body.topic}:involved"
    led, followed, visitor = Client(live, leader.person), Client(live, member.person), Client(live)
    for client in (led, followed, visitor):
        await client.join(name, charter.body.topic)
    assert [[frame["t"] for frame in client.told("refused")] for client in (led, followed, visitor)] == [
        [],
        [name],
        [name],
    ]
    await in_thread(ask_to_join, actor=asks, body=charter.body, message="Katılmak isterim.", at=now())
    await until(lambda: led.of(name) and visitor.of(charter.body.topic))
    assert led.of(name)[0]["k"] == "workinggroups.join_requested"
    assert visitor.of(charter.body.topic)[0]["k"] == ""
    await in_thread(Membership.objects.filter(pk=leader.pk).update, role=Role.MEMBER)
    await in_thread(actions.recheck, person=leader.person_id)
    await until(lambda: [frame["t"] for frame in led.told("left")] == [name])
