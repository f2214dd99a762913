"""Cases 47 to 49, 59 and 60: what is closed stays closed on every way in, and nobody sets what is not theirs to set."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from discussions.actions import add_comment
from journal.models import Audience, Entry
from people.models import Person
from people.verdicts import Refused
from proposals import actions
from proposals.models import Proposal
from proposals.stages import Stage
from tests import factories as f
from tests.attacks.conftest import ROLES

pytestmark = pytest.mark.django_db
SECRET = "Kapalı toplantının sözü: bütçe 4 milyon"


@pytest.fixture
def closed(world):
    """The transport group keeps its discussion among its members; somebody said something there."""
    group = world.things.group
    group.charter.is_discussion_public = False
    group.charter.save()
    return add_comment(
        actor=world.people["facilitator"],
        thread=group.charter.thread,
        text=SECRET,
        key=uuid4(),
        at=timezone.now(),
    )


INSIDE = ("member", "facilitator", "secretary")


def test_048_a_closed_discussion_leaks_through_no_door(world, closed):
    """Case 48: page, parts, names, record, feed, home, search, live frames and API."""
    t, thread = world.things, closed.thread_id
    direct = [
        reverse("thread_page", args=[thread]),
        reverse("comment_page", args=[thread, closed.pk]),
        reverse("comment_options", args=[thread, closed.pk]),
        reverse("comment_history", args=[thread, closed.pk]),
        f"/api/v1/threads/{thread}/comments/",
        f"/api/v1/comments/{closed.pk}/",
    ]
    around = [
        reverse("group_detail", args=["kocaeli", t.group.slug]),
        reverse("group_record", args=["kocaeli", t.group.slug]),
        reverse("group_feed", args=["kocaeli", t.group.slug]),
        reverse("council_journal", args=["kocaeli"]),
        reverse("council_feed", args=["kocaeli"]),
        reverse("council_home", args=["kocaeli"]),
        reverse("body_list", args=["kocaeli"]) + "?q=kapali",
        reverse("proposal_list", args=["kocaeli"]) + "?q=toplantinin",
        f"/api/v1/councils/kocaeli/bodies/{t.group.slug}/",
        f"/canli/yokla/?t=thread:{thread}&t=state:thread:{thread}&t=presence:thread:{thread}&at=1",
        f"/canli/yokla/?t=thread:{thread}@x:0",
    ]
    for role in ("visitor", "mehmet", "president", "directorate", "neighbour", "superuser"):
        client = world.client(role)
        for path in direct:
            for header in ({}, {"HX-Request": "true"}):
                assert client.get(path, headers=header).status_code == 404, (role, path)
        for path in around:
            text = client.get(path).content.decode()
            assert "4 milyon" not in text, (role, path)
            assert f"comment-{closed.pk}" not in text, (role, path)
            assert f"/tartisma/{thread}/" not in text, (role, path)
        frames = client.get(f"/canli/yokla/?t=thread:{thread}@x:0").json()["frames"]
        assert [frame["type"] for frame in frames] == ["refused"], (role, frames)
    for role in INSIDE:
        client = world.client(role)
        assert SECRET in client.get(direct[0]).content.decode(), role
        assert client.get(direct[4]).json()["results"][0]["text"] == SECRET


def test_048_an_entry_of_a_closed_discussion_is_not_public(closed):
    entry = Entry.objects.get(kind="discussions.comment_added", subject_id=closed.pk)
    assert entry.audience != Audience.PUBLIC
    assert "milyon" not in str(entry.facts)


def test_049_nobody_writes_into_a_closed_discussion_from_outside(world, closed):
    thread = closed.thread_id
    body = {"text": "Ben de geldim.", "mark": "neutral", "key": str(uuid4())}
    before = Entry.objects.count()
    for role in ("mehmet", "president", "neighbour", "superuser"):
        client = world.client(role)
        for name in ("comment_add", "comment_reply", "comment_report", "comment_hide"):
            arguments = [thread] if name == "comment_add" else [thread, closed.pk]
            assert client.post(reverse(name, args=arguments), body).status_code in {404, 405}, (role, name)
        path = f"/api/v1/threads/{thread}/comments/"
        assert client.post(path, body, content_type="application/json").status_code == 404
    assert Entry.objects.count() == before


def test_048_who_leaves_the_group_is_outside_at_once(world, closed):
    path = reverse("thread_page", args=[closed.thread_id])
    client = world.client("member")
    assert client.get(path).status_code == 200
    seat = world.things.seat
    seat.ends_on = timezone.localdate() - timedelta(days=1)
    seat.save()
    assert client.get(path).status_code == 404


# --- 47: one organisation and another ----------------------------------------------------------------------------------
def test_047_a_representative_acts_for_no_other_organisation(world):
    other = f.OrganisationFactory(name="Başka Dernek")
    draft = f.ProposalFactory(council=world.things.council, author=world.people["representative"], stage=Stage.DRAFT)
    client = world.client("representative")
    answer = client.patch(
        f"/api/v1/councils/kocaeli/drafts/{draft.key}/", {"on_behalf_of": other.slug}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "no_mandate")
    for step in ("baslik", "adres", "konu"):
        path = reverse("proposal_draft_step", args=["kocaeli", draft.key, step])
        for value in (other.pk, other.slug, str(other.pk)):
            client.post(path, {"on_behalf_of": value, "title": "Bir başlık yazdım"})
    draft.refresh_from_db()
    assert draft.on_behalf_of is None


def test_047_a_mandate_that_has_ended_speaks_for_nobody(world):
    person, organisation = world.people["representative"], world.things.organisation
    proposal = f.ProposalFactory(
        council=world.things.council, author=person, on_behalf_of=organisation, stage=Stage.GATHERING
    )
    draft = f.ProposalFactory(council=world.things.council, author=person, on_behalf_of=organisation, stage=Stage.DRAFT)
    person.mandates.update(ends_on=timezone.localdate() - timedelta(days=1))
    client = world.client("representative")
    submitted = client.post(f"/api/v1/councils/kocaeli/drafts/{draft.key}/submit/", {}, content_type="application/json")
    assert (submitted.status_code, submitted.json()["code"]) == (403, "no_mandate")
    revised = client.post(
        f"/api/v1/councils/kocaeli/proposals/{proposal.number}/versions/",
        {
            "title": proposal.title,
            "summary": proposal.summary,
            "text": f"{proposal.text} Ek.",
            "note": "Bir ek yazdım.",
        },
        content_type="application/json",
    )
    assert (revised.status_code, revised.json()["code"]) == (403, "no_mandate")


# --- 59: fields nobody asked for ----------------------------------------------------------------------------------------
def test_059_settings_change_name_and_language_and_nothing_else(world):
    ayse = world.people["ayse"]
    body = {
        "display_name": "Ayşe D.",
        "language": "tr",
        "email": "baska@ornek.invalid",
        "is_staff": "on",
        "is_superuser": "on",
        "is_active": "",
        "password": "yeni-parola-123",
        "groups": "1",
    }
    assert world.client("ayse").post(reverse("settings"), body).status_code == 302
    now = Person.objects.get(pk=ayse.pk)
    assert (now.display_name, now.email, now.is_staff, now.is_superuser, now.is_active) == (
        "Ayşe D.",
        ayse.email,
        False,
        False,
        True,
    )
    assert now.password == ayse.password


def test_059_a_draft_s_form_moves_no_stage_and_changes_no_author(world):
    draft, other = world.things.draft, world.people["mehmet"]
    body = {
        "title": "Sahil yolunda bisiklet yolu",
        "summary": "Kopuk parçalar birleştirilsin, ışık konsun.",
        "stage": "adopted",
        "status": "approved",
        "author": other.pk,
        "council": "2",
        "number": "KOC-2026-9999",
        "support_count": "1000",
        "support_threshold": "1",
        "source_id": "x",
    }
    for step in ("baslik", "metin", "konu", "adres"):
        world.client("ayse").post(reverse("proposal_draft_step", args=["kocaeli", draft.key, step]), body)
    now = Proposal.objects.get(pk=draft.pk)
    assert (now.stage, now.author_id, now.council_id, now.number, now.support_count, now.source_id) == (
        Stage.DRAFT,
        draft.author_id,
        draft.council_id,
        "",
        0,
        "",
    )


def test_059_a_residence_is_not_verified_by_saying_so(world):
    outsider = world.people["outsider"]
    district = world.things.council.districts.first()
    body = {"residence-district": district.pk, "residence-verified_at": "2026-01-01", "verified_by": outsider.pk}
    world.client("outsider").post(reverse("settings_residence"), body)
    assert outsider.residence.verified_at is None
    with pytest.raises(Refused, match="hemşehriliğinizin"):
        actions.support_proposal(actor=outsider, proposal=world.things.gathering, at=timezone.now())


# --- 19: deciding an amendment ------------------------------------------------------------------------------------------
def test_019_an_amendment_is_decided_by_its_deciders_alone(world):
    """By page and by API, before the body discusses and while it does; whoever may not leaves the text as it is."""
    t = world.things
    deciders = {t.amendment: {"ayse"}, t.in_group_amendment: {"ayse", "facilitator"}}
    for amendment, may in deciders.items():
        proposal = amendment.proposal
        place = ["kocaeli", proposal.number, amendment.number]
        for role in set(ROLES) - may:
            client = world.client(role)
            page = client.post(reverse("amendment_decide", args=place), {"decision": "accept", "reason": ""})
            api = client.post(reverse("api-accept-amendment", args=place), {}, content_type="application/json")
            assert page.status_code in {302, 403}, (role, page.status_code)
            assert api.status_code in {401, 403}, (role, api.status_code)
            amendment.refresh_from_db()
            assert (amendment.state, proposal.versions.count()) == ("open", 1), role


def test_019_an_author_refuses_nothing_that_the_body_discusses(world):
    t = world.things
    place = ["kocaeli", t.in_group.number, t.in_group_amendment.number]
    body = {"decision": "decline", "reason": "Bunu istemiyorum, kalsın.", "reason_code": "other"}
    assert world.client("ayse").post(reverse("amendment_decide", args=place), body).status_code == 403
    assert world.client("facilitator").post(reverse("amendment_decide", args=place), body).status_code == 302


# --- 60: a moderator of one place in another ----------------------------------------------------------------------------
def test_060_who_moderates_here_hides_nothing_there(world):
    """The president of one assembly, and the secretary of another council, on a comment in the transport group's hands."""
    t = world.things
    for role in ("president", "neighbour", "directorate", "centre"):
        client = world.client(role)
        for name in ("comment_hide", "comment_restore"):
            comment = t.comment if name == "comment_hide" else t.hidden
            path = reverse(name, args=[t.thread.pk, comment.pk])
            assert client.post(path, {"reason": "Hakaret içeriyor."}).status_code == 403, (role, name)
        assert client.post(reverse("report_settle", args=[t.thread.pk, t.report.pk])).status_code == 404
        assert "Bu konuda bir sözüm var" not in client.get(reverse("report_list", args=["kocaeli"])).content.decode()
    t.comment.refresh_from_db()
    t.hidden.refresh_from_db()
    t.report.refresh_from_db()
    assert (t.comment.hidden_at, t.hidden.hidden_at is None, t.report.settled_at) == (None, False, None)
