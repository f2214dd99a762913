from __future__ import annotations

from unittest.mock import patch

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

pytestmark = pytest.mark.django_db


def test_the_chosen_language_is_kept_in_the_browser_and_in_the_account(client, outsider):
    client.force_login(outsider)
    answer = client.post(reverse("set_language"), {"language": "en", "next": reverse("settings")})
    assert (answer.status_code, answer["Location"]) == (302, reverse("settings"))
    assert answer.cookies["meydan_language"].value == "en"
    outsider.refresh_from_db()
    assert outsider.language == "en"
    page = client.get(reverse("settings"))
    assert '<html lang="en">' in page.content.decode()
    assert page["Content-Language"] == "en"


def test_turkish_speaks_first_whatever_the_browser_asks_for(client):
    page = client.get(reverse("account_login"), headers={"Accept-Language": "en,de;q=0.9"})
    assert '<html lang="tr">' in page.content.decode()


@pytest.mark.parametrize("code", ["", "de", "TR", "tr-tr", "x" * 100_000, "tr\x00", "../tr"])
def test_an_unknown_language_is_a_bad_request(client, code):
    answer = client.post(reverse("set_language"), {"language": code, "next": "/"})
    assert answer.status_code == 400
    assert "meydan_language" not in answer.cookies


def test_the_switch_needs_a_post(client):
    assert client.get(reverse("set_language"), {"language": "en"}).status_code == 405


def test_a_forged_cookie_is_ignored():
    client = Client()
    client.cookies["meydan_language"] = "xx" * 500
    assert '<html lang="tr">' in client.get(reverse("account_login")).content.decode()


def test_logging_in_brings_the_language_of_the_account(client, zeynep, password):
    zeynep.language = "en"
    zeynep.save()
    answer = client.post(
        reverse("account_login"), {"login": zeynep.email, "password": password, "next": "/hesap/cikis/"}
    )
    assert answer.cookies["meydan_language"].value == "en"
    assert '<html lang="en">' in client.get(answer["Location"]).content.decode()


def test_mails_speak_the_language_of_the_person_not_of_the_request(client, zeynep):
    zeynep.language = "en"
    zeynep.save()
    spoken = []
    with patch("people.adapter.AccountAdapter.render_mail", autospec=True) as render:
        render.side_effect = lambda *args: (
            spoken.append(translation.get_language()) or mail.EmailMessage(to=["a@b.invalid"])
        )
        client.post(reverse("account_reset_password"), {"email": zeynep.email})
        client.post(reverse("account_reset_password"), {"email": "kimse@ornek.invalid"})
    assert spoken == ["en", "tr"]
