"""An age band is given freely with a consent of its own, taken back as easily, and nobody but its person reads it."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from people.actions import give_age_band
from people.models import Person

URL = "settings_age_band"


def given(person: Person) -> tuple[str, bool]:
    person.refresh_from_db()
    return person.age_band, person.age_band_given_at is not None


def test_it_is_kept_with_the_moment_of_the_consent_and_goes_with_one_button(client, ayse):
    client.force_login(ayse)
    page = client.get(reverse("settings")).text
    assert "checked" not in page.partition('id="age"')[2].partition("</section>")[0]
    client.post(reverse(URL), {"age-age_band": "35-49", "age-consent": "on"})
    assert given(ayse) == ("35-49", True)
    assert json.loads(client.get(reverse("my_data_file")).content)["account"][0]["age_band"] == "35-49"
    client.post(reverse(URL), {"remove": "1"})
    assert given(ayse) == ("", False)


@pytest.mark.parametrize(
    "sent", [{}, {"age-age_band": "35-49"}, {"age-age_band": "99", "age-consent": "on"}, {"age-consent": "on"}]
)
def test_without_a_band_or_without_the_consent_nothing_is_kept(client, ayse, sent):
    client.force_login(ayse)
    assert client.post(reverse(URL), sent).status_code == 422
    assert given(ayse) == ("", False)


def test_the_database_keeps_no_band_without_its_consent(ayse):
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=ayse.pk).update(age_band="35-49")
    with pytest.raises(ValidationError):
        give_age_band(actor=ayse, band="99", at=timezone.now())


def test_a_closed_account_has_none(ayse):
    give_age_band(actor=ayse, band="65+", at=timezone.now())
    call_command("close_account", ayse.email)
    assert given(ayse) == ("", False)


def test_the_same_through_the_api(client, ayse):
    client.force_login(ayse)
    url = reverse("api-my-age-band")
    refused = client.put(url, {"age_band": "35-49", "consent": False}, content_type="application/json")
    assert (refused.status_code, given(ayse)) == (400, ("", False))
    answer = client.put(url, {"age_band": "35-49", "consent": True}, content_type="application/json")
    assert (answer.json()["age_band"], given(ayse)) == ("35-49", ("35-49", True))
    assert client.delete(url).json() == {"age_band": "", "given_at": None}
