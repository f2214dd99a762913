"""Attacks on requests by e-mail: on headers, the log, other people's mailboxes, and on what the desk notes inside."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from unittest.mock import patch

import pytest
from allauth.account.models import EmailAddress
from django.core import mail as outbox
from django.utils import timezone
from structlog.testing import capture_logs

from journal.actions import deliver
from journal.models import Entry
from notifications.actions import posting, send_letters
from notifications.models import Letter
from servicerequests import actions, mail_addresses, mail_reading
from servicerequests.models import Channel, IncomingMail, RequestType, ServiceRequest
from tests import factories as f

pytestmark = pytest.mark.django_db
SECRET = "gizlinot"
EVIL = "Kötü\r\nBcc: herkes@ornek.invalid\r\n\r\n\x1b[31m\u202everi"


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.REQUEST_MAIL_ADDRESS = "basvuru@kent.invalid"
    settings.REQUEST_MAIL_AUTHSERV = "mx.kent.invalid"


def post() -> int:
    deliver(list(Entry.objects.order_by("pk")))
    return send_letters(seconds=30)


def came(raw: bytes, uid: int = 1) -> IncomingMail:
    now = timezone.now()
    taken = actions.take_mail(place=actions.Place("box", 1, uid), raw=raw, received_at=now, at=now)
    assert taken is not None
    return taken


def test_078_what_stands_in_a_mail_or_was_typed_writes_no_header_of_the_answer(kocaeli, ayse, selin):
    actions.start_desk(council=kocaeli, at=timezone.now())
    EmailAddress.objects.create(user=ayse, email=ayse.email, verified=True)
    raw = (
        "From: =?utf-8?q?Ay=C5=9Fe=0D=0ABcc=3A_herkes=40ornek.invalid?= <ayse@ornek.invalid>\r\n"
        "To: basvuru@kent.invalid\r\nSubject: =?utf-8?q?Salon=0D=0ABcc:_herkes@ornek.invalid=0D=0A=0D=0Averi?=\r\n"
        "Message-ID: <a@b.invalid\r\n Bcc: x@y.invalid>\r\n"
        "Authentication-Results: mx.kent.invalid; dmarc=pass header.from=ornek.invalid\r\n\r\nSalon soğuktu.\r\n"
    )
    assert came(raw.encode()).state == "filed"
    kind = RequestType.objects.get(council=kocaeli, slug="talep")
    told = {"named": EVIL, "contact": "hatice@ornek.invalid", "channel": Channel.LETTER}
    actions.enter_request(
        actor=selin, council=kocaeli, kind=kind, said=actions.Said(EVIL, "Salon soğuktu."), at=timezone.now(), **told
    )
    ServiceRequest.objects.filter(channel=Channel.LETTER).update(subject=EVIL)  # as an import might have left it
    assert post() == 2
    for message in outbox.outbox:
        written = message.message()
        assert (written["Bcc"], len(message.recipients())) == (None, 1)
        for name, value in written.items():
            assert "\x1b" not in value, name
            assert all(line.startswith((" ", "\t")) for line in str(value).splitlines()[1:]), name


def test_079_nothing_of_a_mail_is_in_the_log(kocaeli, ayse, settings):
    with capture_logs() as lines:
        came(b"From: herkes\x1b[31m <a@b.invalid>\r\n" + b"Zzz: y\r\n" * 60_000)
        came(b"From: a\r\nSubject: \x1b[31mkotu\r\nMessage-ID: <\x1b>\r\n\r\n\x00\x1b", 2)
        with patch.object(mail_reading, "take_mail", side_effect=ValueError(EVIL)):
            place, now = actions.Place("box", 1, 3), timezone.now()
            mail_reading._take(place, b"", is_whole=True, received_at=now, at=now)
        f.request_of(ayse, kocaeli)
        settings.EMAIL_BACKEND = "tests.attacks.test_request_mail.Refuses"
        post()
    assert {line["event"] for line in lines} >= {
        "request_mail_unreadable",
        "request_mail_broken",
        "notice_mail_refused",
    }
    assert not any(word in repr(lines) for word in ("\\x1b", "\\u202e", "herkes", "kotu", "ayse@"))


class Refuses:
    """A mail server that answers with what was sent to it."""

    def __init__(self, **_: object) -> None:
        pass

    def send_messages(self, messages: list[object]) -> int:
        raise smtplib.SMTPRecipientsRefused({"ayse@ornek.invalid": (550, EVIL.encode())})

    def close(self) -> None:
        pass


def test_128_one_address_is_not_flooded_with_mails_of_requests(kocaeli, selin):
    """Whoever is made to ask for somebody else's address: what is more waits, and what waits too long is let go."""
    actions.start_desk(council=kocaeli, at=timezone.now())
    kind = RequestType.objects.get(council=kocaeli, slug="talep")
    for n in range(24):
        actions.enter_request(
            actor=selin,
            council=kocaeli,
            kind=kind,
            said=actions.Said(f"İstek {n} geldi", "Salon soğuktu, açılsın."),
            named="Kurban",
            contact="Kurban <kurban@ornek.invalid>" if n % 2 else "KURBAN@ornek.invalid",
            channel=Channel.PHONE,
            at=timezone.now(),
        )
    assert post() == len(outbox.outbox) == 20
    assert send_letters(at=timezone.now() + timedelta(minutes=20)) == 0
    assert send_letters(at=timezone.now() + timedelta(minutes=70)) == 4
    assert Letter.objects.exclude(state="sent").count() == 0


def test_128_nobody_we_do_not_know_gets_an_answer_to_a_mail_in_their_name(kocaeli, ayse):
    actions.start_desk(council=kocaeli, at=timezone.now())
    EmailAddress.objects.create(user=ayse, email=ayse.email, verified=True)
    for uid, sender in enumerate(("kurban@ornek.invalid", "ayse@ornek.invalid"), 1):
        came(
            f"From: {sender}\r\nTo: basvuru@kent.invalid\r\nSubject: Salon soguk\r\n\r\nSalon soguktu.\r\n".encode(),
            uid,
        )
    assert (post(), outbox.outbox, ServiceRequest.objects.count()) == (0, [], 0)


def test_141_what_the_desk_notes_inside_is_in_no_mail(kocaeli, ayse, mehmet, selin):
    at = timezone.now()
    asked = f.request_of(ayse, kocaeli, at=at)
    asked.joined.create(person=mehmet, at=at)
    actions.note_inside(actor=selin, request=asked, text=f"{SECRET} bir", at=at)
    actions.wait_for_other(actor=selin, request=asked, whom=f"{SECRET} iki", at=at + timedelta(seconds=1))
    actions.answer_request(
        actor=selin, request=asked, text="Onarıldı.", resolution="fulfilled", at=at + timedelta(seconds=2)
    )
    assert post() == 3  # received, answered, and the one who joined
    assert SECRET not in "".join(str(message.message()) for message in outbox.outbox)
    (joined,) = (message for message in outbox.outbox if message.to == [mehmet.email])
    for private in (asked.subject, "Onarıldı.", ayse.display_name, mail_addresses.token(asked.number)):
        assert private not in str(joined.message())
        assert private not in joined.body
    assert posting.MOST_IN_AN_HOUR == 20
