"""Councils come from files: both load, twice; what is wrong in a file is told with its line."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from councils.actions.procedures import rules_of, write_procedure
from councils.council_file import CouncilFileError, read_council_file
from councils.loading import DATA, load_council
from councils.models import Body, BodyKind, Council, District, Procedure, Route
from journal.models import Entry
from tests import factories as f
from workinggroups.models import Charter

SMALL = """\
council:
  slug: ornek
  code: ORN
  name: Örnek Kent Konseyi
  province: Örnek
  municipality: Örnek Belediyesi
  centre: [40.1, 29.9]
procedure:
  admissibility_days: 5
  support_threshold: 20
  support_days: 30
  group_days: 30
  ballot_days: 7
  quorum_percent: 50
  majority: simple
themes:
  - {slug: ulasim, name: Ulaşım}
districts:
  - {slug: merkez, name: Merkez, centre: [40.1, 29.9]}
organs:
  - {kind: secretariat, slug: genel-sekreterlik, name: Genel Sekreterlik, purpose: Tutanak tutar}
assemblies:
  - {slug: kadin-meclisi, name: Kadın Meclisi, purpose: Eşit katılım}
working_groups:
  - slug: ulasim
    name: Ulaşım Çalışma Grubu
    purpose: Güvenli yolculuk
    objectives: [Yayaları öncelemek]
    activities: [Ölçüm yapmak, Rapor yazmak]
    partners: [Üniversite]
"""


def load(path: Path, **options):
    return load_council(path, at=timezone.now(), **options)


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "ornek.yaml"
    path.write_text(text, encoding="utf-8")
    return path


DESK = "  verification_desk: {address: Belediye, hours: Hafta içi, phone: 262 00 00, documents: Kimlik, sample: true}\n"


def problems_of(tmp_path: Path, text: str) -> list[tuple[int, int, str]]:
    with pytest.raises(CouncilFileError) as caught:
        read_council_file(write(tmp_path, text))
    return [(problem.line, problem.column, problem.message) for problem in caught.value.problems]


@pytest.mark.django_db
def test_kocaeli_has_its_districts_assemblies_groups_and_texts():
    council = load(DATA / "kocaeli.yaml").council
    assert " ".join(sorted(council.districts.values_list("slug", flat=True))) == (
        "basiskele cayirova darica derince dilovasi gebze golcuk izmit kandira karamursel kartepe korfez"
    )
    kinds = list(council.bodies.values_list("kind", flat=True))
    assert (kinds.count(BodyKind.ASSEMBLY), kinds.count(BodyKind.WORKING_GROUP)) == (5, 19)
    assert (council.code, len(council.principles)) == ("KOC", 6)
    assert council.vision
    assert council.mission
    groups = Charter.objects.filter(body__council=council, body__kind=BodyKind.WORKING_GROUP)
    assert all(group.purpose and 3 <= len(group.objectives) <= 5 for group in groups)
    assert set(council.bodies.filter(kind=BodyKind.WORKING_GROUP).values_list("is_sample", flat=True)) == {True}


@pytest.mark.django_db
def test_adana_has_its_districts_and_the_group_with_thirteen_activities_and_three_partners():
    council = load(DATA / "adana.yaml").council
    assert council.districts.count() == 15
    group = council.bodies.get(kind=BodyKind.WORKING_GROUP)
    assert group.name == "Demokratik Sivil İradenin Geliştirilmesi Çalışma Grubu"
    assert not group.is_sample
    assert (group.charter.activities.count(), group.charter.partners.count()) == (13, 3)
    assert group.charter.purpose
    assert "vision" in council.sample_fields


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["kocaeli", "adana"])
def test_every_district_has_its_outline_and_its_centre_lies_inside_the_outlines_frame(name):
    council = load(DATA / f"{name}.yaml").council
    features = {feature["properties"]["slug"]: feature for feature in council.outline["features"]}
    assert set(features) == set(council.districts.values_list("slug", flat=True))
    for district in council.districts.all():
        ring = features[district.slug]["geometry"]["coordinates"][0]
        lngs, lats = [point[0] for point in ring], [point[1] for point in ring]
        assert min(lngs) < district.longitude < max(lngs)
        assert min(lats) < district.latitude < max(lats)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["kocaeli", "adana"])
def test_a_second_run_changes_nothing_and_records_nothing(name):
    first = load(DATA / f"{name}.yaml")
    second = load(DATA / f"{name}.yaml")
    assert (first.created, second.created, second.changes, second.left) == (True, False, [], [])
    assert list(Entry.objects.values_list("kind", "topic")) == [("councils.loaded", f"council:{first.council.pk}")]


@pytest.mark.django_db
def test_the_command_says_what_it_did():
    path = str(DATA / "adana.yaml")
    said = []
    for _run in range(2):
        out = StringIO()
        call_command("load_council", path, stdout=out)
        said.append(out.getvalue().strip())
    assert said == ["Adana Kent Konseyi yüklendi.", "Adana Kent Konseyi zaten güncel, hiçbir şey değişmedi."]


@pytest.mark.django_db
def test_a_trial_run_writes_nothing():
    call_command("load_council", str(DATA / "adana.yaml"), "--dry-run", stdout=StringIO())
    assert (Council.objects.count(), Entry.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_changed_text_updates_the_row_and_records_one_entry(tmp_path):
    load(write(tmp_path, SMALL))
    outcome = load(write(tmp_path, SMALL.replace("Tutanak tutar", "Tutanakları tutar ve yayımlar")))
    assert outcome.changes == ["güncellendi: Konsey bilgileri", "güncellendi: Organ · Genel Sekreterlik"]
    assert Body.objects.get(slug="genel-sekreterlik").summary == "Tutanakları tutar ve yayımlar"
    assert list(Entry.objects.order_by("pk").values_list("kind", flat=True)) == ["councils.loaded", "councils.updated"]


@pytest.mark.django_db
def test_a_body_that_the_file_no_longer_names_stays_and_is_reported(tmp_path):
    load(write(tmp_path, SMALL))
    outcome = load(write(tmp_path, SMALL.replace("slug: kadin-meclisi, name: Kadın", "slug: genclik, name: Gençlik")))
    assert outcome.left == ["Organ · Kadın Meclisi"]
    assert sorted(Body.objects.filter(kind=BodyKind.ASSEMBLY).values_list("slug", flat=True)) == [
        "genclik",
        "kadin-meclisi",
    ]


@pytest.mark.django_db
def test_single_rules_of_the_procedure_can_be_replaced(tmp_path):
    load(write(tmp_path, SMALL), procedure={"support_threshold": 3})
    council = Council.objects.get()
    found = [Procedure.objects.in_force(council, route) for route in Route]
    assert [(each.number, each.support_threshold) for each in found] == [(1, 3), (1, 3), (1, None)]


@pytest.mark.django_db
def test_a_changed_rule_of_the_file_is_a_new_version_until_the_council_has_written_its_own(tmp_path):
    load(write(tmp_path, SMALL), procedure={"support_threshold": 3})
    load(write(tmp_path, SMALL), procedure={"support_threshold": 3})
    load(write(tmp_path, SMALL), procedure={"support_threshold": 4})
    council = Council.objects.get()
    second = Procedure.objects.in_force(council, Route.ASSEMBLY)
    assert (second.number, second.support_threshold) == (2, 4)
    rules = rules_of(second)
    write_procedure(council, Route.ASSEMBLY, 3, rules, reason="Kararımız", actor=f.PersonFactory(), at=timezone.now())
    load(write(tmp_path, SMALL), procedure={"support_threshold": 5})
    assert Procedure.objects.in_force(council, Route.ASSEMBLY).support_threshold == 4
    assert Procedure.objects.in_force(council, Route.WORKING_GROUP).support_threshold == 5


def test_several_problems_are_told_at_once_each_with_its_place(tmp_path):
    text = (
        SMALL.replace("code: ORN", "code: örn")
        .replace("support_days: 30", "support_days: otuz")
        .replace("majority: simple", "majority: yarısı")
        .replace("slug: merkez,", "slug: Merkez İlçe,")
        .replace("    purpose: Güvenli yolculuk\n", "    amac: Güvenli yolculuk\n")
    )
    assert problems_of(tmp_path, text) == [
        (3, 9, "code, üç büyük A-Z harfi olmalı: örn"),
        (11, 17, "support_days, 1 ile 3650 arasında bir tam sayı olmalı"),
        (15, 13, "majority şunlardan biri olmalı: simple, absolute, two_thirds"),
        (19, 12, "slug yalnızca küçük a-z harfleri, rakam ve tire içerebilir: Merkez İlçe"),
        (25, 5, "eksik anahtar: purpose"),
        (
            27,
            5,
            "bilinmeyen anahtar: amac (bilinenler: slug, name, purpose, sample, objectives, activities, partners)",
        ),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("slug: ornek", "slug: hesap", 2, "bu slug sitenin bir sayfasıdır, kullanılamaz: hesap"),
        ("  code: ORN\n", "", 1, "eksik anahtar: code"),
        ("  code: ORN\n", "  code: ORN\n  code: ORK\n", 4, "bu anahtar ikinci kez yazılmış"),
        (
            "slug: kadin-meclisi",
            "slug: genel-sekreterlik",
            23,
            "slug ikinci kez kullanılmış: genel-sekreterlik (ilki satır 21)",
        ),
        ("centre: [40.1, 29.9]\nprocedure", "centre: [400, 29.9]\nprocedure", 7, "centre, [enlem, boylam] olmalı"),
        ("name: Örnek Kent Konseyi", "name: 12", 4, "name bir metin olmalı"),
        ("name: Örnek Kent Konseyi", "name: ''", 4, "name boş olamaz"),
        ("[Ölçüm yapmak, Rapor yazmak]", "Ölçüm yapmak", 29, "activities bir liste olmalı"),
        ("Rapor yazmak", "Ölçüm yapmak", 29, "activities içinde ikinci kez yazılmış (ilki satır 29)"),
        ("province: Örnek", "province: [Örnek", 6, None),
        ("\nprocedure", "\n  outline: yok.geojson\nprocedure", 8, "outline dosyası bulunamadı: yok.geojson"),
    ],
)
def test_a_problem_is_told_with_its_line(tmp_path, old, new, line, message):
    (problem,) = problems_of(tmp_path, SMALL.replace(old, new, 1))
    assert problem[0] == line
    assert message is None or problem[2] == message


@pytest.mark.parametrize(
    "text", ["", "[]", "kent", "council: 3\n", "council: [1, {2: 3}]\nthemes: {a: b}\n", "a: &x [*x]\n"]
)
def test_a_file_of_another_shape_is_refused_without_a_crash(tmp_path, text):
    assert problems_of(tmp_path, text)


def test_a_missing_or_binary_file_is_refused(tmp_path):
    with pytest.raises(CouncilFileError, match="dosya okunamadı"):
        read_council_file(tmp_path / "yok.yaml")
    (tmp_path / "iki.yaml").write_bytes(b"council:\n  \xff\xfe")
    with pytest.raises(CouncilFileError, match="satır 2, sütun 1: dosya UTF-8"):
        read_council_file(tmp_path / "iki.yaml")


@pytest.mark.django_db
def test_populations_are_whole_numbers_kept_with_the_district_and_said_to_be_examples(tmp_path):
    council = load_council(DATA / "kocaeli.yaml", at=timezone.now()).council
    assert all(council.districts.values_list("population", flat=True))
    assert "population" in council.sample_fields
    text = (DATA / "kocaeli.yaml").read_text().replace("population: 376100", "population: 0")
    wrong = tmp_path / "kocaeli.yaml"
    wrong.write_text(text)
    (tmp_path / "kocaeli.geojson").write_bytes((DATA / "kocaeli.geojson").read_bytes())
    with pytest.raises(CouncilFileError, match="population, 1 ile 50000000 arasında bir tam sayı olmalı"):
        read_council_file(wrong)


@pytest.mark.django_db
def test_a_wrong_file_changes_nothing_and_the_command_names_the_file(tmp_path):
    path = write(tmp_path, SMALL.replace("support_threshold: 20", "support_threshold: 0"))
    with pytest.raises(CommandError, match=r"ornek\.yaml yüklenemedi, hiçbir şey değişmedi") as caught:
        call_command("load_council", str(path), stdout=StringIO())
    assert "satır 10, sütun 22" in str(caught.value)
    assert (Council.objects.count(), District.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_code_and_name_of_another_council_are_refused_at_their_place(tmp_path):
    load(write(tmp_path, SMALL))
    with pytest.raises(CouncilFileError, match="satır 3, sütun 9: code başka bir konseyde kullanılıyor"):
        load(write(tmp_path, SMALL.replace("slug: ornek", "slug: baska").replace("Örnek Kent", "Başka Kent")))
    with pytest.raises(CouncilFileError, match="satır 3, sütun 9: code değiştirilemez"):
        load(write(tmp_path, SMALL.replace("code: ORN", "code: ORK")))


@pytest.mark.django_db
def test_where_residents_are_verified_is_kept_and_may_be_left_out(tmp_path):
    council = load(write(tmp_path, SMALL)).council
    assert (council.verification_desk, council.sample_fields) == ({}, [])
    load(write(tmp_path, SMALL.replace("procedure:\n", f"{DESK}procedure:\n", 1)))
    council.refresh_from_db()
    expected = {"address": "Belediye", "hours": "Hafta içi", "phone": "262 00 00", "documents": "Kimlik"}
    assert council.verification_desk == expected
    assert council.sample_fields == ["verification_desk"]


@pytest.mark.parametrize(
    ("desk", "message"),
    [
        ("{hours: Hafta içi}", "eksik anahtar: address"),
        ("{address: Belediye, fax: x}", "bilinmeyen anahtar: fax"),
        ("{address: 12}", "address bir metin olmalı"),
        ("Belediye", "anahtarlı bir bölüm"),
    ],
)
def test_a_wrong_verification_desk_is_told_with_its_line(tmp_path, desk, message):
    text = SMALL.replace("procedure:\n", f"  verification_desk: {desk}\nprocedure:\n", 1)
    ((line, _column, told),) = problems_of(tmp_path, text)
    assert line == 8
    assert message in told
