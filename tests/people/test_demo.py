from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse

from people import demo_mail
from people.demo_people import DEMO_PEOPLE
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings, tmp_path):
    settings.DEMO = True
    settings.VAR_DIR = tmp_path
    settings.ROOT_URLCONF = "tests.people.demo_site"
    return [PersonFactory(email=each.email, display_name=each.display_name) for each in DEMO_PEOPLE]


@pytest.mark.parametrize("name", ["demo_people", "demo_mails"])
def test_outside_the_demo_these_pages_do_not_exist(client, settings, name):
    assert settings.DEMO is False
    with pytest.raises(NoReverseMatch):
        reverse(name)
    path = {"demo_people": "/demo/kisiler/", "demo_mails": "/demo/postalar/"}[name]
    assert client.get(path).status_code == 404
    assert client.post(path, {"who": "ayse"}).status_code == 404


def test_the_pages_stay_closed_when_only_their_addresses_slipped_in(client, demo, settings):
    settings.DEMO = False
    assert client.get("/demo/kisiler/").status_code == 404
    assert client.post("/demo/kisiler/", {"who": "ayse"}).status_code == 404
    assert client.get("/demo/postalar/").status_code == 404
    assert "_auth_user_id" not in client.session


def test_eight_people_can_be_chosen(client, demo, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        page = client.get(reverse("demo_people"))
    assert [card["key"] for card in page.context["cards"]] == [
        "ayse", "mehmet", "elif", "derya", "nermin", "hakan", "selin", "murat",
    ]  # fmt: skip


def test_becoming_somebody_starts_a_new_session(client, demo):
    client.get(reverse("demo_people"))
    client.post(reverse("demo_people"), {"who": "ayse"})
    first = client.session
    assert first["_auth_user_id"] == str(demo[0].pk)
    answer = client.post(reverse("demo_people"), {"who": "hakan", "next": "//evil.example"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.post(reverse("demo_people"), {"who": "hakan"})["Location"] == reverse("after_login")
    assert client.session["_auth_user_id"] == str(demo[5].pk)
    assert client.session.session_key != first.session_key
    assert not client.session.exists(first.session_key)


def test_signing_in_needs_a_post_with_a_token(demo):
    strict = Client(enforce_csrf_checks=True)
    strict.get(reverse("demo_people"), {"who": "ayse"})
    assert "_auth_user_id" not in strict.session
    assert strict.post(reverse("demo_people"), {"who": "ayse"}).status_code == 403
    assert "_auth_user_id" not in strict.session


def test_nobody_but_the_demo_people_can_be_chosen(client, demo, superuser):
    for who in ("sistem", "", "yok", superuser.email):
        assert client.post(reverse("demo_people"), {"who": who}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_mails_are_shown_newest_first_escaped_and_with_working_links(client, demo, settings):
    settings.EMAIL_BACKEND = "people.demo_mail.DemoMailBackend"
    mail.send_mail("İlk <b>konu</b>", "Bağlantı: http://127.0.0.1:8000/hesap/giris/", None, ["a@ornek.invalid"])
    mail.send_mail("İkinci", "<script>alert(1)</script>", None, ["b@ornek.invalid"])
    page = client.get(reverse("demo_mails")).content.decode()
    assert page.index("İkinci") < page.index("İlk &lt;b&gt;konu")
    assert 'href="http://127.0.0.1:8000/hesap/giris/"' in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_only_the_newest_two_hundred_mails_are_kept(demo, monkeypatch):
    monkeypatch.setattr(demo_mail, "KEPT", 3)
    for n in range(5):
        demo_mail.keep(mail.EmailMessage(subject=f"{n}", body="…", to=["a@ornek.invalid"]))
    assert [each.subject for each in demo_mail.kept()] == ["4", "3", "2"]
    assert len(list(demo_mail.folder().iterdir())) == 3


def test_an_empty_demo_says_what_to_do(client, settings, tmp_path):
    settings.DEMO, settings.VAR_DIR, settings.ROOT_URLCONF = True, tmp_path, "tests.people.demo_site"
    assert "load_demo" in client.get(reverse("demo_people")).content.decode()
    assert "Henüz posta yok" in client.get(reverse("demo_mails")).content.decode()
