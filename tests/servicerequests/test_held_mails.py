"""Held mails: an officer accepts, attaches or discards them, once; who asked is told, and nobody else reads them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from people.verdicts import Refused
from servicerequests import actions
from servicerequests.models import IncomingFile, IncomingMail, Message, RequestType, ServiceRequest
from tests import factories as f
from tests.proposals.test_attachments import media, stored  # noqa: F401 - a fixture
from tests.proposals.test_races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(kocaeli):
    actions.start_desk(council=kocaeli, at=timezone.now())
    return kocaeli


def page(name, *args):
    return reverse(name, args=["kocaeli", *args])


def test_an_officer_accepts_attaches_and_discards_and_files_go_along(
    client,
    desk,
    ayse,
    selin,
    media,  # noqa: F811
    django_assert_max_num_queries,
):
    came = timezone.now() - timedelta(days=2)
    new, reply, junk = (f.mail_of(desk, uid=n, received_at=came) for n in (1, 2, 3))
    for mail in (new, junk):
        file = mail.files.create(kind="pdf", name="ek.pdf", size=5, digest="0" * 64)
        file.file.save("ek.pdf", ContentFile(b"%PDF-"), save=True)
    client.force_login(selin)
    with django_assert_max_num_queries(12):
        text = client.get(page("mail_list")).content.decode()
    assert text.count("yabanci@ornek.invalid") == 3
    assert "Gönderen tanınmıyor" in text
    assert "%PDF-" in b"".join(client.get(page("mail_file", new.pk, new.files.get().pk)).streaming_content).decode()
    assert "Bekleyen e-postalar" in client.get(page("desk")).content.decode()

    sent = {"kabul-kind": "danisma", "kabul-subject": new.subject, "kabul-text": new.text, "kabul-named": "Hatice"}
    wrong = client.post(page("mail_accept", new.pk), sent)
    assert (wrong.status_code, set(wrong.context["accepting"].errors)) == (
        422,
        {"kind"},
    )  # it asks more than a mail says
    answer = client.post(page("mail_accept", new.pk), sent | {"kabul-kind": "talep"})
    asked = ServiceRequest.objects.get()
    assert answer["Location"] == asked.get_absolute_url()
    assert (asked.applicant, asked.named, asked.contact) == (None, "Hatice", "yabanci@ornek.invalid")
    assert (asked.channel, asked.entered_by, asked.filed_at) == ("email", selin, came)
    assert asked.files.get().file.read() == b"%PDF-"

    actions.write_to_applicant(actor=selin, request=asked, text="Hangi salon?", asks=True, at=timezone.now())
    wrong = client.post(page("mail_attach", reply.pk), {"ekle-number": "KOC-T-2020-0001"})
    assert (wrong.status_code, set(wrong.context["attaching"].errors)) == (422, {"number"})
    assert client.post(page("mail_attach", reply.pk), {"ekle-number": asked.number.lower()}).status_code == 302
    message = Message.objects.get(side="applicant")
    asked.refresh_from_db()
    assert (message.author, message.text, asked.status) == (None, reply.text, "in_review")

    assert client.post(page("mail_discard", junk.pk), {"ayikla-reason": "x"}).status_code == 422
    assert client.post(page("mail_discard", junk.pk), {"ayikla-reason": "Reklam"}).status_code == 302
    assert (IncomingFile.objects.count(), IncomingMail.objects.filter(state="held").count()) == (0, 0)
    again = client.post(page("mail_discard", junk.pk), {"ayikla-reason": "Reklam"})
    assert (again.status_code, "başka bir görevli baktı" in again.content.decode()) == (403, True)
    done = client.get(page("mail_list") + "?gor=bakilan").content.decode()
    assert [word in done for word in ("Başvuru oldu", "Yazışmaya eklendi", "Ayıklandı")] == [True] * 3


def test_what_was_answered_is_opened_again_by_a_mail_once_and_in_time(desk, selin):
    at = timezone.now()
    mail, later, other = (f.mail_of(desk, uid=n) for n in (1, 2, 3))
    kind = RequestType.objects.get(council=desk, slug="talep")
    said = actions.Said(mail.subject, mail.text)
    asked = actions.accept_mail(actor=selin, mail=mail, kind=kind, said=said, named="Hatice", at=at)
    actions.answer_request(actor=selin, request=asked, text="Olmaz.", resolution="not_possible", at=at)
    actions.attach_mail(actor=selin, mail=later, request=asked, reopens=True, at=at + timedelta(days=3))
    asked.refresh_from_db()
    assert (asked.status, asked.reopened_at) == ("in_review", at + timedelta(days=3))
    actions.answer_request(actor=selin, request=asked, text="Olmaz.", resolution="not_possible", at=at)
    with pytest.raises(ValidationError) as error:
        actions.attach_mail(actor=selin, mail=other, request=asked, reopens=True, at=at + timedelta(days=4))
    assert "reopens" in error.value.message_dict


def test_only_the_desk_sorts_mails(client, desk, mehmet, hakan, selin, adana):
    mail = f.mail_of(desk)
    for person in (mehmet, hakan):
        client.force_login(person)
        for name, args in (("mail_list", ()), ("mail_detail", (mail.pk,)), ("mail_discard", (mail.pk,))):
            asked = client.post if name == "mail_discard" else client.get
            assert asked(page(name, *args)).status_code == 404
        with pytest.raises(Refused):
            actions.discard_mail(actor=person, mail=mail, reason="Reklam", at=timezone.now())
    client.force_login(selin)
    assert client.get(reverse("mail_detail", args=[adana.slug, mail.pk])).status_code == 404
    mail.refresh_from_db()
    assert mail.state == "held"


def test_two_officers_at_once_make_one_request_of_a_mail(transactional_db):
    council = f.CouncilFactory(code="KOC", province="Kocaeli")
    actions.start_desk(council=council, at=timezone.now())
    officers = [f.OfficerFactory(council=council, role="directorate").person for _ in range(2)]
    mail = f.mail_of(council)
    kind = RequestType.objects.get(council=council, slug="talep")
    said = actions.Said(mail.subject, mail.text)

    def accept(officer):
        return actions.accept_mail(actor=officer, mail=mail, kind=kind, said=said, named="Hatice", at=timezone.now())

    results = at_once([lambda officer=officer: accept(officer) for officer in officers])
    assert sorted(isinstance(each, Refused) for each in results) == [False, True]
    assert ServiceRequest.objects.count() == 1
