"""The office's list of proposals: notes that stay inside, corrections that are recorded, many rows by one order."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from councils.models import BodyKind, District, Procedure, Route, Theme
from documents.cells import original
from journal.models import Entry
from people.verdicts import Refused
from proposals import actions
from proposals.actions.bulk import MOST_AT_ONCE, Deed, Order
from proposals.models import Assignment, Proposal, SavedView, Tag, Tagging
from proposals.reading.office import DUE, WAITING, OfficeFilters, office_rows
from proposals.stages import Stage
from tests import factories as f

pytestmark = pytest.mark.django_db
LIST = "/kocaeli/masam/oneriler/"
BULK = LIST + "toplu/"


@pytest.fixture
def at():
    return timezone.now()


def shown(response) -> list[str]:
    return re.findall(r'<tr id="([A-Z0-9-]+)"', response.content.decode())


def assigned(proposal) -> list[tuple[str, bool]]:
    rows = Assignment.objects.filter(proposal=proposal).order_by("pk")
    return [(row.assignee.display_name, row.ended_at is None) for row in rows]


# --- Actions ----------------------------------------------------------------------------------------------------------
def test_one_person_at_a_time_looks_after_a_proposal_and_who_did_before_stays_written(kocaeli, hakan, selin, at):
    proposal = f.ProposalFactory(council=kocaeli)
    actions.assign_proposal(actor=hakan, proposal=proposal, assignee=selin, at=at)
    actions.assign_proposal(actor=hakan, proposal=proposal, assignee=selin, at=at)
    actions.assign_proposal(actor=selin, proposal=proposal, assignee=hakan, at=at + timedelta(hours=1))
    assert assigned(proposal) == [("Selin Aksoy", False), ("Hakan Yıldız", True)]
    assert actions.assign_proposal(actor=selin, proposal=proposal, assignee=None, at=at + timedelta(hours=2)) is None
    assert assigned(proposal) == [("Selin Aksoy", False), ("Hakan Yıldız", False)]
    assert Entry.objects.filter(topic=proposal.topic).count() == 0  # none of the public's business


def test_a_proposal_is_given_to_the_office_alone(kocaeli, hakan, selin, derya, murat, at):
    proposal = f.ProposalFactory(council=kocaeli)
    for stranger in (derya, murat):
        with pytest.raises(Refused, match="sekreterlikten ya da müdürlükten"):
            actions.assign_proposal(actor=hakan, proposal=proposal, assignee=stranger, at=at)
    assert assigned(proposal) == []


def test_the_database_knows_one_assignee_at_a_time(kocaeli, hakan, selin, at):
    proposal = f.ProposalFactory(council=kocaeli)
    Assignment.objects.create(proposal=proposal, assignee=selin, assigned_by=hakan, assigned_at=at)
    with pytest.raises(IntegrityError, match="one_assignee_of_a_proposal_at_a_time"), transaction.atomic():
        Assignment.objects.create(proposal=proposal, assignee=hakan, assigned_by=hakan, assigned_at=at)


@pytest.mark.django_db(transaction=True)
def test_two_who_assign_at_once_leave_one_assignee(kocaeli, hakan, selin, at, side_by_side):
    proposal = f.ProposalFactory(council=kocaeli)

    def give(actor, assignee):
        return lambda: actions.assign_proposal(actor=actor, proposal=proposal, assignee=assignee, at=at)

    results = side_by_side([give(hakan, selin), give(selin, hakan), give(hakan, hakan)])
    assert [each for each in results if isinstance(each, Exception)] == []
    assert Assignment.objects.filter(proposal=proposal, ended_at__isnull=True).count() == 1


def test_a_tag_is_one_however_it_is_written(kocaeli, hakan, selin, at):
    one, two = f.ProposalFactory(council=kocaeli), f.ProposalFactory(council=kocaeli)
    first = actions.tag_proposal(actor=hakan, proposal=one, name="  Acil İş ", at=at)
    assert actions.tag_proposal(actor=selin, proposal=two, name="acil iş", at=at) == first
    assert actions.tag_proposal(actor=selin, proposal=two, name="Acil İş", at=at) == first
    assert (Tag.objects.get().name, Tagging.objects.count()) == ("Acil İş", 2)
    actions.untag_proposal(actor=hakan, proposal=one, tag=first, at=at)
    assert list(Tagging.objects.values_list("proposal", flat=True)) == [two.pk]
    for name in ("", "  ", "!?", "a" * 41):
        with pytest.raises(ValidationError):
            actions.tag_proposal(actor=hakan, proposal=one, name=name, at=at)


def test_theme_and_district_are_corrected_in_public(kocaeli, adana, selin, at):
    proposal = f.ProposalFactory(council=kocaeli)
    culture = Theme.objects.get(council=kocaeli, name="Kültür")
    actions.change_theme(actor=selin, proposal=proposal, theme=culture, at=at)
    actions.change_theme(actor=selin, proposal=proposal, theme=culture, at=at)
    actions.change_district(actor=selin, proposal=proposal, district=District.objects.get(name="Gebze"), at=at)
    actions.change_district(actor=selin, proposal=proposal, district=None, at=at)
    proposal.refresh_from_db()
    assert (proposal.theme, proposal.district) == (culture, None)
    kinds = list(Entry.objects.filter(topic=proposal.topic).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["proposals.theme_changed", "proposals.district_changed", "proposals.district_changed"]
    with pytest.raises(ValidationError, match="Bu konseyin konularından"):
        actions.change_theme(actor=selin, proposal=proposal, theme=Theme.objects.get(council=adana), at=at)
    with pytest.raises(ValidationError, match="Bu konseyin ilçelerinden"):
        actions.change_district(actor=selin, proposal=proposal, district=District.objects.get(name="Seyhan"), at=at)


def test_a_submitted_proposal_is_handed_over_and_takes_the_procedure_of_its_new_way(
    kocaeli, ulasim, kadin, hakan, selin, at
):
    proposal = f.ProposalFactory(council=kocaeli, addressed_to=ulasim)
    actions.hand_over(actor=hakan, proposal=proposal, body=kadin, at=at)
    proposal.refresh_from_db()
    assert proposal.addressed_to == kadin
    assert proposal.procedure == Procedure.objects.in_force(kocaeli, Route.ASSEMBLY)
    assert (proposal.stage, proposal.holder) == (Stage.SUBMITTED, "secretariat")
    entry = Entry.objects.get(topic=proposal.topic)
    assert (entry.kind, entry.body_id) == ("proposals.handed_over", kadin.pk)
    assert entry.facts["before"] == "Ulaşım Çalışma Grubu"
    with pytest.raises(Refused):  # the secretariat's to decide
        actions.hand_over(actor=selin, proposal=proposal, body=ulasim, at=at)
    organ = f.BodyFactory(council=kocaeli, kind=BodyKind.EXECUTIVE_BOARD, name="Yürütme Kurulu")
    with pytest.raises(ValidationError):
        actions.hand_over(actor=hakan, proposal=proposal, body=organ, at=at)
    running = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.GATHERING)
    with pytest.raises(Refused, match="uygunluk"):
        actions.hand_over(actor=hakan, proposal=running, body=kadin, at=at)


def test_a_row_that_fails_says_why_and_stops_no_other(kocaeli, adana, hakan, at):
    first, second = (f.ProposalFactory(council=kocaeli) for _ in range(2))
    late, there = f.ProposalFactory(council=kocaeli, stage=Stage.IN_GROUP), f.ProposalFactory(council=adana)
    order = Order(Deed.REJECT, reason="Belediyenin görevi değil.", reason_code="not_local")
    done = actions.carry_out(actor=hakan, council=kocaeli, proposals=[first, late, there, second], order=order, at=at)
    assert [each.is_done for each in done] == [True, False, False, True]
    assert [each.sentence for each in done] == [
        "",
        "Bu öneri uygunluk kararı beklemiyor.",
        "Bu konseyde böyle bir öneri yok.",
        "",
    ]
    stages = dict(Proposal.objects.values_list("pk", "stage"))
    assert [stages[row.pk] for row in (first, late, there, second)] == [
        Stage.INADMISSIBLE,
        Stage.IN_GROUP,
        Stage.SUBMITTED,
        Stage.INADMISSIBLE,
    ]


def test_who_is_not_of_the_office_orders_nothing(kocaeli, derya, ayse, murat, at):
    proposal = f.ProposalFactory(council=kocaeli)
    for stranger in (derya, ayse, murat):
        with pytest.raises(Refused):
            actions.carry_out(
                actor=stranger, council=kocaeli, proposals=[proposal], order=Order(Deed.TAG, tag="acil"), at=at
            )
    assert Tagging.objects.count() == 0


# --- The page ---------------------------------------------------------------------------------------------------------
def test_the_list_is_the_offices(client, kocaeli, hakan, selin, derya, outsider):
    proposal = f.ProposalFactory(council=kocaeli)
    f.ProposalFactory(council=kocaeli, author=hakan, stage=Stage.DRAFT)
    for person in (hakan, selin):
        client.force_login(person)
        assert shown(client.get(LIST)) == [proposal.number]
        assert LIST in client.get("/kocaeli/masam/").content.decode()
    for person in (derya, outsider):
        client.force_login(person)
        assert client.get(LIST).status_code == 403
    client.force_login(derya)
    assert LIST not in client.get("/kocaeli/masam/").content.decode()


def test_the_filters_of_the_office(client, kocaeli, kadin, korfez, hakan, selin, at):
    mine = f.ProposalFactory(council=kocaeli, due_at=at + timedelta(days=1))
    late = f.ProposalFactory(council=kocaeli, due_at=at - timedelta(days=1), on_behalf_of=korfez)
    group = f.ProposalFactory(council=kocaeli, stage=Stage.IN_GROUP, addressed_to=kadin)
    ended = f.ProposalFactory(council=kocaeli, stage=Stage.DECLINED, due_at=at - timedelta(days=9))
    actions.assign_proposal(actor=hakan, proposal=mine, assignee=hakan, at=at)
    actions.assign_proposal(actor=hakan, proposal=group, assignee=selin, at=at)
    actions.tag_proposal(actor=hakan, proposal=group, name="Bütçe", at=at)
    client.force_login(hakan)
    for query, found in {
        "": {mine, late, group, ended},
        "sorumlu=ben": {mine},
        "sorumlu=yok": {late, ended},
        f"sorumlu={selin.pk}": {group},
        f"sorumlu=ben&sorumlu={selin.pk}": {mine, group},
        "gecikmis=1": {late},
        "etiket=butce": {group},
        "elinde=body": {group},
        "asama=sunuldu": {mine, late},
        "yazar=stk": {late},
        "organ=kadin-meclisi": {group},
        f"yil={mine.year}": {mine, late, group, ended},
        "yil=1999&etiket=olmayan&sorumlu=x": {mine, late, group, ended},  # unknown values ask nothing
        f"q={mine.number}": {mine},
    }.items():
        response = client.get(f"{LIST}?{query}")
        assert set(shown(response)) == {row.number for row in found}, query
        assert response.context["total"] == len(found), query
    assert shown(client.get(LIST))[:2] == [late.number, mine.number]  # what is due first stands first


def test_a_full_page_costs_as_many_queries_as_a_short_one_and_no_row_is_shown_twice(
    client, kocaeli, hakan, at, django_assert_num_queries
):
    for _ in range(105):
        f.ProposalFactory(council=kocaeli, author=hakan, due_at=at + timedelta(days=1), created_at=at)
    for row in Proposal.objects.order_by("-pk")[:20]:
        actions.tag_proposal(actor=hakan, proposal=row, name=f"etiket {row.pk % 3}", at=at)
    client.force_login(hakan)
    client.get(LIST)
    with django_assert_num_queries(15):
        page = client.get(LIST)
    assert (len(shown(page)), page.context["total"]) == (50, 105)
    seen = shown(page)
    while page.context["page"].next:
        page = client.get(LIST, {"sayfa": page.context["page"].next})
        seen += shown(page)
    assert len(seen) == len(set(seen)) == 105


def test_proposals_like_a_row_are_offered_beside_it(client, kocaeli, hakan):
    one = f.ProposalFactory(council=kocaeli, title="Sahile bisiklet yolu yapılması")
    two = f.ProposalFactory(council=kocaeli, title="Sahile bisiklet yolu istiyoruz")
    gone = f.ProposalFactory(council=kocaeli, title="Sahile bisiklet yolu", stage=Stage.DECLINED)
    client.force_login(hakan)
    page = client.get(LIST, {"benzer": one.number}).content.decode()
    beside = page.partition('class="office-alike"')[2].partition("</th>")[0]
    assert two.number in beside
    assert gone.number not in beside
    assert 'class="office-alike"' not in client.get(LIST).content.decode()


# --- Many at once -----------------------------------------------------------------------------------------------------
def test_an_order_is_shown_before_it_is_given(client, kocaeli, adana, hakan):
    one, late = f.ProposalFactory(council=kocaeli), f.ProposalFactory(council=kocaeli, stage=Stage.IN_GROUP)
    there = f.ProposalFactory(council=adana)
    client.force_login(hakan)
    chosen = {"oneri": [one.number, late.number, there.number], "is": "uygun", "geri": "asama=sunuldu&x=y"}
    page = client.get(BULK, chosen)
    text = page.content.decode()
    assert (page.status_code, page.context["possible"]) == (200, 1)
    assert "Bu öneri uygunluk kararı beklemiyor." in text
    assert f"{there.number}: bu konseyde böyle bir öneri yok." in text
    assert Proposal.objects.filter(stage=Stage.GATHERING).count() == 0
    done = client.post(BULK, chosen)
    assert (done.context["done"], done.context["failed"]) == (1, 1)
    assert f'href="{LIST}?asama=sunuldu"' in done.content.decode()
    stages = [Proposal.objects.get(pk=row.pk).stage for row in (one, late, there)]
    assert stages == [Stage.GATHERING, Stage.IN_GROUP, Stage.SUBMITTED]


def test_an_order_for_many_asks_who_may_no_oftener_than_one_for_a_few(client, kocaeli, ulasim, hakan):
    rows = [f.ProposalFactory(council=kocaeli, addressed_to=ulasim) for _ in range(9)]
    client.force_login(hakan)
    asked = []
    for count in (3, 9):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(BULK, {"oneri": [row.number for row in rows[:count]], "is": "uygun"})
        assert page.context["possible"] == count
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_what_ends_by_the_clock_is_late_on_no_list(client, kocaeli, hakan, at):
    past = at - timedelta(days=1)
    for stage in (Stage.GATHERING, Stage.IN_GROUP):
        f.ProposalFactory(council=kocaeli, stage=stage, due_at=past)
    client.force_login(hakan)
    rows = client.get(LIST).context["page"].rows
    assert {row.stage: row.is_late for row in rows} == {Stage.GATHERING: False, Stage.IN_GROUP: True}


@pytest.mark.parametrize("deed", Deed)
def test_every_deed_has_its_page_and_asks_for_what_it_needs(client, kocaeli, kadin, hakan, selin, at, deed):
    proposal = f.ProposalFactory(council=kocaeli)
    actions.tag_proposal(actor=hakan, proposal=proposal, name="eski", at=at)
    client.force_login(hakan)
    sent = {"oneri": proposal.number, "is": deed.value}
    assert client.get(BULK, sent).status_code == 200
    if deed != Deed.ADMIT:
        assert client.post(BULK, sent).status_code == 422
    fields = {
        "assignee": str(selin.pk),
        "tag": "eski" if deed == Deed.UNTAG else "yeni",
        "theme": "kultur",
        "district": "gebze",
        "body": "kadin-meclisi",
        "reason": "Belediyenin görevi değil.",
        "reason_code": "not_local",
    }
    done = client.post(BULK, sent | fields)
    assert (done.status_code, done.context["done"]) == (200, 1)
    proposal.refresh_from_db()
    tags = set(Tagging.objects.filter(proposal=proposal).values_list("tag__word", flat=True))
    found = {
        Deed.ASSIGN: assigned(proposal) == [("Selin Aksoy", True)],
        Deed.TAG: tags == {"eski", "yeni"},
        Deed.UNTAG: tags == set(),
        Deed.THEME: proposal.theme.name == "Kültür",
        Deed.DISTRICT: proposal.district is not None and proposal.district.name == "Gebze",
        Deed.HAND_OVER: proposal.addressed_to == kadin,
        Deed.ADMIT: proposal.stage == Stage.GATHERING,
        Deed.REJECT: proposal.stage == Stage.INADMISSIBLE,
    }
    assert [each for each, is_so in found.items() if is_so] == [deed]


def test_too_many_at_once_and_none_at_all_are_refused(client, kocaeli, hakan):
    client.force_login(hakan)
    numbers = [f"KOC-2026-{n:04d}" for n in range(MOST_AT_ONCE + 1)]
    assert "Bir seferde en çok 100" in client.get(BULK, {"oneri": numbers, "is": "uygun"}).content.decode()
    assert "Hiç öneri seçmediniz" in client.get(BULK, {"is": "uygun"}).content.decode()
    assert client.get(BULK, {"oneri": ["' OR 1=1", "\0"], "is": "x"}).status_code == 200


def test_who_looked_after_a_proposal_stands_on_its_own_page(client, kocaeli, hakan, selin, at):
    proposal = f.ProposalFactory(council=kocaeli)
    actions.assign_proposal(actor=hakan, proposal=proposal, assignee=selin, at=at)
    actions.assign_proposal(actor=selin, proposal=proposal, assignee=hakan, at=at)
    client.force_login(hakan)
    page = client.get(BULK, {"oneri": proposal.number}).content.decode()
    assert "Selin Aksoy; veren: Hakan Yıldız. Bitti:" in page
    assert "Hakan Yıldız; veren: Selin Aksoy" in page


# --- Views under a name -----------------------------------------------------------------------------------------------
def test_views_are_saved_shared_and_forgotten(client, kocaeli, hakan, selin):
    client.force_login(hakan)
    save = reverse("proposal_office_view", args=["kocaeli"])
    query = "asama=sunuldu&etiket=acil&sayfa=s.1.1&next=//x"
    answer = client.post(save, {"name": "Acil olanlar", "is_shared": "on", "query": query})
    assert answer["Location"] == f"{LIST}?asama=sunuldu&etiket=acil"
    client.post(save, {"name": "Benim", "query": "sorumlu=ben"})
    client.post(save, {"name": "", "query": "sorumlu=ben"})
    assert list(SavedView.objects.values_list("name", "query")) == [
        ("Acil olanlar", "asama=sunuldu&etiket=acil"),
        ("Benim", "sorumlu=ben"),
    ]
    client.force_login(selin)
    page = client.get(LIST)
    assert [view.name for view in page.context["views"]] == ["Acil olanlar"]
    shared, own = SavedView.objects.order_by("pk")
    for view in (shared, own):
        address = reverse("proposal_office_view_remove", args=["kocaeli", view.pk])
        assert client.post(address).status_code == 404
    client.force_login(hakan)
    client.post(reverse("proposal_office_view_remove", args=["kocaeli", own.pk]))
    assert SavedView.objects.get() == shared


# --- Files ------------------------------------------------------------------------------------------------------------
def test_the_file_holds_what_the_filters_show_and_no_formula(client, kocaeli, selin, at):
    title = '=HYPERLINK("http://kotu.invalid";"tıkla")'
    wanted = f.ProposalFactory(council=kocaeli, title=title, stage=Stage.IN_GROUP)
    f.ProposalFactory(council=kocaeli)
    actions.tag_proposal(actor=selin, proposal=wanted, name="acil", at=at)
    actions.assign_proposal(actor=selin, proposal=wanted, assignee=selin, at=at)
    client.force_login(selin)
    answer = client.get(f"{LIST}oneriler.csv?asama=grupta")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert [row[0] for row in rows] == [wanted.number]
    row = dict(zip(head, rows[0], strict=True))
    assert row["Başlık"] == "'" + title
    assert original(row["Başlık"]) == title
    assert (row["Sorumlu"], row["Etiketler"]) == ("Selin Aksoy", "acil")
    assert wanted.author.display_name not in text
    assert wanted.author.email not in text

    book = client.get(f"{LIST}oneriler.xlsx?asama=grupta")
    with zipfile.ZipFile(io.BytesIO(book.content)) as parts:
        assert "<f>" not in parts.read("xl/worksheets/sheet1.xml").decode()
        texts = parts.read("xl/sharedStrings.xml").decode()
    assert wanted.number in texts
    assert "'=HYPERLINK" in texts


def test_what_ends_by_itself_is_late_in_no_list(kocaeli, hakan):
    at = timezone.now()
    group, _gathering, _ballot = [
        f.ProposalFactory(council=kocaeli, stage=stage, due_at=at - timedelta(days=1))
        for stage in (Stage.IN_GROUP, Stage.GATHERING, Stage.BALLOT)
    ]
    assert list(office_rows(kocaeli, hakan, OfficeFilters(is_overdue=True), at=at)) == [group]


@pytest.mark.parametrize(("sort", "index"), [(DUE, "proposals_by_due"), (WAITING, "proposals_longest_waiting")])
def test_the_office_s_own_orders_stand_in_an_index(kocaeli, hakan, sort, index):
    rows = sort.prepare(office_rows(kocaeli, hakan, OfficeFilters(), at=timezone.now()), "")
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):  # of a few rows the planner would read them all
            cursor.execute(f"SET LOCAL enable_{way} = off")
    assert index in rows.order_by(sort.key, "-pk").values("pk")[:51].explain()
