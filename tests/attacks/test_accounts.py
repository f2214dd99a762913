"""Cases 97 to 112: accounts, second steps, sessions and the log-in outside."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from people.actions import close_account
from people.models import ExternalIdentity, Person, Session
from realtime.identity import visitor_of
from tests.openid_provider import CLIENT, SECRET, OpenIDProvider, running
from tests.people.steps import code_now, give_app, password_given

pytestmark = pytest.mark.django_db
PASSWORD = "uzun yollar kisa gunler"


@pytest.fixture
def zeynep(db) -> Person:
    person = Person.objects.create_user("zeynep@ornek.invalid", PASSWORD, display_name="Zeynep Şahin")
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    return person


def signed_in(person: Person, **options: Any) -> Client:
    client = Client(**options)
    assert password_given(client, person, PASSWORD).status_code == 302
    return client


def link_in_mail() -> str:
    return re.search(r"https?://\S+/hesap/\S+", mail.outbox[-1].body)[0]


# --- 97 to 101: log-in, reset, limits -------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["account_reset_password", "account_request_login_code", "account_signup"])
def test_097_no_answer_tells_who_has_an_account(zeynep, name):
    def asked(address: str) -> tuple[Any, ...]:
        body = {"email": address, "display_name": "Biri", "password1": "dağ taş deniz kum"}
        client = Client()
        answer = client.post(reverse(name), body)
        page = client.get(answer["Location"]).content.decode() if answer.status_code == 302 else answer.content.decode()
        page = re.sub(r'value="[^"]{64}"|X-CSRFToken": "\w+|nonce="[^"]*"|data-live-at="\d+"', "", page)
        return answer.status_code, answer.headers.get("Location"), page.replace(address, "…")

    assert asked(zeynep.email) == asked("kimse@ornek.invalid")


def accounts_of_every_kind(zeynep: Person) -> list[str]:
    """Addresses whose log-in takes another way in the code each: a password, a second step, none of both, closed, nobody."""
    found = [zeynep.email]
    for name in ("ikinci.adim", "parolasiz", "kapali"):
        person = Person.objects.create_user(f"{name}@ornek.invalid", PASSWORD, display_name="Biri")
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
        found.append(person.email)
    give_app(Person.objects.get(email=found[1]))
    Person.objects.filter(email=found[2]).update(password="!nothing")
    Person.objects.filter(email=found[3]).update(is_active=False)
    return [*found, "kimse@ornek.invalid"]


@pytest.fixture
def work(monkeypatch) -> Counter[str]:
    """What takes long enough to be seen from outside: hashes of passwords and mails. Counted, as no clock is quiet enough."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    done: Counter[str] = Counter()
    for kind, place in ((Argon2PasswordHasher, "encode"), (Argon2PasswordHasher, "verify"), (EmailMessage, "send")):
        before = getattr(kind, place)
        name = "mail" if kind is EmailMessage else "hash"

        def counted(*args: Any, before: Any = before, name: str = name, **kwargs: Any) -> Any:
            done[name] += 1
            return before(*args, **kwargs)

        monkeypatch.setattr(kind, place, counted)
    return done


ASKED = {
    "account_login": {"password": "yanlis parola"},
    "account_signup": {"display_name": "Biri", "password1": "dağ taş deniz kum"},
    "account_reset_password": {},
    "account_request_login_code": {},
}


@pytest.mark.parametrize("name", ASKED)
def test_097_every_address_costs_the_same_work(zeynep, work, name):
    costs = {}
    for address in accounts_of_every_kind(zeynep):
        work.clear()
        Client().post(reverse(name), ASKED[name] | {"login": address, "email": address})
        costs[address] = dict(work)
    expected = {"hash": 1} if name == "account_login" else {"mail": 1} | ({"hash": 1} if "signup" in name else {})
    assert costs == dict.fromkeys(costs, expected)


def test_097_wrong_codes_are_answered_alike_until_none_is_taken(zeynep):
    def asked(address: str) -> list[Any]:
        client = Client()
        client.post(reverse("account_request_login_code"), {"email": address})
        answers = [client.post(reverse("account_confirm_login_code"), {"code": "0000-0000"}) for _ in range(4)]
        return [(each.status_code, each.headers.get("Location")) for each in answers]

    assert asked(zeynep.email) == asked("kimse@ornek.invalid")


def test_097_a_change_of_address_tells_nothing_of_who_has_the_other(zeynep, outsider, work):
    outsider.set_password(PASSWORD)
    outsider.save()
    EmailAddress.objects.create(user=outsider, email=outsider.email, primary=True, verified=True)
    seen = []
    for address in (zeynep.email, "kimse@ornek.invalid"):
        client = signed_in(outsider)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        work.clear()
        answer = client.post(reverse("account_email"), {"email": address, "action_add": "1"})
        page = client.get(reverse("account_email")).content.decode()
        seen.append((answer.status_code, answer.headers.get("Location"), dict(work), address in page))
        EmailAddress.objects.filter(user=outsider, verified=False).delete()
    assert seen[0] == seen[1]


def test_098_a_reset_link_names_our_host_works_once_and_dies_with_the_address(zeynep, settings):
    settings.ALLOWED_HOSTS = ["*"]
    Client(headers={"Host": "evil.example"}).post(reverse("account_reset_password"), {"email": zeynep.email})
    link = link_in_mail()
    assert link.startswith(settings.SITE_URL)
    path = link.removeprefix(settings.SITE_URL)
    client = Client()
    form = client.get(path)["Location"]
    new = {"password1": "bambaska bir parola", "password2": "bambaska bir parola"}
    assert client.post(form, new).status_code == 302
    assert Client().get(path).status_code == 404
    Client().post(reverse("account_reset_password"), {"email": zeynep.email})
    path = link_in_mail().removeprefix(settings.SITE_URL)
    EmailAddress.objects.filter(user=zeynep).update(email="yeni@ornek.invalid")
    Person.objects.filter(pk=zeynep.pk).update(email="yeni@ornek.invalid")
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)"])
def test_099_no_way_on_leaves_the_site(zeynep, target):
    client = Client()
    assert "evil" not in password_given(client, zeynep, PASSWORD, next=target)["Location"]
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": target})
    for answer in (
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": target}),
        client.post(reverse("account_logout"), {"next": target}),
    ):
        assert answer.status_code == 302
        assert not re.match(r"//|/\\|\w+:", answer["Location"]), answer["Location"]


def test_100_a_made_up_address_of_the_client_resets_no_count(zeynep):
    for n in range(7):
        blocked = Client(REMOTE_ADDR="198.51.100.7").post(
            reverse("account_login"),
            {"login": zeynep.email, "password": "yanlis parola"},
            headers={"X-Forwarded-For": f"10.0.0.{n}", "X_Forwarded_For": f"10.0.0.{n}"},
        )
    assert "yanlış deneme" in blocked.context["form"].non_field_errors()[0]


def test_101_nobody_is_locked_out_by_the_failures_of_another(zeynep):
    for _ in range(7):
        Client(REMOTE_ADDR="198.51.100.7").post(
            reverse("account_login"), {"login": zeynep.email, "password": "yanlis parola"}
        )
    owner = Client(REMOTE_ADDR="203.0.113.9")
    assert password_given(owner, zeynep, PASSWORD).status_code == 302


# --- 102 and 103: the second step -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("again", ["{}", "{} ", "{:.3}-{}", "wide", "arabic"])
def test_102_a_code_opens_the_account_once_in_whatever_notation(zeynep, again):
    secret = give_app(zeynep)
    code = code_now(secret)
    first, second = Client(), Client()
    for client in (first, second):
        password_given(client, zeynep, PASSWORD)
    assert first.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    other = {"wide": "０１２３４５６７８９", "arabic": "٠١٢٣٤٥٦٧٨٩"}
    typed = (
        "".join(other[again][int(n)] for n in code)
        if again in other
        else again.replace("{:.3}-{}", f"{code[:3]}-{code[3:]}")
    )
    assert second.post(reverse("mfa_authenticate"), {"code": typed.replace("{}", code)}).status_code == 422
    assert "_auth_user_id" not in second.session


def test_102_a_code_of_before_the_last_one_is_worth_nothing(zeynep):
    secret = give_app(zeynep)
    before, now = code_now(secret), code_now(secret, periods=1)  # both are good for as long as the test takes
    first, second = Client(), Client()
    for client in (first, second):
        password_given(client, zeynep, PASSWORD)
    first.post(reverse("mfa_authenticate"), {"code": now})
    assert second.post(reverse("mfa_authenticate"), {"code": before}).status_code == 422


def test_102_guessing_codes_is_slow(zeynep):
    give_app(zeynep)
    client = Client()
    password_given(client, zeynep, PASSWORD)
    answers = [client.post(reverse("mfa_authenticate"), {"code": f"{n:06}"}) for n in range(7)]
    assert "çok istek" in str(answers[-1].context["form"].errors)


def test_103_nothing_is_left_of_whom_one_stopped_logging_in_as(zeynep, outsider):
    secret = give_app(zeynep)
    outsider.set_password(PASSWORD)
    outsider.save()
    EmailAddress.objects.create(user=outsider, email=outsider.email, primary=True, verified=True)
    client = Client()
    password_given(client, zeynep, PASSWORD)
    client.post(reverse("account_logout"), {"next": "/"})
    password_given(client, outsider, PASSWORD)
    assert client.session["_auth_user_id"] == str(outsider.pk)
    assert zeynep.email not in str(dict(client.session.items()))
    assert "_auth_user_id" in client.session
    assert client.post(reverse("mfa_authenticate"), {"code": code_now(secret)}).status_code == 302
    assert client.session["_auth_user_id"] == str(outsider.pk)


# --- 104 and 109: the log-in outside --------------------------------------------------------------------------------------
@pytest.fixture
def provider(settings):
    with running() as found:
        settings.OPENID_ISSUER, settings.OPENID_CLIENT_ID, settings.OPENID_CLIENT_SECRET = found.issuer, CLIENT, SECRET
        yield found


def test_104_an_account_of_the_outside_log_in_has_no_password_and_gets_none(provider: OpenIDProvider):
    client = Client()
    provider.log_in(client)
    person = Person.objects.get(email="umut@ornek.invalid")
    new = {"password1": "dağ taş deniz kum", "password2": "dağ taş deniz kum"}
    assert client.post(reverse("account_set_password"), new).status_code == 403
    Client().post(reverse("account_reset_password"), {"email": person.email})
    assert "/hesap/parola/sifirla/" not in mail.outbox[-1].body
    person.refresh_from_db()
    assert not person.has_usable_password()
    for guess in ("", "umut", "!", person.password, "None"):
        answer = Client().post(reverse("account_login"), {"login": person.email, "password": guess})
        assert answer.status_code == 422


FORGED: dict[str, dict[str, Any]] = {
    "nonce": {"nonce": "baska"},
    "no nonce": {"nonce": None},
    "audience": {"aud": "baska-site"},
    "two audiences": {"aud": [CLIENT, "baska-site"]},
    "issuer": {"iss": "https://evil.example"},
    "too late": {"exp": 1},
    "no end": {"exp": None},
    "nobody": {"sub": None},
}


@pytest.mark.parametrize("forged", FORGED)
def test_109_a_token_that_is_not_meant_for_this_attempt_lets_nobody_in(provider, forged):
    provider.token = FORGED[forged]
    client = Client()
    assert provider.log_in(client).status_code == 400
    assert "_auth_user_id" not in client.session
    assert not Person.objects.filter(email="umut@ornek.invalid").exists()


@pytest.mark.parametrize("forged", ["another key", "no signature", "the secret we share"])
def test_109_a_token_the_provider_has_not_signed_lets_nobody_in(provider, forged):
    provider.key, provider.algorithm = {
        "another key": (provider.other_key, "ES256"),
        "no signature": (None, "none"),
        "the secret we share": (SECRET.ljust(32, "x"), "HS256"),
    }[forged]
    client = Client()
    assert provider.log_in(client).status_code == 400
    assert not Person.objects.filter(email="umut@ornek.invalid").exists()


def test_109_a_way_back_answers_once_and_to_its_own_browser_only(provider):
    client, thief = Client(), Client()
    assert provider.log_in(client, state="baska").status_code == 400
    out = client.get(reverse("openid_begin"))["Location"]
    assert provider.comes_back(thief, out).status_code == 400
    assert provider.comes_back(client, out).status_code == 302
    again = Client()
    again.cookies = client.cookies
    assert provider.comes_back(again, out).status_code == 400
    assert len(provider.exchanged) == 1


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_109_an_address_the_provider_has_not_verified_opens_no_account(provider, verified):
    provider.token = {"email_verified": verified}
    assert provider.log_in(Client()).status_code == 403
    assert not Person.objects.filter(email="umut@ornek.invalid").exists()


def test_109_nobody_takes_an_account_over_by_its_address(provider, zeynep):
    provider.token = {"email": zeynep.email}
    client = Client()
    answer = provider.log_in(client)
    assert answer.status_code == 403
    assert "Önce o hesapla giriş yapın" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert not ExternalIdentity.objects.exists()
    assert signed_in(zeynep).get(reverse("me")).status_code == 200


def test_109_linking_is_for_the_person_who_began_it(provider, zeynep, outsider):
    client = signed_in(zeynep)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    out = client.get(reverse("openid_link"))["Location"]
    attempt = client.session["openid_attempt"]
    other = Client()
    other.force_login(outsider)
    session = other.session
    session["openid_attempt"] = attempt
    session.save()
    provider.token = {"email": outsider.email}
    EmailAddress.objects.create(user=outsider, email=outsider.email, primary=True, verified=True)
    assert provider.comes_back(other, out).status_code == 400
    assert not ExternalIdentity.objects.exists()


# --- 106 to 108: sessions -------------------------------------------------------------------------------------------------
def test_106_a_new_session_key_at_log_in_and_at_every_new_proof(zeynep):
    client = Client()
    client.session.save()  # the one a visitor had before
    seen = [client.session.session_key]
    password_given(client, zeynep, PASSWORD)
    seen.append(client.session.session_key)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    seen.append(client.session.session_key)
    assert len(set(seen)) == 3
    assert [Session.objects.filter(session_key=key).exists() for key in seen] == [False, False, True]


def test_106_a_new_password_ends_every_other_session_for_good(zeynep):
    here, there = signed_in(zeynep), signed_in(zeynep)
    key = there.session.session_key
    new = {"oldpassword": PASSWORD, "password1": "bambaska bir parola", "password2": "bambaska bir parola"}
    assert here.post(reverse("account_change_password"), new).status_code == 302
    assert here.get(reverse("me")).status_code == 200
    assert not Session.objects.filter(session_key=key).exists()
    assert there.get(reverse("me")).status_code == 302


def test_106_an_account_that_is_opened_again_has_no_session_from_before(zeynep):
    client = signed_in(zeynep)
    zeynep.is_active = False
    zeynep.save()
    Person.objects.filter(pk=zeynep.pk).update(is_active=True)
    assert client.get(reverse("me")).status_code == 302


@pytest.mark.parametrize("how", ["closed", "by hand"])
def test_107_a_deactivated_account_is_dead_everywhere(zeynep, how, django_capture_on_commit_callbacks):
    client = signed_in(zeynep)
    cookie = client.session.session_key
    assert visitor_of(cookie).person_id == zeynep.pk
    if how == "closed":
        from django.utils import timezone

        close_account(person=zeynep, at=timezone.now())
    else:
        Person.objects.filter(pk=zeynep.pk).update(is_active=False)
    assert client.get(reverse("my_data_file")).status_code == 302
    assert client.get("/api/v1/councils/kocaeli/drafts/").status_code in {401, 403, 404}
    assert visitor_of(cookie).person_id is None
    fresh = Client()
    password_given(fresh, zeynep, PASSWORD)
    assert "_auth_user_id" not in fresh.session


SENSITIVE = (
    ("get", "account_email"), ("get", "mfa_activate_totp"), ("get", "mfa_add_webauthn"), ("post", "mfa_generate_recovery_codes"),
    ("post", "mfa_deactivate_totp"), ("get", "openid_link"),
)  # fmt: skip


@pytest.mark.parametrize(("method", "name"), SENSITIVE)
def test_108_a_sensitive_act_asks_again_who_it_is(zeynep, provider, method, name):
    secret = give_app(zeynep) if name in {"mfa_deactivate_totp", "mfa_generate_recovery_codes"} else ""
    client = Client()
    password_given(client, zeynep, PASSWORD)
    if secret:
        client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    answer = getattr(client, method)(reverse(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_reauthenticate"))


DANGEROUS = ("account_email", "mfa_activate_totp", "mfa_add_webauthn", "token_new")


def test_108_an_account_with_neither_password_nor_second_step_is_asked_at_the_outside_log_in(provider):
    client = Client()
    provider.log_in(client)
    for name in DANGEROUS:
        assert client.get(reverse(name))["Location"].startswith(reverse("openid_prove")), name
    out = client.get(reverse("openid_prove"), {"next": reverse("token_new")})["Location"]
    assert "prompt=login&max_age=0" in out
    key = client.session.session_key
    assert provider.comes_back(client, out)["Location"] == reverse("token_new")
    assert client.session.session_key != key
    for name in DANGEROUS:
        assert client.get(reverse(name)).status_code == 200, name


OTHER_PROOFS: dict[str, dict[str, Any]] = {
    "of before": {"auth_time": 1_700_000_000},
    "of an unknown time": {"auth_time": None},
    "of no time": {"auth_time": True},
    "somebody else": {"sub": "vatandas-2"},
}


@pytest.mark.parametrize("proof", OTHER_PROOFS)
def test_108_the_proof_of_the_outside_log_in_is_of_now_and_of_the_same_person(provider, proof):
    client = Client()
    provider.log_in(client)
    out = client.get(reverse("openid_prove"), {"next": reverse("token_new")})["Location"]
    provider.token = OTHER_PROOFS[proof]
    assert provider.comes_back(client, out).status_code == 400
    assert client.get(reverse("token_new")).status_code == 302


def test_108_the_proof_is_for_the_person_who_began_it(provider, outsider):
    client = Client()
    provider.log_in(client)
    out = client.get(reverse("openid_prove"))["Location"]
    attempt = client.session["openid_attempt"]
    client.force_login(outsider)
    session = client.session
    session["openid_attempt"] = attempt
    session.save()
    assert provider.comes_back(client, out).status_code == 400


def test_108_an_open_session_gives_an_account_without_password_none(zeynep, settings):
    client = signed_in(zeynep)
    Person.objects.filter(pk=zeynep.pk).update(password="!nothing")
    session = client.session
    session["_auth_user_hash"] = Person.objects.get(pk=zeynep.pk).get_session_auth_hash()
    session.save()
    for name in (*DANGEROUS, "account_set_password"):
        assert client.get(reverse(name)).headers.get("Location", "").startswith(reverse("account_reset_password")), name
    new = {"password1": "dağ taş deniz kum", "password2": "dağ taş deniz kum"}
    client.post(reverse("account_set_password"), new)
    assert not Person.objects.get(pk=zeynep.pk).has_usable_password()
    page = client.get(reverse("account_reset_password"))
    assert "Hesabınızın parolası yok" in page.content.decode()


def test_108_offices_are_given_only_after_proving_again_who_one_is(zeynep, outsider):
    Person.objects.filter(pk=zeynep.pk).update(is_superuser=True, is_staff=True)
    secret = give_app(zeynep)
    client = Client()
    password_given(client, zeynep, PASSWORD)
    client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    page = reverse("admin:people_person_change", args=[outsider.pk])
    fields = {"display_name": outsider.display_name, "language": "tr", "is_active": "on", "is_staff": "on"}
    assert client.get(page).status_code == 200
    assert client.post(page, fields)["Location"].startswith(reverse("account_reauthenticate"))
    assert not Person.objects.get(pk=outsider.pk).is_staff
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": page})
    assert Person.objects.get(pk=outsider.pk).is_staff  # what was sent is done then


# --- 111 and 112 ----------------------------------------------------------------------------------------------------------
def test_111_cookies_are_for_the_server_only_and_the_token_of_forms_changes_at_log_in(zeynep, settings):
    client = Client()
    client.get(reverse("account_login"))
    before = client.cookies[settings.CSRF_COOKIE_NAME].value
    password_given(client, zeynep, PASSWORD)
    assert client.cookies[settings.CSRF_COOKIE_NAME].value != before
    for name in (settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["domain"], cookie["path"]) == (True, "Lax", "", "/")


def test_112_passwords_are_kept_by_a_slow_hash(zeynep, slowly_hashed):
    zeynep.set_password(PASSWORD)
    assert zeynep.password.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")
