"""Closing an account: the person is gone, the record and the counts stay true."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from people.models import IdentityCheck, Person
from proposals.stages import Stage
from tests import factories as f


def test_name_address_identity_and_sessions_go_and_what_was_written_stays(client, ayse, selin, kocaeli):
    EmailAddress.objects.create(user=ayse, email=ayse.email, verified=True, primary=True)
    IdentityCheck.objects.create(person=ayse, number_hash="a" * 64, checked_by=selin, checked_at=timezone.now())
    proposal = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.GATHERING)
    f.SupportFactory(proposal=proposal, person=ayse)
    client.force_login(ayse)
    call_command("close_account", "AYSE@ornek.invalid")
    person = Person.objects.get(pk=ayse.pk)
    assert (person.display_name, person.is_active, person.has_usable_password()) == ("Silinmiş hesap", False, False)
    assert not EmailAddress.objects.filter(user=person).exists()
    assert not IdentityCheck.objects.filter(person=person).exists()
    assert client.get(reverse("me")).status_code == 302
    page = client.get(proposal.get_absolute_url()).text
    assert "Ayşe Demir" not in page
    assert "Silinmiş hesap" in page
    proposal.refresh_from_db()
    assert (proposal.support_count, proposal.supports.count()) == (1, 1)
    assert Entry.objects.get(kind="people.account_closed").audience == "staff"


def test_an_unknown_address_closes_nothing(ayse):
    with pytest.raises(CommandError):
        call_command("close_account", "yok@ornek.invalid")
    ayse.refresh_from_db()
    assert ayse.is_active
