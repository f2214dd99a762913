from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from people.models import ExternalIdentity, Person
from tests.openid_provider import CLIENT, SECRET, OpenIDProvider, running
from tests.people.steps import password_given

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings):
    with running() as found:
        settings.OPENID_ISSUER, settings.OPENID_CLIENT_ID, settings.OPENID_CLIENT_SECRET = found.issuer, CLIENT, SECRET
        yield found


def test_without_a_provider_there_is_no_such_address(client):
    assert client.get(reverse("openid_begin")).status_code == 404
    assert "ile girin" not in client.get(reverse("account_login")).content.decode()


def test_a_first_log_in_makes_an_account_without_a_password(client, provider: OpenIDProvider):
    assert "e-Devlet ile girin" in client.get(reverse("account_login")).content.decode()
    answer = provider.log_in(client, "/hakkinda/")
    assert (answer.status_code, answer["Location"]) == (302, "/hakkinda/")
    person = Person.objects.get(email="umut@ornek.invalid")
    assert (person.display_name, person.has_usable_password()) == ("Umut Deniz", False)
    assert EmailAddress.objects.get(user=person).verified
    assert client.session["_auth_user_id"] == str(person.pk)
    asked = provider.asked
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    assert asked["redirect_uri"] == "http://127.0.0.1:8000/hesap/dis-giris/donus/"


def test_the_same_subject_is_the_same_person_whatever_the_address_is_now(client, provider):
    provider.log_in(Client())
    provider.token = {"email": "yeni-adres@ornek.invalid", "name": "Başka Ad"}
    provider.log_in(client)
    assert Person.objects.filter(external_identity__isnull=False).count() == 1
    assert client.session["_auth_user_id"] == str(ExternalIdentity.objects.get().person_id)


def test_an_address_from_the_userinfo_counts_when_it_is_the_same_person(client, provider):
    provider.token = {"email": None, "email_verified": None}
    provider.userinfo = {"sub": "baskasi", "email": "umut@ornek.invalid", "email_verified": True}
    assert provider.log_in(client).status_code == 400
    provider.userinfo["sub"] = "vatandas-1"
    assert provider.log_in(client).status_code == 302


def test_linking_asks_for_the_password_and_takes_it_away(client, provider, zeynep, password):
    other = Client()
    password_given(other, zeynep, password)
    password_given(client, zeynep, password)
    assert client.get(reverse("openid_link"))["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": password})
    provider.token = {"email": "baska@ornek.invalid"}
    refused = provider.comes_back(client, client.get(reverse("openid_link"))["Location"])
    assert refused.status_code == 403
    assert "aynı değil" in refused.content.decode()
    provider.token = {"email": "Zeynep@Ornek.Invalid"}
    linked = provider.comes_back(client, client.get(reverse("openid_link"))["Location"])
    assert linked["Location"] == reverse("mfa_index")
    assert "Bağlı" in client.get(reverse("mfa_index")).content.decode()
    zeynep.refresh_from_db()
    assert not zeynep.has_usable_password()
    assert other.get(reverse("me")).status_code == 302
    fresh = Client()
    provider.log_in(fresh)
    assert fresh.session["_auth_user_id"] == str(zeynep.pk)


def test_a_closed_account_stays_closed(client, provider):
    provider.log_in(Client())
    Person.objects.filter(email="umut@ornek.invalid").update(is_active=False)
    assert provider.log_in(client)["Location"] == reverse("account_inactive")


def test_saying_no_there_leads_back_to_the_log_in(client, provider):
    assert provider.log_in(client, error="access_denied")["Location"] == reverse("account_login")


def test_a_silent_provider_is_said_to_be_so(client, settings):
    settings.OPENID_ISSUER = "http://127.0.0.1:9"
    assert client.get(reverse("openid_begin")).status_code == 503


def test_a_forgotten_password_of_a_linked_account_gets_a_mail_that_says_so(client, provider):
    provider.log_in(Client())
    client.post(reverse("account_reset_password"), {"email": "umut@ornek.invalid"})
    assert [message.subject for message in mail.outbox] == ["Meydan: bu hesabın parolası yok"]
    assert "e-Devlet ile girilir" in mail.outbox[0].body
