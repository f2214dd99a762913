from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db
NEW = "yagmurdan sonra toprak"


def _reset_path(message) -> str:
    return re.search(r"http://127\.0\.0\.1:8000(\S+)", message.body)[1]


def test_known_and_unknown_addresses_get_the_same_answer(client, zeynep):
    answers = [
        Client().post(reverse("account_reset_password"), {"email": address}, follow=True)
        for address in (zeynep.email, "kimse@ornek.invalid")
    ]
    pages = [
        re.sub(r'value="[^"]{64}"|X-CSRFToken": "\w+|nonce="[^"]*"|data-live-at="\d+"', "", answer.content.decode())
        for answer in answers
    ]
    assert pages[0] == pages[1]
    assert [answer.redirect_chain for answer in answers] == [[(reverse("account_reset_password_done"), 302)]] * 2
    assert [message.subject for message in mail.outbox] == [
        "Meydan: parolanızı yenileyin",
        "Meydan: bu adresle hesap yok",
    ]


def test_the_link_names_the_configured_host_whatever_the_request_says(zeynep, settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://meydan.example"
    Client().post(reverse("account_reset_password"), {"email": zeynep.email}, headers={"Host": "evil.example"})
    Client().post(reverse("account_reset_password"), {"email": "kimse@ornek.invalid"}, headers={"Host": "evil.example"})
    for message in mail.outbox:
        text = message.subject + message.body
        assert "evil.example" not in text
        assert set(re.findall(r"https?://[^/\s]+", text)) == {"https://meydan.example"}


def test_the_link_works_once(client, zeynep):
    client.post(reverse("account_reset_password"), {"email": zeynep.email})
    path = _reset_path(mail.outbox[0])
    form = client.get(path, follow=True)
    assert path not in form.redirect_chain[-1][0]
    wrong = client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": "baska bir sey"})
    assert wrong.status_code == 422
    answer = client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    assert answer["Location"] == reverse("account_reset_password_from_key_done")
    zeynep.refresh_from_db()
    assert zeynep.check_password(NEW)
    assert mail.outbox[-1].subject == "Meydan: parolanız değişti"
    for stale in (Client().get(path), client.get(path, follow=True)):
        assert stale.status_code == 404
        assert "artık geçerli değil" in stale.content.decode()


def test_the_link_dies_when_the_address_changes_and_when_the_account_is_closed(client, zeynep):
    for field, value in (("is_active", False), ("email", "yeni@ornek.invalid")):
        mail.outbox.clear()
        client.post(reverse("account_reset_password"), {"email": zeynep.email})
        path = _reset_path(mail.outbox[0])
        before = getattr(zeynep, field)
        setattr(zeynep, field, value)
        zeynep.save()
        assert Client().get(path, follow=True).status_code == 404
        setattr(zeynep, field, before)
        zeynep.save()


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client, zeynep, password):
    elsewhere = Client()
    for each in (client, elsewhere):
        each.force_login(zeynep)
    answer = client.post(
        reverse("account_change_password"), {"oldpassword": password, "password1": NEW, "password2": NEW}
    )
    assert answer["Location"] == reverse("settings")
    assert client.get(reverse("settings")).status_code == 200
    assert elsewhere.get(reverse("settings")).status_code == 302
    assert mail.outbox[-1].subject == "Meydan: parolanız değişti"


def test_the_present_password_is_asked_for(client, zeynep):
    client.force_login(zeynep)
    answer = client.post(
        reverse("account_change_password"), {"oldpassword": "yanlis parola", "password1": NEW, "password2": NEW}
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors["oldpassword"] == ["Şimdiki parolanızı doğru yazın."]
    assert NEW not in answer.content.decode()


def test_an_account_without_a_password_may_set_one(client, outsider):
    outsider.set_unusable_password()
    outsider.save()
    client.force_login(outsider)
    assert client.get(reverse("account_change_password"))["Location"] == reverse("account_set_password")
    client.post(reverse("account_set_password"), {"password1": NEW, "password2": NEW})
    outsider.refresh_from_db()
    assert outsider.check_password(NEW)


def test_forms_with_a_password_tell_the_keeper_of_passwords_whose_it_is(client, zeynep):
    client.force_login(zeynep)
    keeper = f'name="username" value="{zeynep.email}" autocomplete="username" hidden'
    for name in ("account_change_password", "account_reauthenticate"):
        assert keeper in client.get(reverse(name)).content.decode()
