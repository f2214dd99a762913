from __future__ import annotations

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.my_data import PARTS
from people.models import IdentityCheck
from tests.factories import CommentFactory, ProposalFactory, SupportFactory

pytestmark = pytest.mark.django_db


def test_ones_data_is_ones_own_and_all_of_it(client, ayse, mehmet, selin, kocaeli, django_assert_max_num_queries):
    proposal = ProposalFactory(council=kocaeli, author=ayse, title="Sahile bank")
    ProposalFactory(council=kocaeli, author=mehmet, title="Mehmet’in önerisi")
    SupportFactory(person=ayse)
    CommentFactory(author=ayse, text="Benim sözüm")
    CommentFactory(author=mehmet, text="Mehmet’in sözü")
    IdentityCheck.objects.create(person=ayse, number_hash="f" * 64, checked_by=selin, checked_at=timezone.now())
    client.force_login(ayse)

    page = client.get(reverse("my_data"))
    counts = {str(label): count for label, count in page.context["counts"]}
    assert (counts["Öneriler ve taslaklar"], counts["Destekler"], counts["Yorumlar"]) == (1, 1, 1)
    with django_assert_max_num_queries(len(PARTS) + 3):
        answer = client.get(reverse("my_data_file"))
    assert answer["Content-Disposition"] == 'attachment; filename="meydan-verilerim.json"'
    assert "no-store" in answer["Cache-Control"]
    stored = json.loads(answer.content)
    assert stored["account"][0]["email"] == "ayse@ornek.invalid"
    assert [each["number"] for each in stored["proposals"]] == [proposal.number]
    assert [each["text"] for each in stored["comments"]] == ["Benim sözüm"]
    text = answer.content.decode()
    assert "Sahile bank" in text
    assert [secret for secret in ("Mehmet", "f" * 64, "password") if secret in text] == []


@pytest.mark.parametrize("name", ["my_data", "my_data_file"])
def test_a_visitor_has_no_data(client, name):
    assert client.get(reverse(name)).status_code == 302


def test_the_page_says_how_to_correct_and_how_to_be_forgotten(client, ayse):
    client.force_login(ayse)
    page = client.get(reverse("my_data")).content.decode()
    assert "Hesabınızın silinmesini" in page
    assert f'href="{reverse("settings")}"' in page.partition('id="correct"')[2]
    assert f'href="{reverse("data_protection")}"' in page.partition('id="correct"')[2]
