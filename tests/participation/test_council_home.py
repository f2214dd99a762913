"""The home of a council, and the home of the installation."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ballots.models import Choice
from impact.actions import recount_all
from participation import council_home as home
from people.models import Person
from proposals.actions.moving import find_admissible
from proposals.models import Proposal
from proposals.stages import Stage
from tests import factories as f


def page_of(client, council) -> str:
    answer = client.get(council.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def put_to_a_ballot(council, body=None, *, electors=(), **fields) -> Proposal:
    extra = {"addressed_to": body} if body else {}
    proposal = f.ProposalFactory(council=council, stage=Stage.BALLOT, **extra, **fields)
    f.ProposalBallotFactory(proposal=proposal, ballot__electors=list(electors))
    return proposal


# --- Numbers --------------------------------------------------------------------------------------
def test_the_four_numbers_are_counted_and_drafts_are_nobodys(kocaeli, adana):
    for stage, n in {
        Stage.SUBMITTED: 1,
        Stage.GATHERING: 3,
        Stage.IN_GROUP: 2,
        Stage.BALLOT: 1,
        Stage.ADOPTED: 2,
        Stage.DRAFT: 4,
    }.items():
        f.ProposalFactory.create_batch(n, council=kocaeli, stage=stage)
    f.ProposalFactory.create_batch(5, council=adana, stage=Stage.GATHERING)
    assert [figure.value for figure in home.figures(kocaeli)] == [9, 3, 2, 0]
    assert [figure.value for figure in home.figures(adana)] == [5, 0, 0, 0]


def test_every_number_opens_the_list_it_counts(client, kocaeli):
    for stage in (Stage.SUBMITTED, Stage.GATHERING, Stage.GATHERING, Stage.IN_GROUP, Stage.BALLOT, Stage.ADOPTED):
        f.ProposalFactory(council=kocaeli, stage=stage)
    recount_all()
    for figure in home.figures(kocaeli):
        listed = client.get(figure.url).content.decode()
        titles = [row.title for row in Proposal.objects.all() if f">{row.title}<" in listed]
        assert len(titles) == figure.value, figure


# --- What is being decided ------------------------------------------------------------------------
def test_open_ballots_come_first_then_what_is_nearest_to_its_threshold(kocaeli, ulasim):
    electors = f.PersonFactory.create_batch(4)
    voted = put_to_a_ballot(kocaeli, ulasim, electors=electors, title="Oylanan öneri")
    ballot = voted.ballot_links.get().ballot
    ballot.votes.create(person=electors[0], paper=Choice.YES, cast_at=timezone.now(), changed_at=timezone.now())
    far = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING, support_count=1)
    near = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING, support_count=2)
    found = home.deciding(kocaeli, at=timezone.now())
    assert [item.proposal for item in found] == [voted, near, far]
    assert (found[0].cast, found[0].roll, found[0].topic) == (1, 4, f"state:ballot:{ballot.pk}")
    assert "Ulaşım Çalışma Grubu oyluyor" in found[0].status


def test_what_is_over_is_not_being_decided(kocaeli):
    long_ago = timezone.now() - timedelta(days=60)
    f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING, created_at=long_ago)
    closed = put_to_a_ballot(kocaeli)
    ballot = closed.ballot_links.get().ballot
    assert [item.proposal for item in home.deciding(kocaeli, at=timezone.now())] == [closed]
    assert home.deciding(kocaeli, at=ballot.closes_at) == []


def test_a_ballot_that_has_not_opened_yet_takes_no_votes_and_is_not_shown(kocaeli):
    proposal = put_to_a_ballot(kocaeli)
    before = proposal.ballot_links.get().ballot.opens_at - timedelta(minutes=1)
    assert home.deciding(kocaeli, at=before) == []


def test_an_open_ballot_says_how_long_is_left(client, kocaeli):
    put_to_a_ballot(kocaeli, electors=f.PersonFactory.create_batch(2))
    page = page_of(client, kocaeli)
    assert re.search(r"<b><time[^>]*>\d+ (gün|saat|dakika) kaldı</time></b>", page)


# --- What moved -----------------------------------------------------------------------------------
def test_moves_of_the_last_seven_days_are_told_newest_first(client, kocaeli, hakan):
    now = timezone.now()
    old = f.ProposalFactory(council=kocaeli, title="Geçen ayın önerisi")
    find_admissible(actor=hakan, proposal=old, at=now - timedelta(days=9))
    first, second = f.ProposalFactory.create_batch(2, council=kocaeli)
    find_admissible(actor=hakan, proposal=first, at=now - timedelta(days=2))
    find_admissible(actor=hakan, proposal=second, at=now)
    moved = home.moved_this_week(kocaeli, at=now)
    assert [line.title for line in moved] == [second.title, first.title]
    assert "Uygun bulundu, destek topluyor" in page_of(client, kocaeli)


# --- Between councils -----------------------------------------------------------------------------
def test_nothing_of_one_council_stands_on_anothers_home(client, kocaeli, adana, ulasim, hakan):
    electors = f.PersonFactory.create_batch(2)
    put_to_a_ballot(kocaeli, ulasim, electors=electors, title="Kocaeli oylaması")
    f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING, title="Kocaeli desteği")
    moved = f.ProposalFactory(council=kocaeli, title="Kocaeli adımı")
    find_admissible(actor=hakan, proposal=moved, at=timezone.now())
    f.ProposalFactory(council=adana, stage=Stage.GATHERING, title="Adana desteği")
    here, there = page_of(client, kocaeli), page_of(client, adana)
    assert "Adana desteği" in there
    assert "Adana desteği" not in here
    for title in ("Kocaeli oylaması", "Kocaeli desteği", "Kocaeli adımı"):
        assert title in here
        assert title not in there


def test_a_draft_stands_on_nobodys_home_not_even_its_authors(client, ayse, kocaeli):
    f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT, title="Gizli taslak")
    client.force_login(ayse)
    assert "Gizli taslak" not in page_of(client, kocaeli)


# --- Texts and markup -----------------------------------------------------------------------------
def test_texts_that_are_only_an_example_say_so(client, kocaeli):
    kocaeli.vision, kocaeli.mission = "Ortak akılla yönetilen bir kent.", "Yurttaşı etkin kılmak."
    kocaeli.principles = [{"title": "Ortak akıl", "text": "Birlikte."}]
    kocaeli.sample_fields = ["mission"]
    kocaeli.save()
    page = page_of(client, kocaeli)
    assert "Ortak akılla yönetilen bir kent." in page
    assert page.count(">örnek<") == 1


def test_what_people_typed_is_text_and_not_markup(client, kocaeli):
    f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING, title="<script>alert(1)</script>")
    page = page_of(client, kocaeli)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_empty_council_says_what_one_can_do(client, adana):
    page = page_of(client, adana)
    assert "Şu anda karara bağlanan öneri ya da açık oylama yok" in page
    assert reverse("proposal_new", args=[adana.slug]) in page


def test_an_unknown_council_is_not_found(client, db):
    assert client.get("/izmir/").status_code == 404


# --- Cost -----------------------------------------------------------------------------------------
def test_the_home_costs_the_same_with_many_proposals(client, kocaeli, ulasim, hakan, django_assert_max_num_queries):
    electors = f.PersonFactory.create_batch(3)
    for _ in range(6):
        put_to_a_ballot(kocaeli, ulasim, electors=electors)
    for moved in f.ProposalFactory.create_batch(10, council=kocaeli):
        find_admissible(actor=hakan, proposal=moved, at=timezone.now())
    with django_assert_max_num_queries(12):
        page_of(client, kocaeli)


# --- The installation's home ----------------------------------------------------------------------
def test_the_home_counts_each_council_and_offers_the_last_one_first(client, kocaeli, adana, ulasim):
    f.ProposalFactory.create_batch(2, council=kocaeli)
    f.ProposalFactory(council=kocaeli, stage=Stage.DRAFT)
    put_to_a_ballot(kocaeli, ulasim)
    cards = client.get("/").context["cards"]
    assert [(card.council, card.proposals, card.open_ballots) for card in cards] == [(adana, 0, 0), (kocaeli, 3, 1)]
    client.get(kocaeli.get_absolute_url())
    assert [card.council for card in client.get("/").context["cards"]] == [kocaeli, adana]


def test_the_home_without_a_council_says_so(client, db):
    assert "henüz kent konseyi yok" in client.get("/").content.decode()


def test_the_home_costs_the_same_for_many_councils(client, django_assert_max_num_queries, db):
    f.CouncilFactory.create_batch(8)
    with django_assert_max_num_queries(6):
        client.get("/")


@pytest.mark.parametrize("name", ["about", "data_protection", "accessibility", "home"])
def test_pages_about_the_site_are_for_everybody(client, db, name):
    assert client.get(reverse(name)).status_code == 200
    assert Person.objects.count() == 0
