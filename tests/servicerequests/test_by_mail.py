"""Requests by e-mail, from a real mailbox and to a real mail server on this machine."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.utils import timezone
from structlog.testing import capture_logs

from journal.actions import deliver
from journal.models import Entry
from notifications.actions import send_letters
from people.actions import close_account
from servicerequests import actions, mail_addresses
from servicerequests.checks import request_mail
from servicerequests.mail_reading import read_mailbox
from servicerequests.models import IncomingMail, Message, Pause, RequestFile, ServiceRequest
from tests import factories as f
from tests.proposals.test_attachments import media, pdf, stored  # noqa: F401 - a fixture
from tests.proposals.test_races import at_once
from tests.servicerequests.mail_servers import ImapServer, SmtpServer

pytestmark = pytest.mark.django_db
AUTHSERV = "mx.kent.invalid"


@pytest.fixture
def imap(settings):
    server = ImapServer()
    settings.REQUEST_MAIL_URL = server.url
    settings.REQUEST_MAIL_ADDRESS = "basvuru@kent.invalid"
    settings.REQUEST_MAIL_AUTHSERV = AUTHSERV
    yield server.box
    server.shutdown()
    server.server_close()


@pytest.fixture
def smtp(settings):
    server = SmtpServer()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield server.mails
    server.stop()


@pytest.fixture
def desk(kocaeli, selin, ayse, mehmet):
    actions.start_desk(council=kocaeli, at=timezone.now())
    for unit in kocaeli.desk_units.all():
        unit.officers.add(selin.offices.get())
    for person in (ayse, mehmet):
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return kocaeli


def written(
    sender="ayse@ornek.invalid", *, dmarc="pass", to="basvuru+kocaeli@kent.invalid", files=(), **headers
) -> bytes:
    """A mail as the receiving server leaves it in the mailbox."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Ayşe Demir <{sender}>", to
    mail["Subject"] = headers.pop("subject", "Salonun ısıtması çalışmıyor")
    mail["Message-ID"] = headers.pop("id", f"<{abs(hash((sender, to, str(headers), dmarc)))}@ornek.invalid>")
    mail.set_content(headers.pop("text", "Salı akşamı geldik, salon soğuktu."))
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    if dmarc:
        domain = sender.rpartition("@")[2]
        mail["Authentication-Results"] = f"{AUTHSERV}; dmarc={dmarc} (p=reject) header.from={domain}"
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes().replace(b"\n", b"\r\n").replace(b"\r\r\n", b"\r\n")


def post() -> int:
    """Deliver what was recorded and send what is owed."""
    deliver(list(Entry.objects.order_by("pk")))
    return send_letters(seconds=30)


def test_a_request_by_mail_is_asked_back_answered_and_stays_one_thread(
    desk,
    ayse,
    selin,
    imap,
    smtp,
    media,  # noqa: F811
):
    imap.put(written(id="<ilk@ornek.invalid>", files=[("tutanak.pdf", pdf()), ("oyun.zip", b"PK\x03\x04")]))
    assert read_mailbox() == 1
    asked = ServiceRequest.objects.get()
    assert (asked.applicant, asked.channel, asked.subject) == (ayse, "email", "Salonun ısıtması çalışmıyor")
    assert [file.name for file in asked.files.all()] == ["tutanak.pdf"]
    assert IncomingMail.objects.get().left_out[0].startswith("oyun: ")
    assert post() == 2
    receipt, told = sorted(smtp, key=lambda mail: mail["To"])
    assert (receipt["To"], told["To"]) == ("ayse@ornek.invalid", "selin@ornek.invalid")
    assert str(receipt["Subject"]).strip().startswith(f"[{asked.number}] Başvurunuz alındı")
    assert receipt["In-Reply-To"] == "<ilk@ornek.invalid>"
    assert receipt["Auto-Submitted"] == "auto-generated"
    assert "En geç" in receipt.get_body(("plain",)).get_content()
    assert "Reply-To" not in told
    assert asked.text not in told.as_string()

    monday = timezone.now()
    actions.note_inside(actor=selin, request=asked, text="Kalorifer eski, gizli kalsın.", at=monday)
    actions.write_to_applicant(actor=selin, request=asked, text="Hangi salon?", asks=True, at=monday)
    assert post() == 1
    question = smtp[-1]
    assert "Hangi salon?" in question.get_body(("plain",)).get_content()
    assert "gizli kalsın" not in "".join(mail.as_string() for mail in smtp)
    assert question["References"].split()[0] == receipt["References"].split()[0]

    said = "Küçük salon.\n\nOn Tue, 1 Dec 2026 Meydan wrote:\n> Hangi salon?\n"
    imap.put(written(to=question["Reply-To"], subject="Ynt: başka konu", text=said, In_Reply_To=question["Message-ID"]))
    assert read_mailbox() == 1
    asked.refresh_from_db()
    reply = Message.objects.get(side="applicant")
    assert (asked.status, reply.text, reply.author) == ("in_review", "Küçük salon.", ayse)
    assert Pause.objects.get().ended_at is not None
    assert "> Hangi salon?" in reply.mail.whole

    imap.put(written(to=question["Reply-To"], text="", id="<dosya@x.invalid>", files=[("salon.pdf", pdf(pages=2))]))
    assert read_mailbox() == 1
    assert RequestFile.objects.get(message__isnull=False).name == "salon.pdf"

    actions.answer_request(
        actor=selin, request=asked, text="Onarıldı.", resolution="fulfilled", at=timezone.now() + timedelta(seconds=1)
    )
    post()
    answer = [mail for mail in smtp if mail["To"] == "ayse@ornek.invalid"][-1]
    assert "Başvurunuz yanıtlandı" in answer["Subject"]
    assert "Yerine getirildi" in answer.get_body(("plain",)).get_content()
    assert len({mail["Message-ID"] for mail in smtp}) == len(smtp)

    imap.validity += 1  # the mailbox was restored: everything is read again, and known
    assert (read_mailbox(), ServiceRequest.objects.count(), Message.objects.filter(side="applicant").count()) == (
        0,
        1,
        2,
    )
    assert not any(command.startswith(("UID STORE", "SELECT", "STORE")) for command in imap.asked)


def test_what_is_not_proven_waits_and_what_machines_write_is_never_answered(desk, ayse, mehmet, imap, smtp, media):  # noqa: F811
    asked = f.request_of(ayse, desk)
    signed = mail_addresses.reply_address(asked.number)
    for raw in (
        written(dmarc="fail"),
        written(dmarc=""),
        written(dmarc="none"),
        written("yabanci@ornek.invalid", files=[("ek.pdf", pdf())]),
        written("mehmet@ornek.invalid", to=signed, subject="Ben de yazayım"),
        written(to=signed, dmarc="fail"),
        written(Authentication_Results="mx.kent.invalid.evil.invalid; dmarc=pass header.from=ornek.invalid", dmarc=""),
        written(subject=f"Re: [{asked.number}]", sender="yabanci@ornek.invalid"),
        written().replace(b"\r\nTo:", b"\r\nFrom: mehmet@ornek.invalid\r\nTo:", 1),
        written(Auto_Submitted="auto-replied"),
        written(Precedence="bulk"),
        written(List_Id="<liste.ornek.invalid>"),
        written(Return_Path="<>"),
        written(signed),
        b"From: x\r\n" + b"X: y\r\n" * 60_000,
    ):
        imap.put(raw)
    read_mailbox()
    found = list(IncomingMail.objects.order_by("pk").values_list("state", "why"))
    assert found == [
        ("held", "forged"),
        ("held", "not_proven"),
        ("held", "not_proven"),
        ("held", "unknown"),
        ("held", "other_sender"),
        ("held", "forged"),
        ("held", "not_proven"),
        ("held", "other_sender"),
        ("held", "no_sender"),
        ("ignored", "auto-submitted"),
        ("ignored", "precedence"),
        ("ignored", "list-id"),
        ("ignored", "bounce"),
        ("ignored", "loop"),
        ("broken", "headers too long"),
    ]
    assert (ServiceRequest.objects.count(), Message.objects.count()) == (1, 0)
    assert not IncomingMail.objects.exclude(person=None).exclude(proof="pass").exists()
    before = len(smtp)
    post()
    assert {mail["To"] for mail in smtp[before:]} == {"ayse@ornek.invalid", "selin@ornek.invalid"}  # of her own request


def test_one_broken_mail_holds_none_back_and_a_database_that_is_away_is_waited_for(desk, ayse, imap, monkeypatch):
    from django.db import DatabaseError

    from servicerequests import mail_reading

    imap.put(written(id="<bir@x.invalid>"))
    imap.put(written(id="<iki@x.invalid>", subject="İkinci istek burada"))
    real = mail_reading.take_mail

    def broken(error):
        def take(*, place, **rest):
            if place.uid == 1:
                raise error
            return real(place=place, **rest)

        monkeypatch.setattr(mail_reading, "take_mail", take)

    broken(DatabaseError("away"))
    for _ in range(2):
        with pytest.raises(DatabaseError):
            read_mailbox()
    assert not ServiceRequest.objects.exists()
    assert read_mailbox() == 1  # the third time it is set aside
    assert [mail.state for mail in IncomingMail.objects.order_by("uid")] == ["broken", "filed"]
    assert read_mailbox() == 0
    imap.put(written(id="<uc@x.invalid>", subject="x" * 30) + b"a" * 3_000)
    monkeypatch.setattr("django.conf.settings.REQUEST_MAIL_MAX_BYTES", 2_000)
    monkeypatch.setattr(mail_reading, "take_mail", real)
    read_mailbox()
    assert IncomingMail.objects.get(uid=3).why == "too_large"


def test_who_floods_waits(desk, ayse, imap, monkeypatch):
    monkeypatch.setattr("servicerequests.actions.mail_taking.MOST_IN_AN_HOUR", 2)
    for n in range(4):
        imap.put(written(id=f"<{n}@x.invalid>", subject=f"Istek {n} geldi"))
    read_mailbox()
    assert IncomingMail.objects.filter(why="too_many").count() == 2


def test_no_mailbox_no_mails(db, settings, capsys):
    settings.REQUEST_MAIL_URL = ""
    assert read_mailbox() == 0
    call_command("read_request_mail")
    assert "nothing is read" in capsys.readouterr().out


def test_three_who_read_at_once_take_each_mail_once(transactional_db, settings):
    council = f.CouncilFactory(code="KOC", province="Kocaeli")
    actions.start_desk(council=council, at=timezone.now())
    person = f.PersonFactory(email="ayse@ornek.invalid")
    EmailAddress.objects.create(user=person, email=person.email, verified=True)
    server = ImapServer()
    settings.REQUEST_MAIL_URL, settings.REQUEST_MAIL_ADDRESS = server.url, "basvuru@kent.invalid"
    settings.REQUEST_MAIL_AUTHSERV = AUTHSERV
    try:
        for n in range(3):
            server.box.put(written(id=f"<{n}@x.invalid>", subject=f"Istek {n} geldi"))
        assert sum(at_once([read_mailbox] * 3)) == 3
    finally:
        server.shutdown()
        server.server_close()
    assert sorted(ServiceRequest.objects.values_list("number", flat=True)) == [f"KOC-T-{n}" for n in _numbers(3)]
    assert IncomingMail.objects.count() == 3


def _numbers(count: int) -> list[str]:
    year = timezone.localtime().year
    return [f"{year}-{n:04d}" for n in range(1, count + 1)]


def test_a_server_that_cannot_prove_itself_gets_no_password(db, settings):
    server = ImapServer(tls=True)
    settings.REQUEST_MAIL_URL = server.url.replace("imap://", "imaps://")
    with capture_logs() as lines:
        assert read_mailbox() == 0
    server.shutdown()
    server.server_close()
    assert [line["event"] for line in lines] == ["request_mailbox_unreachable"]
    assert not any("LOGIN" in command for command in server.box.asked)
    settings.REQUEST_MAIL_URL = "imap://a:b@mail.kent.invalid/INBOX"
    with pytest.raises(ImproperlyConfigured):
        read_mailbox()


def test_old_mails_nothing_came_of_go_and_a_closed_account_leaves_its_name_out(desk, ayse, imap):
    imap.put(written())
    imap.put(written(id="<oto@x.invalid>", Precedence="bulk"))
    read_mailbox()
    assert actions.forget_mails(at=timezone.now() + timedelta(days=181)) == 1
    close_account(person=ayse, at=timezone.now())
    deliver(list(Entry.objects.order_by("pk")))
    left = IncomingMail.objects.get()
    assert (left.state, left.sender, left.sender_name, left.whole) == ("filed", "", "", "")


@pytest.mark.parametrize(
    ("url", "address", "authserv", "expected"),
    [
        ("", "", "", ["servicerequests.I001"]),
        ("imaps://a:b@mail.invalid/INBOX", "basvuru@kent.invalid", AUTHSERV, []),
        ("imaps://a:b@mail.invalid", "basvuru@kent.invalid", "", ["servicerequests.W001"]),
        ("imaps://a:b@mail.invalid", "", AUTHSERV, ["servicerequests.E002"]),
        ("imap://a:b@mail.invalid", "basvuru@kent.invalid", AUTHSERV, ["servicerequests.E001"]),
        ("https://mail.invalid", "basvuru@kent.invalid", AUTHSERV, ["servicerequests.E001"]),
    ],
)
def test_the_deployment_check_says_what_is_missing(settings, url, address, authserv, expected):
    settings.REQUEST_MAIL_URL, settings.REQUEST_MAIL_ADDRESS = url, address
    settings.REQUEST_MAIL_AUTHSERV = authserv
    assert [message.id for message in request_mail()] == expected
