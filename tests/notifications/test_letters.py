"""Mails about requests: who is told what, in their language, each once; who stopped them is left alone."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from journal.actions import deliver
from journal.models import Entry
from notifications.actions import choose_mails, send_letters
from notifications.models import Letter
from servicerequests import actions
from servicerequests.models import Channel, RequestType
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(kocaeli, selin):
    actions.start_desk(council=kocaeli, at=timezone.now())
    for unit in kocaeli.desk_units.all():
        unit.officers.add(selin.offices.get())
    return kocaeli


def post(at=None) -> list[tuple[str, str]]:
    """What is sent now: to whom, and the subject up to the colon."""
    before = len(outbox.outbox)
    deliver(list(Entry.objects.order_by("pk")))
    send_letters(at=at, seconds=30)
    told = outbox.outbox[before:]
    return sorted((message.to[0].partition("@")[0], message.subject.partition(":")[0]) for message in told)


def test_each_is_told_of_what_concerns_them_and_only_once(desk, ayse, mehmet, selin, settings):
    settings.REQUEST_MAIL_ADDRESS = "basvuru@kent.invalid"
    other = f.OfficerFactory(council=desk, role="directorate", person=f.PersonFactory(email="banu@ornek.invalid"))
    ayse.language = "en"
    ayse.save()
    at = timezone.now()
    asked = f.request_of(ayse, desk, at=at)
    number = f"[{asked.number}]"
    asked.joined.create(person=mehmet, at=at)

    def later(minutes):
        return at + timedelta(minutes=minutes)

    assert post() == [("ayse", f"{number} Your request has been received"), ("selin", f"{number} Yeni başvuru")]
    received = outbox.outbox[0] if outbox.outbox[0].to == ["ayse@ornek.invalid"] else outbox.outbox[1]
    assert str(asked.number) in received.body
    assert "basvuru+" in received.extra_headers["Reply-To"]
    actions.assign_request(actor=selin, request=asked, unit=asked.unit, assignee=other, at=later(1))
    assert post() == [("banu", f"{number} Size bir başvuru verildi")]
    actions.wait_for_other(actor=selin, request=asked, whom="Fen işleri soruldu.", at=later(2))
    actions.take_up(actor=selin, request=asked, at=later(3))
    assert post() == []
    actions.write_to_applicant(actor=selin, request=asked, text="Bakıyoruz.", at=later(4))
    assert post() == [("ayse", f"{number} The directorate has written about your request")]
    actions.reply_as_applicant(actor=ayse, request=asked, text="Teşekkürler.", at=later(5))
    assert post() == [("banu", f"{number} Başvuran yazdı")]
    actions.answer_request(actor=selin, request=asked, text="Onarıldı.", resolution="redirected", at=later(6))
    assert post() == [
        ("ayse", f"{number} Your request has been redirected"),
        ("mehmet", f"{number} Katıldığınız başvuru yanıtlandı"),
    ]
    assert "Onarıldı." in next(each.body for each in outbox.outbox[::-1] if each.to == ["ayse@ornek.invalid"])
    actions.reopen_request(actor=ayse, request=asked, text="Hâlâ soğuk.", at=later(7))
    assert [who for who, _ in post()] == ["ayse", "banu"]
    assert post() == []
    assert len({each.extra_headers["Message-ID"] for each in outbox.outbox}) == len(outbox.outbox)


def test_who_represents_the_organisation_is_told_too(desk, elif_, korfez, mehmet, ayse):
    f.RepresentativeFactory(organisation=korfez, person=mehmet)
    f.RepresentativeFactory(organisation=korfez, person=ayse, starts_on="2020-01-01", ends_on="2021-01-01")
    f.request_of(elif_, desk, on_behalf_of=korfez)
    assert [who for who, _ in post()] == ["elif", "mehmet", "selin"]


def test_one_broken_mail_holds_none_back_and_who_stopped_them_gets_none(desk, ayse, mehmet, elif_, selin, monkeypatch):
    faults = {"ayse": SMTPServerDisconnected("gone"), "mehmet": SMTPRecipientsRefused({})}
    real = EmailBackend.send_messages

    def send(self, messages):
        if error := faults.pop(messages[0].to[0].partition("@")[0], None):
            raise error
        return real(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send)
    choose_mails(actor=selin, choices={"desk": "never"})
    with pytest.raises(ValidationError):
        choose_mails(actor=ayse, choices={"applicant": "daily"})
    for person in (ayse, mehmet, elif_):
        f.request_of(person, desk)
    kind = RequestType.objects.get(council=desk, slug="talep")
    said = actions.Said("Salon soğuktu", "Salı akşamı geldik, soğuktu.")
    for contact in ("0262 000 00 00, hatice@ornek.invalid", "0262 000 00 00"):
        actions.enter_request(
            actor=selin,
            council=desk,
            kind=kind,
            said=said,
            named="Hatice",
            contact=contact,
            channel=Channel.PHONE,
            at=timezone.now(),
        )
    assert [who for who, _ in post()] == ["elif", "hatice"]
    assert "/basvurular/" not in outbox.outbox[-1].body  # no page without an account
    states = dict(Letter.objects.exclude(state="sent").values_list("person__email", "state"))
    assert states == {"ayse@ornek.invalid": "waiting", "mehmet@ornek.invalid": "failed"}
    assert [who for who, _ in post(at=timezone.now() + timedelta(minutes=2))] == ["ayse"]
    f.request_of(mehmet, desk)
    choose_mails(actor=mehmet, choices={"applicant": "never"})  # meanwhile
    assert post(at=timezone.now() + timedelta(days=4)) == []
    assert Letter.objects.filter(state="waiting").count() == 0
