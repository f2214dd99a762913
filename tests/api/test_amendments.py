"""Amendments by the API: the same actions, the same refusals."""

from __future__ import annotations

import pytest

from proposals.amending import digest_of, paragraphs_of
from proposals.stages import Stage
from tests import factories as f

pytestmark = pytest.mark.django_db
TEXT = "Sahil yolu üç yerde kesiliyor ve bisikletliler yola iniyor.\n\nParçalar birleştirilsin.\n\nIşıklar konsun."
NEW = {"kind": "replace", "position": 2, "text": "Dört parça birleştirilsin.", "reason": "Bir kesinti daha var."}


@pytest.fixture
def proposal(kocaeli, ulasim, ayse):
    return f.ProposalFactory(council=kocaeli, addressed_to=ulasim, author=ayse, stage=Stage.GATHERING, text=TEXT)


def path(proposal, *more):
    return "/".join(["/api/v1/councils/kocaeli/proposals", proposal.number, *map(str, more), ""])


def post(client, person, address, body=None):
    client.force_login(person)
    return client.post(address, body or {}, content_type="application/json")


def test_an_amendment_goes_its_way(client, proposal, mehmet, ayse):
    second = client.get(path(proposal, "paragraphs")).json()[1]
    assert second["digest"] == digest_of("Parçalar birleştirilsin.")
    asked = post(client, mehmet, path(proposal, "amendments"), NEW | {"digest": second["digest"]})
    assert (asked.status_code, asked.json()["number"], asked.json()["state"]) == (201, 1, "open")
    one = path(proposal, "amendments", 1)
    assert client.get(one).json()["decision"] is None
    accepted = post(client, ayse, f"{one}accept/").json()
    assert (accepted["state"], accepted["decision"]["version"]) == ("accepted", 2)
    proposal.refresh_from_db()
    assert paragraphs_of(proposal.text)[1] == NEW["text"]
    second = client.get(path(proposal, "paragraphs")).json()[1]
    assert second["credits"] == [
        {"person": "Ayşe Demir", "version": 1, "amendment": None},
        {"person": "Mehmet Arslan", "version": 2, "amendment": 1},
    ]


def test_lists_are_narrowed_and_mine_are_mine(client, proposal, mehmet, ayse):
    post(client, mehmet, path(proposal, "amendments"), NEW)
    post(client, mehmet, path(proposal, "amendments"), NEW | {"position": 3})
    declined = post(
        client,
        ayse,
        path(proposal, "amendments", 2, "decline"),
        {"reason": "Bunu ölçtük, üç kesinti var.", "reason_code": "other"},
    )
    assert declined.json()["state"] == "declined"

    def numbers(address):
        return [each["number"] for each in client.get(address).json()["results"]]

    assert numbers(path(proposal, "amendments")) == [2, 1]
    assert numbers(path(proposal, "amendments") + "?state=open") == [1]
    assert client.get(path(proposal, "amendments") + "?state=lost").status_code == 400
    assert numbers("/api/v1/me/amendments/") == []
    assert numbers("/api/v1/me/amendments/?role=to_decide") == [1]
    client.force_login(mehmet)
    assert numbers("/api/v1/me/amendments/") == [2, 1]
    assert post(client, mehmet, path(proposal, "amendments", 1, "withdraw")).json()["state"] == "withdrawn"


def test_wrong_fields_and_wrong_people_are_told(client, proposal, mehmet, outsider):
    amendments = path(proposal, "amendments")
    told = post(client, mehmet, amendments, NEW | {"position": 9}).json()
    assert told["errors"][0]["field"] == "position"
    assert post(client, mehmet, amendments, NEW | {"renews": 7}).json()["errors"][0]["field"] == "renews"
    assert post(client, mehmet, amendments, NEW | {"digest": "0" * 64}).json()["code"] == "changed_meanwhile"
    assert post(client, outsider, amendments, NEW).json()["code"] == "not_resident"
    assert client.get(path(proposal, "amendments", 10**20)).status_code == 404
