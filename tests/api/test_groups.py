"""Groups, organisations, the record and the map through the API."""

from __future__ import annotations

import pytest
from django.utils import timezone

from councils.models import Membership
from proposals.stages import Stage
from tests import factories as f
from tests.api.conftest import refusal, wrong_fields
from workinggroups.models import JoinRequest

pytestmark = pytest.mark.django_db
C = "councils/kocaeli/"
REASON = {"reason": "Grubun çalışma alanı dışında."}


@pytest.fixture
def group(ulasim, derya):
    return f"{C}bodies/{ulasim.slug}/"


# --- Joining ----------------------------------------------------------------------------------------------------------
def test_one_asks_is_answered_and_leaves(call, group, ulasim, derya, mehmet):
    me, facilitator = call(mehmet), call(derya)
    asked = me.post(f"{group}join-requests/", {"message": "Ulaşımda çalışmak isterim."})
    assert (asked.status_code, asked.json()["state"]) == (201, "pending")
    assert me.post(f"{group}join-requests/").json()["id"] == asked.json()["id"]
    waiting = facilitator.get(f"{group}join-requests/").json()["results"]
    assert [(row["person"], row["message"]) for row in waiting] == [("Mehmet Arslan", "Ulaşımda çalışmak isterim.")]
    path = f"{group}join-requests/{asked.json()['id']}/"
    assert refusal(me.post(f"{path}accept/")) == (403, "not_facilitator")
    assert refusal(me.get(f"{group}join-requests/")) == (403, "not_facilitator")
    assert facilitator.post(f"{path}accept/").json()["state"] == "accepted"
    assert me.get("me/join-requests/").json()["results"][0]["state"] == "accepted"
    assert "Mehmet Arslan" in {row["person"] for row in call().get(f"{group}members/").json()["results"]}
    assert me.post(f"{group}leave/").status_code == 204
    assert refusal(me.post(f"{group}leave/")) == (403, "not_member")
    assert Membership.objects.on(timezone.localdate()).filter(body=ulasim).count() == 1


def test_a_request_is_declined_with_a_reason_and_taken_back_by_its_sender_alone(call, group, derya, mehmet, ayse):
    first = call(mehmet).post(f"{group}join-requests/").json()["id"]
    second = call(ayse).post(f"{group}join-requests/").json()["id"]
    assert wrong_fields(call(derya).post(f"{group}join-requests/{first}/decline/", {"reason": "kısa"})) == {"reason"}
    declined = call(derya).post(f"{group}join-requests/{first}/decline/", REASON).json()
    assert (declined["state"], declined["reason"]) == ("declined", REASON["reason"])
    assert refusal(call(mehmet).post(f"{group}join-requests/{second}/withdraw/")) == (404, "not_found")
    assert call(ayse).post(f"{group}join-requests/{second}/withdraw/").json()["state"] == "withdrawn"
    settled = call(derya).get(f"{group}join-requests/?state=declined").json()["results"]
    assert [row["id"] for row in settled] == [first]
    assert wrong_fields(call(derya).get(f"{group}join-requests/?state=all")) == {"state"}


def test_the_facilitator_ends_a_seat_and_nobody_else(call, group, ulasim, derya, mehmet, nermin):
    seat = f.MembershipFactory(body=ulasim, person=mehmet)
    path = f"{group}members/{seat.pk}/end/"
    for other in (mehmet, nermin):
        assert refusal(call(other).post(path, REASON)) == (403, "not_facilitator")
    assert call(derya).post(path, REASON).status_code == 204
    assert refusal(call(derya).post(path, REASON)) == (404, "not_found")


def test_a_request_of_another_group_is_not_reached_through_this_one(call, group, kocaeli, derya, mehmet):
    other = f.BodyFactory(council=kocaeli, name="Başka Grup")
    wish = JoinRequest.objects.create(body=other, person=mehmet, created_at=timezone.now())
    assert refusal(call(derya).post(f"{group}join-requests/{wish.pk}/accept/")) == (404, "not_found")
    assert refusal(call(derya).post(f"{group}join-requests/{10**30}/accept/")) == (404, "not_found")


def test_members_of_an_assembly_are_named_to_nobody(call, kadin, nermin):
    """To sit in an assembly of women says something about a person."""
    f.MembershipFactory(body=kadin)
    assert refusal(call(nermin).get(f"{C}bodies/{kadin.slug}/members/")) == (404, "not_found")
    body = call().get(f"{C}bodies/{kadin.slug}/").json()
    assert ([row["person"] for row in body["leaders"]], body["member_count"]) == (["Nermin Çelik"], 2)


def test_a_body_tells_what_it_is_for_and_hides_a_closed_discussion(call, group, ulasim, derya):
    f.ProposalFactory(council=ulasim.council, addressed_to=ulasim, stage=Stage.IN_GROUP)
    open_ = call().get(group).json()
    assert (open_["proposals"], open_["thread"]) == ({"in_group": 1}, ulasim.charter.thread_id)
    ulasim.charter.is_discussion_public = False
    ulasim.charter.save()
    assert call().get(group).json()["thread"] is None
    assert call(derya).get(group).json()["thread"] == ulasim.charter.thread_id
    assert refusal(call().get(f"threads/{ulasim.charter.thread_id}/")) == (404, "not_found")


# --- Organisations ----------------------------------------------------------------------------------------------------
def test_the_directory_is_searched_and_narrowed_and_names_no_representative(call, kocaeli, korfez, elif_):
    f.ProposalFactory(council=kocaeli, on_behalf_of=korfez, author=elif_, stage=Stage.ADOPTED)
    found = call().get(f"{C}organisations/?q=KORFEZ&form=association")
    assert [row["slug"] for row in found.json()["results"]] == [korfez.slug]
    assert call().get(f"{C}organisations/?q=yok").json()["results"] == []
    assert wrong_fields(call().get(f"{C}organisations/?form=company")) == {"form"}
    one = call().get(f"{C}organisations/{korfez.slug}/")
    assert (one.json()["proposals"], one.json()["adopted"]) == (1, 1)
    assert "Elif" not in one.content.decode() + found.content.decode()
    assert len(call().get(f"{C}organisations/{korfez.slug}/proposals/").json()["results"]) == 1
    assert refusal(call().get(f"councils/adana/organisations/{korfez.slug}/")) == (404, "not_found")


# --- Record, overview, map --------------------------------------------------------------------------------------------
def test_the_record_is_read_by_kind_and_by_place(call, group, kocaeli, ulasim, ayse, hakan):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=ulasim)
    call(hakan).post(f"{C}proposals/{proposal.number}/admit/")
    for path in (f"{C}record/", f"{group}record/", f"{C}proposals/{proposal.number}/record/"):
        lines = call().get(path).json()["results"]
        assert [line["kind"] for line in lines] == ["proposals.found_admissible"], path
        assert lines[0]["url"].endswith(proposal.get_absolute_url())
        assert call().get(f"{path}?kind=ballots").json()["results"] == []
        assert wrong_fields(call().get(f"{path}?kind=secret")) == {"kind"}
    overview = call().get(f"{C}overview/").json()
    assert (overview["proposals"]["gathering"], overview["deciding"][0]["proposal"]) == (1, proposal.number)


def test_points_and_likeness(call, kocaeli, ulasim):
    proposal = f.ProposalFactory(
        council=kocaeli, title="Sahile bisiklet yolu", latitude=40.7, longitude=29.9, stage=Stage.GATHERING
    )
    points = call().get(f"{C}map/points/?bbox=40,29,41,31&zoom=18").json()
    assert (points["total"], points["points"][0]["title"]) == (1, "Sahile bisiklet yolu")
    assert points["points"][0]["url"].startswith("http")
    assert call().get(f"{C}map/points/?bbox=40,29,41,31&zoom=3").json()["total"] == 1
    for query, field in (("bbox=x", "bbox"), ("bbox=1,2,3", "bbox"), ("zoom=99", "zoom"), ("stage=x", "stage")):
        assert wrong_fields(call().get(f"{C}map/points/?{query}")) == {field}
    assert call().get(f"{C}map/outline/").json()["type"] == "FeatureCollection"
    similar = call().get(f"{C}similar-proposals/?title=Bisiklet+yolu+sahile")
    assert [row["number"] for row in similar.json()] == [proposal.number]
