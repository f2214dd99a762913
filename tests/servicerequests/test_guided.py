"""What is there already is shown before a form, nothing typed is lost on the way, and others count themselves in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import quote

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from articles.actions import Words, hand_in_article, release_article
from councils.models import Holiday
from councils.working_time import ISTANBUL
from people.verdicts import Refused
from servicerequests import actions
from servicerequests.actions.making_articles import _names
from servicerequests.alike import alike, fitting_first
from servicerequests.models import ArticleSource, Channel, Joined, RequestType, RequestTypeVersion, ServiceRequest
from servicerequests.reading import types_of
from tests import factories as f
from tests.proposals.test_races import at_once


@pytest.fixture
def council(kocaeli):
    actions.start_desk(council=kocaeli, at=timezone.now())
    return kocaeli


def page(name, *args):
    return reverse(name, args=["kocaeli", *args])


def publish(request, subject="Kültür merkezi akşam kapalı"):
    ServiceRequest.objects.filter(pk=request.pk).update(
        publicity="public", public_subject=subject, public_text="Akşamları açılsın.", published_at=timezone.now()
    )
    request.refresh_from_db()
    return request


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("genel kurulu erteleyince tüzük değişir mi, danışmak istiyoruz", "danisma"),
        ("SES DUZENI ve projektor odunc almak istiyoruz", "malzeme"),
        ("gonulluler icin egitim", "egitim"),
        ("zzz qqq", None),
    ],
)
def test_the_type_a_text_speaks_of_stands_first(council, text, wanted):
    types = types_of(council)
    ordered, fitting = fitting_first(types, text)
    assert sorted(each.pk for each in ordered) == sorted(each.pk for each in types)
    assert (ordered[0].type.slug if fitting else None) == wanted


def test_what_is_there_already_is_shown_and_what_was_typed_goes_along(
    client, council, selin, ayse, mehmet, django_assert_num_queries
):
    writer = f.PersonFactory()
    f.OfficerFactory(council=council, person=writer)
    article = f.article_of(council, writer, selin)
    public = publish(f.request_of(ayse, council))
    f.request_of(ayse, council, subject="Kültür merkezi akşam kapalı, telefonum 555")  # nobody's to see
    text = "Kultur merkezi aksam acilsin; genel kurul bildirimi soracağım"
    with django_assert_num_queries(6):
        shown = client.get(page("request_types"), {"ne": text}).content.decode()
    assert article.title in shown
    assert public.public_subject in shown
    assert "555" not in shown
    assert f"?ne={quote(text, safe='')}" in shown
    part = client.get(page("request_alike"), {"ne": text}).content.decode()
    assert part.lstrip().startswith('<div class="stack loose" id="alike"')
    client.force_login(mehmet)
    form = client.get(page("request_new", "sikayet"), {"ne": f"Merkez kapalı. {text}"}).context["form"]
    assert (form.initial["subject"], form.initial["text"]) == ("Merkez kapalı.", f"Merkez kapalı. {text}")


def test_a_question_that_an_answer_brings_is_put_before_the_form_is_taken(client, council, ayse):
    kind = RequestType.objects.get(council=council, slug="sikayet")
    old = actions.version_of(kind)
    form = [
        {
            "name": "nerede",
            "label": "Nerede?",
            "kind": "choice",
            "choices": [["merkez", "Merkezde"], ["baska", "Başka"]],
        },
        {"name": "hangi", "label": "Hangi merkez?", "kind": "text", "shown_when": ["nerede", ["merkez"]]},
    ]
    values = {"number": 2, "name": old.name, "about": old.about, "unit": old.unit, "at": timezone.now(), "form": form}
    RequestTypeVersion.objects.create(type=kind, first_answer_hours=8, resolution_days=5, **values)
    client.force_login(ayse)
    address = page("request_new", "sikayet")
    first = client.get(address)
    assert [each.is_asked for each in first.context["form"].asking()] == [True, False]
    sent = {
        "subject": "Salon kapalıydı",
        "text": "Salı akşamı geldik, salon kapalıydı.",
        "soru-nerede": "merkez",
        "seen": "",
        "key": first.context["form"].initial["key"],
    }
    second = client.post(address, sent)
    text = second.content.decode()
    assert second.status_code == 422
    assert set(second.context["form"].errors) == {"soru-hangi"}
    assert "Salı akşamı geldik" in text
    assert 'name="seen" value="soru-hangi"' in text
    assert client.post(address, sent | {"seen": "soru-hangi"}).status_code == 302  # read, and left empty
    assert ServiceRequest.objects.get().answers == {"nerede": "merkez"}


def test_who_has_to_log_in_first_finds_what_was_typed(client, council, ayse):
    address = page("request_new", "sikayet")
    away = client.post(address, {"subject": "Salon kapalıydı", "text": "Salı akşamı geldik.", "matter": ""})
    assert away["Location"].startswith("/giris/") or "next=" in away["Location"]
    client.force_login(ayse)
    back = client.get(address)
    assert 'value="Salon kapalıydı"' in back.content.decode()
    assert "Salı akşamı geldik." in back.content.decode()
    assert "Salon kapalıydı" not in client.get(address).content.decode()  # shown once, kept no longer


def test_the_receipt_says_by_when_and_how_that_was_counted(client, council, ayse, mehmet, selin):
    friday = datetime(2026, 10, 23, 16, 50, tzinfo=ISTANBUL)
    Holiday.objects.filter(council=council).delete()
    Holiday.objects.create(council=council, day=date(2026, 10, 29), name="Cumhuriyet Bayramı", kind="off")
    asked = f.request_of(ayse, council, at=friday)
    client.force_login(ayse)
    text = client.get(page("request_receipt", asked.number)).content.decode()
    for said in (asked.number, "Cumhuriyet Bayramı", "29 Ekim", "Sonra ne olur?", "data-print"):
        assert said in text
    client.force_login(mehmet)
    assert client.get(page("request_receipt", asked.number)).status_code == 404


def test_an_officer_writes_down_a_call_and_the_clock_runs_from_when_it_came(client, council, selin):
    client.force_login(selin)
    address = page("request_enter", "sikayet")
    form = client.get(address).context["form"]
    came = timezone.localtime() - timedelta(days=3)
    sent = {
        "subject": "Salon kapalıydı",
        "text": "Salı akşamı gelmişler, salon kapalıymış.",
        "named": "Fatma Yılmaz",
        "contact": "0262 000 00 00",
        "channel": "phone",
        "came_at": f"{came:%Y-%m-%dT%H:%M}",
        "key": form.initial["key"],
    }
    for wrong in (came - timedelta(days=40), came + timedelta(days=9)):
        answer = client.post(address, sent | {"came_at": f"{wrong:%Y-%m-%dT%H:%M}"})
        assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"came_at"})
    answer = client.post(address, sent)
    found = ServiceRequest.objects.get()
    assert answer["Location"] == page("request_receipt", found.number)
    assert (found.channel, found.named, found.entered_by) == (Channel.PHONE, "Fatma Yılmaz", selin)
    assert found.filed_at == came.replace(second=0, microsecond=0)
    assert client.get(answer["Location"]).status_code == 200


def test_three_others_have_the_same_concern_and_nobody_learns_who(client, council, ayse, mehmet, elif_, derya, selin):
    asked = f.request_of(ayse, council)
    with pytest.raises(Refused) as refused:
        actions.join_request(actor=mehmet, request=asked, at=timezone.now())
    assert refused.value.code == "private"
    publish(asked)
    for person in (mehmet, elif_, derya):
        client.force_login(person)
        for _ in range(2):
            client.post(page("request_join", asked.number), {"do": "join"})
    assert Joined.objects.filter(request=asked).count() == 3
    text = client.get(asked.get_absolute_url()).content.decode()
    assert "3 kişi “ben de” dedi." in text
    assert mehmet.display_name not in text
    assert asked.public_subject in client.get(page("request_types")).content.decode()
    client.post(page("request_join", asked.number), {"do": "leave"})
    assert [row.joined_count for row in alike(council, derya, "kültür merkezi akşam kapalı").requests] == [2]
    with pytest.raises(Refused) as refused:
        actions.join_request(actor=ayse, request=asked, at=timezone.now())
    assert refused.value.code == "own_request"
    actions.answer_request(
        actor=selin, request=asked, text="Salı akşamları açıyoruz.", resolution="fulfilled", at=timezone.now()
    )
    with pytest.raises(Refused) as refused:
        actions.join_request(actor=derya, request=asked, at=timezone.now())
    assert refused.value.code == "ended"


@pytest.mark.django_db(transaction=True)
def test_a_double_press_joins_once(council, ayse, mehmet):
    asked = publish(f.request_of(ayse, council))
    at_once([lambda: actions.join_request(actor=mehmet, request=asked, at=timezone.now())] * 2)
    assert Joined.objects.get(request=asked).person == mehmet


def test_what_came_too_long_ago_is_not_entered(council, selin):
    kind, now = RequestType.objects.get(council=council, slug="sikayet"), timezone.now()
    said = actions.Said("Salon kapalıydı", "Salı akşamı geldik, salon kapalıydı.")
    who = {"named": "Fatma Yılmaz", "contact": "", "channel": Channel.LETTER}
    with pytest.raises(ValidationError) as wrong:
        actions.enter_request(
            actor=selin, council=council, kind=kind, said=said, came_at=now - timedelta(days=31), at=now, **who
        )
    assert set(wrong.value.message_dict) == {"came_at"}


def test_an_answer_becomes_an_article_without_the_one_who_asked(client, council, ayse, selin):
    asked = f.request_of(ayse, council, subject="Genel kurul bildirimi")
    client.force_login(selin)
    assert "makale yap" not in client.get(asked.get_absolute_url()).content.decode()
    answer = "Sayın Ayşe Demir, bildirim otuz gün içinde verilir."
    actions.note_inside(actor=selin, request=asked, text="Dernekler birimiyle konuşuldu.", at=timezone.now())
    actions.answer_request(actor=selin, request=asked, text=answer, resolution="informed", at=timezone.now())
    address = page("request_article", asked.number)
    assert address in client.get(asked.get_absolute_url()).content.decode()
    form = client.get(address).context["form"]
    assert (form.initial["title"], form.initial["body"]) == ("Genel kurul bildirimi", answer)
    sent = {"title": "Genel kurul bildirimi", "body": answer, "topics": "dernek", "summary": ""}
    assert set(client.post(address, sent).context["form"].errors) == {"is_checked"}
    named = client.post(address, sent | {"is_checked": "on"})
    assert (named.status_code, set(named.context["form"].errors)) == (422, {"body"})
    clean = sent | {"is_checked": "on", "body": "Bildirim otuz gün içinde verilir."}
    first, second = client.post(address, clean), client.post(address, clean)
    assert first["Location"] == second["Location"]
    article = ArticleSource.objects.get().article
    assert "Bu yanıttan yapılan yazı" in client.get(asked.get_absolute_url()).content.decode()
    reader = f.PersonFactory()
    f.OfficerFactory(council=council, person=reader)
    hand_in_article(actor=selin, article=article, at=timezone.now())
    release_article(actor=reader, article=article, seen=1, at=timezone.now())
    client.force_login(ayse)
    assert article.get_absolute_url() in client.get(asked.get_absolute_url()).content.decode()
    text = client.get(article.get_absolute_url()).content.decode()
    assert asked.number not in text
    assert "otuz gün" in text


@pytest.mark.parametrize(
    ("known", "text", "is_told"),
    [
        ({"named": "Işıl Çağ"}, "ISIL CAG sordu, bildirim ne zaman?", True),
        ({"named": "Can Su"}, "Musluktan can suyu akmıyor, ne yapmalı?", False),
        ({"contact": "0 (262) 321 45 67"}, "Arayan 262 321 45 67 numarasını verdi.", True),
        ({"contact": "isil@ornek.invalid"}, "Yanıtı isil@ornek.invalid adresine yazın.", True),
    ],
)
def test_a_name_or_a_number_of_the_one_who_asked_is_found_however_it_is_written(known, text, is_told):
    request = ServiceRequest(**{"number": "KOC-T-2026-0001", "named": "", "contact": ""} | known)
    assert _names(request, Words("Bildirim ne zaman verilir?", text)) is is_told
