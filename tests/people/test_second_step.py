from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people import second_step
from people.mfa_forms import digits, fitting_counter
from people.models import Person
from tests import factories as f
from tests.people.steps import code_now, give_app, password_given, secret_on

pytestmark = pytest.mark.django_db
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B: "12345678901234567890"


@pytest.mark.parametrize(
    ("at", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_the_standard(at, code):
    assert fitting_counter(SECRET, code, after=0, at=at) == at // 30


def test_a_clock_may_be_one_period_off_and_moments_only_grow():
    code, counter = "287082", 1  # of second 59
    assert [fitting_counter(SECRET, code, after=0, at=at) for at in (20, 89, 90)] == [counter, counter, None]
    assert fitting_counter(SECRET, code, after=counter, at=59) is None


@pytest.mark.parametrize(
    ("typed", "read"), [(" 287 082", "287082"), ("287‑082", "287082"), ("２８７０８２", "287082"), ("٢٨٧٠٨٢", "287082")]
)
def test_a_code_may_be_typed_in_any_notation(typed, read):
    assert digits(typed) == read
    assert digits("28708z") == "28708x"


@pytest.fixture
def secretary(kocaeli, zeynep) -> Person:
    body = f.BodyFactory(council=kocaeli, kind="secretariat", name="Genel Sekreterlik")
    f.MembershipFactory(body=body, person=zeynep, role="secretary")
    return zeynep


def test_whoever_holds_an_office_is_led_to_set_up_a_second_step_and_goes_on(
    client, secretary, password, django_capture_on_commit_callbacks
):
    password_given(client, secretary, password)
    desk = reverse("desk", args=["kocaeli"])
    assert client.get(desk)["Location"] == reverse("mfa_index")
    assert "ikinci adım zorunludur" in client.get(reverse("mfa_index")).content.decode()
    assert client.post(reverse("set_language"), {"language": "en"}).status_code == 302
    client.post(reverse("set_language"), {"language": "tr"})

    asked = client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": password})
    page = client.get(reverse("mfa_activate_totp"))
    assert '<svg class="qr"' in page.content.decode()
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "12345x"})
    assert wrong.status_code == 422
    before = client.session.session_key
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(reverse("mfa_activate_totp"), {"code": code_now(secret_on(page))})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    assert client.session.session_key != before
    assert mail.outbox[-1].subject == "Meydan: kod uygulaması kuruldu"

    shown = client.get(reverse("mfa_view_recovery_codes"))
    assert len(shown.context["unused_codes"]) == 10
    assert "bir kez gösterildi" in client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert client.get(desk).status_code == 200


@pytest.mark.parametrize("office", ["facilitator", "directorate", "centre", "staff", "superuser"])
def test_every_office_needs_it(client, kocaeli, ulasim, zeynep, password, office):
    if office == "facilitator":
        f.MembershipFactory(body=ulasim, person=zeynep, role=office)
    elif office in {"directorate", "centre"}:
        f.OfficerFactory(council=kocaeli, person=zeynep, role=office)
    else:
        Person.objects.filter(pk=zeynep.pk).update(**{f"is_{office}": True})
    password_given(client, zeynep, password)
    assert client.get(reverse("me"))["Location"] == reverse("mfa_index")
    api = client.get("/api/v1/councils/")
    assert (api.status_code, api.json()["code"]) == (403, "second_step_required")
    assert client.get(reverse("me"), headers={"HX-Request": "true"})["HX-Redirect"] == reverse("mfa_index")
    assert client.post(reverse("set_language"), {"language": "tr"}).status_code == 302


def test_who_holds_no_office_any_more_needs_none(client, ulasim, zeynep, password):
    yesterday = timezone.localdate() - timedelta(days=1)
    f.MembershipFactory(body=ulasim, person=zeynep, role="facilitator", ends_on=yesterday)
    f.OfficerFactory(council=ulasim.council, person=zeynep, is_active=False)
    password_given(client, zeynep, password)
    assert client.get(reverse("me")).status_code == 200


def test_it_costs_no_query(client, zeynep, kocaeli, django_assert_num_queries):
    client.force_login(zeynep)
    client.get(reverse("about"))
    with django_assert_num_queries(2):  # the session with its person and the offices, and the councils of the header
        client.get(reverse("about"))


def test_a_time_of_grace_lets_the_person_in_and_says_so(client, secretary, password, settings):
    settings.SECOND_STEP_GRACE_DAYS = 7
    password_given(client, secretary, password)
    page = client.get(reverse("desk", args=["kocaeli"]))
    assert page.status_code == 200
    assert "ikinci adım gerekecek" in page.content.decode()
    Person.objects.filter(pk=secretary.pk).update(second_step_asked_at=timezone.now() - timedelta(days=8))
    assert client.get(reverse("desk", args=["kocaeli"]))["Location"] == reverse("mfa_index")


def test_a_live_connection_needs_the_second_step_too(client, secretary, password):
    from realtime.identity import visitor_of

    password_given(client, secretary, password)
    assert visitor_of(client.session.session_key).person_id is None
    client.force_login(secretary)
    assert visitor_of(client.session.session_key).person_id == secretary.pk


def test_logging_in_asks_for_the_code_or_a_recovery_code(client, secretary, password):
    secret = give_app(secretary)
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    spare = RecoveryCodes.activate(secretary).get_unused_codes()[0]
    desk = reverse("desk", args=["kocaeli"])
    assert password_given(client, secretary, password, next=desk)["Location"].startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session
    page = client.get(reverse("mfa_authenticate"))
    assert "İkinci adım" in page.content.decode()
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 422
    assert client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})["Location"] == desk
    assert client.get(desk).status_code == 200

    elsewhere = Client()
    password_given(elsewhere, secretary, password)
    assert elsewhere.post(reverse("mfa_authenticate"), {"code": f"{spare[:4]} {spare[4:]}"}).status_code == 302
    assert second_step.is_done(elsewhere.session, secretary)
    again = Client()
    password_given(again, secretary, password)
    assert again.post(reverse("mfa_authenticate"), {"code": spare}).status_code == 422


def test_a_session_from_before_proves_the_step_and_gets_a_new_key(client, secretary, password):
    password_given(client, secretary, password)
    secret = give_app(secretary)
    desk = reverse("desk", args=["kocaeli"])
    led = client.get(desk)["Location"]
    assert led.startswith(reverse("mfa_reauthenticate"))
    before = client.session.session_key
    assert client.post(led, {"code": code_now(secret), "next": desk})["Location"] == desk
    assert client.session.session_key != before
    assert not client.session.exists(before)
    assert client.get(desk).status_code == 200


def test_an_office_keeps_its_last_second_step(client, secretary, password):
    secret = give_app(secretary)
    password_given(client, secretary, password)
    client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    client.post(reverse("mfa_reauthenticate"), {"code": code_now(secret, periods=1)})
    refused = client.post(reverse("mfa_deactivate_totp"))
    assert refused.status_code == 422
    assert "Göreviniz sürdükçe" in refused.content.decode()
    assert Authenticator.objects.filter(user=secretary).count() == 1


def test_without_an_office_it_can_be_taken_off_and_ends_the_other_sessions(client, zeynep, password):
    secret = give_app(zeynep)
    other = Client()
    password_given(other, zeynep, password)
    other.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    password_given(client, zeynep, password)
    client.post(reverse("mfa_authenticate"), {"code": code_now(secret, periods=1)})
    client.post(reverse("account_reauthenticate"), {"password": password})
    assert client.post(reverse("mfa_deactivate_totp"))["Location"] == reverse("mfa_index")
    assert not second_step.is_done(client.session, zeynep)
    assert client.get(reverse("me")).status_code == 200
    assert other.get(reverse("me")).status_code == 302


def test_the_secret_is_no_plain_text_in_the_database(zeynep):
    secret = give_app(zeynep)
    assert secret not in str(Authenticator.objects.get(user=zeynep).data)


def test_a_demo_person_has_taken_the_step(client, hakan, settings):
    settings.DEMO, settings.ROOT_URLCONF = True, "tests.people.demo_site"
    client.post("/demo/kisiler/", {"who": "hakan"})
    assert client.get(reverse("desk", args=["kocaeli"])).status_code == 200
