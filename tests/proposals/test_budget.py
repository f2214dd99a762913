"""Budget lines, the strategic plan, units, and what they have to do with implementations."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from journal.reading import lines as told
from people.verdicts import Refused
from proposals import actions
from proposals.budget import actions as budget
from proposals.budget import reading
from proposals.budget.comparing import compared_lines, compared_objectives
from proposals.budget.exporting import lines_csv, objectives_csv
from proposals.budget.importing import read_lines, read_objectives
from proposals.budget.lira import in_a_cell, in_the_record, read_lira
from proposals.models import BudgetLine, BudgetShare, Implementation, Objective, ServedObjective, StrategicPlan, Unit
from proposals.stages import Stage
from tests import factories as f

NOW = timezone.now()
CODE = "46.41.02.30-06.2.0.00-5-06.5"
ROADS = {"year": 2026, "code": CODE, "name": "Bisiklet yolu yapımı", "unit": "Ulaşım Dairesi", "amount": Decimal(1000)}
FILE = f"""yıl;kod;ad;birim;tutar;durum
2026;{CODE};Bisiklet yolu yapımı;ulaşım dairesi;1.000,00 ₺;kullanımda
2026;46.41.02.31;=1+1;Fen İşleri;;kullanılmıyor
2025;46.41.02.31;Park bakımı;;250,5;"""
PLAN = """dönem;kod;ad;birim
2025-2029;H1.2;Bisiklet yolları;Ulaşım Dairesi
2025–2029;A1;Ulaşımı güvenli kılmak;"""


@pytest.fixture
def line(kocaeli, selin):
    return budget.add_budget_line(actor=selin, council=kocaeli, said=dict(ROADS), at=NOW)


@pytest.fixture
def objective(kocaeli, selin):
    budget.import_objectives(actor=selin, council=kocaeli, rows=read_objectives(PLAN), at=NOW)
    return Objective.objects.select_related("plan__council").get(target=2)


def working(council, **values):
    proposal = f.ProposalFactory(council=council, procedure=f.whole_way(council), created_at=NOW, **values)
    return f.carry(proposal, Stage.IMPLEMENTATION, at=NOW)


@pytest.fixture
def work(kocaeli, ulasim):
    return working(kocaeli, addressed_to=ulasim)


def fund(selin, work, line, amount, **more):
    amount = None if amount is None else Decimal(amount)
    return actions.fund_implementation(actor=selin, proposal=work, line=line.pk, amount=amount, at=NOW, **more)


def sentences(kind):
    entries = Entry.objects.filter(kind=kind).order_by("pk")
    return [
        entry.sentence
        for entry in told(entries, people=lambda keys: dict.fromkeys(keys, "Selin"), organisations=lambda keys: {})
    ]


# --- Amounts ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.250.000,50", "1250000.50"), ("1250000,5", "1250000.5"), ("1250000.50", "1250000.50"), ("1.250", "1250"),
        ("12 500 ₺", "12500"), ("0", "0"), ("750 TL", "750"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_they_are_written_here(text, amount):
    assert read_lira(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["1,250", "1,250.00", "-5", "1e9", "", "₺", "12.50.00", "٣", "9" * 14])
def test_what_could_mean_two_amounts_is_none(text):
    with pytest.raises(ValueError):
        read_lira(text)


def test_amounts_are_written_the_same_everywhere():
    assert [in_a_cell(Decimal("1250000.5")), in_a_cell(None)] == ["1250000,50", ""]
    told = [in_the_record(each) for each in (Decimal(1250000), Decimal("12.5"), None)]
    assert told == ["1.250.000 ₺", "12,50 ₺", "?"]


# --- Lines ------------------------------------------------------------------------------------------------------------
def test_a_line_is_added_changed_and_retired_and_the_record_says_who_and_from_what_to_what(line, selin):
    assert (str(line), line.unit.name, line.amount) == (f"2026/{CODE}", "Ulaşım Dairesi", 1000)
    said = ROADS | {"name": "Bisiklet yolları", "amount": Decimal("1250.5"), "is_retired": True}
    for _click in range(2):
        changed = budget.change_budget_line(actor=selin, line=line, said=said, at=NOW)
    assert (changed.name, changed.is_retired) == ("Bisiklet yolları", True)
    assert Entry.objects.filter(kind__startswith="councils.budget_line").count() == 4
    [amount] = sentences("councils.budget_line_amount_changed")
    assert amount == (
        f"Selin bütçe kaleminin tutarını değiştirdi: 2026/{CODE}, Bisiklet yolları. 1.000 ₺ yerine 1.250,50 ₺"
    )


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"code": "=46"}, "code"), ({"code": "46\n<b>"}, "code"), ({"name": " "}, "name"), ({"year": 1999}, "year"),
        ({"amount": Decimal(-1)}, "amount"), ({"amount": Decimal("0.001")}, "amount"), ({"amount": Decimal("NaN")}, "amount"),
        ({"code": "7", "unit": "…"}, "unit"), ({"code": CODE.lower()}, "code"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_is_not_written(line, selin, kocaeli, more, field):
    with pytest.raises(ValidationError) as found:
        budget.add_budget_line(actor=selin, council=kocaeli, said=ROADS | more, at=NOW)
    assert set(found.value.message_dict) == {field}
    assert BudgetLine.objects.count() == 1


@pytest.mark.parametrize("who", ["ayse", "derya", "hakan", "stranger"])
def test_nobody_but_the_council_s_directorate_keeps_money_and_plan(request, adana, line, objective, work, who):
    person = f.OfficerFactory(council=adana).person if who == "stranger" else request.getfixturevalue(who)
    before = Entry.objects.count()
    council, unit, plan = line.council, line.unit, objective.plan
    deeds = [
        lambda: budget.add_budget_line(actor=person, council=council, said=ROADS | {"code": "9"}, at=NOW),
        lambda: budget.change_budget_line(actor=person, line=line, said=ROADS | {"name": "Başka"}, at=NOW),
        lambda: budget.import_budget_lines(actor=person, council=council, rows=read_lines(FILE), at=NOW),
        lambda: budget.add_strategic_plan(actor=person, council=council, first_year=2030, last_year=2034, at=NOW),
        lambda: budget.change_strategic_plan(actor=person, plan=plan, first_year=2030, last_year=2034, at=NOW),
        lambda: budget.add_objective(actor=person, plan=plan, said={"code": "A7", "name": "Başka"}, at=NOW),
        lambda: budget.change_objective(
            actor=person, objective=objective, said={"code": "H1.3", "name": "Başka"}, at=NOW
        ),
        lambda: budget.import_objectives(actor=person, council=council, rows=read_objectives(PLAN), at=NOW),
        lambda: actions.change_unit(actor=person, unit=unit, name="Başka", is_retired=False, at=NOW),
        lambda: actions.merge_unit(actor=person, unit=unit, into=unit.pk, at=NOW),
        lambda: actions.fund_implementation(actor=person, proposal=work, line=line.pk, at=NOW),
        lambda: actions.stop_funding(actor=person, proposal=work, line=line.pk, at=NOW),
        lambda: actions.serve_objective(actor=person, proposal=work, objective=objective.pk, at=NOW),
        lambda: actions.stop_serving(actor=person, proposal=work, objective=objective.pk, at=NOW),
    ]
    for deed in deeds:
        with pytest.raises(Refused, match="müdürlük görevlisi"):
            deed()
    assert (Entry.objects.count(), Implementation.objects.count()) == (before, 0)


# --- Files ------------------------------------------------------------------------------------------------------------
def test_a_file_is_compared_row_by_row_and_written_once_confirmed(line, kocaeli, selin):
    rows = read_lines(FILE)
    assert [each.outcome for each in compared_lines(kocaeli, rows)] == ["unchanged", "new", "new"]
    assert BudgetLine.objects.count() == 1
    assert budget.import_budget_lines(actor=selin, council=kocaeli, rows=rows, at=NOW) == (2, 0)
    assert budget.import_budget_lines(actor=selin, council=kocaeli, rows=rows, at=NOW) == (0, 0)
    rows = read_lines(FILE.replace("Park bakımı;;250,5", "Park bakımı;Fen İşleri;"))
    [change] = [each for each in compared_lines(kocaeli, rows) if each.changes]
    assert change.changes == (("Birim", "", "Fen İşleri"), ("Tutar", "250,50 ₺", "yazılmadı"))
    assert budget.import_budget_lines(actor=selin, council=kocaeli, rows=rows, at=NOW) == (0, 1)
    stands = BudgetLine.objects.order_by("year", "code").values_list("code", "unit__name", "amount", "is_retired")
    assert list(stands) == [
        ("46.41.02.31", "Fen İşleri", None, False),
        (CODE, "Ulaşım Dairesi", 1000, False),
        ("46.41.02.31", "Fen İşleri", None, True),
    ]


def test_what_is_exported_is_read_back_as_it_was_and_calculates_nothing(kocaeli, selin, objective):
    budget.import_budget_lines(actor=selin, council=kocaeli, rows=read_lines(FILE), at=NOW)
    lines = lines_csv(BudgetLine.objects.select_related("unit")).decode("utf-8-sig")
    assert ";'=1+1;" in lines
    assert {each.outcome for each in compared_lines(kocaeli, read_lines(lines))} == {"unchanged"}
    plan = objectives_csv(Objective.objects.select_related("unit", "plan")).decode("utf-8-sig")
    assert {each.outcome for each in compared_objectives(kocaeli, read_objectives(plan))} == {"unchanged"}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("26;1;Ad;;", "dört rakamla"), ("2026;-1;Ad;;", "bütçedeki gibi"), ("2026;1;;;", "Adı 2–200"),
        ("2026;1;Ad;;1,250", "biçiminde"), ("2026;1", "Adı 2–200|eksik hücre"),
        (f"2026;{CODE};Ad;;1", "ayrıldı"), ("2026;1;Ad;Eski Birim;", "artık kullanılmıyor"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_taken_says_why_with_its_line_and_stops_the_whole_file(
    line, work, kocaeli, selin, row, sentence
):
    f_unit = Unit.objects.create(council=kocaeli, name="Eski Birim", word="eski-birim", is_retired=True)
    fund(selin, work, line, 700)
    text = f"yıl,kod,ad,birim,tutar\n2026,2,İyi satır,,\n{row}".replace(",", ";") if "," not in row else (
        f"yıl;kod;ad;birim;tutar\n2026;2;İyi satır;;\n{row}"
    )  # fmt: skip
    rows = read_lines(text)
    with pytest.raises(ValidationError, match=f"3. satır: .*({sentence})"):
        budget.import_budget_lines(actor=selin, council=kocaeli, rows=rows, at=NOW)
    assert (BudgetLine.objects.count(), Unit.objects.filter(pk=f_unit.pk, is_retired=True).count()) == (1, 1)


def test_a_file_costs_the_same_with_few_rows_and_with_many(kocaeli, selin):
    def lines(year, count, units):
        rows = "\n".join(f"{year};{number};Kalem;Birim {number % units};5" for number in range(count))
        return read_lines(f"yıl;kod;ad;birim;tutar\n{rows}")

    def plan(period, count):
        rows = "\n".join(f"{period};A{number};Amaç;Birim 0\n{period};H{number}.1;Hedef;" for number in range(1, count))
        return read_objectives(f"dönem;kod;ad;birim\n{rows}")

    def cost(write, rows):
        with CaptureQueriesContext(connection) as asked:
            write(actor=selin, council=kocaeli, rows=rows, at=NOW)
        return len(asked)

    budget.import_budget_lines(actor=selin, council=kocaeli, rows=lines(2023, 4, 2), at=NOW)  # the units are there
    few, many = (cost(budget.import_budget_lines, lines(year, n, 2)) for year, n in ((2024, 3), (2025, 60)))
    assert few == many
    few, many = (cost(budget.import_objectives, plan(p, n)) for p, n in (("2020-2024", 3), ("2025-2029", 60)))
    assert few == many


def test_a_plan_is_read_in_any_order_and_an_objective_without_its_aim_is_refused(objective, kocaeli, selin):
    assert (objective.code, objective.parent.code, objective.plan.period) == ("H1.2", "A1", "2025–2029")
    rows = read_objectives("dönem,kod,ad\n2025-2029,H3.1,Boşta kalan\n2027-2031,A1,Çakışan\n2025-2029,H1.0,Sıfırıncı")
    found = [(each.outcome, each.sentence) for each in compared_objectives(kocaeli, rows)]
    assert [outcome for outcome, _sentence in found] == ["wrong"] * 3
    assert [word in sentence for word, (_o, sentence) in zip(("A3", "2025–2029", "H1.2"), found, strict=True)] == [
        True
    ] * 3
    said = {"code": "A2", "name": "Ulaşım"}
    with pytest.raises(Refused, match="kodu değişmez"):
        budget.change_objective(actor=selin, objective=objective.parent, said=said, at=NOW)


# --- What pays and what is served -------------------------------------------------------------------------------------
def test_money_and_plan_of_a_proposal_are_written_and_every_change_is_on_record(line, objective, work, selin):
    for amount in (None, 400, 400, 650):
        fund(selin, work, line, amount)
    for _click in range(2):
        actions.serve_objective(actor=selin, proposal=work, objective=objective.pk, at=NOW)
    assert list(BudgetShare.objects.values_list("line", "amount")) == [(line.pk, 650)]
    assert sentences("proposals.funding_changed")[1] == (
        f"Selin uygulamaya ayrılan tutarı değiştirdi: 2026/{CODE}, Bisiklet yolu yapımı. 400 ₺ yerine 650 ₺"
    )
    for _click in range(2):
        actions.stop_funding(actor=selin, proposal=work, line=line.pk, at=NOW)
        actions.stop_serving(actor=selin, proposal=work, objective=objective.pk, at=NOW)
    kinds = Entry.objects.filter(topic=work.topic, actor_id=selin.pk).order_by("pk").values_list("kind", flat=True)
    assert [kind.partition(".")[2] for kind in kinds] == [
        "funded", "funding_changed", "funding_changed", "objective_served", "funding_ended", "objective_left",
    ]  # fmt: skip
    assert (BudgetShare.objects.count(), ServedObjective.objects.count()) == (0, 0)


def test_all_shares_of_a_line_stay_within_it_and_what_was_given_up_is_free_again(line, work, kocaeli, ulasim, selin):
    other = working(kocaeli, addressed_to=ulasim)
    fund(selin, work, line, 700)
    with pytest.raises(ValidationError, match="en çok 300 ₺ var"):
        fund(selin, other, line, 301)
    fund(selin, other, line, 300)
    with pytest.raises(ValidationError, match=r"1\.000 ₺ ayrıldı"):
        budget.change_budget_line(actor=selin, line=line, said=ROADS | {"amount": Decimal(999)}, at=NOW)
    actions.abandon_implementation(
        actor=selin, proposal=other, reason="İhaleye katılan olmadı.", reason_code="no_budget", at=NOW
    )
    fund(selin, work, line, 1000)
    total = reading.total_of(reading.behind_line(line))
    assert (total.proposals, total.given_up, total.amount) == (2, 1, 1000)


def test_the_database_itself_keeps_shares_within_their_line_and_in_their_council(line, work, selin, adana, objective):
    fund(selin, work, line, 700)
    share = BudgetShare.objects.get()
    elsewhere = BudgetLine.objects.create(council=adana, year=2026, code="1", name="Adana’nın kalemi")
    wrong = [
        ("shares_stay_within_their_line", lambda: BudgetShare.objects.update(amount=1001)),
        ("a_line_covers_its_shares", lambda: BudgetLine.objects.filter(pk=line.pk).update(amount=699)),
        ("a_share_of_a_line_is_not_negative", lambda: BudgetShare.objects.update(amount=-1)),
        (
            "money_and_plan_stay_in_their_council",
            lambda: BudgetShare.objects.create(implementation=share.implementation, line=elsewhere),
        ),
        ("a_budget_code_is_written_as_in_budgets", lambda: BudgetLine.objects.filter(pk=line.pk).update(code="=1")),
        ("an_objective_stands_below_an_aim", lambda: Objective.objects.filter(pk=objective.pk).update(parent=None)),
    ]
    for name, deed in wrong:
        with pytest.raises(IntegrityError) as found, transaction.atomic():
            deed()
        assert found.value.__cause__.diag.constraint_name == name


@pytest.mark.django_db(transaction=True)
def test_two_officers_cannot_give_the_same_money_twice(line, work, kocaeli, ulasim, selin, side_by_side):
    other = working(kocaeli, addressed_to=ulasim)
    outcomes = side_by_side([lambda: fund(selin, work, line, 700), lambda: fund(selin, other, line, 700)])
    assert sorted(type(each).__name__ for each in outcomes) == ["BudgetShare", "ValidationError"]
    assert reading.given_of(line) == 700


def test_a_foreign_or_retired_line_and_a_proposal_elsewhere_on_its_way_get_nothing(
    line, objective, work, adana, kocaeli, ulasim, selin
):
    elsewhere = BudgetLine.objects.create(council=adana, year=2026, code="1", name="Adana’nın kalemi")
    plan = StrategicPlan.objects.create(council=adana, first_year=2025, last_year=2029)
    foreign = Objective.objects.create(plan=plan, aim=1, name="Adana’nın amacı")
    with pytest.raises(ValidationError, match="Kullanımda olan"):
        fund(selin, work, elsewhere, 1)
    with pytest.raises(ValidationError, match="Kullanımda olan"):
        actions.serve_objective(actor=selin, proposal=work, objective=foreign.pk, at=NOW)
    fund(selin, work, line, 100)
    budget.change_budget_line(actor=selin, line=line, said=ROADS | {"is_retired": True}, at=NOW)
    fund(selin, work, line, 200)  # what pays already may be corrected
    other = working(kocaeli, addressed_to=ulasim)
    with pytest.raises(ValidationError, match="Kullanımda olan"):
        fund(selin, other, line, 1)
    gathering = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.GATHERING)
    with pytest.raises(Refused, match="uygulanan ya da yeni"):
        fund(selin, gathering, line, 1)
    assert Implementation.objects.count() == 1


# --- Units ------------------------------------------------------------------------------------------------------------
def test_a_unit_is_renamed_retired_and_put_together_and_names_mean_what_it_became(line, work, kocaeli, selin):
    unit = line.unit
    actions.change_unit(actor=selin, unit=unit, name="Ulaşım Dairesi Başkanlığı", is_retired=True, at=NOW)
    with pytest.raises(ValidationError, match="artık kullanılmıyor"):
        actions.plan_implementation(actor=selin, proposal=work, unit="Ulaşım Dairesi Başkanlığı", contact="Şef", at=NOW)
    assert Implementation.objects.count() == 0
    actions.change_unit(actor=selin, unit=unit, name="Ulaşım Dairesi Başkanlığı", is_retired=False, at=NOW)
    begun = actions.plan_implementation(actor=selin, proposal=work, unit="Trafik", contact="Şef", at=NOW)
    with pytest.raises(ValidationError, match="birleştirin"):
        actions.change_unit(actor=selin, unit=begun.unit, name="ulaşım dairesi  başkanlığı", is_retired=False, at=NOW)
    for _click in range(2):
        assert actions.merge_unit(actor=selin, unit=begun.unit, into=unit.pk, at=NOW) == unit
    begun.refresh_from_db()
    assert begun.unit == unit
    again = actions.plan_implementation(actor=selin, proposal=work, unit="Trafik", contact="Şef", at=NOW)
    assert again.unit == unit
    with pytest.raises(Refused, match="birleştirildi"):
        actions.change_unit(actor=selin, unit=Unit.objects.get(word="trafik"), name="Yeni", is_retired=False, at=NOW)
    rows = reading.units_of(kocaeli).order_by("name").values_list("name", "implementation_count", "line_count")
    assert list(rows) == [("Trafik", 0, 0), ("Ulaşım Dairesi Başkanlığı", 1, 1)]
    kinds = Entry.objects.filter(kind__startswith="councils.unit").order_by("pk").values_list("kind", flat=True)
    assert [kind.rpartition("_")[2] for kind in kinds] == ["renamed", "retired", "back", "merged"]


# --- Pages ------------------------------------------------------------------------------------------------------------
def page(client, name, *args, query="", status=200):
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def test_a_visitor_reads_from_the_proposal_to_the_line_and_the_objective_and_back(
    client, line, objective, work, kocaeli, selin
):
    fund(selin, work, line, 650)
    actions.serve_objective(actor=selin, proposal=work, objective=objective.pk, at=NOW)
    K = kocaeli.slug
    proposal = page(client, "proposal_detail", K, work.number)
    for address in (reverse("budget_line", args=[K, line.pk]), reverse("objective_detail", args=[K, objective.pk])):
        assert f'href="{address}"' in proposal
        html = (
            page(client, "budget_line", K, line.pk)
            if "butce" in address
            else page(client, "objective_detail", K, objective.pk)
        )
        assert reverse("proposal_detail", args=[K, work.number]) in html
        assert "650 ₺" in html
    assert "650 ₺" in proposal
    assert "1 öneri, ayrılan 650 ₺" in page(client, "budget_lines", K, query="?yil=2026")
    assert "1 öneri" in page(client, "strategic_plan", K, query="?donem=2025-2029")
    aim = page(client, "objective_detail", K, objective.parent_id)
    assert work.title in aim
    assert "Fen" not in page(client, "units", K)
    page(client, "budget_line", "adana", line.pk, status=404)


def test_an_officer_imports_on_the_page_after_a_preview_and_a_bad_file_writes_nothing(client, kocaeli, selin):
    client.force_login(selin)
    address = reverse("budget_import", args=[kocaeli.slug])
    upload = SimpleUploadedFile("butce.csv", FILE.encode("cp1254", "ignore"))
    preview = client.post(address, {"file": upload})
    assert preview.status_code == 200
    assert BudgetLine.objects.count() == 0
    text = preview.context["text"]
    assert preview.context["counts"] == {"new": 3, "changed": 0, "unchanged": 0, "wrong": 0}
    assert client.post(address, {"text": text + "\n20;1;x", "confirm": "1"}).status_code == 422
    assert BudgetLine.objects.count() == 0
    assert client.post(address, {"text": text, "confirm": "1"}).status_code == 302
    assert BudgetLine.objects.count() == 3
    assert client.post(address, {"text": "ad;tutar\nx;1"}).status_code == 422


def test_the_preview_of_a_long_file_shows_first_what_cannot_be_taken_and_counts_the_rest(client, kocaeli, selin):
    client.force_login(selin)
    rows = "".join(f"2026;{number};Kalem\n" for number in range(400)) + "2026;§;Kalem\n"
    answer = client.post(reverse("budget_import", args=[kocaeli.slug]), {"text": f"yıl;kod;ad\n{rows}"})
    shown = answer.context["lines"]
    assert (shown[0].outcome, len(shown), answer.context["more"]) == ("wrong", 300, 101)
    assert "101 satır daha var" in answer.content.decode()


def test_an_officer_writes_money_and_plan_of_a_proposal_on_its_page(client, line, objective, work, kocaeli, selin):
    client.force_login(selin)
    address = reverse("proposal_money", args=[kocaeli.slug, work.number])
    assert client.post(address, {"do": "fund", "fund-line": f"2026/{CODE}", "fund-amount": "1.200"}).status_code == 422
    assert client.post(address, {"do": "fund", "fund-line": "2026/9"}).status_code == 422
    assert client.post(address, {"do": "fund", "fund-line": f"2026/{CODE}", "fund-amount": "1.000"}).status_code == 302
    assert client.post(address, {"do": "serve", "serve-objective": objective.pk}).status_code == 302
    assert client.post(address, {"do": "amount", "line": line.pk, "amount": "750,50"}).status_code == 302
    assert BudgetShare.objects.get().amount == Decimal("750.50")
    html = page(client, "proposal_money", kocaeli.slug, work.number)
    assert "750,50 ₺" in html
    assert client.post(address, {"do": "leave", "objective": objective.pk}).status_code == 302
    assert client.post(address, {"do": "stop", "line": line.pk}).status_code == 302
    assert (BudgetShare.objects.count(), ServedObjective.objects.count()) == (0, 0)


def test_lists_cost_the_same_with_few_rows_and_with_many(
    client, line, objective, work, kocaeli, selin, django_assert_num_queries
):
    fund(selin, work, line, 650)
    actions.serve_objective(actor=selin, proposal=work, objective=objective.pk, at=NOW)
    units = Unit.objects.bulk_create(Unit(council=kocaeli, name=f"Birim {n}", word=f"birim-{n}") for n in range(40))
    BudgetLine.objects.bulk_create(
        BudgetLine(council=kocaeli, year=2026, code=f"47.{n}", name="Kalem", unit=units[n % 40], amount=n)
        for n in range(2_000)
    )
    Objective.objects.bulk_create(
        Objective(plan=objective.plan, parent=objective.parent, aim=1, target=n, name="Hedef", unit=units[0])
        for n in range(3, 90)
    )
    K = kocaeli.slug
    pages = {
        ("budget_lines", K): 6,
        ("budget_line", K, line.pk): 5,
        ("strategic_plan", K): 4,
        ("objective_detail", K, objective.parent_id): 6,
        ("units", K): 3,
        ("budget_csv", K): 2,
    }
    for (name, *args), count in pages.items():
        with django_assert_num_queries(count):
            page(client, name, *args)
