"""Versions and what changed between them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from proposals.actions import revise_proposal
from proposals.stages import Stage
from tests.factories import ProposalFactory

pytestmark = pytest.mark.django_db
NEW = {
    "title": "Sahilde kesintisiz bisiklet yolu",
    "summary": "Kopuk parçalar birleştirilsin, kavşaklara ışık konsun.",
    "text": "Körfez’in kuzey kıyısında bisiklet yolu dört yerde kesiliyor. Önerimiz bu parçaların birleştirilmesi.",
    "note": "Dördüncü kesinti eklendi.",
}


@pytest.fixture
def proposal(kocaeli, ayse):
    return ProposalFactory(council=kocaeli, author=ayse, stage=Stage.GATHERING)


@pytest.fixture
def revised(proposal, ayse):
    revise_proposal(actor=ayse, proposal=proposal, at=timezone.now(), **NEW)
    proposal.refresh_from_db()
    return proposal


def test_the_newest_change_is_shown_first_with_its_note(client, revised):
    page = client.get(f"{revised.get_absolute_url()}surumler/").content.decode()
    assert "Dördüncü kesinti eklendi." in page
    assert "</span>üç</del>" in page
    assert "</span>dört</ins>" in page


def test_any_two_versions_are_compared(client, revised):
    page = client.get(f"{revised.get_absolute_url()}surumler/?eski=2&yeni=1").content.decode()
    assert "</span>dört</del>" in page


@pytest.mark.parametrize(
    "query", ["eski=0", "eski=99", "yeni=abc", "yeni=-1", "eski=1&yeni=%00", "yeni=1'", "eski=", "yeni=01"]
)
def test_a_version_that_is_none_is_not_found(client, revised, query):
    """Attack case 73."""
    assert client.get(f"{revised.get_absolute_url()}surumler/?{query}").status_code == 404


def test_a_text_that_never_changed_says_so(client, proposal):
    assert "değişmedi" in client.get(f"{proposal.get_absolute_url()}surumler/").content.decode()


def test_the_author_sees_the_difference_before_publishing(client, proposal, ayse):
    client.force_login(ayse)
    address = f"{proposal.get_absolute_url()}yeni-surum/"
    page = client.post(address, {**NEW, "base": 1, "do": "preview"})
    assert page.status_code == 200
    assert "</span>dört</ins>" in page.content.decode()
    assert proposal.versions.count() == 1
    assert client.post(address, {**NEW, "base": 1, "do": "publish"}).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.version, proposal.title) == (2, NEW["title"])


def test_a_second_click_publishes_once(client, proposal, ayse):
    client.force_login(ayse)
    address = f"{proposal.get_absolute_url()}yeni-surum/"
    assert [client.post(address, {**NEW, "base": 1}).status_code for _ in range(2)] == [302, 302]
    assert proposal.versions.count() == 2


def test_a_version_published_meanwhile_is_told_and_what_was_typed_is_kept(client, revised, ayse):
    client.force_login(ayse)
    typed = {**NEW, "title": "Bambaşka bir başlık yazdım", "base": 1}
    response = client.post(f"{revised.get_absolute_url()}yeni-surum/", typed)
    assert response.status_code == 422
    page = response.content.decode()
    assert "yeni bir sürüm yayımlandı" in page
    assert "Bambaşka bir başlık yazdım" in page
    assert 'name="base" value="2"' in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"note": ""}, "en az 10 harfle"),
        ({"title": "Kısa"}, "Başlık en az 8 harf olmalı."),
        ({"text": "Kısa"}, "Öneri metni en az 60 harf olmalı."),
        ({"title": "u" * 121}, "u" * 121),
        ({"base": "x"}, ""),
    ],
)
def test_what_is_wrong_is_told_and_kept(client, proposal, ayse, changes, sentence):
    client.force_login(ayse)
    response = client.post(f"{proposal.get_absolute_url()}yeni-surum/", {**NEW, "base": 1, **changes})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert proposal.versions.count() == 1


@pytest.mark.parametrize("who", ["mehmet", "derya", "hakan", "superuser"])
def test_only_the_author_writes_a_version(client, request, proposal, who):
    client.force_login(request.getfixturevalue(who))
    address = f"{proposal.get_absolute_url()}yeni-surum/"
    assert client.get(address).status_code == 403
    assert client.post(address, {**NEW, "base": 1}).status_code == 403
    assert proposal.versions.count() == 1
