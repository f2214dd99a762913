"""Every number opens the list it counts, and can be taken along."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from impact.actions import recount_all
from impact.reading import figures, listing
from impact.reading.asking import read_asked
from impact.reading.figures import Number
from impact.views import TABLES
from proposals.models import BudgetLine, Decision, Objective, Proposal
from tests import factories as f

pytestmark = pytest.mark.django_db


def numbers_of(found) -> list[Number]:
    return [cell for row in found.rows for cell in row if isinstance(cell, Number)]


@pytest.mark.parametrize(
    "query", ["", "yil={year}", "konu=ulasim", "ilce=gebze&konu=kultur", "stk=korfez-bisikletliler-dernegi"]
)
def test_every_number_counts_exactly_its_list(history, funded, query):
    at = timezone.now()
    asked = read_asked(history, QueryDict(query.format(year=at.year - 1)))
    every = [number for make in TABLES.values() for number in numbers_of(make(asked, at))]
    found = figures.totals(asked)
    every += [found.written, found.accepted, found.refused, found.done, found.in_time, found.late]
    assert len(every) > 30
    for number in every:
        params = QueryDict(urlsplit(number.url).query)
        selection = listing.read_selection(read_asked(history, params, asked.choices), params, at=at)
        assert selection.facts.count() == number.value, number.url


def test_proposals_are_traced_into_decisions_with_unit_and_state(client, kocaeli, decided, selin):
    first, second, third, fourth = decided
    client.force_login(selin)
    page = client.get(reverse("impact_panel", args=["kocaeli"]))
    rows = [[cell.value if isinstance(cell, Number) else cell for cell in row] for row in page.context["outcomes"].rows]
    assert rows == [
        ["Kabul edildi", 1, 0, 1],
        ["Kısmen kabul edildi", 1, 1, 0],
        ["Kabul edilmedi", 1, 0, 0],
        ["Ertelendi", 1, 0, 0],
    ]
    lines = [[cell.text for cell in row] for row in page.context["traced"].shown]
    unit = "Park ve Bahçeler"
    assert lines == [
        ["2037/118", "13 Ağustos 2037", first.number, first.title, "Kabul edildi", unit, "Yapıldı"],
        ["2037/118", "13 Ağustos 2037", second.number, second.title, "Kısmen kabul edildi", unit, "Uygulanıyor"],
        ["2037/118", "13 Ağustos 2037", third.number, third.title, "Kabul edilmedi", "", third.get_stage_display()],
        ["2037/118", "13 Ağustos 2037", fourth.number, fourth.title, "Ertelendi", "", fourth.get_stage_display()],
    ]
    text = page.content.decode()
    assert f'<a href="{Decision.objects.get(serial=118).get_absolute_url()}">2037/118</a>' in text
    assert f'href="{first.get_absolute_url()}"' in text
    taken = client.get(reverse("impact_table", args=["kocaeli", "kararlar", "csv"])).content.decode("utf-8-sig")
    assert [line[:4:2] + line[4:5] for line in csv.reader(StringIO(taken))][1:] == [
        ["2037/118", proposal.number, outcome]
        for proposal, outcome in zip(decided, (row[0] for row in rows), strict=True)
    ]
    partly = client.get(reverse("impact_proposals", args=["kocaeli"]) + "?meclis=partly")
    assert [row.fact.pk for row in partly.context["rows"]] == [second.pk]
    api = "/api/v1/councils/kocaeli/impact/"
    assert client.get(api + "panel/").json()["decided"] == [
        {"outcome": outcome, "proposals": 1, "carried_out": carried_out, "done": done}
        for outcome, carried_out, done in (("accepted", 0, 1), ("partly", 1, 0), ("declined", 0, 0), ("deferred", 0, 0))
    ]
    listed = client.get(api + "proposals/?decided=accepted&outcome=done").json()["results"]
    assert [row["number"] for row in listed] == [first.number]
    assert client.get(api + "proposals/?decided=partly&outcome=done").json()["results"] == []


def test_proposals_are_traced_into_budget_lines_and_the_strategic_plan(client, kocaeli, funded, selin):
    first, second, _third, _fourth = funded
    visited = client.get(reverse("impact_home", args=["kocaeli"])).context
    client.force_login(selin)
    page = client.get(reverse("impact_panel", args=["kocaeli"])).context
    for context in (visited, page):
        assert [[cell.text for cell in row] for row in context["sources"].shown] == [
            ["Bütçe kalemi yazılan", "2", "850.000,50 ₺"],
            ["Stratejik plana bağlanan", "1", ""],
            ["Uygulanan, ikisi de yazılmayan", "0", ""],
        ]
        assert [[cell.text for cell in row] for row in context["budget"].shown] == [
            ["1.1", "2037", "=Yol yapımı", "Fen İşleri", "2", "1", "1", "850.000,50 ₺"],
            ["1.2", "2037", "Proje", "", "1", "0", "1", "–"],
        ]
        assert [[cell.text for cell in row] for row in context["plan"].shown] == [
            ["A1", "2035–2039", "Ulaşım", "", "1", "1", "0"],
            ["H1.2", "2035–2039", "Bisiklet yolları", "", "1", "1", "0"],
        ]
    taken = client.get(reverse("impact_table", args=["kocaeli", "butce", "csv"])).content.decode("utf-8-sig")
    assert [(row[2], row[4], row[7]) for row in csv.reader(StringIO(taken))][1:] == [
        ("'=Yol yapımı", "2", "850000.5"),
        ("Proje", "1", ""),
    ]
    line, objective = BudgetLine.objects.get(year=2037, code="1.1"), Objective.objects.get(target=2)
    listed = client.get(reverse("impact_proposals", args=["kocaeli"]) + f"?kalem={line.pk}&sonuc=yapilan")
    assert [row.fact.pk for row in listed.context["rows"]] == [first.pk]
    api = "/api/v1/councils/kocaeli/impact/"
    said = client.get(api + "panel/").json()
    assert said["sources"] == {"paid": 2, "planned": 1, "without": 0, "given": "850000.50"}
    assert [(row["code"], row["given"]) for row in said["budget_lines"]] == [("1.1", "850000.50"), ("1.2", None)]
    for query, number in ((f"objective={objective.pk}", second), ("money=planned", second)):
        assert [row["number"] for row in client.get(f"{api}proposals/?{query}").json()["results"]] == [number.number]


def test_what_is_late_here_is_late_everywhere(history):
    at = timezone.now()
    yesterday = at - timedelta(days=1)
    for holder, stage in (("body", "in_group"), ("body", "ballot"), ("citizens", "gathering"), ("", "submitted")):
        f.ProposalFactory(council=history, stage=stage, holder=holder, due_at=yesterday)
    recount_all()
    asked = read_asked(history, QueryDict())
    late = listing.read_selection(asked, QueryDict("geciken=hepsi"), at=at).facts
    assert sum(row.count.value for row in figures.late(asked, at=at)) == late.count()
    assert set(late.values_list("pk", flat=True)) == set(Proposal.objects.late(at).values_list("pk", flat=True))
    assert late.exists()


def test_the_list_and_its_files_have_as_many_proposals_as_the_number_says(client, history, selin):
    client.force_login(selin)
    asked = read_asked(history, QueryDict("konu=ulasim"))
    row = max(figures.stages(asked), key=lambda row: row.reached.value % 17)
    page = client.get(row.reached.url)
    assert page.context["count"] == row.reached.value
    assert f'<span class="num">{row.reached.value}</span>' in page.content.decode()
    query = urlsplit(row.reached.url).query
    taken = client.get(reverse("impact_proposals_file", args=["kocaeli", "csv"]) + "?" + query)
    lines = list(csv.reader(StringIO(b"".join(taken.streaming_content).decode("utf-8-sig"))))
    assert len(lines) == 1 + row.reached.value
    assert taken["Cache-Control"] == "private, no-store"


def test_the_panel_is_for_the_directorate_and_the_secretariat(client, history, selin, hakan, ayse, derya, murat):
    answers = {}
    for person in (selin, hakan, ayse, derya, murat):
        client.force_login(person)
        answers[person.display_name] = client.get(reverse("impact_panel", args=["kocaeli"])).status_code
    assert list(answers.values()) == [200, 200, 403, 403, 403]


def test_the_panel_shows_the_same_with_every_chart_as_picture_sentence_and_table(client, history, selin):
    client.force_login(selin)
    page = client.get(reverse("impact_panel", args=["kocaeli"])).content.decode()
    assert page.count('<svg class="chart"') == 4
    assert page.count('role="img"') >= 4
    assert page.count("<summary>Tablo:") == 4
    assert "style=" not in page.partition("<main")[2].partition("</main")[0]


def test_the_panel_asks_as_often_for_one_proposal_as_for_many(client, kocaeli, selin, django_assert_max_num_queries):
    for _n in range(3):
        f.ProposalFactory(council=kocaeli)
    recount_all()
    client.force_login(selin)
    client.get(reverse("impact_panel", args=["kocaeli"]))
    with django_assert_max_num_queries(40):
        client.get(reverse("impact_panel", args=["kocaeli"]))


def test_the_page_for_everybody_hides_small_groups(client, kocaeli):
    izmit, gebze, kandira = (f.DistrictFactory(council=kocaeli, name=name) for name in ("İzmit", "Gebze", "Kandıra"))
    for district, count in ((izmit, 7), (gebze, 6), (kandira, 2)):
        for _n in range(count):
            person = f.PersonFactory()
            f.ResidenceFactory(person=person, council=kocaeli, district=district)
            f.ProposalFactory(council=kocaeli, author=person)
    recount_all()
    page = client.get(reverse("impact_home", args=["kocaeli"]))
    shown = {row.name: row.count for row in page.context["people"].places}
    assert shown == {"İzmit": 7, "Gebze": None, "Kandıra": None}
    assert page.context["people"].total == 15


def test_every_table_can_be_taken_as_csv_and_xlsx_and_all_at_once(client, history, selin):
    from zipfile import ZipFile

    client.force_login(selin)
    for name in TABLES:
        taken = client.get(reverse("impact_table", args=["kocaeli", name, "csv"]))
        head = next(csv.reader(StringIO(taken.content.decode("utf-8-sig"))))
        assert head == list(TABLES[name](read_asked(history, QueryDict()), timezone.now()).head)
    book = client.get(reverse("impact_table", args=["kocaeli", "hepsi", "xlsx"]))
    names = ZipFile(BytesIO(book.content)).namelist()
    assert sum(name.startswith("xl/worksheets/sheet") for name in names) == len(TABLES)
    for name, form in (("hepsi", "csv"), ("yok", "csv"), ("konu", "pdf")):
        assert client.get(reverse("impact_table", args=["kocaeli", name, form])).status_code == 404


def test_unknown_words_are_left_out_and_a_strange_address_selects_all(client, history):
    strange = "?yil=9&konu=%00&ulasan=draft&gecis=x-y&geciken=kimse&yanit=belki&sonuc=1&sayfa=%F0%9F%92%A9"
    page = client.get(reverse("impact_proposals", args=["kocaeli"]) + strange)
    assert (page.status_code, page.context["count"]) == (200, 40)


def test_the_list_is_read_page_by_page_with_the_same_queries(client, history, django_assert_num_queries):
    url = reverse("impact_proposals", args=["kocaeli"])
    client.get(url)
    with django_assert_num_queries(9):
        first = client.get(url)
    assert len(first.context["rows"]) == 30
    with django_assert_num_queries(9):
        second = client.get(url + first.context["page"].next)
    assert len(second.context["rows"]) == 10
    numbers = {row.fact.pk for page in (first, second) for row in page.context["rows"]}
    assert len(numbers) == 40
