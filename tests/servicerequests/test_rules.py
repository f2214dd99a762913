"""What a desk goes by: read by everybody, written by who leads it, never so that it contradicts itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from people.verdicts import Refused
from servicerequests import actions
from servicerequests.actions.types import rules_of
from servicerequests.desk_rules import Opening, TypeRules, contradictions, wrong_openings
from servicerequests.journal_kinds import RequestKind
from servicerequests.models import DeskUnit, OfficeSpan, RequestType, RequestTypeVersion
from servicerequests.presets import TYPES
from tests import factories as f
from tests.proposals.test_races import at_once

RULES = TypeRules(name="Salon", about="Salonlarımızı kullanmak için.", unit="stk-hizmetleri")
ASKED = {"name": "gun", "label": "Hangi gün?", "kind": "date"}


@pytest.fixture
def council(kocaeli, selin):
    actions.open_desk(actor=selin, council=kocaeli, at=timezone.now())
    return kocaeli


def page(name, *args):
    return reverse(name, args=["kocaeli", *args])


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, None),
        ({"name": "S"}, "name"),
        ({"about": "Kısa."}, "about"),
        ({"first_answer_hours": 17, "resolution_days": 2}, "first_answer_hours"),
        ({"law": "3071 sayılı Kanun, madde 7"}, "ceiling_days"),
        ({"ceiling_days": 30}, "law"),
        ({"law": "4982", "ceiling_days": 14, "ceiling_is_working": True}, "resolution_days"),
        ({"law": "4982", "ceiling_days": 15, "ceiling_is_working": True}, None),
        ({"law": "3071", "ceiling_days": 19}, None),  # 15 working days may be 19 of the calendar
        ({"law": "3071", "ceiling_days": 18}, "resolution_days"),
        ({"law": "4982", "ceiling_days": 30, "ceiling_days_extended": 30}, "ceiling_days_extended"),
        ({"ceiling_days_extended": 30}, "ceiling_days_extended"),
        ({"law": "6698 sayılı Kanun", "ceiling_days": 30, "is_public": True}, "is_public"),
        ({"form": [{"name": "Gün", "label": "Hangi gün?", "kind": "date"}]}, "soru-0-label"),
        ({"form": [ASKED, {"name": "ne", "label": "Ne için?", "kind": "choice"}]}, "soru-1-choices"),
        ({"form": [ASKED, ASKED | {"name": "saat", "shown_when": ["gun", ["yes"]]}]}, "soru-1-shown_when"),
    ],
)
def test_what_cannot_be_promised_is_told_beside_its_field(changed, field):
    assert list(contradictions(replace(RULES, **changed), hours_of_a_day=8)) == ([field] if field else [])


def test_none_of_the_types_councils_start_with_contradicts_itself():
    for row in TYPES:
        values = {name: value for name, value in row.items() if name != "slug"}
        assert contradictions(TypeRules(**values), hours_of_a_day=8) == {}, row["slug"]


@pytest.mark.parametrize(
    ("openings", "field"),
    [
        ([(0, 0, time(9), time(12)), (0, 1, time(13), time(17))], None),
        ([(0, 0, time(13), time(17)), (0, 1, time(9), time(13))], None),
        ([(0, 0, time(9), time(12)), (0, 1, time(11), time(17))], "gun-0-1"),
        ([(2, 1, time(17), time(9))], "gun-2-1"),
        ([(2, 0, time(9), None)], "gun-2-0"),
        ([], "gun-0-0"),
    ],
)
def test_hours_that_cannot_be_are_told_beside_their_field(openings, field):
    assert list(wrong_openings([Opening(*each) for each in openings])) == ([field] if field else [])


def test_officers_keep_the_rules_until_somebody_leads_a_unit(council, selin, ayse, murat):
    at, unit = timezone.now(), DeskUnit.objects.get(council=council, slug="bilgi-edinme")
    head = f.OfficerFactory(council=council)
    for person in (ayse, murat):
        with pytest.raises(Refused):
            actions.set_type(actor=person, council=council, kind=None, rules=RULES, at=at)
    said = {"council": council, "unit": unit, "name": unit.name, "at": at}
    actions.set_unit(actor=selin, head=head, officers=[], **said)
    assert set(unit.officers.all()) == {head}
    with pytest.raises(Refused) as refused:
        actions.set_unit(actor=selin, head=None, officers=[], **said)
    assert refused.value.code == "not_head"
    actions.set_unit(actor=head.person, head=None, officers=[], **said)
    assert actions.set_type(actor=selin, council=council, kind=None, rules=RULES, at=at).type.slug == "salon"


def test_a_unit_with_work_or_types_is_not_retired_and_nobody_leaves_their_work_behind(council, selin, ayse):
    at, unit = timezone.now(), DeskUnit.objects.get(council=council, slug="bilgi-edinme")
    officer, other = council.officers.get(person=selin), f.OfficerFactory(council=f.CouncilFactory())
    kind = RequestType.objects.get(council=council, slug="bilgi-edinme")
    said = actions.Said("Tutanaklar", "2025 yılının tutanaklarını istiyorum.")
    request = actions.file_request(actor=ayse, council=council, kind=kind, said=said, at=at)
    actions.assign_request(actor=selin, request=request, unit=unit, assignee=officer, at=at)
    with pytest.raises(ValidationError) as error:
        actions.set_unit(
            actor=selin,
            council=council,
            unit=unit,
            name="stk HİZMETLERİ",
            head=other,
            officers=[],
            is_active=False,
            at=at,
        )
    wrong = error.value.message_dict
    assert set(wrong) == {"name", "head", "officers", "is_active"}
    assert "Selin Aksoy (1)" in wrong["officers"][0]
    assert "Bilgi edinme, Kişisel veri başvurusu" in wrong["is_active"][1]


def test_two_who_change_a_type_number_each_version_once_and_none_overwrites_the_other(db, transactional_db):
    council = f.CouncilFactory(code="KOC")
    officers = f.OfficerFactory.create_batch(3, council=council)
    actions.start_desk(council=council, at=timezone.now())
    kind = RequestType.objects.get(council=council, slug="talep")
    rules = rules_of(actions.version_of(kind))

    def change(person, days):
        try:
            new = replace(rules, resolution_days=days)
            return actions.set_type(
                actor=person, council=council, kind=kind, rules=new, based_on=1, at=timezone.now()
            ).number
        except ValidationError as error:
            return set(error.message_dict)

    done = at_once([lambda each=each, n=n: change(each.person, 10 + n) for n, each in enumerate(officers)])
    assert sorted(map(str, done)) == ["2", "{'based_on'}", "{'based_on'}"]
    assert list(kind.versions.values_list("number", flat=True)) == [2, 1]


def test_a_council_just_installed_begins_with_a_button(client, kocaeli, selin, ayse, django_assert_max_num_queries):
    client.force_login(ayse)
    assert client.post(page("request_rules_start")).status_code == 403
    assert "Hazır türlerle başla" not in client.get(page("request_rules")).content.decode()
    client.force_login(selin)
    assert "Hazır türlerle başla" in client.get(page("request_rules")).content.decode()
    client.post(page("request_rules_start"))
    client.logout()
    with django_assert_max_num_queries(6):
        text = client.get(page("request_rules")).content.decode()
    assert "15 iş günü (4982 sayılı Kanun, madde 11), başka kuruma sorulursa 30 iş günü" in text
    assert "08.30–12.30, 13.30–17.30" in text
    assert "Sorumlusu" not in text
    assert Entry.objects.filter(kind=RequestKind.STARTED).count() == 1


def test_a_type_is_changed_by_a_form_previewed_and_compared(client, council, selin):
    client.force_login(selin)
    address = page("request_type_edit", "egitim")
    form = client.get(address).context["form"]
    sent = {name: value for name, value in form.initial.items() if value not in (None, False)}
    rows = client.get(address).context["questions"]
    for row in rows.forms:
        for name, value in row.initial.items():
            if value not in (None, False, "", []):
                sent[f"{row.prefix}-{name}"] = value
    sent["rows"] = rows.count
    assert client.post(address, sent).status_code == 302  # nothing changed
    assert RequestTypeVersion.objects.filter(type__slug="egitim").count() == 1
    new = f"soru-{rows.count - 3}"
    sent |= {"resolution_days": 12, f"{new}-label": "Yazıcı var mı?", f"{new}-kind": "yesno", f"{new}-place": 9}
    more = client.post(address, sent | {"more": "1"})
    assert more.context["questions"].count == rows.count + 3
    previewed = client.post(address, sent | {"preview": "1"})
    text = previewed.content.decode()
    assert previewed.status_code == 200
    assert "“Etkinlik için yeriniz var mı?” sorusuna Evet denirse sorulur" in text
    assert 'name="soru-yazici_var_mi"' in text
    assert RequestTypeVersion.objects.filter(type__slug="egitim").count() == 1
    wrong = client.post(address, sent | {"ceiling_days": 5})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"law", "resolution_days"}
    wrong = client.post(address, sent | {f"{new}-kind": "choice"})
    assert [set(row.errors) for row in wrong.context["questions"].forms if row.errors] == [{"choices"}]
    client.post(address, sent)
    client.logout()
    text = client.get(page("request_type_detail", "egitim")).content.decode()
    assert "2. sürüm" in text
    assert "15 iş günü</del>" in text
    assert "12 iş günü</ins>" in text
    assert "Soru: Yazıcı var mı?" in text
    versions = client.get("/api/v1/councils/kocaeli/request-types/egitim/versions/").json()["results"]
    assert [(row["version"], row["resolution_days"], len(row["questions"])) for row in versions] == [
        (2, 12, 5),
        (1, 15, 4),
    ]
    assert client.get("/api/v1/councils/kocaeli/request-types/yok/versions/").status_code == 404
    hours = client.get("/api/v1/councils/kocaeli/office-hours/").json()
    assert (len(hours), hours[0]) == (10, {"weekday": 0, "opens": "08:30:00", "closes": "12:30:00"})
    late = client.force_login(selin) or client.post(address, sent | {"resolution_days": 11})
    assert "2. sürümü yürürlüğe girdi" in late.content.decode()


def test_units_and_hours_are_written_by_forms(client, council, selin):
    client.force_login(selin)
    officer = council.officers.get(person=selin)
    sent = {"name": "Gönüllülük", "head": officer.pk, "is_active": "on"}
    assert client.post(page("desk_unit_add"), sent).status_code == 302
    unit = DeskUnit.objects.get(council=council, slug="gonulluluk")
    assert client.post(page("desk_unit_edit", unit.slug), sent | {"name": "Bilgi EDİNME ve Başvuru"}).status_code == 422
    address = page("office_hours_set")
    hours = {"gun-0-0-opens": "09:00", "gun-0-0-closes": "12:00", "gun-0-1-opens": "11:00", "gun-0-1-closes": "17:00"}
    wrong = client.post(address, hours)
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {"gun-0-1-closes"})
    assert client.post(address, hours | {"gun-0-1-opens": "13:00"}).status_code == 302
    assert OfficeSpan.objects.filter(council=council).count() == 2
    assert Entry.objects.filter(kind=RequestKind.HOURS_CHANGED).count() == 1
