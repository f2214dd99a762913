"""A project with partners: its file, who reads and ticks what, when it is signed, and what everybody may know."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from councils.models import Officer
from councils.working_time import ISTANBUL
from partnerships import actions
from partnerships.models import MOVES, Note, Partnership, Protocol, State
from people.verdicts import Refused
from tests import factories as f
from tests.factories.partnerships import PROTOCOL

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=ISTANBUL)
TODAY = date(2026, 10, 5)


def test_every_state_is_reached_and_left_as_the_table_says(kocaeli, selin):
    for old in State:
        for new in State:
            row = Partnership.objects.create(
                council=kocaeli, title="Bostan", purpose="Bostan kurmak", state=old, opened_by=selin, opened_at=NOW
            )
            if new == State.SIGNED:
                actions.add_protocol(actor=selin, partnership=row, document=PROTOCOL, signed_on=TODAY, at=NOW)
            if new in MOVES[old]:
                assert actions.move(actor=selin, partnership=row, state=new, reason="Gerekti", at=NOW).state == new
            else:
                with pytest.raises(ValidationError):
                    actions.move(actor=selin, partnership=row, state=new, reason="Gerekti", at=NOW)


def test_it_is_signed_with_a_protocol_dropped_with_a_reason_and_published_only_then(kocaeli, selin, korfez, elif_):
    found = f.partnership_of(kocaeli, selin, korfez, at=NOW)
    with pytest.raises(Refused):
        actions.move(actor=elif_, partnership=found, state="negotiation", at=NOW)
    actions.move(actor=selin, partnership=found, state="negotiation", at=NOW)
    for wrong in (
        lambda: actions.move(actor=selin, partnership=found, state="signed", at=NOW),
        lambda: actions.move(actor=selin, partnership=found, state="dropped", at=NOW),
        lambda: actions.publish(actor=selin, partnership=found, is_public=True, at=NOW),
    ):
        with pytest.raises(ValidationError):
            wrong()
    with pytest.raises(IntegrityError), transaction.atomic():
        Partnership.objects.update(published_at=NOW)
    first = actions.add_protocol(actor=selin, partnership=found, document=PROTOCOL, at=NOW)
    assert actions.add_protocol(actor=selin, partnership=found, document=PROTOCOL, at=NOW) == first
    actions.add_protocol(actor=selin, partnership=found, document=PROTOCOL, signed_on=TODAY, at=NOW)
    actions.move(actor=selin, partnership=found, state="signed", at=NOW)
    actions.publish(actor=selin, partnership=found, is_public=True, at=NOW)
    found = actions.move(actor=selin, partnership=found, state="dropped", reason="Program kapandı", at=NOW)
    assert (found.published_at, found.protocols.count()) == (None, 2)


def test_partners_read_the_file_and_tick_their_own_tasks(client, kocaeli, selin, korfez, elif_, mehmet):
    found = f.signed_partnership(kocaeli, selin, korfez, at=NOW)
    other, whose = f.another_organisation(kocaeli)
    actions.add_partner(actor=selin, partnership=found, organisation=other, at=NOW)
    step = found.steps.get(is_milestone=False)
    actions.write_note(actor=selin, partnership=found, text="Bütçe yetmeyebilir", is_inside=True, at=NOW)
    with pytest.raises(Refused):
        actions.write_note(actor=elif_, partnership=found, text="Gizli", is_inside=True, at=NOW)
    for person in (mehmet, whose):
        with pytest.raises(Refused):
            actions.tick(actor=person, step=step, at=NOW)
    address, act = found.get_absolute_url(), reverse("partnership_act", args=["kocaeli", found.pk])
    client.force_login(elif_)
    text = client.get(address).content.decode()
    assert "Fideleri getirmek" in text
    assert "Bütçe yetmeyebilir" not in text
    assert "Fideleri getirmek" in client.get(reverse("partnership_list", args=["kocaeli"])).content.decode()
    assert client.post(act, {"deed": "tick", "step": step.pk}).status_code == 302
    assert client.post(act, {"deed": "note", "text": "Fideler hazır", "is_inside": "on"}).status_code == 302
    assert list(Note.objects.filter(is_inside=False).values_list("text", flat=True)) == ["Fideler hazır"]
    assert client.get(reverse("partnership_protocol", args=["kocaeli", found.pk, 1])).status_code == 200
    client.force_login(mehmet)
    text = client.get(address).content.decode()
    assert "Körfez Bisikletliler" in text
    assert "Açılış" in text
    assert "Fideleri getirmek" not in text
    assert client.post(act, {"deed": "unpublish"}).status_code == 404
    client.force_login(selin)
    assert client.post(act, {"deed": "unpublish"}).status_code == 302
    client.logout()
    assert client.get(address).status_code == 404


def test_a_request_becomes_a_file_whose_task_stands_on_the_desk(client, kocaeli, selin, korfez, elif_):
    answers = {"beklenti": "Birlikte başvurmak istiyoruz."}
    asked = f.request_of(elif_, kocaeli, kind="ortaklik", on_behalf_of=korfez, answers=answers)
    client.force_login(selin)
    new = reverse("partnership_new", args=["kocaeli"]) + f"?basvuru={asked.number}"
    assert new in client.get(asked.get_absolute_url()).content.decode()
    form = client.get(new).context["form"]
    sent = {"title": form.initial["title"], "purpose": form.initial["purpose"], "key": form.initial["key"]}
    first, second = client.post(new, sent), client.post(new, sent)
    found = Partnership.objects.get()
    assert first["Location"] == second["Location"] == found.get_absolute_url()
    assert [str(each) for each in found.partners.all()] == [korfez.name]
    act = reverse("partnership_act", args=["kocaeli", found.pk])
    sent = {"deed": "step", "title": "Bütçeyi yazmak", "due_on": "2026-12-24"}
    assert client.post(act, sent).status_code == 422
    officer = Officer.objects.get(person=selin)
    assert client.post(act, sent | {"officer": officer.pk}).status_code == 302
    assert "Bütçeyi yazmak" in client.get(reverse("desk", args=["kocaeli"])).content.decode()
    client.force_login(elif_)
    assert found.get_absolute_url() in client.get(asked.get_absolute_url()).content.decode()


def test_whoever_is_responsible_is_reminded_once_of_what_runs_out(kocaeli, selin, korfez):
    f.signed_partnership(kocaeli, selin, korfez, valid_until=TODAY + timedelta(days=60), at=NOW)
    told = [n for n in range(25, 40) for _again in range(2) if actions.remind(at=NOW + timedelta(days=n))]
    assert told == [30]
    assert [message.to for message in mail.outbox] == [[selin.email]]
    for deed in (lambda: Protocol.objects.update(version=9), Protocol.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
