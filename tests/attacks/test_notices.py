"""Cases 64, 77 and 78: what people are told is for them alone, of public things, and no text of others steers it."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.signing import dumps
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from journal.actions import deliver, record
from notifications.actions import send_mails, tell_steps
from notifications.frequencies import frequencies_of
from notifications.leaving import leaving_token
from notifications.models import Notice
from proposals.journal_kinds import ProposalKind
from proposals.stages import Stage
from tests import factories as f

pytestmark = pytest.mark.django_db


def step(proposal, kind=ProposalKind.DECLINED, *, audience="public", **facts):
    with transaction.atomic():
        entry = record(
            kind,
            actor=None,
            subject=proposal,
            topic=proposal.topic,
            at=timezone.now(),
            audience=audience,
            facts={"stage": proposal.stage, **facts},
        )
    deliver([entry])
    tell_steps()


def proposal_of(person, kocaeli, **fields):
    return f.ProposalFactory(council=kocaeli, author=person, **{"stage": Stage.GATHERING, **fields})


def test_064_of_what_is_not_for_everybody_nobody_is_told(kocaeli, ayse):
    for audience in ("staff", "involved"):
        step(proposal_of(ayse, kocaeli), audience=audience)
    assert not Notice.objects.exists()


def test_064_another_persons_notices_are_as_if_they_were_not_there(kocaeli, ayse, mehmet):
    step(proposal_of(ayse, kocaeli))
    notice = Notice.objects.get()
    client = Client()
    client.force_login(mehmet)
    assert client.post(reverse("notice_read", args=[notice.pk])).status_code == 404
    assert client.put(f"/api/v1/me/notices/{notice.pk}/read/").status_code == 404
    for address in (reverse("notice_list"), "/api/v1/me/notices/"):
        assert notice.proposal.title not in client.get(address).text
    client.post(reverse("notice_read_all"), {"until": str(notice.pk)})
    client.post("/api/v1/me/notices/", {"until": notice.pk}, content_type="application/json")
    notice.refresh_from_db()
    assert notice.read_at is None


def test_064_the_way_out_of_mails_is_opened_by_its_own_address_only(ayse, mehmet):
    real = leaving_token(mehmet.pk, ["author"])
    mine = leaving_token(ayse.pk, ["author"]).partition(":")[0]
    for token in (
        f"{mine}:{real.partition(':')[2]}",
        dumps([ayse.pk, ["author"]], salt="people.other"),
        dumps([ayse.pk, ["author"]], key="guessed", salt="notifications.leave"),
        mine,
    ):
        assert Client(enforce_csrf_checks=True).post(reverse("notice_leave", args=[token])).status_code == 404
    assert Client().get(reverse("notice_leave", args=[leaving_token(ayse.pk, ["author"])])).status_code == 200
    assert frequencies_of(ayse.pk)["author"] == "now"


def test_077_a_notice_does_not_read_its_facts_as_a_template(kocaeli, ayse):
    step(proposal_of(ayse, kocaeli), ProposalKind.REVISED, version=2, note="{note.__class__} {{ person.email }} %(x)s")
    client = Client()
    client.force_login(ayse)
    (line,) = client.get(reverse("notice_list")).context["lines"]
    assert "{note.__class__} {{ person.email }} %(x)s" in line.sentence
    send_mails()
    assert "{note.__class__} {{ person.email }} %(x)s" in mail.outbox[0].body


def test_078_a_title_writes_no_header_of_a_mail(kocaeli, ayse):
    step(proposal_of(ayse, kocaeli, title="Yol\r\nBcc: herkes@ornek.invalid\r\n\r\n<b>başka bir posta</b>"))
    send_mails()
    assert len(mail.outbox) == 1
    message = mail.outbox[0]
    written = message.message()
    assert (written["Bcc"], message.recipients()) == (None, [ayse.email])
    assert "\n" not in message.subject
