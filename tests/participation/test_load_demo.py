"""The demo loads in time into an empty database in demo mode, and nowhere else."""

from __future__ import annotations

import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from councils.models import Council
from journal.models import Undelivered
from people.models import Person

MOST_SECONDS = 60
"""Of this process alone: tests run beside each other, so the clock on the wall says little."""


@pytest.mark.django_db(transaction=True)
def test_it_loads_in_time_and_leaves_nothing_undelivered(settings, tmp_path):
    settings.DEMO = True
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    out, begin = StringIO(), time.process_time()
    call_command("load_demo", stdout=out)
    assert time.process_time() - begin < MOST_SECONDS
    assert out.getvalue().strip() == "Örnek veriler yüklendi: 2 konsey, 72 kişi, 62 öneri."
    assert not Undelivered.objects.exists()


@pytest.mark.django_db
def test_outside_demo_mode_nothing_is_loaded(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="yalnız demo kipinde"):
        call_command("load_demo")
    assert (Person.objects.count(), Council.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_database_with_people_is_left_alone(settings):
    settings.DEMO = True
    Person.objects.create_user("biri@ornek.invalid", display_name="Biri")
    with pytest.raises(CommandError, match="Veritabanı boş değil"):
        call_command("load_demo")
    assert (Person.objects.count(), Council.objects.count()) == (1, 0)
