"""Annual reports: accessible documents of a year, kept as they were, public once somebody says so."""

from __future__ import annotations

import io

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from documents import DocumentError
from impact.actions import recount_all
from impact.annual_report import report_data
from impact.models import AnnualReport
from impact.reporting import make_report, publish_report
from people.verdicts import Refused
from proposals import actions
from tests import factories as f

pytestmark = pytest.mark.django_db
PAGE = "/kocaeli/etki/raporlar/"


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}},
    }
    return tmp_path


@pytest.fixture
def year(kocaeli, ulasim, at):
    """The present year, with a proposal whose title is markup of Typst."""
    title = '#read("/etc/passwd") *kalın* $x$ <etiket>'
    f.ProposalFactory(council=kocaeli, addressed_to=ulasim, title=title)
    recount_all()
    return timezone.localtime(at).year


def test_the_report_is_an_accessible_document_with_the_figures_of_the_year(history, hakan, at):
    year = timezone.localtime(at).year
    report = make_report(actor=hakan, council=history, year=year, at=at)
    assert (report.year, report.published_at, report.size) == (year, None, report.file.size)
    with report.file.open("rb") as file, pikepdf.open(io.BytesIO(file.read())) as document:
        assert str(document.Root.Lang) == "tr"
        assert bool(document.Root.MarkInfo.Marked)
        with document.open_metadata() as told:
            assert told["pdfuaid:part"] == "1"
            assert told["dc:title"] == f"{year} yılı katılım raporu"
        pictures = [each for each in _elements(document.Root.StructTreeRoot) if each.get("/S") == "/Figure"]
        assert len(pictures) >= 2
        assert all(str(each.Alt) for each in pictures)
        heads = [each for each in _elements(document.Root.StructTreeRoot) if each.get("/S") == "/TH"]
        assert heads
        assert not any("/JS" in page or "/AA" in page for page in document.pages)
    told = report_data(history, year, at=at)
    counts = dict(told["totals"]["rows"])
    assert int(counts["Sunulan"]) == history.proposals.filter(year=year).count()


def _elements(tree):
    """Every element of the structure of a document."""
    todo, seen = [tree], set()
    while todo:
        each = todo.pop()
        if isinstance(each, pikepdf.Array):
            todo += list(each)
        elif isinstance(each, pikepdf.Dictionary) and each.objgen not in seen:
            if each.objgen != (0, 0):
                seen.add(each.objgen)
            yield each
            if "/K" in each:
                todo.append(each.K)


def test_the_report_says_what_was_answered_and_what_is_late_and_no_small_group(kocaeli, ulasim, hakan, at):
    answered = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, title="Yanıtlanan")
    late = f.ProposalFactory(
        council=kocaeli, addressed_to=ulasim, title="Geciken", due_at=at - timezone.timedelta(days=3)
    )
    actions.find_inadmissible(
        actor=hakan, proposal=answered, reason="Belediyenin görevi değil.", reason_code="not_local", at=at
    )
    recount_all()
    told = {each["title"]: each for each in report_data(kocaeli, timezone.localtime(at).year, at=at)["tables"]}
    [row] = told["Yıl içinde verilen yanıtlar"]["rows"]
    assert row[:3] == [answered.number, "Yanıtlanan", "Uygun bulunmadı (Kentin ya da belediyenin görevi değil)"]
    assert [row[:3] for row in told["Süresi geçen adımlar"]["rows"]] == [[late.number, "Geciken", "Genel sekreterlik"]]
    assert told["Kimler katıldı"]["rows"][0] == ["Herhangi biri", "5’ten az"]


def test_the_report_cites_the_confirmed_decisions_of_the_year_and_calls_nobody_late_the_system_closes(
    kocaeli, ulasim, decided, at
):
    f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage="gathering", holder="citizens", due_at=at)
    told = {each["title"]: each for each in report_data(kocaeli, 2037, at=at + timezone.timedelta(days=1))["tables"]}
    rows = told["Belediye meclisi kararları"]["rows"]
    assert [(row[0], row[1].partition(":")[0], row[2]) for row in rows] == [
        ("2037/118", proposal.number, outcome)
        for proposal, outcome in zip(
            decided, ("Kabul edildi", "Kısmen kabul edildi", "Kabul edilmedi", "Ertelendi"), strict=True
        )
    ]
    assert told["Süresi geçen adımlar"]["rows"] == []
    told = {each["title"]: each for each in report_data(kocaeli, 2036, at=at)["tables"]}
    assert told["Belediye meclisi kararları"]["rows"] == []


def test_the_report_names_the_budget_lines_of_the_year_and_their_sum(kocaeli, funded, at):
    told = {each["title"]: each for each in report_data(kocaeli, 2037, at=at)["tables"]}["Önerilere ayrılan bütçe"]
    assert told["rows"] == [["1.1", "=Yol yapımı", "2", "850.000,50 ₺"], ["1.2", "Proje", "1", "0 ₺"]]
    assert told["text"] == "Bu yılın bütçesinden önerilere ayrılan toplam: 850.000,50 ₺."
    told = {each["title"]: each for each in report_data(kocaeli, 2036, at=at)["tables"]}["Önerilere ayrılan bütçe"]
    assert (told["rows"], told["text"]) == ([], "Bu yılın bütçesinden önerilere bir şey ayrılmadı.")


def test_text_of_people_is_no_markup_of_the_document(kocaeli, year, hakan, at):
    proposal = kocaeli.proposals.get()
    actions.find_inadmissible(
        actor=hakan, proposal=proposal, reason="Belediyenin görevi değil.", reason_code="not_local", at=at
    )
    recount_all()
    assert make_report(actor=hakan, council=kocaeli, year=year, at=at).size > 0


def test_only_the_office_makes_reports_and_only_of_years_that_were(kocaeli, year, hakan, selin, derya, ayse, at):
    make_report(actor=selin, council=kocaeli, year=year, at=at)
    for stranger in (derya, ayse):
        with pytest.raises(Refused):
            make_report(actor=stranger, council=kocaeli, year=year, at=at)
    with pytest.raises(ValidationError, match="sunulmuş bir öneri yok"):
        make_report(actor=hakan, council=kocaeli, year=1999, at=at)
    assert AnnualReport.objects.count() == 1


def test_one_report_of_a_year_is_public_and_the_page_shows_what_one_may_see(client, kocaeli, year, hakan, at):
    first, second = (make_report(actor=hakan, council=kocaeli, year=year, at=at) for _ in range(2))
    address = {report: reverse("impact_report_file", args=["kocaeli", report.pk]) for report in (first, second)}
    assert client.get(address[first]).status_code == 404
    assert address[first] not in client.get(PAGE).content.decode()
    client.force_login(hakan)
    assert client.get(address[first]).status_code == 200
    for report in (first, second):
        client.post(reverse("impact_report_publish", args=["kocaeli", report.pk]))
    publish_report(actor=hakan, report=second, at=at)
    client.logout()
    told = client.get("/kocaeli/kayit/?tur=councils").content.decode()
    assert told.count(f"{year} yılının katılım raporunu yayımladı.") == 2
    page = client.get(PAGE).content.decode()
    assert (address[first] in page, address[second] in page) == (False, True)
    answer = client.get(address[second])
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert client.get(reverse("impact_report_file", args=["adana", second.pk])).status_code == 404


def test_the_button_makes_a_report(client, kocaeli, year, selin):
    client.force_login(selin)
    assert PAGE in client.get("/kocaeli/etki/panel/").content.decode()
    assert "Raporu hazırla" in client.get(PAGE).content.decode()
    make = reverse("impact_report_make", args=["kocaeli"])
    for given in (str(year), "1999", "x", "", "²²²²"):
        assert client.post(make, {"year": given})["Location"] == PAGE
    report = AnnualReport.objects.get()
    assert (report.year, report.made_by) == (year, selin)


def test_a_document_that_cannot_be_set_is_told_and_leaves_nothing(client, kocaeli, year, selin, monkeypatch):
    def fails(*_args):
        raise DocumentError("other documents are being set")

    monkeypatch.setattr("impact.annual_report.render_pdf", fails)
    client.force_login(selin)
    answer = client.post(reverse("impact_report_make", args=["kocaeli"]), {"year": str(year)}, follow=True)
    assert "Rapor hazırlanamadı" in answer.content.decode()
    assert AnnualReport.objects.count() == 0
