"""The page of a ballot and its box: voting, and what it costs."""

import re
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from ballots import actions, reading
from ballots.models import Vote
from tests.ballots.pages import EARLY, HTMX, cast, on_proposal_again, url, vote
from tests.factories import MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db


# --- Voting -----------------------------------------------------------------------------------------------------------
def test_a_vote_without_javascript_brings_back_to_the_proposal(client, on_proposal, proposal, mehmet):
    ballot = on_proposal()
    client.force_login(mehmet)

    answer = vote(client, ballot, "yes")

    assert answer["Location"] == f"{proposal.get_absolute_url()}#ballot"
    assert Vote.objects.get().paper == "yes"
    page = client.get(url("ballot_detail", ballot)).content.decode()
    assert "Oyunuz kaydedildi. Oylama kapanana kadar değiştirebilirsiniz:" in page
    assert re.search(r'value="yes"[^>]*aria-pressed="true"', page)


def test_htmx_gets_the_box_with_the_vote_pressed(client, on_proposal, mehmet):
    ballot = on_proposal()
    client.force_login(mehmet)
    vote(client, ballot, "yes", **HTMX)

    html = vote(client, ballot, "no", **HTMX).content.decode()

    assert "<html" not in html
    assert html.count('aria-pressed="true"') == 1
    assert re.search(r'value="no"[^>]*aria-pressed="true"', html)
    assert 'data-live-value="state:ballot:' in html


def test_a_double_click_is_one_vote(client, on_proposal, mehmet):
    ballot = on_proposal()
    client.force_login(mehmet)

    for _ in range(2):
        assert vote(client, ballot, "yes").status_code == 302
    assert Vote.objects.get().times == 1


@pytest.mark.parametrize("who", ["outsider", "ayse", "nermin", "hakan", "superuser"])
def test_who_is_not_on_the_roll_reads_why_and_has_no_buttons(client, request, on_proposal, who):
    ballot = on_proposal()
    client.force_login(request.getfixturevalue(who))

    page = client.get(url("ballot_detail", ballot)).content.decode()
    answer = vote(client, ballot, "yes")

    assert 'name="choice"' not in page
    assert answer.status_code == 403
    for html in (page, answer.content.decode()):
        assert "oy hakkınız yok" in html
    assert not Vote.objects.exists()


def test_somebody_who_joined_after_the_opening_does_not_vote(client, on_proposal, ulasim, ayse):
    ballot = on_proposal()
    MembershipFactory(body=ulasim, person=ayse)
    client.force_login(ayse)

    assert vote(client, ballot, "yes").status_code == 403


def test_a_visitor_is_asked_to_log_in(client, on_proposal):
    ballot = on_proposal()

    assert "Oy vermek için giriş yapın." in client.get(url("ballot_detail", ballot)).content.decode()
    assert vote(client, ballot, "yes")["Location"].startswith("/hesap/")


@pytest.mark.parametrize("htmx", [True, False])
def test_before_opening_and_after_closing_the_refusal_stands_in_the_box(client, on_proposal, mehmet, derya, htmx):
    ballot = on_proposal(in_=3600)
    client.force_login(mehmet)
    more = HTMX if htmx else {}

    early = vote(client, ballot, "yes", **more)
    assert (early.status_code, "Oylama henüz açılmadı." in early.content.decode()) == (403, True)
    assert early.has_header("HX-Retarget") == htmx

    late = on_proposal_again(ballot, on_proposal)
    actions.close_ballot_now(actor=derya, ballot=late, reason=EARLY)
    answer = vote(client, late, "yes", **more)
    assert (answer.status_code, "Oylama kapandı" in answer.content.decode()) == (403, True)
    assert not Vote.objects.exists()


@pytest.mark.parametrize(
    "data", [{}, {"choice": ""}, {"choice": "maybe"}, {"choice": ["yes", "no"]}, {"choice[]": "yes"}]
)
def test_what_is_no_choice_stores_nothing(client, on_proposal, mehmet, data):
    ballot = on_proposal()
    client.force_login(mehmet)

    answer = client.post(url("ballot_vote", ballot), data)

    assert answer.status_code == 422
    assert "Kabul, ret ya da çekimser seçin." in answer.content.decode()
    assert not Vote.objects.exists()


def test_nobody_votes_for_somebody_else(client, on_proposal, mehmet, derya):
    ballot = on_proposal()
    client.force_login(mehmet)

    client.post(
        url("ballot_vote", ballot),
        {"choice": "yes", "person": derya.pk, "voter": derya.pk, "voter_id": derya.pk, "on_behalf_of": derya.pk},
    )

    assert Vote.objects.get().person == mehmet


def test_a_vote_is_cast_by_post_with_a_token_only(on_proposal, mehmet):
    from django.test import Client

    ballot = on_proposal()
    client = Client(enforce_csrf_checks=True)
    client.force_login(mehmet)

    assert client.get(url("ballot_vote", ballot), {"choice": "yes"}).status_code == 405
    assert client.head(url("ballot_vote", ballot), {"choice": "yes"}).status_code == 405
    assert client.get(url("ballot_vote", ballot), {"choice": "yes", "_method": "POST"}).status_code == 405
    assert vote(client, ballot, "yes").status_code == 403
    assert not Vote.objects.exists()


def test_a_ballot_without_its_owner_is_not_found(client, electors):
    closes_at = timezone.now() + timedelta(days=1)
    for policy in ("proposals.proposal", "tests.gone"):
        ballot = actions.open_ballot(
            actor=electors[0],
            policy=policy,
            question="Sahibi kalmayan oylama?",
            electors=[electors[0].pk],
            closes_at=closes_at,
            at=timezone.now(),
        )
        assert client.get(reverse("ballot_detail", args=[ballot.pk])).status_code == 404


def test_a_ballot_that_does_not_exist_is_not_found(client, mehmet, opened, owner):
    client.force_login(mehmet)
    hidden = opened()
    owner.readable = False

    for pk in (hidden.pk, 2**62, 2**63, 2**80):
        for name in ("ballot_detail", "ballot_box", "ballot_roll_call", "ballot_close"):
            assert client.get(reverse(name, args=[pk])).status_code == 404
        assert client.post(reverse("ballot_vote", args=[pk]), {"choice": "yes"}).status_code == 404


# --- Cost and text ----------------------------------------------------------------------------------------------------
def test_the_box_takes_few_queries_however_many_vote(client, opened, django_assert_max_num_queries):
    people = PersonFactory.create_batch(60)
    ballot = opened(people=people)
    cast(ballot, people, *["yes"] * 60)
    client.force_login(people[0])

    with django_assert_max_num_queries(12):
        client.get(url("ballot_box", ballot))


def test_the_travelling_count_takes_one_query_and_holds_nothing_of_a_reader(opened, django_assert_max_num_queries):
    ballot = opened()

    with django_assert_max_num_queries(1):
        html = render_to_string("ballots/_tally.html", reading.tally_context(ballot))
    assert "csrf" not in html
    assert "<form" not in html


def test_a_question_is_text_on_every_page(client, owner, electors):
    owner.manager = electors[0]
    ballot = actions.open_ballot(
        actor=electors[0],
        policy="tests.owner",
        question="<script>alert(1)</script>\u202e?",
        electors=[electors[0].pk],
        closes_at=timezone.now() + timedelta(days=1),
        at=timezone.now(),
    )
    client.force_login(electors[0])

    for name in ("ballot_detail", "ballot_box", "ballot_roll_call", "ballot_close"):
        assert "<script>alert" not in client.get(url(name, ballot)).content.decode()
