"""The desk: for each office what waits, oldest due first; for others a sentence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import DateTimeField
from django.urls import reverse
from django.utils import timezone

from councils.models import BodyKind, Holder, OfficerRole, Residence, Role
from discussions.models import Report
from participation.desk import KINDS, TASKS_ON_A_PAGE, TASKS_SHOWN, office_of
from people.models import Person
from proposals.models import Implementation, Milestone
from proposals.opinion_states import OpinionState
from proposals.stages import Stage
from tests import factories as f
from turkish.templatetags.turkish_text import day
from workinggroups.actions import ask_to_join
from workinggroups.models import JoinRequest

NOW = timezone.now


def desk_of(client, person, council, **query):
    client.force_login(person)
    return client.get(reverse("desk", args=[council.slug]), query)


def titles(answer) -> dict[str, list[str]]:
    assert answer.status_code == 200
    return {section.key: [task.title for task in section.tasks] for section in answer.context["sections"]}


def report(comment, council, body=None) -> Report:
    return Report.objects.create(
        comment=comment, council_id=council.pk, body_id=body.pk if body else None, reporter=f.PersonFactory(),
        reason="spam", created_at=NOW(),
    )  # fmt: skip


@pytest.fixture
def work(kocaeli, ulasim, kadin):
    """Something of every kind, in the transport group, in the women's assembly and in another group."""
    other = f.BodyFactory(council=kocaeli, name="Afet Çalışma Grubu")
    for body in (ulasim, kadin, other):
        for stage in (Stage.SUBMITTED, Stage.IN_GROUP, Stage.BALLOT):
            proposal = f.ProposalFactory(council=kocaeli, addressed_to=body, stage=stage, title=f"{body.name} {stage}")
            if stage == Stage.BALLOT:
                f.ProposalBallotFactory(proposal=proposal, ballot__electors=f.PersonFactory.create_batch(2))
        report(f.CommentFactory(thread=proposal.thread, text=f"{body.name} yorumu"), kocaeli, body)
    for body in (ulasim, other):
        ask_to_join(actor=f.PersonFactory(display_name=f"{body.name} adayı"), body=body, at=NOW())
    f.ResidenceFactory(council=kocaeli, person=f.PersonFactory(display_name="Yeni Hemşehri"), verified=False)


def test_a_visitor_logs_in_first(client, kocaeli):
    address = reverse("desk", args=[kocaeli.slug])
    assert client.get(address)["Location"] == f"{reverse('account_login')}?next={address}"


@pytest.mark.parametrize("who", ["ayse", "elif_", "outsider", "superuser"])
def test_who_has_no_office_reads_why_and_nothing_else(client, request, kocaeli, work, who):
    answer = desk_of(client, request.getfixturevalue(who), kocaeli)
    assert answer.status_code == 403
    assert "kayıtlı bir göreviniz yok" in answer.content.decode()


def test_an_ordinary_member_has_no_desk(client, kocaeli, ulasim):
    assert desk_of(client, f.MembershipFactory(body=ulasim).person, kocaeli).status_code == 403


def test_an_office_that_ended_opens_no_desk(client, kocaeli, ulasim):
    yesterday = timezone.localdate() - timedelta(1)
    old = f.MembershipFactory(body=ulasim, role=Role.FACILITATOR, ends_on=yesterday).person
    former = f.OfficerFactory(council=kocaeli, is_active=False).person
    assert desk_of(client, old, kocaeli).status_code == 403
    assert desk_of(client, former, kocaeli).status_code == 403


def test_an_office_in_one_council_is_none_in_another(client, adana, derya, hakan, selin):
    for person in (derya, hakan, selin):
        assert desk_of(client, person, adana).status_code == 403


def test_the_secretary_sees_what_awaits_admissibility_reports_and_residents(client, kocaeli, hakan, work):
    found = titles(desk_of(client, hakan, kocaeli))
    assert sorted(found) == ["bildirimler", "ikamet", "konsey-oylamalari", "uygulamalar", "uygunluk"]
    assert len(found["uygunluk"]) == 3
    assert len(found["bildirimler"]) == 3
    assert found["ikamet"] == ["Yeni Hemşehri"]


def test_the_facilitator_sees_their_own_group_alone(client, kocaeli, derya, ulasim, work):
    found = titles(desk_of(client, derya, kocaeli))
    assert found == {
        "oylamalar": [f"{ulasim.name} ballot"],
        "istekler": [f"{ulasim.name} adayı"],
        "bildirimler": [f"{ulasim.name} yorumu"],
        "grupta": [f"{ulasim.name} in_group"],
        "degisiklikler": [],
        "konsey-oylamalari": [],
        "esitlik": [],
    }


def test_the_president_sees_the_assembly_as_a_facilitator_their_group(client, kocaeli, nermin, kadin, work):
    found = titles(desk_of(client, nermin, kocaeli))
    assert found == {
        "oylamalar": [f"{kadin.name} ballot"],
        "bildirimler": [f"{kadin.name} yorumu"],
        "grupta": [f"{kadin.name} in_group"],
        "degisiklikler": [],
        "konsey-oylamalari": [],
        "esitlik": [],
    }


def test_a_directorate_officer_sees_who_waits_to_be_verified(client, kocaeli, selin, work):
    answer = desk_of(client, selin, kocaeli)
    assert titles(answer) == {"ikamet": ["Yeni Hemşehri"], "uygulamalar": []}
    ((task,),) = [section.tasks for section in answer.context["sections"] if section.tasks]
    waiting = Residence.objects.get(person__display_name="Yeni Hemşehri")
    assert task.act_url == reverse("residence_person", args=[kocaeli.slug, waiting.person_id])
    assert client.get(task.act_url).status_code == 200


def test_a_bare_date_on_the_desk_says_what_it_is(client, kocaeli, derya, selin, work):
    JoinRequest.objects.update(created_at=timezone.now() - timedelta(days=40))
    Report.objects.update(created_at=timezone.now() - timedelta(days=40))
    Residence.objects.update(declared_at=timezone.now() - timedelta(days=40))
    old = day(timezone.now() - timedelta(days=40))
    clocks = {
        (who.pk, section.key): section.tasks[0].clock
        for who in (derya, selin)
        for section in desk_of(client, who, kocaeli).context["sections"]
        if section.key in ("istekler", "bildirimler", "ikamet")
    }
    assert clocks == {
        (derya.pk, "istekler"): f"istek: {old}",
        (derya.pk, "bildirimler"): f"bildirim: {old}",
        (selin.pk, "ikamet"): f"bildirim: {old}",
    }


def test_nobody_whose_account_is_closed_waits_to_be_verified(client, kocaeli, selin, work):
    Person.objects.filter(display_name="Yeni Hemşehri").update(is_active=False)
    assert titles(desk_of(client, selin, kocaeli)) == {"ikamet": [], "uygulamalar": []}


def test_a_centre_officer_has_a_desk_on_which_nothing_waits_yet(client, kocaeli, murat, work):
    answer = desk_of(client, murat, kocaeli)
    assert titles(answer) == {}
    assert "Sizi bekleyen iş yok" in answer.content.decode()


def test_nothing_of_another_council_waits_here(client, adana, kocaeli, work):
    person = f.OfficerFactory(council=adana, role=OfficerRole.DIRECTORATE).person
    secretariat = f.BodyFactory(council=adana, kind=BodyKind.SECRETARIAT, name="Genel Sekreterlik")
    f.MembershipFactory(body=secretariat, person=person, role=Role.SECRETARY)
    assert not any(titles(desk_of(client, person, adana)).values())


def test_what_is_due_first_stands_on_top_with_its_clock(client, kocaeli, hakan):
    for title, days in {"Bol zaman": 4, "Geç kaldı": -3, "Bugün": 0.2, "Süresiz": None}.items():
        due = NOW() + timedelta(days=days) if days is not None else None
        f.ProposalFactory(council=kocaeli, title=title, due_at=due)
    (section,) = [row for row in desk_of(client, hakan, kocaeli).context["sections"] if row.key == "uygunluk"]
    assert [task.title for task in section.tasks] == ["Geç kaldı", "Bugün", "Bol zaman", "Süresiz"]
    assert [task.tone for task in section.tasks] == ["late", "soon", "", ""]
    assert section.tasks[0].clock == "3 gün geçti"
    assert section.tasks[-1].clock == ""


def test_a_step_that_the_procedure_gives_to_the_board_waits_on_the_board_s_desk(client, kocaeli, hakan, ulasim):
    board = f.BodyFactory(council=kocaeli, kind=BodyKind.EXECUTIVE_BOARD, name="Yürütme Kurulu")
    chair = f.MembershipFactory(body=board, role=Role.PRESIDENT).person
    f.ProposalFactory(council=kocaeli, addressed_to=ulasim, title="Kurulun", holder=Holder.EXECUTIVE_BOARD)
    f.ProposalFactory(council=kocaeli, addressed_to=ulasim, title="Sekreterin")
    for holder, title in ((Holder.EXECUTIVE_BOARD, "Kurul yollar"), (Holder.SECRETARIAT, "Sekreter yollar")):
        proposal = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.OPINION, holder=holder)
        f.OpinionFactory(council=kocaeli, title=title, state=OpinionState.ADOPTED, proposals=[proposal])
    secretary_s, board_s = (titles(desk_of(client, person, kocaeli)) for person in (hakan, chair))
    assert (secretary_s["uygunluk"], board_s["uygunluk"]) == (["Sekreterin"], ["Kurulun"])
    assert secretary_s["gorus-gonderilecek"] == ["Sekreter yollar"]
    assert board_s["gorus-gonderilecek"] == ["Kurul yollar"]


def test_an_officer_does_not_find_their_own_proposal_to_answer(client, kocaeli, selin):
    desk = f.BodyFactory(council=kocaeli, kind=BodyKind.DIRECTORATE, name="STK Şube Müdürlüğü")
    for author, title in ((selin, "Kendi önerisi"), (f.PersonFactory(), "Başkasının")):
        f.ProposalFactory(council=kocaeli, addressed_to=desk, author=author, title=title, stage=Stage.DIRECTORATE)
    assert titles(desk_of(client, selin, kocaeli))["mudurluk"] == ["Başkasının"]


def test_the_kind_of_work_that_is_due_first_comes_first(client, kocaeli, hakan, derya, ulasim):
    f.MembershipFactory(body=ulasim, person=hakan, role=Role.FACILITATOR)
    f.ProposalFactory(council=kocaeli, due_at=NOW() + timedelta(days=3))
    f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.IN_GROUP, due_at=NOW() - timedelta(days=1))
    sections = desk_of(client, hakan, kocaeli).context["sections"]
    assert [section.key for section in sections][:3] == ["gecikenler", "grupta", "uygunluk"]


def test_everything_of_a_kind_is_read_by_pages(client, kocaeli, hakan):
    for number in range(TASKS_ON_A_PAGE + 3):
        f.ProposalFactory(council=kocaeli, title=f"Öneri {number}", due_at=NOW() + timedelta(hours=number))
    (section,) = [row for row in desk_of(client, hakan, kocaeli).context["sections"] if row.key == "uygunluk"]
    assert (section.count, len(section.tasks)) == (TASKS_ON_A_PAGE + 3, TASKS_SHOWN)
    first = client.get(section.url).context["section"]
    second = client.get(reverse("desk", args=[kocaeli.slug]) + first.next).context["section"]
    found = [task.title for task in (*first.tasks, *second.tasks)]
    assert found == [f"Öneri {number}" for number in range(TASKS_ON_A_PAGE + 3)]


def test_a_kind_of_work_that_is_not_mine_is_not_found(client, kocaeli, selin, work):
    for key in ("uygunluk", "istekler", "nonsense"):
        assert desk_of(client, selin, kocaeli, bolum=key).status_code == 404
    assert desk_of(client, selin, kocaeli, bolum="ikamet").status_code == 200


def test_an_officer_does_not_find_their_own_residence_waiting(client, kocaeli, selin):
    f.ResidenceFactory(council=kocaeli, person=selin, verified=False)
    assert Residence.objects.count() == 1
    assert titles(desk_of(client, selin, kocaeli)) == {"ikamet": [], "uygulamalar": []}


def test_a_settled_report_waits_no_more(client, kocaeli, derya, ulasim, work):
    Report.objects.update(settled_at=NOW(), settled_by=derya)
    assert titles(desk_of(client, derya, kocaeli))["bildirimler"] == []


def test_a_comment_reported_by_many_is_one_task(client, kocaeli, derya, ulasim):
    proposal = f.ProposalFactory(council=kocaeli, addressed_to=ulasim)
    comment = f.CommentFactory(thread=proposal.thread, text="Reklam")
    for _ in range(3):
        report(comment, kocaeli, ulasim)
    (section,) = [row for row in desk_of(client, derya, kocaeli).context["sections"] if row.key == "bildirimler"]
    assert [task.title for task in section.tasks] == ["Reklam"]
    assert section.tasks[0].note.startswith("3 bildirim")


def test_the_desk_costs_the_same_with_much_work(client, kocaeli, hakan, ulasim, work, django_assert_max_num_queries):
    f.MembershipFactory(body=ulasim, person=hakan, role=Role.FACILITATOR)
    for number in range(12):
        f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.SUBMITTED)
        f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.IN_GROUP)
        ask_to_join(actor=f.PersonFactory(display_name=f"Aday {number}"), body=ulasim, at=NOW())
    client.force_login(hakan)
    with django_assert_max_num_queries(28):
        client.get(reverse("desk", args=[kocaeli.slug]))


def test_every_kind_of_work_is_in_the_order_of_moments(kocaeli, hakan):
    office = office_of(hakan, kocaeli, at=NOW())
    for kind in KINDS:
        rows, name = kind.rows(office), kind.by[0]
        told = rows.query.annotations.get(name) or rows.model._meta.get_field(name)
        assert isinstance(getattr(told, "output_field", told), DateTimeField), kind.key


def test_running_work_is_read_page_by_page_the_next_step_first(client, kocaeli, selin, hakan, monkeypatch):
    later, sooner, without = [f.ProposalFactory(council=kocaeli, stage=Stage.IMPLEMENTATION) for _n in range(3)]
    for proposal, days in ((later, 9), (sooner, 2)):
        begun = Implementation.objects.create(proposal=proposal, began_at=NOW())
        Milestone.objects.create(
            implementation=begun, title="İhale", planned_on=timezone.localdate() + timedelta(days), added_by=selin,
            added_at=NOW(),
        )  # fmt: skip
    expected = [row.title for row in (sooner, later, without)]
    monkeypatch.setattr("participation.desk.TASKS_ON_A_PAGE", 1)
    client.force_login(hakan)
    found, address = [], f"{reverse('desk', args=[kocaeli.slug])}?bolum=uygulamalar"
    while address:
        section = client.get(address).context["section"]
        found += [task.title for task in section.tasks]
        address = section.next and reverse("desk", args=[kocaeli.slug]) + section.next
    assert found == expected
    found, address = [], reverse("api-desk-tasks", args=[kocaeli.slug, "implementations"]) + "?page_size=1"
    while address:
        page = client.get(address).json()
        found += [task["title"] for task in page["results"]]
        address = page["next"]
    assert found == expected
