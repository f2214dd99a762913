"""The roll call for those who may read it, and closing early."""

import re

import pytest

from proposals.stages import Stage
from tests.ballots.pages import EARLY, cast, url
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


# --- Roll call --------------------------------------------------------------------------------------------------------
MAY_SEE = {
    "derya": True,
    "mehmet": True,
    "hakan": True,
    "ayse": False,
    "nermin": False,
    "outsider": False,
    "superuser": False,
}


@pytest.mark.parametrize("who", MAY_SEE)
def test_the_roll_call_is_for_the_members_and_the_secretary(client, request, on_proposal, members, who):
    ballot = on_proposal()
    cast(ballot, members, "yes", "no")
    client.force_login(request.getfixturevalue(who))

    page = client.get(url("ballot_roll_call", ballot))

    assert page.status_code == (200 if MAY_SEE[who] else 403)
    names = [name for name in ("Çiğdem Ak", "Zeynep Şahin") if name in page.content.decode()]
    assert names == (["Çiğdem Ak", "Zeynep Şahin"] if MAY_SEE[who] else [])
    link = url("ballot_roll_call", ballot) in client.get(url("ballot_detail", ballot)).content.decode()
    assert link == MAY_SEE[who]


def test_a_visitor_is_sent_to_log_in_before_the_roll_call(client, on_proposal):
    assert client.get(url("ballot_roll_call", on_proposal())).status_code == 302


def test_the_roll_call_is_alphabetical_by_turkish_letters_and_can_be_narrowed(client, on_proposal, members, derya):
    ballot = on_proposal()
    cast(ballot, members, "yes", "no", "yes")
    client.force_login(derya)

    def names(query=""):
        return re.findall(
            r'data-label="Kişi">([^<]+)<', client.get(url("ballot_roll_call", ballot) + query).content.decode()
        )

    assert names() == ["Çiğdem Ak", "Derya Öztürk", "Mehmet Arslan", "Zeynep Şahin"]
    assert names("?choice=yes") == ["Çiğdem Ak", "Derya Öztürk"]
    assert names("?choice=none") == ["Zeynep Şahin"]
    assert names("?choice=abstain") == []
    assert names("?choice=%27%3B--") == names()


def test_the_roll_call_has_pages_by_key(client, opened, owner, django_assert_max_num_queries):
    people = [PersonFactory(display_name=f"Üye {n:03d}") for n in range(120)]
    ballot = opened(people=people)
    client.force_login(people[0])
    seen, address = [], url("ballot_roll_call", ballot)
    while address:
        with django_assert_max_num_queries(12):
            html = client.get(address).content.decode()
        seen += re.findall(r'data-label="Kişi">([^<]+)<', html)
        more = re.findall(r'href="(\?after=\d+)"', html)
        address = url("ballot_roll_call", ballot) + more[0] if more else None

    assert seen == sorted(person.display_name for person in people)
    for wrong in ("x", "-1", "9" * 30, "٣"):
        assert client.get(url("ballot_roll_call", ballot), {"after": wrong}).status_code == 200


# --- Closing ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["mehmet", "ayse", "hakan", "superuser"])
def test_only_who_leads_the_body_closes_early(client, request, on_proposal, who):
    ballot = on_proposal()
    client.force_login(request.getfixturevalue(who))

    assert client.get(url("ballot_close", ballot)).status_code == 403
    assert client.post(url("ballot_close", ballot)).status_code == 403
    ballot.refresh_from_db()
    assert ballot.declared_at is None


def test_the_facilitator_closes_early_after_being_asked_and_the_proposal_moves(
    client, on_proposal, proposal, members, derya
):
    ballot = on_proposal()
    cast(ballot, members, "yes", "yes", "no")
    client.force_login(derya)
    assert "geri alınamaz" in client.get(url("ballot_close", ballot)).content.decode()
    ballot.refresh_from_db()
    assert ballot.declared_at is None

    short = client.post(url("ballot_close", ballot), {"reason": "Kısa."})
    assert (short.status_code, short.context["form"]["reason"].value()) == (422, "Kısa.")
    assert "en az 10 harfle" in short.content.decode()
    assert client.post(url("ballot_close", ballot)).status_code == 422
    ballot.refresh_from_db()
    assert ballot.declared_at is None

    answer = client.post(url("ballot_close", ballot), {"reason": EARLY})

    assert answer["Location"] == f"{proposal.get_absolute_url()}#ballot"
    proposal.refresh_from_db()
    ballot.refresh_from_db()
    assert (proposal.stage, ballot.outcome) == (Stage.ADOPTED, "passed")
    page = client.get(url("ballot_detail", ballot)).content.decode()
    assert "oylamayı duyurulan kapanıştan" in page
    assert f"Gerekçe: {EARLY}" in page
    again = client.post(url("ballot_close", ballot), {"reason": EARLY})
    assert EARLY in again.content.decode()
    assert (again.status_code, "Oylama zaten kapandı." in again.content.decode()) == (403, True)
