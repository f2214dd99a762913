from __future__ import annotations

import sys
import threading
from datetime import timedelta

import pytest
from django.core.signals import got_request_exception
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.views.debug import SafeExceptionReporterFilter
from structlog.testing import capture_logs

from councils.actions import declare_residence, verify_residence
from councils.models import District, Residence
from councils.permissions import is_resident, may_verify_residence
from journal.models import Audience, Entry
from people.identity import InvalidNumber
from people.models import IdentityCheck
from people.verdicts import Refused
from tests.factories import DistrictFactory, OfficerFactory, PersonFactory, ResidenceFactory

NUMBER, OTHER_NUMBER = "17291716060", "10000000146"


@pytest.fixture
def declared(kocaeli, outsider):
    """Deniz says she lives in İzmit."""
    return ResidenceFactory(person=outsider, council=kocaeli, verified=False)


def _verify(actor, residence, number=NUMBER):
    return verify_residence(
        actor=actor, person=residence.person, council=residence.council, number=number, at=timezone.now()
    )


# --- Declaring ------------------------------------------------------------------------------------
def test_a_declared_residence_is_not_a_verified_one(outsider, kocaeli):
    district = kocaeli.districts.get(slug="gebze")
    residence = declare_residence(actor=outsider, district=district, at=timezone.now())
    assert (residence.council, residence.district, residence.is_verified) == (kocaeli, district, False)
    assert not is_resident(outsider, kocaeli)
    assert Entry.objects.count() == 0


def test_the_same_district_again_changes_nothing(ayse, kocaeli):
    before = Residence.objects.get(person=ayse)
    declare_residence(actor=ayse, district=before.district, at=timezone.now() + timedelta(days=1))
    after = Residence.objects.get(person=ayse)
    assert (after.declared_at, after.verified_at) == (before.declared_at, before.verified_at)
    assert is_resident(ayse, kocaeli)


@pytest.mark.parametrize("elsewhere", ["gebze", "seyhan"])
def test_another_district_or_council_takes_the_verification_away(ayse, kocaeli, adana, elsewhere):
    district = District.objects.get(slug=elsewhere)
    declare_residence(actor=ayse, district=district, at=timezone.now())
    residence = Residence.objects.get(person=ayse)
    assert (residence.district, residence.council) == (district, district.council)
    assert (residence.verified_at, residence.verified_by) == (None, None)
    assert not is_resident(ayse, kocaeli)
    assert not is_resident(ayse, adana)
    [entry] = Entry.objects.all()
    assert (entry.kind, entry.council_id, entry.audience) == (
        "councils.residence_changed",
        kocaeli.pk,
        Audience.STAFF,
    )


# --- Verifying ------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["hakan", "selin"])
def test_the_secretary_and_the_directorate_verify_a_resident(request, declared, who):
    officer = request.getfixturevalue(who)
    residence = _verify(officer, declared)
    assert residence.verified_by == officer
    assert is_resident(declared.person, declared.council)
    check = IdentityCheck.objects.get(person=declared.person)
    assert check.checked_by == officer
    assert NUMBER not in check.number_hash
    entries = list(Entry.objects.order_by("pk").values_list("kind", "audience", "facts", "actor_id"))
    assert entries == [
        ("people.identity_checked", Audience.STAFF, {}, officer.pk),
        ("councils.residence_verified", Audience.STAFF, {}, officer.pk),
    ]


@pytest.mark.parametrize("who", ["ayse", "murat", "derya", "nermin", "elif_", "outsider", "superuser", "visitor"])
def test_nobody_else_verifies(request, kocaeli, who):
    residence = ResidenceFactory(council=kocaeli, verified=False)
    somebody = request.getfixturevalue(who)
    assert may_verify_residence(somebody, kocaeli, residence.person, at=timezone.now()).code == "not_officer"
    with pytest.raises(Refused):
        _verify(somebody, residence)
    assert (IdentityCheck.objects.count(), Entry.objects.count()) == (0, 0)


def test_an_officer_of_another_council_does_not_verify(declared, adana):
    officer = OfficerFactory(council=adana).person
    with pytest.raises(Refused, match="konsey sekreteri"):
        _verify(officer, declared)


def test_nobody_verifies_their_own_record(selin, kocaeli):
    own = ResidenceFactory(person=selin, council=kocaeli, verified=False)
    with pytest.raises(Refused, match="Kendi kaydınızı"):
        _verify(selin, own)
    assert not is_resident(selin, kocaeli)


def test_somebody_who_declared_another_city_is_not_verified_here(selin, kocaeli, adana):
    elsewhere = ResidenceFactory(council=adana, district=DistrictFactory(council=adana, name="Seyhan"), verified=False)
    with pytest.raises(Refused, match="beyan etmemiş"):
        verify_residence(actor=selin, person=elsewhere.person, council=kocaeli, number=NUMBER, at=timezone.now())
    assert IdentityCheck.objects.count() == 0


def test_a_closed_account_is_not_verified(selin, declared):
    declared.person.is_active = False
    declared.person.save()
    with pytest.raises(Refused, match="kapalı"):
        _verify(selin, declared)
    assert IdentityCheck.objects.count() == 0


def test_a_wrong_number_leaves_no_trace(selin, declared):
    with pytest.raises(InvalidNumber):
        _verify(selin, declared, "17291716061")
    declared.refresh_from_db()
    assert (declared.is_verified, IdentityCheck.objects.count(), Entry.objects.count()) == (False, 0, 0)


def test_verifying_twice_changes_nothing(selin, hakan, declared):
    first = _verify(selin, declared)
    second = _verify(hakan, declared)
    assert (second.verified_at, second.verified_by) == (first.verified_at, selin)
    assert (IdentityCheck.objects.count(), Entry.objects.count()) == (1, 2)


def test_one_number_has_one_account(selin, declared, kocaeli):
    _verify(selin, declared)
    second = ResidenceFactory(council=kocaeli, verified=False)
    for typed in (NUMBER, " 172 917 160 60 ", "１７２９１７１６０６０"):
        with pytest.raises(Refused, match="başka bir hesapta doğrulanmış"):
            _verify(selin, second, typed)
    assert not is_resident(second.person, kocaeli)
    assert Entry.objects.count() == 2


def test_one_account_has_one_number(selin, declared):
    _verify(selin, declared)
    with pytest.raises(Refused, match="başka bir kimlik numarasıyla"):
        _verify(selin, declared, OTHER_NUMBER)


def test_after_moving_the_same_number_verifies_again_and_another_does_not(selin, declared, kocaeli):
    _verify(selin, declared)
    declare_residence(actor=declared.person, district=kocaeli.districts.get(slug="gebze"), at=timezone.now())
    with pytest.raises(Refused):
        _verify(selin, declared, OTHER_NUMBER)
    assert not is_resident(declared.person, kocaeli)
    assert _verify(selin, declared).is_verified
    assert IdentityCheck.objects.count() == 1


def test_the_database_itself_refuses_a_self_check_and_a_half_verification(selin, declared):
    at = timezone.now()
    with pytest.raises(IntegrityError, match="nobody_checks_their_own_identity"), transaction.atomic():
        IdentityCheck.objects.create(person=selin, number_hash="x", checked_by=selin, checked_at=at)
    with pytest.raises(IntegrityError, match="residence_is_verified_by_somebody"), transaction.atomic():
        Residence.objects.filter(pk=declared.pk).update(verified_at=at)
    with pytest.raises(IntegrityError, match="nobody_verifies_their_own_residence"), transaction.atomic():
        Residence.objects.filter(pk=declared.pk).update(verified_at=at, verified_by=declared.person)


@pytest.mark.django_db(transaction=True)
def test_one_number_for_many_accounts_at_once_makes_one_of_them_a_resident(selin, kocaeli):
    residences = [ResidenceFactory(council=kocaeli, verified=False) for _ in range(8)]
    start, outcomes = threading.Barrier(len(residences)), []

    def run(residence):
        start.wait()
        try:
            _verify(selin, residence)
            outcomes.append("verified")
        except Refused as refused:
            outcomes.append(refused.code)
        except Exception as error:
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[residence]) for residence in residences]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["identity_taken"] * 7 + ["verified"]
    assert Residence.objects.filter(verified_at__isnull=False).count() == 1
    assert IdentityCheck.objects.count() == 1
    assert Entry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_press_many_times_at_once_is_one_verification(selin, kocaeli):
    residence = ResidenceFactory(council=kocaeli, verified=False)
    start, problems = threading.Barrier(8), []

    def run():
        start.wait()
        try:
            _verify(selin, residence)
        except Exception as error:
            problems.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert (IdentityCheck.objects.count(), Entry.objects.count()) == (1, 2)


# --- The desk -------------------------------------------------------------------------------------
def _desk(council, **query):
    return reverse("residence_desk", args=[council.slug], query=query or None)


def _page(residence):
    return reverse("residence_person", args=[residence.council.slug, residence.person_id])


def test_the_desk_is_for_officers(client, kocaeli, ayse, murat, selin, declared):
    assert client.get(_desk(kocaeli)).status_code == 302
    for somebody in (ayse, murat):
        client.force_login(somebody)
        for address in (_desk(kocaeli), _page(declared)):
            answer = client.get(address)
            assert answer.status_code == 403
            assert "konsey sekreteri" in answer.content.decode()
        assert client.post(_page(declared), {"national_number": NUMBER}).status_code == 403
    client.force_login(selin)
    assert client.get(_desk(kocaeli)).status_code == 200
    assert IdentityCheck.objects.count() == 0


def test_the_desk_shows_only_who_declared_this_city(client, selin, kocaeli, adana, declared):
    elsewhere = ResidenceFactory(council=adana, district=DistrictFactory(council=adana, name="Seyhan"), verified=False)
    client.force_login(selin)
    page = client.get(_desk(kocaeli))
    assert [each.person for each in page.context["page"].items] == [declared.person]
    assert client.get(_desk(kocaeli, q=elsewhere.person.email)).context["page"].items == []
    address = reverse("residence_person", args=[kocaeli.slug, elsewhere.person_id])
    assert client.get(address).status_code == 404
    assert client.post(address, {"national_number": NUMBER}).status_code == 404
    assert client.get(_desk(adana)).status_code == 403


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Çiğdem", True),
        ("cigdem", True),
        ("ÇİĞ", True),
        ("isik", True),
        ("çiğdem ı", True),
        ("cigdem@ornek.invalid", True),
        ("CIGDEM@ORNEK.INVALID", True),
        ("igdem", False),
        ("cigdem@ornek", False),
        ("%", False),
        ("_", False),
        ("\x00", True),
        ("çiğdem' or 1=1 --", False),
        ("x" * 5000, False),
    ],
)
def test_people_are_found_by_the_start_of_a_name_or_by_their_whole_address(client, selin, kocaeli, text, is_found):
    ResidenceFactory(
        person=PersonFactory(display_name="Çiğdem Işık", email="cigdem@ornek.invalid"), council=kocaeli, verified=False
    )
    client.force_login(selin)
    page = client.get(_desk(kocaeli, q=text))
    assert page.status_code == 200
    assert [each.person.display_name for each in page.context["page"].items] == ["Çiğdem Işık"] * is_found


def test_pages_of_the_desk_hold_everybody_once_and_few_queries(client, selin, kocaeli, django_assert_max_num_queries):
    at = timezone.now()
    waiting = [
        ResidenceFactory(council=kocaeli, verified=False, declared_at=at - timedelta(days=n // 2)).pk for n in range(45)
    ]
    client.force_login(selin)
    seen, address = [], _desk(kocaeli)
    while address:
        with django_assert_max_num_queries(9):
            page = client.get(address).context["page"]
        seen += [each.pk for each in page.items]
        address = page.next and _desk(kocaeli) + page.next
    assert sorted(seen) == sorted(waiting)
    assert len(seen) == 45
    assert client.get(_desk(kocaeli) + "?sayfa=olmaz").status_code == 200


def test_an_empty_desk_says_so(client, selin, kocaeli):
    client.force_login(selin)
    assert "Bekleyen yok" in client.get(_desk(kocaeli)).content.decode()
    assert "Kimse bulunamadı" in client.get(_desk(kocaeli, q="yok")).content.decode()
    assert "Doğrulanmış hemşehri yok" in client.get(_desk(kocaeli, durum="dogrulanan")).content.decode()


def test_an_officer_verifies_at_the_desk_and_the_resident_sees_it(client, selin, declared, kocaeli):
    client.force_login(selin)
    answer = client.post(_page(declared), {"national_number": NUMBER})
    assert (answer.status_code, answer["Location"]) == (302, _page(declared))
    page = client.get(_page(declared)).content.decode()
    assert "Doğrulandı" in page
    assert "national_number" not in page
    again = client.post(_page(declared), {"national_number": NUMBER})
    assert again.status_code == 302
    assert Entry.objects.count() == 2

    client.force_login(declared.person)
    assert "günü doğrulandı" in client.get(reverse("settings")).content.decode()
    client.force_login(selin)
    assert [each.person for each in client.get(_desk(kocaeli, durum="dogrulanan")).context["page"].items] == [
        declared.person
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("17291716061", "Bu bir T.C. kimlik no değil"),
        ("1729171606", "on bir rakam olmalı"),
        ("1" * 500, "on bir rakam olmalı"),
        ("", "Kimlik kartındaki numarayı yazın"),
    ],
)
def test_a_wrong_number_is_explained_beside_the_field_and_not_written_back(client, selin, declared, typed, sentence):
    client.force_login(selin)
    answer = client.post(_page(declared), {"national_number": typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors["national_number"][0]
    assert not typed or typed not in page


def test_a_number_of_another_account_is_explained_beside_the_field(client, selin, declared, kocaeli):
    _verify(selin, declared)
    second = ResidenceFactory(council=kocaeli, verified=False)
    client.force_login(selin)
    answer = client.post(_page(second), {"national_number": NUMBER})
    assert answer.status_code == 422
    assert "başka bir hesapta doğrulanmış" in answer.context["form"].errors["national_number"][0]
    assert NUMBER not in answer.content.decode()
    assert declared.person.display_name not in answer.content.decode()


def test_ones_own_record_shows_the_reason_instead_of_a_form(client, selin, kocaeli):
    own = ResidenceFactory(person=selin, council=kocaeli, verified=False)
    client.force_login(selin)
    page = client.get(_page(own)).content.decode()
    assert "Kendi kaydınızı doğrulayamazsınız" in page
    assert "national_number" not in page
    assert client.post(_page(own), {"national_number": NUMBER}).status_code == 403


def test_the_number_is_nowhere_after_the_check(client, selin, declared, kocaeli, caplog):
    client.force_login(selin)
    second = ResidenceFactory(council=kocaeli, verified=False)
    with capture_logs() as events:
        client.post(_page(declared), {"national_number": NUMBER})
        client.post(_page(second), {"national_number": NUMBER})
        client.get(_page(declared))
    assert NUMBER not in repr(events)
    assert NUMBER not in caplog.text
    reads = [(each["reader"], each["person"]) for each in events if each["event"] == "residence_record_read"]
    assert reads == [(selin.pk, declared.person_id), (selin.pk, second.person_id), (selin.pk, declared.person_id)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text LIKE %s', [f"%{NUMBER}%"])
            assert cursor.fetchone() == (0,), table


def test_an_error_report_masks_the_number(client, selin, declared, monkeypatch):
    seen = []

    def broken(*, number, **_):
        raise RuntimeError("the database is gone")

    monkeypatch.setattr("councils.residence_views.verify_residence", broken)
    client.force_login(selin)
    client.raise_request_exception = False

    def look(sender, request, **_):
        reporter = SafeExceptionReporterFilter()
        seen.append(repr(reporter.get_post_parameters(request)))
        trace = sys.exc_info()[2]
        while trace:
            if "councils" in trace.tb_frame.f_code.co_filename:
                seen.append(repr(reporter.get_traceback_frame_variables(request, trace.tb_frame)))
            trace = trace.tb_next

    got_request_exception.connect(look)
    try:
        assert client.post(_page(declared), {"national_number": NUMBER}).status_code == 500
    finally:
        got_request_exception.disconnect(look)
    assert len(seen) > 1
    assert [each for each in seen if NUMBER in each] == []


# --- Settings -------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_settings_are_for_people_with_an_account(client):
    assert client.get("/ben/ayarlar/")["Location"] == "/hesap/giris/?next=/ben/ayarlar/"


def test_name_and_language_are_changed_together(client, outsider):
    client.force_login(outsider)
    answer = client.post(reverse("settings"), {"display_name": "  Deniz   Yakın ", "language": "en"})
    assert answer["Location"] == reverse("settings")
    assert answer.cookies["meydan_language"].value == "en"
    outsider.refresh_from_db()
    assert (outsider.display_name, outsider.language) == ("Deniz Yakın", "en")


def test_a_wrong_name_is_kept_in_its_field_and_explained(client, outsider):
    client.force_login(outsider)
    answer = client.post(reverse("settings"), {"display_name": "deniz@ornek.invalid", "language": "en"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="deniz@ornek.invalid"' in page
    outsider.refresh_from_db()
    assert (outsider.display_name, outsider.language) == ("Deniz Uzak", "tr")


def test_choosing_a_district_declares_the_residence(client, outsider, kocaeli, adana, django_assert_max_num_queries):
    client.force_login(outsider)
    with django_assert_max_num_queries(9):
        page = client.get(reverse("settings"))
    assert [group for group, _ in page.context["residence_form"].fields["district"].choices[1:]] == [
        "Adana Kent Konseyi",
        "Kocaeli Kent Konseyi",
    ]
    answer = client.post(
        reverse("settings_residence"), {"residence-district": kocaeli.districts.get(slug="kandira").pk}
    )
    assert answer["Location"] == "/ben/ayarlar/#residence"
    assert Residence.objects.get(person=outsider).district.slug == "kandira"


@pytest.mark.parametrize("value", ["", "0", "999999999999999999999", "izmit", "-1"])
def test_a_district_that_is_none_is_refused_beside_the_field(client, outsider, kocaeli, value):
    client.force_login(outsider)
    answer = client.post(reverse("settings_residence"), {"residence-district": value})
    assert answer.status_code == 422
    assert answer.context["residence_form"].errors["district"]
    assert not Residence.objects.exists()


def test_a_verified_person_is_told_beforehand_what_a_change_costs(client, ayse):
    client.force_login(ayse)
    assert "doğrulama düşer" in client.get(reverse("settings")).content.decode()
