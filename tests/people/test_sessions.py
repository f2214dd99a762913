from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.actions import end_sessions
from people.devices import device_of
from people.models import Person, Session
from tests.people.steps import password_given

pytestmark = pytest.mark.django_db
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (ANDROID, "Chrome, Android"),
        (FIREFOX, "Firefox, Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0", "Edge, Windows"),
        ("curl/8", ""),
    ],
)
def test_a_browser_is_named_by_family_and_system(agent, name):
    assert device_of(agent) == name


@pytest.fixture
def phone(zeynep, password) -> Client:
    client = Client(headers={"User-Agent": ANDROID})
    password_given(client, zeynep, password)
    return client


@pytest.fixture
def desktop(zeynep, password) -> Client:
    client = Client(headers={"User-Agent": FIREFOX})
    password_given(client, zeynep, password)
    return client


def test_sessions_are_listed_without_address_and_key(phone, desktop, settings, django_assert_num_queries):
    settings.SITE_URL = "https://meydan.example"  # stands on what is printed
    with django_assert_num_queries(3):
        page = desktop.get(reverse("session_list"))
    assert [each.device for each in page.context["sessions"]] == ["Firefox, Linux", "Chrome, Android"]
    text = page.content.decode().replace(
        "http://127.0.0.1:8000/hesap/oturumlar/", ""
    )  # where a printed page comes from
    assert "bu tarayıcı" in text
    for secret in (phone.session.session_key, desktop.session.session_key, "127.0.0.1"):
        assert secret not in text


def test_one_session_is_ended_and_dead(phone, desktop):
    name = desktop.get(reverse("session_list")).context["sessions"][1].name
    key = phone.session.session_key
    assert desktop.post(reverse("session_end"), {"which": name})["Location"] == reverse("session_list")
    assert phone.get(reverse("me"))["Location"].startswith(reverse("account_login"))
    assert not Session.objects.filter(session_key=key).exists()
    assert desktop.get(reverse("me")).status_code == 200


def test_all_others_are_ended_at_once(phone, desktop, zeynep, password):
    third = Client()
    password_given(third, zeynep, password)
    desktop.post(reverse("session_end"))
    assert [client.get(reverse("me")).status_code for client in (phone, third, desktop)] == [302, 302, 200]


def test_nobody_ends_the_session_of_another(desktop, outsider):
    stranger = Client()
    stranger.force_login(outsider)
    name = desktop.get(reverse("session_list")).context["sessions"][0].name
    stranger.post(reverse("session_end"), {"which": name})
    stranger.post(reverse("session_end"))
    assert desktop.get(reverse("me")).status_code == 200


def test_live_connections_end_with_the_session(phone, desktop, monkeypatch):
    ended: list[str] = []
    monkeypatch.setattr("realtime.actions.end_session", ended.append)
    key = phone.session.session_key
    desktop.post(reverse("session_end"))
    assert ended == [key]


def test_a_session_in_use_is_seen_anew_every_ten_minutes_only(desktop, django_assert_num_queries):
    row = Session.objects.filter(session_key=desktop.session.session_key)
    row.update(seen_at=timezone.now() - timedelta(minutes=11))
    with django_assert_num_queries(3):
        desktop.get(reverse("about"))
    assert timezone.now() - row.get().seen_at < timedelta(minutes=1)
    with django_assert_num_queries(2):
        desktop.get(reverse("about"))


def test_a_visitor_s_session_is_nobody_s(client, zeynep):
    client.get(reverse("account_request_login_code"))
    client.post(reverse("account_request_login_code"), {"email": "kimse@ornek.invalid"})
    assert Session.objects.get().person_id is None
    assert end_sessions(person=zeynep) == 0


def test_new_rights_in_the_administration_end_the_sessions(desktop, zeynep, superuser):
    administrator = Client()
    administrator.force_login(superuser)
    page = reverse("admin:people_person_change", args=[zeynep.pk])
    fields = {"display_name": zeynep.display_name, "language": "tr", "is_active": "on", "is_staff": "on"}
    assert administrator.post(page, fields).status_code == 302
    assert Person.objects.get(pk=zeynep.pk).is_staff
    assert desktop.get(reverse("me"))["Location"].startswith(reverse("account_login"))
