"""Case 11: proxies, and what they would tell of others."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse

from ballots.actions import cast_vote
from ballots.models import Proxy
from ballots.proxies import give_proxy
from proposals.models import ProposalBallot
from proposals.stages import Stage
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def ballot(kocaeli, derya, mehmet, ayse):
    ballot = f.BallotFactory(electors=[derya, mehmet, ayse], proxy_limit=2)
    ProposalBallot.objects.create(proposal=f.ProposalFactory(council=kocaeli, stage=Stage.BALLOT), ballot=ballot)
    return ballot


def has_given(ballot, ayse, mehmet):
    give_proxy(actor=ayse, ballot=ballot, holder=mehmet)


def holds_one(ballot, ayse, mehmet):
    give_proxy(actor=mehmet, ballot=ballot, holder=ayse)


def has_voted(ballot, ayse, mehmet):
    cast_vote(actor=ayse, ballot=ballot, paper="yes")


HINDERED = [has_given, holds_one, has_voted]


@pytest.mark.parametrize("hindered", HINDERED)
def test_011_who_can_give_no_proxy_learns_nothing_of_an_address(ballot, ayse, mehmet, derya, outsider, hindered):
    hindered(ballot, ayse, mehmet)
    before = Proxy.objects.count()
    client = Client()
    client.force_login(ayse)
    told = []
    for address in (derya.email, outsider.email, "kimse@ornek.invalid"):
        api = client.put(reverse("api-proxy", args=[ballot.pk]), {"email": address}, content_type="application/json")
        page = client.post(reverse("ballot_proxy", args=[ballot.pk]), {"email": address})
        told.append((api.status_code, api.json()["code"], page.status_code, page.context["refused"]))
    assert all(one == other for one, other in pairwise(told)), told
    assert Proxy.objects.count() == before


def test_011_only_who_is_on_the_roll_is_found_by_an_address(ballot, ayse, outsider, derya):
    client = Client()
    client.force_login(ayse)
    path = reverse("api-proxy", args=[ballot.pk])
    told = [
        client.put(path, {"email": address}, content_type="application/json").json()
        for address in (outsider.email, "kimse@ornek.invalid")
    ]
    assert told[0] == told[1]
    assert client.put(path, {"email": derya.email}, content_type="application/json").status_code == 200
