"""Filing, following and answering by pages: what was typed is never lost, and nobody else reads it."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from servicerequests import actions
from servicerequests.models import Message, RequestType, ServiceRequest
from servicerequests.states import Status


@pytest.fixture
def council(kocaeli):
    actions.start_desk(council=kocaeli, at=timezone.now())
    return kocaeli


@pytest.fixture
def asked(council, ayse):
    kind = RequestType.objects.get(council=council, slug="danisma")
    said = actions.Said("Olağan genel kurul", "Bildirimi ne zaman yapmalıyız?", {"konu": "genel_kurul"})
    return actions.file_request(actor=ayse, council=council, kind=kind, said=said, at=timezone.now())


def page(name, *args):
    return reverse(name, args=["kocaeli", *args])


def test_everybody_sees_what_can_be_asked_and_in_how_many_days(client, council, django_assert_num_queries):
    with django_assert_num_queries(3):
        text = client.get(page("request_types")).content.decode()
    assert text.count("/kocaeli/basvuru/") >= 10
    assert "En geç 7 iş gününde" in text


def test_filing_leads_to_the_request_and_a_second_sending_to_the_same(client, council, ayse):
    client.force_login(ayse)
    address = page("request_new", "danisma")
    key = client.get(address).context["form"].initial["key"]
    sent = {
        "subject": "Olağan genel kurul",
        "text": "Bildirimi ne zaman yapmalıyız?",
        "soru-konu": "genel_kurul",
        "key": key,
    }
    first, second = client.post(address, sent), client.post(address, sent)
    found = ServiceRequest.objects.get()
    assert first["Location"] == second["Location"] == page("request_receipt", found.number)
    text = client.get(found.get_absolute_url()).content.decode()
    assert found.number in text
    assert "Genel kurul" in text
    assert "7 iş günü" in text


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(client, council, ayse):
    client.force_login(ayse)
    address = page("request_new", "danisma")
    key = client.get(address).context["form"].initial["key"]
    answer = client.post(address, {"subject": "Genel kurulumuz", "text": "kısa", "key": key})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Genel kurulumuz"' in text
    assert set(answer.context["form"].errors) == {"text", "soru-konu"}


def test_nobody_else_learns_that_it_exists(client, asked, mehmet, hakan):
    for person in (None, mehmet, hakan):
        client.logout()
        if person is not None:
            client.force_login(person)
        assert client.get(asked.get_absolute_url()).status_code == 404
        assert asked.number not in client.get(page("request_list")).content.decode()


def test_desk_and_applicant_write_to_each_other_and_notes_stay_inside(client, asked, ayse, selin):
    address = page("request_answer", asked.number)
    client.force_login(selin)

    def desk(deed, text, **more):
        key = client.get(asked.get_absolute_url()).context["answer"].initial["key"]
        return client.post(address, {"deed": deed, "text": text, "key": key, **more})

    assert desk("note", "Tüzüğe bakılacak.").status_code == 302
    assert desk("ask", "Tüzüğünüz ne diyor?").status_code == 302
    asked.refresh_from_db()
    assert asked.status == Status.WAITING_APPLICANT
    client.force_login(ayse)
    text = client.get(asked.get_absolute_url()).content.decode()
    assert "Tüzüğünüz ne diyor?" in text
    assert "Tüzüğe bakılacak." not in text
    assert "Siz yazana kadar süre durur" in text
    client.post(
        page("request_reply", asked.number), {"text": "Ekim ayı diyor.", "key": "11111111-1111-4111-8111-111111111111"}
    )
    client.force_login(selin)
    answer = desk("answer", "On gün içinde bildirin.")
    assert (
        answer.status_code,
        set(answer.context["form"].errors if "form" in answer.context else answer.context["answer"].errors),
    ) == (422, {"resolution"})
    assert "On gün içinde bildirin." in answer.content.decode()
    assert desk("answer", "On gün içinde bildirin.", resolution="informed").status_code == 302
    asked.refresh_from_db()
    assert (asked.status, asked.resolution) == (Status.ANSWERED, "informed")
    assert Message.objects.count() == 4
    client.force_login(ayse)
    assert "Yanıt yetmedi mi?" in client.get(asked.get_absolute_url()).content.decode()


@pytest.mark.parametrize("name", ["request_reply", "request_answer", "request_reopen", "request_withdraw"])
def test_who_may_not_is_refused_and_leaves_no_trace(client, asked, mehmet, name):
    client.force_login(mehmet)
    sent = {
        "text": "Ben de yazayım.",
        "deed": "answer",
        "resolution": "informed",
        "key": "11111111-1111-4111-8111-111111111111",
    }
    assert client.post(page(name, asked.number), sent).status_code == 404
    asked.refresh_from_db()
    assert (asked.status, Message.objects.count()) == (Status.NEW, 0)
