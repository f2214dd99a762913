"""The desk shows each officer what waits, oldest due first, and loses nothing when two act at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participation.awaited import awaited_of
from servicerequests import actions, desk_reading
from servicerequests.models import DeskUnit, ServiceRequest
from tests import factories as f
from tests.proposals.test_races import at_once

pytestmark = pytest.mark.django_db
K = "kocaeli"


@pytest.fixture
def officer(kocaeli, selin):
    return desk_reading.officer_of(selin, kocaeli)


@pytest.fixture
def other(kocaeli):
    return f.OfficerFactory(council=kocaeli, role="directorate", person__display_name="Necla Doğanay")


@pytest.fixture
def desk(kocaeli, ayse, selin, officer, other):
    """One of each: late, mine, another's, waited for, answered."""
    at = timezone.now()
    late = f.request_of(ayse, kocaeli, subject="Geciken başvuru", at=at - timedelta(days=60))
    mine = f.request_of(ayse, kocaeli, subject="Benim başvurum", at=at - timedelta(hours=3))
    theirs = f.request_of(ayse, kocaeli, kind="bilgi-edinme", subject="Onun başvurusu", at=at - timedelta(hours=2))
    asked = f.request_of(ayse, kocaeli, subject="Sorulan başvuru", at=at - timedelta(hours=1))
    done = f.request_of(ayse, kocaeli, subject="Yanıtlanan başvuru", at=at - timedelta(hours=1))
    actions.assign_request(actor=selin, request=mine, unit=None, assignee=officer, at=at)
    actions.assign_request(actor=selin, request=theirs, unit=None, assignee=other, at=at)
    actions.write_to_applicant(actor=selin, request=asked, text="Hangi gün?", asks=True, at=at)
    actions.answer_request(actor=selin, request=done, text="Oldu.", resolution="fulfilled", at=at)
    return {"late": late, "mine": mine, "theirs": theirs, "asked": asked, "done": done}


def subjects(client, query):
    answer = client.get(reverse("request_desk", args=[K]) + query)
    assert answer.status_code == 200
    return [line["row"].subject.split()[0] for line in answer.context["rows"]]


def test_each_queue_holds_what_its_name_says_oldest_due_first(client, desk, selin):
    client.force_login(selin)
    assert subjects(client, "") == ["Benim"]
    assert subjects(client, "?kuyruk=acik") == ["Geciken", "Benim", "Onun"]
    assert subjects(client, "?kuyruk=sahipsiz") == ["Geciken"]
    assert subjects(client, "?kuyruk=gecikmis") == ["Geciken"]
    assert subjects(client, "?kuyruk=birim-bilgi-edinme") == ["Onun"]
    assert subjects(client, "?kuyruk=basvuranda") == ["Sorulan"]
    assert subjects(client, "?kuyruk=yanitlanan") == ["Yanıtlanan"]
    assert len(subjects(client, "?kuyruk=hepsi")) == 5
    assert subjects(client, "?kuyruk=uydurma") == ["Benim"]
    counts = desk_reading.counts_of(
        desk["mine"].council, desk_reading.officer_of(selin, desk["mine"].council), at=timezone.now()
    )
    assert {word: counts[word] for word in ("benim", "sahipsiz", "gecikmis", "acik", "basvuranda", "baska-birimde")} == {
        "benim": 1, "sahipsiz": 1, "gecikmis": 1, "acik": 3, "basvuranda": 1, "baska-birimde": 0,
    }  # fmt: skip


def test_search_forgives_letters_and_filters_narrow(client, desk, selin):
    client.force_login(selin)
    assert subjects(client, "?q=YANITLANAN") == ["Yanıtlanan"]
    assert subjects(client, "?q=zzz") == []
    assert subjects(client, "?q=%00") == ["Benim"]
    assert subjects(client, "?kuyruk=acik&tur=bilgi-edinme") == ["Onun"]
    assert subjects(client, "?kuyruk=hepsi&durum=answered&kanal=site") == ["Yanıtlanan"]
    answer = client.get(reverse("request_desk", args=[K]), {"q": desk["late"].number.lower()})
    assert answer["Location"] == desk["late"].get_absolute_url()


def test_the_desk_costs_the_same_however_much_waits(client, kocaeli, ayse, selin, desk, django_assert_max_num_queries):
    for number in range(12):
        f.request_of(f.PersonFactory(), kocaeli, subject=f"{number}. başvuru")
    client.force_login(selin)
    address = reverse("request_desk", args=[K])
    with django_assert_max_num_queries(21):
        client.get(address, {"kuyruk": "acik"})
    with django_assert_max_num_queries(38):
        client.get(address, {"kuyruk": "acik", "secili": desk["late"].number})


def test_what_waits_stands_on_both_sides_desks(client, desk, ayse, selin, officer):
    DeskUnit.objects.get(council=officer.council, slug="stk-hizmetleri").officers.add(officer)
    client.force_login(selin)
    page = client.get(reverse("desk", args=[K]))
    (section,) = [each for each in page.context["sections"] if each.key == "basvurular"]
    assert [task.title for task in section.tasks] == ["Geciken başvuru", "Benim başvurum"]
    assert [task.tone for task in section.tasks] == ["late", ""]
    assert [each.question for each in awaited_of(ayse, at=timezone.now())] == ["Sorulan başvuru"]
    assert awaited_of(selin, at=timezone.now()) == []


def test_one_opens_beside_the_list_and_its_forms_lead_back_there(client, desk, selin):
    client.force_login(selin)
    page = client.get(reverse("request_desk", args=[K]), {"kuyruk": "acik", "secili": desk["late"].number})
    assert 'name="masa" value="kuyruk=acik"' in page.content.decode()
    form = page.context["answer"]
    sent = {
        "deed": "say",
        "text": "Bakıyoruz.",
        "key": form.initial["key"],
        "masa": "kuyruk=acik&q=&next=//evil.example",
    }
    answer = client.post(reverse("request_answer", args=[K, desk["late"].number]), sent)
    assert answer["Location"] == f"/kocaeli/masam/basvurular/?kuyruk=acik&secili={desk['late'].number}#secili"


def test_whoever_takes_it_first_keeps_it_and_the_other_is_told(client, desk, selin, other, officer):
    address = reverse("request_assign", args=[K, desk["late"].number])
    sent = {"unit": "stk-hizmetleri", "assignee": "yok", "priority": "high", "seen": "yok", "take": "1"}
    for person in (other.person, selin):
        client.force_login(person)
        answer = client.post(address, sent, follow=True)
    desk["late"].refresh_from_db()
    assert desk["late"].assignee == other
    assert "Bu arada görevlisi değişti: Necla Doğanay" in answer.content.decode()
    client.post(address, sent | {"seen": str(other.pk)})
    desk["late"].refresh_from_db()
    assert desk["late"].assignee == officer


@pytest.mark.django_db(transaction=True)
def test_two_who_take_it_at_once_are_one_who_has_it(kocaeli, ayse, selin, other, officer):
    asked, at = f.request_of(ayse, kocaeli), timezone.now()

    def take(who):
        def call():
            try:
                return actions.assign_request(
                    actor=who.person, request=asked, unit=None, assignee=who, seen=None, at=at
                ).assignee
            except ValidationError:
                return None

        return call

    held = [each for each in at_once([take(officer), take(other)]) if each]
    asked.refresh_from_db()
    assert held == [asked.assignee]


def test_several_at_once_are_judged_one_by_one(client, desk, selin, other, mehmet):
    client.force_login(selin)
    address = reverse("request_desk_bulk", args=[K])
    own = f.request_of(selin, desk["late"].council)
    numbers = [desk["late"].number, desk["done"].number, own.number, "KOC-T-1-1"]
    answer = client.post(f"{address}?kuyruk=acik", {"basvuru": numbers, "deed": f"assign:{other.pk}"}, follow=True)
    page = answer.content.decode()
    assert "1 başvuruda yapıldı." in page
    assert f"{desk['done'].number}: Bu başvuru sonuçlandı." in page
    assert f"{own.number}: Kendi başvurunuzu" in page
    client.post(address, {"basvuru": numbers[:1], "deed": "unit:bilgi-edinme"})
    client.post(address, {"basvuru": numbers[:1], "deed": "priority:high"})
    row = ServiceRequest.objects.get(pk=desk["late"].pk)
    assert (row.unit.slug, row.assignee, row.priority) == ("bilgi-edinme", None, "high")
    for wrong in ({"deed": "take_up:"}, {"basvuru": numbers, "deed": "unit:yok"}, {"basvuru": ["x"] * 3, "deed": "?"}):
        assert "error" in str([m.level_tag for m in client.post(address, wrong, follow=True).context["messages"]])
    client.force_login(mehmet)
    assert client.post(address, {"basvuru": numbers, "deed": "take_up:"}).status_code == 403


def test_a_unit_that_is_closed_takes_nothing_new(desk, selin):
    unit = DeskUnit.objects.get(council=desk["late"].council, slug="bilgi-edinme")
    DeskUnit.objects.filter(pk=unit.pk).update(is_active=False)
    unit.refresh_from_db()
    done, refused = actions.carry_out(actor=selin, requests=[desk["late"]], deed="unit", unit=unit, at=timezone.now())
    assert (done, [number for number, _why in refused]) == ([], [desk["late"].number])
