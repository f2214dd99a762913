from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from people.models import Person

pytestmark = pytest.mark.django_db
FORM = {"display_name": "Can Yılmaz", "email": "Can@Ornek.Invalid", "password1": "mavi kapinin onunde"}


def _link(message) -> str:
    found = re.search(r"https?://\S+", message.body)
    assert found
    return found[0]


def test_signing_up_asks_for_confirmation_and_the_link_needs_a_press(client):
    answer = client.post(reverse("account_signup"), FORM)
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_email_verification_sent"))
    person = Person.objects.get()
    assert (person.email, person.display_name, person.language) == ("can@ornek.invalid", "Can Yılmaz", "tr")
    assert "_auth_user_id" not in client.session

    [message] = mail.outbox
    link = _link(message)
    assert (message.to, message.subject) == (["can@ornek.invalid"], "Meydan: hesabınızı onaylayın")
    page = client.get(link.removeprefix("http://127.0.0.1:8000"))
    assert page.status_code == 200
    assert not EmailAddress.objects.get().verified

    answer = client.post(link.removeprefix("http://127.0.0.1:8000"))
    assert answer.status_code == 302
    assert EmailAddress.objects.get().verified
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_confirmation_link_works_once_and_says_so_afterwards(client):
    client.post(reverse("account_signup"), FORM)
    path = _link(mail.outbox[0]).removeprefix("http://127.0.0.1:8000")
    client.post(path)
    for again in (client.post(path), client.get(path), client.get(path.replace("/onay/", "/onay/x"))):
        assert again.status_code == 404
        assert "artık geçerli değil" in again.content.decode()


def test_an_unconfirmed_account_cannot_log_in(client):
    client.post(reverse("account_signup"), FORM)
    answer = Client().post(reverse("account_login"), {"login": FORM["email"], "password": FORM["password1"]})
    assert answer["Location"] == reverse("account_email_verification_sent")


def test_a_known_address_gets_the_same_answer_and_a_mail_of_its_own(client, zeynep):
    new = client.post(reverse("account_signup"), FORM)
    known = Client().post(reverse("account_signup"), FORM | {"email": "ZEYNEP@ornek.invalid"})
    assert (known.status_code, known["Location"]) == (new.status_code, new["Location"])
    pages = [each.get(new["Location"]).content.decode() for each in (client, Client())]
    assert "zeynep" not in pages[1]
    assert [message.subject for message in mail.outbox] == [
        "Meydan: hesabınızı onaylayın",
        "Meydan: bu adresle bir hesabınız var",
    ]
    assert Person.objects.filter(email="zeynep@ornek.invalid").get() == zeynep


def test_the_same_form_twice_makes_one_account_and_one_mail(client):
    first, second = client.post(reverse("account_signup"), FORM), Client().post(reverse("account_signup"), FORM)
    assert first["Location"] == second["Location"]
    assert (Person.objects.count(), len(mail.outbox)) == (1, 1)


def test_two_sign_ups_at_the_same_moment_make_one_account(client, monkeypatch):
    from people.account_forms import SignUpForm

    Person.objects.create_user("can@ornek.invalid", display_name="Can Yılmaz")
    # The check ran before the other request had committed.
    monkeypatch.setattr(SignUpForm, "validate_unique_email", lambda self, value: value)
    answer = client.post(reverse("account_signup"), FORM)
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("display_name", "can@ornek.invalid", "e-posta adresi olamaz"),
        ("display_name", "Can\u202eYılmaz", "yalnız harf, rakam"),
        ("display_name", "", "zorunlu"),
        ("email", "can", "eçerli bir e-posta"),
        ("password1", "kisa", "10 karakter"),
        ("password1", "can@ornek.invalid", "benzer"),
        ("password1", "1234567890", "Bu parola çok yaygın, kolay tahmin edilir. Başka bir parola seçin."),
    ],
)
def test_a_wrong_form_says_why_beside_the_field_and_keeps_the_rest(client, field, value, sentence):
    answer = client.post(reverse("account_signup"), FORM | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field][0]
    assert FORM["password1"] not in page
    if field != "email":
        assert "Can@Ornek.Invalid" in page
    assert (Person.objects.count(), len(mail.outbox)) == (0, 0)


def test_the_mail_speaks_the_language_of_the_page_at_sign_up(client):
    client.cookies["meydan_language"] = "en"
    client.post(reverse("account_signup"), FORM)
    assert Person.objects.get().language == "en"


def confirm(client, **form):
    client.post(reverse("account_signup"), FORM | form)
    return client.post(_link(mail.outbox[-1]).removeprefix("http://127.0.0.1:8000"))


def test_after_confirming_the_person_is_back_where_signing_up_began(client):
    assert confirm(client, next="/kocaeli/oneriler/?q=a")["Location"] == "/kocaeli/oneriler/?q=a"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", ""])
def test_after_confirming_nobody_is_led_away(client, target):
    assert confirm(client, next=target)["Location"] == reverse("after_login")


def test_after_confirming_the_next_step_is_told_until_a_residence_is_declared(client, kocaeli):
    sentence = "Şimdi ilçenizi seçin; destek verebilmek için doğrulanması gerekir."
    confirm(client, next="/hakkinda/")
    page = client.get("/hakkinda/").content.decode()
    assert f'<a href="{reverse("settings")}#residence">{sentence}</a>' in page
    assert sentence not in client.get("/hakkinda/").content.decode()
