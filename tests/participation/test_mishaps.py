"""What people read when a request cannot be answered, and what a watchdog reads."""

from __future__ import annotations

import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from journal import sealing
from journal.actions import record
from journal.models import Queued, Undelivered
from journal.tasks import seal_when_due
from participation import pages, views
from people.models import Person
from people.verdicts import Refused


@pytest.fixture
def asked(visitor, kocaeli):
    request = RequestFactory().get("/kocaeli/")
    request.user, request.council, request.request_id = visitor, kocaeli, "abc-123"
    return request


def test_a_refusal_tells_its_own_sentence(asked):
    answer = views.forbidden(asked, Refused("Bu öneri şu anda destek toplamıyor."))
    assert answer.status_code == 403
    assert "Bu öneri şu anda destek toplamıyor." in answer.content.decode()


def test_another_denial_tells_nothing_of_its_inside(asked):
    page = views.forbidden(asked, PermissionDenied("secret detail")).content.decode()
    assert "secret detail" not in page
    assert "size açık değil" in page


def test_a_missing_page_offers_the_way_back(client, kocaeli):
    answer = client.get("/kocaeli/boyle-bir-sayfa-yok/")
    assert answer.status_code == 404
    assert "Bu sayfa burada değil" in answer.content.decode()


def test_a_missing_and_a_closed_page_show_the_number_of_the_request(client, asked, kocaeli):
    missing = client.get("/kocaeli/boyle-bir-sayfa-yok/")
    assert missing["X-Request-Id"] in missing.content.decode()
    assert "abc-123" in views.forbidden(asked, PermissionDenied()).content.decode()


def test_a_broken_page_asks_nothing_of_the_database_and_shows_its_number(asked, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = views.server_error(asked)
    assert answer.status_code == 500
    assert "abc-123" in answer.content.decode()


def test_a_page_that_breaks_is_answered_in_our_own_words(monkeypatch, kocaeli):
    def broken(*args, **kwargs):
        raise RuntimeError("inside")

    monkeypatch.setattr("participation.council_home.figures", broken)
    client = Client(raise_request_exception=False)
    answer = client.get("/kocaeli/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Bizde bir şey bozuldu" in page
    assert "inside" not in page
    assert answer["X-Request-Id"] in page


def test_a_form_without_its_token_is_refused_in_words(ayse, ulasim):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ayse)
    answer = client.post(reverse("group_join", args=["kocaeli", ulasim.slug]), {"message": "x"})
    assert answer.status_code == 403
    assert "Bu form eskimiş" in answer.content.decode()


# --- Health ---------------------------------------------------------------------------------------
def test_health_says_ok_and_how_old_what_is_owed_is(client, db):
    seal_when_due()
    expected = {
        "status": "ok",
        "database": "ok",
        "bus": "ok",
        "oldest_undelivered_seconds": 0,
        "sealing": "ok",
        "oldest_unsealed_seconds": 0,
        "sealer": "ok",
    }
    assert client.get("/saglik/").json() == expected


def test_health_tells_the_age_of_what_is_not_delivered(client, kocaeli):
    with transaction.atomic():
        entry = record(
            "councils.updated", actor=None, subject=kocaeli, topic="council:1", at=timezone.now(), council=kocaeli
        )
    Undelivered.objects.update_or_create(
        entry=entry, defaults={"since": timezone.now() - timezone.timedelta(seconds=90)}
    )
    assert 90 <= client.get("/saglik/").json()["oldest_undelivered_seconds"] < 150


def test_health_says_when_the_log_is_sealed_late(client, db, settings):
    settings.SEALING_LATE_SECONDS = 36_000
    for hours, expected in ((1, "ok"), (9, "ok"), (11, "late")):
        Queued.objects.all().delete()
        Queued.objects.create(source="journal.entry", row_id=1, since=timezone.now() - timedelta(hours=hours))
        Queued.objects.create(source="journal.entry", row_id=2)
        told = client.get("/saglik/")
        assert (told.status_code, told.json()["sealing"]) == (200, expected)
        assert told.json()["oldest_unsealed_seconds"] // 3600 == hours


def test_health_says_whether_the_sealer_is_there(client, db, monkeypatch):
    cache.clear()
    assert client.get("/saglik/").json()["sealer"] == "unknown"
    seal_when_due()
    assert client.get("/saglik/").json()["sealer"] == "ok"
    later = time.time() + sealing.AWAY.total_seconds() + 1
    monkeypatch.setattr(sealing, "time", SimpleNamespace(time=lambda: later))
    assert client.get("/saglik/").json()["sealer"] == "away"
    seal_when_due()
    assert client.get("/saglik/").json()["sealer"] == "ok"


def test_health_says_down_without_a_database_and_nothing_more(client, db, monkeypatch):
    def broken(*args, **kwargs):
        raise OperationalError("host=secret")

    monkeypatch.setattr(pages.Undelivered.objects, "aggregate", broken)
    answer = client.get("/saglik/")
    assert (answer.status_code, answer.json()) == (503, {"status": "down", "database": "down"})


def test_without_its_bus_the_site_is_still_well(client, db, monkeypatch):
    from realtime.bus import BusDown, get_bus

    def down(topic):
        raise BusDown("host=secret")

    monkeypatch.setattr(get_bus(), "count_present", down)
    answer = client.get("/saglik/")
    assert (answer.status_code, answer.json()["bus"]) == (200, "down")
    assert "secret" not in answer.content.decode()


# --- The administration ---------------------------------------------------------------------------
def test_the_administration_is_for_superusers_alone(client, ayse, hakan, superuser):
    answer = client.get("/admin/")
    assert answer.status_code == 302
    assert client.get(answer["Location"])["Location"].startswith(reverse("account_login"))
    staff = Person.objects.create_user("personel@ornek.invalid", display_name="Personel", is_staff=True)
    for person in (ayse, hakan, staff):
        client.force_login(person)
        assert client.get("/admin/", follow=True).status_code == 403
    client.force_login(superuser)
    assert client.get("/admin/").status_code == 200


def test_what_was_voted_and_recorded_is_only_looked_at(client, superuser):
    client.force_login(superuser)
    for model in ("ballots/ballot", "ballots/vote", "journal/entry"):
        assert client.get(f"/admin/{model}/").status_code == 200
        assert client.get(f"/admin/{model}/add/").status_code == 403


def test_every_list_of_the_administration_opens(client, superuser, ulasim, derya, elif_, selin):
    from django.contrib import admin

    client.force_login(superuser)
    for model in admin.site._registry:
        if model._meta.app_label in {"councils", "organisations", "workinggroups", "ballots", "journal", "people"}:
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            assert client.get(address).status_code == 200, address
            row = model.objects.first()
            if row is not None:
                change = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
                assert client.get(change).status_code == 200, change


def test_a_seat_given_in_the_administration_is_recorded(client, superuser, ulasim, ayse):
    from journal.models import Entry

    client.force_login(superuser)
    fields = {
        "body": ulasim.pk,
        "person": ayse.pk,
        "role": "member",
        "has_vote": "on",
        "starts_on": timezone.localdate().isoformat(),
    }
    answer = client.post(reverse("admin:councils_membership_add"), fields)
    assert answer.status_code == 302
    entry = Entry.objects.get()
    assert (entry.kind, entry.topic, entry.actor_id) == ("councils.member_added", ulasim.topic, superuser.pk)
