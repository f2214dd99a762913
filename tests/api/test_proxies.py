"""Proxies through the API, as on the page."""

from __future__ import annotations

import pytest

from ballots.models import Vote
from proposals.models import ProposalBallot
from proposals.stages import Stage
from tests import factories as f
from tests.api.conftest import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(kocaeli, ulasim, derya, mehmet, ayse):
    proposal = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.BALLOT)
    ballot = f.BallotFactory(electors=[derya, mehmet, ayse], proxy_limit=1)
    ProposalBallot.objects.create(proposal=proposal, ballot=ballot)
    return f"ballots/{ballot.pk}/"


def test_a_proxy_is_given_used_and_taken_back(call, path, derya, mehmet, ayse):
    given = call(mehmet).put(f"{path}proxy/", {"email": derya.email}).json()
    assert given == {"given_to": "Derya Öztürk", "held": []}
    held = call(derya).get(f"{path}proxy/").json()["held"]
    assert [row["giver"] for row in held] == ["Mehmet Arslan"]
    vote = f"{path}proxies/{held[0]['id']}/vote/"
    assert refusal(call(ayse).put(vote, {"paper": "yes"})) == (404, "not_found")
    assert call(derya).put(vote, {"paper": "yes"}).json()["paper"] == "yes"
    assert Vote.objects.get().person == mehmet
    assert refusal(call(ayse).put(f"{path}proxy/", {"email": derya.email})) == (403, "limit")
    assert refusal(call(ayse).put(f"{path}proxy/", {"email": "kimse@ornek.invalid"})) == (403, "not_on_roll")
    assert call(mehmet).delete(f"{path}proxy/").json()["given_to"] is None
    assert refusal(call(derya).put(vote, {"paper": "no"}))[0] == 403
