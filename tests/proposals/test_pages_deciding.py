"""Decisions of the secretary, the facilitator and the author, on their own pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from ballots.models import Ballot
from journal.models import Entry
from proposals.stages import Stage
from tests.factories import MembershipFactory, ProposalFactory

pytestmark = pytest.mark.django_db
REASON = "Bu konu kent konseyinin görev alanına girmiyor."
PAGES = {
    "uygunluk": Stage.SUBMITTED,
    "oylama-ac": Stage.IN_GROUP,
    "grup-karari": Stage.IN_GROUP,
    "geri-cek": Stage.IN_GROUP,
}
HOLDERS = {"uygunluk": "hakan", "oylama-ac": "derya", "grup-karari": "derya", "geri-cek": "ayse"}
CAST = ["ayse", "mehmet", "elif_", "derya", "nermin", "hakan", "selin", "murat", "outsider", "superuser"]


@pytest.fixture
def proposal_in(kocaeli, ayse, ulasim):
    def make(stage: Stage):
        return ProposalFactory(council=kocaeli, author=ayse, stage=stage, due_at=timezone.now() + timedelta(days=4))

    return make


def ballot_form(**changes) -> dict:
    day = timezone.localdate() + timedelta(days=3)
    return {
        "opening": "now",
        "closes_on": day.isoformat(),
        "closes_time": "18:00",
        "visibility": "live",
        **changes,
    }


@pytest.mark.parametrize("word", PAGES)
@pytest.mark.parametrize("who", CAST)
def test_a_decision_belongs_to_its_holder_alone(client, request, proposal_in, derya, word, who):
    proposal = proposal_in(PAGES[word])
    client.force_login(request.getfixturevalue(who))
    holds = HOLDERS[word] == who
    address = f"{proposal.get_absolute_url()}{word}/"
    page = client.get(address)
    assert page.status_code == (200 if holds else 403)
    entries = Entry.objects.count()
    answer = client.post(address, {"reason": REASON, "reason_code": "other", "decision": "admit", **ballot_form()})
    proposal.refresh_from_db()
    if holds:
        assert answer.status_code == 302
        assert proposal.stage != PAGES[word]
    else:
        assert answer.status_code == 403
        assert proposal.stage == PAGES[word]
        assert Entry.objects.count() == entries


@pytest.mark.parametrize("word", PAGES)
def test_a_visitor_is_sent_to_log_in(client, proposal_in, word):
    assert client.get(f"{proposal_in(PAGES[word]).get_absolute_url()}{word}/").status_code == 302


@pytest.mark.parametrize("word", ["uygunluk", "grup-karari", "geri-cek"])
@pytest.mark.parametrize("reason", ["", "   ", "kısa", "u" * 2001])
def test_a_reason_that_says_too_little_or_too_much_is_told_and_kept(client, request, proposal_in, word, reason):
    proposal = proposal_in(PAGES[word])
    client.force_login(request.getfixturevalue(HOLDERS[word]))
    response = client.post(
        f"{proposal.get_absolute_url()}{word}/", {"reason": reason, "reason_code": "other", "decision": "refuse"}
    )
    assert response.status_code == 422
    assert reason.strip() in response.content.decode()
    proposal.refresh_from_db()
    assert proposal.stage == PAGES[word]


@pytest.mark.parametrize("word", PAGES)
def test_a_second_click_does_nothing_twice_and_is_no_refusal(client, request, proposal_in, word):
    proposal = proposal_in(PAGES[word])
    client.force_login(request.getfixturevalue(HOLDERS[word]))
    request.getfixturevalue("derya")
    data = {"reason": REASON, "reason_code": "other", "decision": "admit", **ballot_form()}
    answers = [client.post(f"{proposal.get_absolute_url()}{word}/", data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert proposal.moves.count() == 1


def test_a_refusal_by_the_secretary_carries_its_reason_to_the_page(client, proposal_in, hakan):
    proposal = proposal_in(Stage.SUBMITTED)
    client.force_login(hakan)
    client.post(
        f"{proposal.get_absolute_url()}uygunluk/", {"decision": "refuse", "reason": REASON, "reason_code": "other"}
    )
    client.logout()
    assert REASON in client.get(proposal.get_absolute_url()).content.decode()


def test_after_a_decision_the_secretary_goes_on_with_the_next_or_to_the_desk(client, proposal_in, hakan):
    first, second = proposal_in(Stage.SUBMITTED), proposal_in(Stage.SUBMITTED)
    client.force_login(hakan)

    def decide(proposal):
        address = f"{proposal.get_absolute_url()}uygunluk/"
        return client.post(address, {"decision": "admit"}, follow=True).content.decode()

    page = decide(first)
    assert "Karar kayda geçti." in page
    assert f'href="{second.get_absolute_url()}uygunluk/"' in page
    assert re.search(r'Karar kayda geçti\. <a href="/[^"]+/masam/">Masam</a>', decide(second))


def test_a_decision_that_somebody_else_took_meanwhile_is_a_sentence(client, proposal_in, ayse, hakan):
    proposal = proposal_in(Stage.SUBMITTED)
    client.force_login(ayse)
    client.post(f"{proposal.get_absolute_url()}geri-cek/", {"reason": REASON, "reason_code": "other"})
    client.force_login(hakan)
    response = client.post(f"{proposal.get_absolute_url()}uygunluk/", {"decision": "admit"})
    assert response.status_code == 403
    assert "uygunluk kararı beklemiyor" in response.content.decode()


# --- Opening a ballot -------------------------------------------------------------------------------------
def test_roll_quorum_and_majority_are_read_before_the_ballot_opens(client, proposal_in, derya, ulasim):
    for _ in range(4):
        MembershipFactory(body=ulasim)
    MembershipFactory(body=ulasim, has_vote=False)
    proposal = proposal_in(Stage.IN_GROUP)
    client.force_login(derya)
    page = client.get(f"{proposal.get_absolute_url()}oylama-ac/").content.decode()
    for words in ("5 üye", "en az 3 üye oy vermeli", "Kabul oyları ret oylarından çok olmalı", proposal.title):
        assert words in page
    assert (timezone.localdate() + timedelta(days=proposal.ballot_days)).isoformat() in page


def test_a_ballot_may_open_later_and_hide_its_results(client, proposal_in, derya):
    proposal = proposal_in(Stage.IN_GROUP)
    client.force_login(derya)
    opens = timezone.localdate() + timedelta(days=1)
    data = ballot_form(opening="later", opens_on=opens.isoformat(), opens_time="09:30", visibility="after_closing")
    assert client.post(f"{proposal.get_absolute_url()}oylama-ac/", data).status_code == 302
    ballot = Ballot.objects.get()
    opened = timezone.localtime(ballot.opens_at)
    assert (opened.date(), opened.hour, opened.minute, ballot.visibility) == (opens, 9, 30, "after_closing")


@pytest.mark.parametrize(
    "changes",
    [
        {"closes_on": ""},
        {"closes_on": "2020-01-01"},
        {"closes_on": "9999-12-31"},
        {"closes_on": "31.02.2027"},
        {"closes_time": "25:00"},
        {"opening": "later"},
        {"opening": "later", "opens_on": "2020-01-01", "opens_time": "10:00"},
        {"visibility": "never"},
        {"opening": "x"},
    ],
)
def test_moments_that_cannot_be_are_told_beside_their_fields_and_kept(client, proposal_in, derya, changes):
    proposal = proposal_in(Stage.IN_GROUP)
    client.force_login(derya)
    response = client.post(f"{proposal.get_absolute_url()}oylama-ac/", ballot_form(**changes))
    assert response.status_code == 422
    page = response.content.decode()
    assert 'class="error"' in page
    assert 'value="18:00"' in page or "closes_time" in changes
    assert not Ballot.objects.exists()


def test_a_body_without_voters_opens_no_ballot(client, proposal_in, derya, ulasim):
    ulasim.memberships.update(has_vote=False)
    proposal = proposal_in(Stage.IN_GROUP)
    client.force_login(derya)
    assert "oylama açılamaz" in client.get(f"{proposal.get_absolute_url()}oylama-ac/").content.decode()
    response = client.post(f"{proposal.get_absolute_url()}oylama-ac/", ballot_form())
    assert response.status_code == 403
    assert not Ballot.objects.exists()
