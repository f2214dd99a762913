from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from people.models import Person

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example/",
    "http:///evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "%2F%2Fevil.example",
    "evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    "http://testserver//evil.example",
    "http://testserver@evil.example/",
    "",
]


def _leads_away(location: str) -> bool:
    parts = urlsplit(location)
    return bool(parts.scheme or parts.netloc) or not location.startswith("/") or location.startswith(("//", "/\\"))


def test_logging_in_goes_where_the_person_wanted(client, zeynep, password):
    answer = client.post(
        reverse("account_login"),
        {"login": "Zeynep@Ornek.Invalid", "password": password, "next": "/kocaeli/oneriler/?q=a"},
    )
    assert (answer.status_code, answer["Location"]) == (302, "/kocaeli/oneriler/?q=a")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_next_never_leaves_the_site(client, zeynep, password, target):
    answers = [
        client.post(reverse("account_login"), {"login": zeynep.email, "password": password, "next": target}),
        client.post(reverse("account_logout"), {"next": target}),
        client.post(reverse("set_language"), {"language": "tr", "next": target}),
    ]
    client.force_login(zeynep)
    answers.append(client.get(reverse("account_login"), {"next": target}))
    answers.append(client.get(reverse("account_signup"), {"next": target}))
    assert [answer.status_code for answer in answers] == [302] * 5
    assert [answer["Location"] for answer in answers if _leads_away(answer["Location"])] == []


def test_wrong_password_and_unknown_address_get_the_same_page(client, zeynep):
    known = client.post(reverse("account_login"), {"login": zeynep.email, "password": "yanlis parola"})
    unknown = Client().post(reverse("account_login"), {"login": "kimse@ornek.invalid", "password": "yanlis parola"})
    assert (known.status_code, unknown.status_code) == (422, 422)
    assert known.context["form"].errors == unknown.context["form"].errors
    assert known.context["form"].non_field_errors() == ["E-posta ya da parola yanlış."]
    assert "yanlis parola" not in known.content.decode()


def test_the_session_is_a_new_one_after_logging_in(client, zeynep, password):
    client.get(reverse("account_login"))
    session = client.session
    session["seen"] = True
    session.save()
    client.cookies["meydan_session"] = before = session.session_key
    client.post(reverse("account_login"), {"login": zeynep.email, "password": password})
    assert client.session.session_key != before
    assert not client.session.exists(before)


def test_failures_from_one_source_do_not_lock_the_person_out_elsewhere(zeynep, password):
    attacker, owner = Client(REMOTE_ADDR="198.51.100.7"), Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(7):
        blocked = attacker.post(reverse("account_login"), {"login": zeynep.email, "password": "yanlis parola"})
    assert "yanlış deneme" in blocked.context["form"].non_field_errors()[0]
    answer = owner.post(reverse("account_login"), {"login": zeynep.email, "password": password})
    assert answer.status_code == 302


def test_a_made_up_address_of_the_client_does_not_reset_the_count(zeynep):
    for n in range(7):
        blocked = Client(REMOTE_ADDR="198.51.100.7").post(
            reverse("account_login"),
            {"login": zeynep.email, "password": "yanlis parola"},
            headers={"X-Forwarded-For": f"10.0.0.{n}", "X-Real-IP": f"10.0.1.{n}", "Forwarded": f"for=10.0.2.{n}"},
        )
    assert "yanlış deneme" in blocked.context["form"].non_field_errors()[0]


def test_too_many_requests_get_a_page_of_their_own(client, zeynep):
    answers = [Client().post(reverse("account_reset_password"), {"email": f"kisi{n}@ornek.invalid"}) for n in range(21)]
    assert answers[-1].status_code == 429
    assert "Bir dakika bekleyip" in answers[-1].content.decode()
    cache.clear()


def test_a_code_by_mail_opens_the_account_once(client, zeynep):
    client.post(reverse("account_request_login_code"), {"email": zeynep.email, "next": "/kocaeli/"})
    [message] = mail.outbox
    code = re.search(r"\d{4}-\d{4}", message.body)[0]
    assert message.subject == "Meydan: giriş kodunuz"
    wrong = client.post(reverse("account_confirm_login_code"), {"code": "0000-0000"})
    assert wrong.status_code == 422
    answer = client.post(reverse("account_confirm_login_code"), {"code": code.replace("-", " "), "next": "/kocaeli/"})
    assert (answer.status_code, answer["Location"]) == (302, "/kocaeli/")
    assert client.session["_auth_user_id"] == str(zeynep.pk)
    stranger = Client().post(reverse("account_confirm_login_code"), {"code": code})
    assert stranger["Location"] == reverse("account_request_login_code")


def test_asking_for_a_code_does_not_tell_who_has_an_account(client, zeynep):
    clients = [client, Client()]
    addresses = [zeynep.email, "kimse1@ornek.invalid"]
    answers = [
        each.post(reverse("account_request_login_code"), {"email": address})
        for each, address in zip(clients, addresses, strict=True)
    ]
    assert len({(answer.status_code, answer["Location"]) for answer in answers}) == 1
    pages = [
        re.sub(r'value="[^"]{64}"|X-CSRFToken": "\w+|nonce="[^"]*"|data-live-at="\d+"', "", page).replace(address, "…")
        for page, address in (
            (each.get(answer["Location"]).content.decode(), address)
            for each, answer, address in zip(clients, answers, addresses, strict=True)
        )
    ]
    assert pages[0] == pages[1]
    assert [message.to for message in mail.outbox] == [[address] for address in addresses]


def test_a_closed_account_cannot_enter_and_its_sessions_are_dead(client, zeynep, password):
    client.force_login(zeynep)
    assert client.get(reverse("settings")).status_code == 200
    Person.objects.filter(pk=zeynep.pk).update(is_active=False)
    assert client.get(reverse("settings")).status_code == 302

    other = Client()
    answer = other.post(reverse("account_login"), {"login": zeynep.email, "password": password})
    assert answer["Location"] == reverse("account_inactive")
    assert "_auth_user_id" not in other.session
    other.post(reverse("account_request_login_code"), {"email": zeynep.email})
    other.post(reverse("account_reset_password"), {"email": zeynep.email})
    assert {message.subject for message in mail.outbox} == {"Meydan: bu adresle hesap yok"}


def test_logging_out_needs_a_press(client, zeynep):
    client.force_login(zeynep)
    assert client.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post(reverse("account_logout")).status_code == 302
    assert "_auth_user_id" not in client.session


def test_changing_the_address_asks_for_the_password_and_tells_the_old_one(client, zeynep, password):
    client.force_login(zeynep)
    answer = client.get(reverse("account_email"))
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    answer = client.post(answer["Location"], {"password": password, "next": reverse("account_email")})
    assert answer["Location"] == reverse("account_email")
    client.post(reverse("account_email"), {"email": "Yeni@Ornek.Invalid", "action_add": "1"})
    zeynep.refresh_from_db()
    assert zeynep.email == "zeynep@ornek.invalid"
    assert "yeni@ornek.invalid" in client.get(reverse("account_email")).content.decode()

    client.post(re.search(r"http://127.0.0.1:8000(\S+)", mail.outbox[0].body)[1])
    zeynep.refresh_from_db()
    assert zeynep.email == "yeni@ornek.invalid"
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == (
        ["zeynep@ornek.invalid"],
        "Meydan: e-posta adresiniz değişti",
    )


def test_an_address_taken_meanwhile_is_not_confirmed(client, zeynep, password):
    client.force_login(zeynep)
    client.post(reverse("account_reauthenticate"), {"password": password})
    client.post(reverse("account_email"), {"email": "yeni@ornek.invalid", "action_add": "1"})
    Person.objects.create_user("yeni@ornek.invalid", display_name="Yeni Kişi")
    answer = client.post(re.search(r"http://127.0.0.1:8000(\S+)", mail.outbox[0].body)[1], follow=True)
    assert answer.status_code == 200
    assert "başka bir hesapta kullanılıyor" in answer.content.decode()
    zeynep.refresh_from_db()
    assert zeynep.email == "zeynep@ornek.invalid"
    assert not EmailAddress.objects.filter(email="yeni@ornek.invalid", verified=True).exists()


def test_a_silent_mail_server_gives_one_page_for_everybody(client, zeynep, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    answers = [
        Client().post(reverse("account_reset_password"), {"email": address})
        for address in (zeynep.email, "kimse@ornek.invalid")
    ]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert "Posta şu anda gönderilemiyor" in answers[0].content.decode()
