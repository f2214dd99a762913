"""Whoever reads another's data for their office leaves a trace that its owner sees."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from councils.residents import read_resident
from councils.working_time import ISTANBUL
from people.models import DataRead
from servicerequests.actions import note_reading
from tests import factories as f

pytestmark = pytest.mark.django_db


def test_the_desk_leaves_a_trace_once_an_hour_and_the_applicant_none(client, kocaeli, ayse, selin):
    asked = f.request_of(ayse, kocaeli)
    address = asked.get_absolute_url()
    for reader in (ayse, selin, selin):
        client.force_login(reader)
        assert client.get(address).status_code == 200
    assert [(row.reader, row.person, row.what, row.key) for row in DataRead.objects.all()] == [
        (selin, ayse, "request", asked.number)
    ]
    later = timezone.localtime(DataRead.objects.get().at) + timedelta(hours=1)
    note_reading(reader=selin, request=asked, at=later)
    assert DataRead.objects.count() == 2


def test_the_api_leaves_the_same_trace(client, kocaeli, ayse, selin):
    asked = f.request_of(ayse, kocaeli)
    client.force_login(selin)
    for name in ("api-request", "api-request-messages"):
        assert client.get(reverse(name, args=[kocaeli.slug, asked.number])).status_code == 200
    assert DataRead.objects.filter(reader=selin, person=ayse).count() == 1


def test_a_residents_record_leaves_a_trace(kocaeli, ayse, selin):
    read_resident(selin, kocaeli, ayse.pk, at=timezone.now())
    assert DataRead.objects.get().what == "resident"


def test_ones_own_page_and_file_tell_what_was_read_and_when_but_not_by_whom(client, kocaeli, ayse, selin):
    asked = f.request_of(ayse, kocaeli)
    note_reading(reader=selin, request=asked, at=datetime(2026, 11, 30, 9, 15, tzinfo=ISTANBUL))
    client.force_login(ayse)
    page = client.get(reverse("my_data")).content.decode()
    assert asked.number in page
    assert "30 Kasım 2026 09.15" in page
    assert selin.display_name not in page
    stored = json.loads(client.get(reverse("my_data_file")).content)["data_reads"]
    assert [(row["what"], row["key"]) for row in stored] == [("request", asked.number)]


def test_a_trace_is_never_changed(kocaeli, ayse, selin):
    note_reading(reader=selin, request=f.request_of(ayse, kocaeli), at=timezone.now())
    for change in (lambda rows: rows.update(key="x"), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change(DataRead.objects.all())
