"""Ballots stand where people look for them: on the home, on one's own page, on the desk, in the navigation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ballots import actions
from ballots.chairing import decide_tie
from ballots.models import Ballot
from ballots.proxies import give_proxy
from councils.actions import set_proxy_rule
from councils.balloting import open_council_ballot
from councils.models import CouncilBallot
from participation import council_home as home
from participation.awaited import awaited_of
from tests import factories as f

pytestmark = pytest.mark.django_db
PARKS = ["Seka Parkı", "Doğu Kışla Parkı", "Kuruçeşme Sahili"]
WHY = "Sahilde hazırlık daha ileri."


@pytest.fixture
def mehmet(mehmet, ulasim):
    """Here a member of the transport group with a vote."""
    f.MembershipFactory(body=ulasim, person=mehmet)
    return mehmet


@pytest.fixture
def ask(kocaeli, ulasim, derya, mehmet):
    """Open a ballot of the transport group: `ask("Hangisi?", days=3)`."""

    def ask_(question="Önce hangisine başlansın?", *, days=2, **rule):
        at = timezone.now()
        return open_council_ballot(
            actor=derya,
            asked=CouncilBallot(council=kocaeli, electorate="body", body=ulasim),
            question=question,
            closes_at=at + timedelta(days=days),
            at=at,
            **({"method": "single", "options": PARKS} | rule),
        )

    return ask_


@pytest.fixture
def tied(ask, derya, mehmet):
    ballot = ask("Kura mı, karar mı?", tie_rule="chair")
    actions.cast_vote(actor=derya, ballot=ballot, paper="1")
    actions.cast_vote(actor=mehmet, ballot=ballot, paper="2")
    return actions.close_ballot_now(actor=derya, ballot=ballot, reason="Herkes oyunu verdi.")


def awaited(person):
    return [(each.question, each.note) for each in awaited_of(person, at=timezone.now())]


# --- One's own page ---------------------------------------------------------------------------------------------------
def test_a_ballot_waits_for_those_on_its_roll_until_they_vote_or_it_closes(ask, derya, mehmet, ayse):
    later, sooner = ask("Sonra kapanan", days=5), ask("Önce kapanan", days=1)
    ask("Henüz açılmayan", opens_at=timezone.now() + timedelta(days=1))

    assert awaited(mehmet) == [("Önce kapanan", ""), ("Sonra kapanan", "")]
    assert awaited(ayse) == []
    actions.cast_vote(actor=mehmet, ballot=sooner, paper="1")
    assert awaited(mehmet) == [("Sonra kapanan", "")]
    actions.close_ballot_now(actor=derya, ballot=later, reason="Herkes oyunu verdi.")
    assert awaited(mehmet) == []


def test_a_lent_vote_waits_for_its_holder_and_no_more_for_its_giver(ask, kocaeli, hakan, derya, mehmet):
    set_proxy_rule(actor=hakan, council=kocaeli, scope="bodies", limit=1, reason=WHY, at=timezone.now())
    ballot = ask()
    give_proxy(actor=derya, ballot=ballot, holder=mehmet)

    assert awaited(derya) == []
    for_derya = ("Önce hangisine başlansın?", f"{derya.display_name} yerine, vekil olarak")
    assert awaited(mehmet) == [("Önce hangisine başlansın?", ""), for_derya]
    actions.cast_vote(actor=mehmet, ballot=ballot, paper="2", giver=derya)
    assert awaited(mehmet) == [("Önce hangisine başlansın?", "")]


def test_a_tie_waits_for_its_chair_alone_until_it_is_decided(tied, derya, mehmet):
    assert (len(awaited(derya)), awaited(mehmet)) == (1, [])
    assert awaited_of(derya, at=timezone.now())[0].url == reverse("ballot_decide_tie", args=[tied.pk])
    decide_tie(actor=derya, ballot=tied, chosen=["2"], reason=WHY)
    assert awaited(derya) == []


def test_ones_own_page_tells_what_waits_and_costs_the_same_however_much(client, ask, mehmet, django_assert_num_queries):
    client.force_login(mehmet)
    url = reverse("me")
    ask()
    assert "Sizden beklenenler" in client.get(url).content.decode()
    for _round in range(2):
        ask()
        with django_assert_num_queries(5):
            found = awaited_of(mehmet, at=timezone.now())
        assert len(found) == Ballot.objects.count()
    assert client.get(url).content.decode().count("Önce hangisine başlansın?") == 3


# --- The homes, the navigation, the record ----------------------------------------------------------------------------
def test_the_home_of_a_council_shows_its_open_ballots_among_those_of_proposals_by_their_closing(
    client, ask, kocaeli, adana, ulasim
):
    ask("Sonra kapanan", days=50)
    ask("Önce kapanan", days=1)
    proposal = f.ProposalFactory(council=kocaeli, stage="ballot", addressed_to=ulasim, title="Arada kapanan")
    f.ProposalBallotFactory(proposal=proposal)

    found = home.deciding(kocaeli, at=timezone.now())
    assert [item.title for item in found] == ["Önce kapanan", "Arada kapanan", "Sonra kapanan"]
    assert (found[0].roll, found[0].cast, found[0].status) == (2, 0, f"Oylama · {ulasim.name} üyeleri")
    assert home.deciding(adana, at=timezone.now()) == []
    assert "Önce kapanan" in client.get(kocaeli.get_absolute_url()).content.decode()
    cards = {card.council: card.open_ballots for card in home.council_cards(last="", at=timezone.now())}
    assert cards == {kocaeli: 3, adana: 0}


def test_open_ballots_cost_the_home_the_same_however_many(client, ask, kocaeli, django_assert_num_queries):
    for _round in range(2):
        for _ballot in range(3):
            ask()
        with django_assert_num_queries(3):  # and a fourth for the cards of proposals, when there are any
            home.deciding(kocaeli, at=timezone.now())


def test_a_closed_ballot_has_left_the_home(ask, kocaeli, derya):
    actions.close_ballot_now(actor=derya, ballot=ask(), reason="Herkes oyunu verdi.")

    assert home.deciding(kocaeli, at=timezone.now()) == []


def test_ballots_stand_in_the_navigation_of_a_council_and_in_its_record_with_their_page(client, ask, kocaeli, tied):
    page = reverse("ballot_detail", args=[tied.pk])

    listed = client.get(reverse("council_ballots", args=[kocaeli.slug])).content.decode()
    assert f'href="/{kocaeli.slug}/oylamalar/" aria-current="page"' in listed
    record = client.get(reverse("council_journal", args=[kocaeli.slug])).content.decode()
    assert page in record
    assert "Oylama eşitlikle bitti: Seka Parkı, Doğu Kışla Parkı. Başkanın kararı bekleniyor." in record
    decide_tie(actor=tied.chair, ballot=tied, chosen=["2"], reason=WHY)
    feed = client.get(reverse("council_feed", args=[kocaeli.slug])).content.decode()
    assert "eşitlikte başkan olarak karar verdi. Kazanan: Doğu Kışla Parkı." in feed


# --- The desk ---------------------------------------------------------------------------------------------------------
def test_the_desk_shows_running_ballots_to_who_leads_and_ties_to_their_chair(client, ask, tied, kocaeli, derya, hakan):
    ask()

    def tasks(person):
        client.force_login(person)
        sections = client.get(reverse("desk", args=[kocaeli.slug])).context["sections"]
        return {section.key: [task.title for task in section.tasks] for section in sections}

    assert tasks(derya)["konsey-oylamalari"] == ["Önce hangisine başlansın?"]
    assert tasks(derya)["esitlik"] == ["Kura mı, karar mı?"]
    assert tasks(hakan)["konsey-oylamalari"] == ["Önce hangisine başlansın?"]
    page = client.get(reverse("desk", args=[kocaeli.slug]), {"bolum": "konsey-oylamalari"})
    assert page.status_code == 200
    decide_tie(actor=derya, ballot=tied, chosen=["2"], reason=WHY)
    assert tasks(derya)["esitlik"] == []
