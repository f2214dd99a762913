"""What everybody reads has words of its own; the original is found by nobody else, and it is taken back at any time."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from people.verdicts import Refused
from servicerequests import actions
from servicerequests.models import Publication, ServiceRequest
from servicerequests.private_words import private_words
from tests import factories as f

K = "kocaeli"
WORDS = {"subject": "Salonun saatleri", "text": "Salon akşamları kapalıydı.", "answer": "Artık 21.00’e kadar açık."}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Beni 0532 123 45 67 ya da mehmet@ornek.org’dan arayın", ["0532 123 45 67", "mehmet@ornek.org"]),
        ("T.C. 10000000146, 10000000147 değil", ["10000000146"]),
        ("Hesap TR33 0006 1005 1978 6457 8413 26", ["TR33 0006 1005 1978 6457 8413 26"]),
        ("41 ABC 123 plakalı araç, Gül sokak 5", ["41 ABC 123", "Gül sokak"]),
        ("AYŞE hanım, demir kapının önünde", ["AYŞE", "demir"]),
        ("2026 yılında 1.250 kişi, 19.00–21.00", []),
        ("", []),
        ("a" * 20_000 + " 1" * 20_000, []),
    ],
)
def test_what_looks_private_is_pointed_out(text, found):
    assert private_words(text, ["Ayşe Demir", ""]) == found


@pytest.fixture
def asked(kocaeli, ayse, selin):
    asked = f.request_of(ayse, kocaeli, text="Gizlisözcük: salonda 0532 123 45 67 yazıyordu.", may_be_published=True)
    actions.answer_request(actor=selin, request=asked, text="Düzelttik.", resolution="fulfilled", at=timezone.now())
    return ServiceRequest.objects.get(pk=asked.pk)


@pytest.mark.django_db
def test_the_desk_publishes_in_words_of_its_own_and_the_original_is_found_nowhere(client, asked, ayse, selin):
    client.force_login(selin)
    address = reverse("request_publish", args=[K, asked.number])
    page = client.get(address)
    assert page.context["private"] == ["0532 123 45 67"]
    assert page.context["form"].initial["answer"] == "Düzelttik."
    assert client.post(address, WORDS).status_code == 422
    assert client.post(address, WORDS | {"is_clean": "on", "subject": "x"}).status_code == 422
    assert client.post(address, WORDS | {"is_clean": "on"}).status_code == 302
    client.logout()
    listed = reverse("request_list", args=[K])
    seen = [
        client.get(listed), client.get(asked.get_absolute_url()), client.get(reverse("api-published-requests", args=[K])),
        client.get(reverse("api-published-request", args=[K, asked.number])), client.get(reverse("council_journal", args=[K])),
    ]  # fmt: skip
    for answer in seen:
        text = answer.content.decode()
        assert answer.status_code == 200
        assert [word for word in ("Gizlisözcük", "0532", ayse.display_name, "Düzelttik") if word in text] == []
    assert "21.00" in seen[1].content.decode()
    assert len(client.get(listed, {"q": "AKŞAMLARI"}).context["rows"]) == 1
    assert client.get(listed, {"q": "gizlisözcük"}).context["rows"] == []


@pytest.mark.django_db
def test_what_was_published_is_taken_back_by_its_applicant_and_every_wording_is_kept(
    client, asked, ayse, selin, mehmet
):
    at = timezone.now()
    for answer in ("Bir.", "İki."):
        actions.publish_request(actor=selin, request=asked, at=at, **WORDS | {"answer": answer})
    with pytest.raises(Refused):
        actions.take_back(actor=mehmet, request=asked, reason="Canım istedi.", at=at)
    client.force_login(ayse)
    client.post(reverse("request_take_back", args=[K, asked.number]), {"reason": "Artık istemiyorum."})
    asked.refresh_from_db()
    assert (asked.publicity, asked.public_text, asked.public_answer) == ("private", "", "")
    client.logout()
    assert client.get(asked.get_absolute_url()).status_code == 404
    assert [(row.answer, row.taken_back) for row in Publication.objects.all()] == [
        ("Bir.", ""), ("İki.", ""), ("", "Artık istemiyorum."),
    ]  # fmt: skip
    with pytest.raises(Refused, match="izin vermedi"):
        actions.publish_request(actor=selin, request=asked, at=at, **WORDS)
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.all().delete()


@pytest.mark.django_db
def test_nobody_publishes_what_was_not_allowed_or_is_their_own(kocaeli, ayse, selin):
    private, own = f.request_of(ayse, kocaeli), f.request_of(selin, kocaeli, may_be_published=True)
    for actor, request in ((selin, private), (selin, own), (ayse, own)):
        with pytest.raises(Refused):
            actions.publish_request(actor=actor, request=request, at=timezone.now(), **WORDS)
