"""Ballots of a council and its rule about proxies, for tests of both."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from councils.actions import set_proxy_rule
from councils.balloting import open_council_ballot
from councils.models import CouncilBallot

WHY = "Yürütme kurulu kararı 2026/4"
PARKS = ["Seka Parkı", "Doğu Kışla Parkı", "Kuruçeşme Sahili"]


@pytest.fixture
def ask(kocaeli, ulasim, derya, mehmet):
    """Open a ballot of the transport group: `ask(method="single")`."""

    def ask_(*, actor=derya, electorate="body", body=ulasim, district=None, **rule):
        at = timezone.now()
        rule = {"method": "single", "options": PARKS} | rule
        return open_council_ballot(
            actor=actor,
            asked=CouncilBallot(council=kocaeli, electorate=electorate, body=body, district=district),
            question="Önce hangisine başlansın?",
            closes_at=at + timedelta(days=2),
            at=at,
            **rule,
        )

    return ask_


@pytest.fixture
def allow_proxies(kocaeli, hakan):
    """The secretary says that one person may vote for so many others: `allow_proxies(2)`, of bodies unless told otherwise."""

    def allow(limit=1, *, scope="bodies", body=None, actor=hakan):
        return set_proxy_rule(
            actor=actor, council=kocaeli, scope=scope, body=body, limit=limit, reason=WHY, at=timezone.now()
        )

    return allow
