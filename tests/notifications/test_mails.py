"""Mails: when somebody wants them, each once, in their language, with a way out that needs no log-in."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from journal.actions import deliver
from notifications.actions import choose_mails, gather_digests, send_mails, tell_steps
from notifications.actions.mailing import last_end
from notifications.composing import header_text
from notifications.frequencies import frequencies_of
from notifications.leaving import leaving_token
from notifications.models import Mail, MailState, Notice, Round
from proposals.journal_kinds import ProposalKind
from tests import factories as f

pytestmark = pytest.mark.django_db


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime(year, month, day, hour, minute))


@pytest.fixture
def step(record):
    """`step(proposal)` lets it take a step and tells of it."""

    def step_(proposal, kind=ProposalKind.SUPPORT_REACHED, **facts):
        entry = record(kind, proposal, **facts)
        deliver([entry])
        tell_steps()
        return entry

    return step_


@pytest.fixture
def breakable(monkeypatch):
    """The mail server's faults, taken one by one."""
    faults: list[Exception] = []
    real = EmailBackend.send_messages

    def send(self, messages):
        if faults:
            raise faults.pop(0)
        return real(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send)
    return faults


# --- One step ---------------------------------------------------------------------------------------------------------
def test_the_author_has_a_mail_at_once_and_the_others_have_none(proposal, ayse, mehmet, step):
    f.SupportFactory(proposal=proposal, person=mehmet)
    step(proposal)
    assert send_mails() == 1
    (message,) = outbox.outbox
    assert message.to == [ayse.email]
    assert message.subject == "Sahile bisiklet yolu: yeni bir adım"
    for text in (message.body, message.alternatives[0][0]):
        assert "Öneri" in text
        assert proposal.get_absolute_url() in text
        assert reverse("notice_choices") in text
        assert not re.search(r"<img|<script|<link|<style|src=|style=", text)
    assert send_mails() == 0


def test_it_speaks_the_readers_language(proposal, ayse, step):
    ayse.language = "en"
    ayse.save()
    step(proposal)
    send_mails()
    assert outbox.outbox[0].subject == "Sahile bisiklet yolu: a new step"
    assert "Hello Ayşe Demir" in outbox.outbox[0].body


def test_what_was_read_meanwhile_or_is_not_wanted_any_more_is_not_mailed(proposal, kocaeli, ayse, step):
    step(proposal)
    Notice.objects.update(read_at=timezone.now())
    step(f.ProposalFactory(council=kocaeli, author=ayse))
    choose_mails(actor=ayse, choices={"author": "never"})
    assert send_mails() == 0
    assert {each.state for each in Mail.objects.all()} == {MailState.DROPPED}


def test_a_step_of_long_ago_is_no_news_for_a_mail(proposal, record):
    deliver([record(ProposalKind.ADOPTED, proposal, at=timezone.now() - timedelta(days=2))])
    tell_steps()
    assert (Notice.objects.count(), Mail.objects.count()) == (1, 0)


def test_a_title_cannot_write_headers(proposal, step):
    proposal.title = "Masum\r\nBcc: herkes@ornek.invalid\u2028x"
    proposal.save()
    step(proposal)
    send_mails()
    (message,) = outbox.outbox
    assert message.subject == "Masum Bcc: herkes@ornek.invalid x: yeni bir adım"
    assert message.message()["Bcc"] is None
    assert message.recipients() == [proposal.author.email]
    assert header_text("a\r\n b\x00\x1b" + "c" * 300) == "a b " + "c" * 145 + "…"


def test_markup_in_a_title_is_text(proposal, step):
    proposal.title = "<script>alert(1)</script> & <b>bisiklet</b>"
    proposal.save()
    step(proposal, reason="Gerekçe <img src=x> içeriyor")
    send_mails()
    assert "<script>alert(1)</script> & <b>" in outbox.outbox[0].body
    html = outbox.outbox[0].alternatives[0][0]
    assert "<script>" not in html
    assert "<img" not in html


# --- Faults -----------------------------------------------------------------------------------------------------------
def test_a_server_that_does_not_answer_is_tried_again_and_sends_once(proposal, step, breakable):
    step(proposal)
    breakable.extend([SMTPServerDisconnected("away"), OSError("away")])
    now = timezone.now()
    assert send_mails(at=now) == 0
    assert send_mails(at=now + timedelta(seconds=30)) == 0  # not yet
    assert send_mails(at=now + timedelta(minutes=2)) == 0  # the second fault
    mail = Mail.objects.get()
    assert (mail.state, mail.attempts) == (MailState.WAITING, 2)
    assert send_mails(at=now + timedelta(hours=1)) == 1
    assert send_mails(at=now + timedelta(hours=2)) == 0
    assert [message.extra_headers["Message-ID"] for message in outbox.outbox] == [f"<haber-{mail.pk}@127.0.0.1>"]


def test_an_address_that_is_refused_is_given_up_and_keeps_no_other_waiting(proposal, kocaeli, mehmet, step, breakable):
    step(proposal)
    step(f.ProposalFactory(council=kocaeli, author=mehmet))
    breakable.append(SMTPRecipientsRefused({}))
    assert send_mails() == 1
    assert sorted(Mail.objects.values_list("state", flat=True)) == [MailState.FAILED, MailState.SENT]


def test_a_mail_that_comes_too_late_is_not_sent(proposal, step):
    step(proposal)
    assert send_mails(at=timezone.now() + timedelta(days=2)) == 0
    assert Mail.objects.get().state == MailState.DROPPED


@pytest.mark.django_db(transaction=True)
def test_sent_by_four_at_once_each_mail_goes_once(proposal, kocaeli, ayse, mehmet, step, side_by_side):
    for author in (ayse, mehmet) * 5:
        step(f.ProposalFactory(council=kocaeli, author=author))
    found = side_by_side([send_mails] * 4)
    assert not [each for each in found if isinstance(each, Exception)]
    assert sum(found) == len(outbox.outbox) == 10
    assert len({message.extra_headers["Message-ID"] for message in outbox.outbox}) == 10


# --- Digests ----------------------------------------------------------------------------------------------------------
def test_rounds_end_at_eight_and_weekly_ones_on_a_monday():
    monday, tuesday = local(2026, 11, 30, 8), local(2026, 12, 1, 8)
    assert last_end("daily", local(2026, 12, 1, 7, 59)) == monday
    assert last_end("daily", tuesday) == tuesday
    assert last_end("weekly", local(2026, 12, 1, 9)) == monday
    assert last_end("weekly", local(2026, 11, 30, 7)) == monday - timedelta(days=7)


def test_a_digest_tells_everything_unread_once(proposal, kocaeli, mehmet, step):
    other = f.ProposalFactory(council=kocaeli, title="Parka ağaç")
    for each in (proposal, other):
        f.SupportFactory(proposal=each, person=mehmet)
        step(each)
    morning, later = local(2026, 12, 1, 8), local(2026, 12, 1, 8, 10)
    Notice.objects.update(created_at=morning - timedelta(hours=3))
    Mail.objects.all().delete()
    assert gather_digests(at=morning + timedelta(minutes=1)) == 0  # what was told at eight may not be committed yet
    assert gather_digests(at=later) == 1
    assert gather_digests(at=later) == 0
    assert send_mails(at=later) == 1
    (message,) = outbox.outbox
    assert message.to == [mehmet.email]
    assert message.subject == "Önerilerden 2 haber"
    assert "Parka ağaç" in message.body
    assert "Sahile bisiklet yolu" in message.body
    assert gather_digests(at=later + timedelta(days=1)) == 0  # nothing new
    assert send_mails(at=later + timedelta(days=1)) == 0


def test_after_the_clock_stood_still_one_digest_tells_all_and_none_comes_late(proposal, mehmet, step):
    f.SupportFactory(proposal=proposal, person=mehmet)
    first = local(2026, 12, 1, 8, 10)
    gather_digests(at=first)
    for days in (0, 1, 2):
        entry = step(proposal)
        Notice.objects.filter(step=entry.pk).update(created_at=first + timedelta(days=days, hours=2))
    Mail.objects.all().delete()
    assert gather_digests(at=local(2026, 12, 3, 21)) == 0  # too late in the day for this morning's
    assert gather_digests(at=local(2026, 12, 4, 8, 10)) == 1
    assert send_mails(at=local(2026, 12, 4, 8, 11)) == 1
    assert outbox.outbox[0].subject == "Önerilerden 3 haber"
    assert Round.objects.filter(frequency="daily").count() == 2
    assert send_mails(at=local(2026, 12, 4, 21)) == 0


def test_a_digest_is_long_at_most_a_page_and_says_how_many_more(proposal, mehmet, step):
    f.SupportFactory(proposal=proposal, person=mehmet)
    for _ in range(33):
        step(proposal)
    Notice.objects.update(created_at=local(2026, 12, 1, 5))
    gather_digests(at=local(2026, 12, 1, 8, 10))
    Mail.objects.filter(step__isnull=False).delete()
    send_mails(at=local(2026, 12, 1, 8, 11))
    assert outbox.outbox[0].subject == "Önerilerden 33 haber"
    assert "3 haber daha sitede duruyor" in outbox.outbox[0].body


# --- The way out ------------------------------------------------------------------------------------------------------
def test_one_click_in_the_mail_program_stops_such_mails(proposal, ayse, step):
    """RFC 8058: a POST without session, cookie or form token; looking at the address changes nothing."""
    step(proposal)
    send_mails()
    headers = outbox.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>").partition("127.0.0.1:8000")[2]
    program = Client(enforce_csrf_checks=True)
    seen = program.get(address)
    assert (seen.status_code, frequencies_of(ayse.pk)["author"]) == (200, "now")
    assert "Ayşe" not in seen.text
    answer = program.post(address, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert frequencies_of(ayse.pk) == {
        "author": "never",
        "amender": "now",
        "supporter": "daily",
        "commenter": "daily",
        "follower": "daily",
        "applicant": "now",
        "joined": "now",
        "desk": "now",
    }
    step(proposal)
    assert send_mails() == 0


def test_a_forged_or_foreign_token_stops_nothing(client, ayse, mehmet):
    from django.core import signing

    real = leaving_token(ayse.pk, ["author"])
    payload, _, signature = real.partition(":")
    others = leaving_token(mehmet.pk, ["author"]).partition(":")[0]
    for token in (
        "yok",
        real[:-1],
        f"{others}:{signature}",
        signing.dumps([ayse.pk, ["author"]], salt="other"),
        payload,
    ):
        address = reverse("notice_leave", args=[token])
        assert client.post(address).status_code == 404, token
    assert frequencies_of(ayse.pk)["author"] == frequencies_of(mehmet.pk)["author"] == "now"


def test_a_closed_account_has_nothing_to_stop(client, ayse):
    ayse.is_active = False
    ayse.save()
    assert client.post(reverse("notice_leave", args=[leaving_token(ayse.pk, ["author"])])).status_code == 200
    assert frequencies_of(ayse.pk)["author"] == "now"
