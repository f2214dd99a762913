"""Attacks on the directorate's desk: what applicants write is theirs and the desk's, what the desk notes is its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servicerequests import actions
from servicerequests.models import RequestType, ServiceRequest
from tests import factories as f
from tests.attacks.access.row import ASKED

pytestmark = pytest.mark.django_db

SECRET = "gizlinot"
K = "kocaeli"


@pytest.fixture
def talk(kocaeli, ayse, selin):
    """A request of Ayşe's in which everything has been said once, and the desk has noted something."""
    at = timezone.now()
    asked = f.request_of(ayse, kocaeli, at=at - timedelta(days=3))
    actions.note_inside(actor=selin, request=asked, text=f"{SECRET} bir", at=at - timedelta(days=2))
    actions.wait_for_other(actor=selin, request=asked, whom=f"{SECRET} iki", at=at - timedelta(days=2))
    actions.answer_request(actor=selin, request=asked, text="Yapıldı.", resolution="fulfilled", at=at)
    return ServiceRequest.objects.get(pk=asked.pk)


def places(asked):
    """Every address at which the applicant's side reads of the request."""
    named = {"council_slug": K, "number": asked.number}
    yield reverse("request_detail", kwargs=named)
    yield reverse("request_types", args=[K])
    yield reverse("me")
    yield reverse("my_data_file")
    yield reverse("council_journal", args=[K])
    for name in ("api-request", "api-request-messages"):
        yield reverse(name, args=[K, asked.number])
    yield reverse("api-requests", args=[K])
    yield reverse("api-council-record", args=[K])


def test_141_what_the_desk_notes_inside_reaches_the_applicant_nowhere(client, talk, ayse, selin):
    client.force_login(ayse)
    seen = {address: client.get(address).content.decode() for address in places(talk)}
    assert [address for address, text in seen.items() if SECRET in text] == []
    assert any(talk.number in text for text in seen.values())
    client.force_login(selin)
    assert SECRET in client.get(talk.get_absolute_url()).content.decode()


def test_141_an_officer_who_asks_for_themselves_reads_no_notes_of_theirs(client, kocaeli, selin):
    asked = f.request_of(selin, kocaeli)
    other = f.OfficerFactory(council=kocaeli, role="directorate").person
    actions.note_inside(actor=other, request=asked, text=SECRET, at=timezone.now())
    client.force_login(selin)
    for address in (asked.get_absolute_url(), reverse("api-request-messages", args=[K, asked.number])):
        assert SECRET not in client.get(address).content.decode()


def test_141_reopening_lets_nobody_else_in(client, talk, ayse, mehmet):
    actions.reopen_request(actor=ayse, request=talk, text="Eksik kaldı.", at=timezone.now())
    for reader in (mehmet, None):
        client.logout()
        if reader:
            client.force_login(reader)
        assert client.get(talk.get_absolute_url()).status_code == 404


def test_047_an_organisations_request_is_its_own(client, kocaeli, elif_, korfez, mehmet):
    """Another organisation's representative neither reads nor lists, edits nor withdraws it, on pages or by the API."""
    other = f.RepresentativeFactory(organisation=f.OrganisationFactory(), person=mehmet).person
    asked = f.request_of(elif_, kocaeli, on_behalf_of=korfez)
    client.force_login(other)
    for name, method in (
        ("request_detail", "get"), ("request_reply", "post"), ("request_reopen", "post"), ("request_withdraw", "post"),
        ("api-request", "get"), ("api-request-messages", "get"), ("api-request-messages", "post"),
        ("api-request-withdraw", "post"),
    ):  # fmt: skip
        said = {"data": {"text": "Ben de yazayım."}, "content_type": "application/json"} if method == "post" else {}
        answer = getattr(client, method)(reverse(name, args=[K, asked.number]), **said)
        assert answer.status_code == 404, name
    assert client.get(reverse("api-requests", args=[K])).json()["results"] == []
    asked.refresh_from_db()
    assert (asked.status, asked.messages.count()) == ("new", 0)


def test_054_a_request_is_found_through_its_council_alone(client, kocaeli, adana, ayse, selin):
    asked = f.request_of(ayse, kocaeli)
    for reader in (ayse, selin):
        client.force_login(reader)
        for name in ("request_detail", "api-request", "api-request-messages"):
            assert client.get(reverse(name, args=[adana.slug, asked.number])).status_code == 404


def test_143_the_same_form_sent_twice_is_one_request(client, kocaeli, ayse):
    f.request_of(ayse, kocaeli)
    client.force_login(ayse)
    address = reverse("request_new", args=[K, "sikayet"])
    key = client.get(address).context["form"].initial["key"]
    answers = [client.post(address, ASKED | {"key": key}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert ServiceRequest.objects.filter(key=key).count() == 1


def test_143_the_key_of_another_persons_form_gives_nothing_of_theirs(client, kocaeli, ayse, mehmet):
    theirs = f.request_of(ayse, kocaeli)
    client.force_login(mehmet)
    answer = client.post(reverse("request_new", args=[K, "sikayet"]), ASKED | {"key": theirs.key})
    assert answer.status_code == 422
    assert theirs.number not in answer.content.decode()
    assert RequestType.objects.get(council=kocaeli, slug="sikayet").versions.get().requests.count() == 1
