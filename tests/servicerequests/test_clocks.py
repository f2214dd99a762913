"""Clocks in the life of a request: counted anew when the calendar changes, warned of, told upwards, extended once, closed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from councils.models import Holiday, HolidayKind, OfficerRole
from councils.working_time import ISTANBUL, Calendar, Day
from journal.models import Entry
from notifications.letters import compose_letter
from notifications.models import Letter
from participation.desk import office_of
from participation.desk.late_requests import told_late
from servicerequests import actions, tasks
from servicerequests.escalation import Level, levels_reached, warned_at
from servicerequests.journal_kinds import RequestKind
from servicerequests.models import ClockNotice, DeskUnit, Message, OfficeSpan, Priority, RequestType, Side
from servicerequests.reactions import recount_after_changes
from servicerequests.reading import how_counted
from servicerequests.states import Status
from servicerequests.working_time import OfficeHours
from tests import factories as f
from tests.proposals.test_races import at_once

SAID = actions.Said("Genel kurul tarihi", "Bildirimi ne zaman yapmalıyız?", {"konu": "genel_kurul"})
ASKED = actions.Said("Toplantı tutanakları", "2025 yılının tutanaklarını görmek istiyorum.")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ISTANBUL)


@pytest.fixture
def council(kocaeli):
    actions.start_desk(council=kocaeli, at=at("2026-11-01T10:00"))
    Holiday.objects.filter(council=kocaeli).delete()
    return kocaeli


def file(council, person, slug="danisma", said=SAID, filed="2026-11-02T10:00"):
    kind = RequestType.objects.get(council=council, slug=slug)
    return actions.file_request(actor=person, council=council, kind=kind, said=said, at=at(filed))


def told(request):
    return list(ClockNotice.objects.filter(request=request).order_by("pk").values_list("clock", "level"))


def letter_to_applicant(request, entry):
    letter = Letter(request=request, entry=entry, role="applicant", person=request.applicant, expires_at=entry.at)
    letter.save()
    return compose_letter(letter)


# --- When somebody is told -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("moment", "reached"),
    [
        ("2026-11-05T15:52", 0),  # not yet 75 % of Monday 10.00 to Friday 17.30
        ("2026-11-05T15:53", 1),
        ("2026-11-05T17:30", 0),  # closed
        ("2026-11-06T12:45", 0),  # lunch
        ("2026-11-06T17:29", 1),
        ("2026-11-06T17:31", 0),  # late, and closed
        ("2026-11-07T10:00", 0),  # Saturday
        ("2026-11-09T08:30", 2),
        ("2026-11-09T17:29", 2),
        ("2026-11-10T08:30", 0),  # off
        ("2026-11-11T08:30", 3),  # one working day after, at the next opening
    ],
)
def test_a_clock_is_told_in_steps_and_only_while_the_office_is_open(moment, reached):
    office = OfficeHours(calendar=Calendar({date(2026, 11, 10): Day("İdari izin")}))
    start, due = at("2026-11-02T10:00"), at("2026-11-06T17:30")
    found = levels_reached(warned_at(start, due, office), due, at=at(moment), hours=office)
    assert found == list(Level)[:reached]


def test_an_overdue_case_is_warned_of_then_goes_to_the_head_then_to_the_whole_directorate(council, ayse, selin):
    head, colleague, centre = f.OfficerFactory.create_batch(3, council=council)
    type(centre).objects.filter(pk=centre.pk).update(role=OfficerRole.CENTRE)
    people = [selin, head.person, colleague.person]
    unit = DeskUnit.objects.get(council=council, slug="stk-hizmetleri")
    officer = council.officers.get(person=selin)
    unit.officers.set([officer, head])
    DeskUnit.objects.filter(pk=unit.pk).update(head=head)
    request = file(council, ayse, filed="2026-11-02T16:50")
    actions.assign_request(actor=selin, request=request, unit=unit, assignee=officer, at=at("2026-11-02T17:00"))
    actions.write_to_applicant(actor=selin, request=request, text="Bakıyoruz.", at=at("2026-11-02T17:10"))
    request.refresh_from_db()
    assert (request.due_at, request.warned_at) == (at("2026-11-11T17:30"), at("2026-11-10T10:20"))
    letters, desks = {}, {}
    for moment in (
        "2026-11-10T10:19",
        "2026-11-10T10:20",
        "2026-11-10T10:25",
        "2026-11-11T18:00",
        "2026-11-12T08:30",
        "2026-11-13T08:30",
        "2026-11-16T08:30",
    ):
        actions.tell_clocks(at=at(moment))
        desks[moment] = [told_late(office_of(each, council, at=at(moment))).count() for each in people]
        for kind in (RequestKind.DUE_SOON, RequestKind.OVERDUE, RequestKind.ESCALATED):
            for entry in Entry.objects.filter(kind=kind, at=at(moment)):
                told_to = {person.pk for person in actions.told_of_clock(entry.kind, request)}
                letters[kind.name] = (moment, told_to)
    assert desks == {
        "2026-11-10T10:19": [0, 0, 0],
        "2026-11-10T10:20": [0, 0, 0],
        "2026-11-10T10:25": [0, 0, 0],
        "2026-11-11T18:00": [0, 0, 0],
        "2026-11-12T08:30": [0, 1, 0],
        "2026-11-13T08:30": [1, 1, 1],
        "2026-11-16T08:30": [1, 1, 1],
    }
    assert letters == {
        "DUE_SOON": ("2026-11-10T10:20", {selin.pk}),
        "OVERDUE": ("2026-11-12T08:30", {head.person_id}),
        "ESCALATED": ("2026-11-13T08:30", {selin.pk, head.person_id, colleague.person_id}),
    }
    assert told(request) == [("resolution", level) for level in Level]
    entry = Entry.objects.get(kind=RequestKind.OVERDUE)
    letter = Letter(request=request, entry=entry, role="desk", person=head.person, sent_to=head.person.email)
    letter.expires_at = at("2026-11-20T10:00")
    letter.save()
    assert "Sonuç için son an: 11 Kasım 2026 17.30" in compose_letter(letter).body


def test_both_clocks_are_told_each_once_and_a_reopened_one_anew(council, ayse, selin):
    request = file(council, ayse)
    late = at("2026-11-16T10:00")
    assert [actions.tell_clocks(at=late), actions.tell_clocks(at=late)] == [4, 0]  # no warning of what is late already
    assert len(told(request)) == 6
    actions.answer_request(actor=selin, request=request, text="On gün içinde.", resolution="informed", at=late)
    assert actions.tell_clocks(at=late + timedelta(days=7)) == 0
    actions.reopen_request(actor=ayse, request=request, text="Nereye bildireceğiz?", at=late + timedelta(days=7))
    assert actions.tell_clocks(at=late + timedelta(days=28)) == 2
    assert len(told(request)) == 9


def test_nobody_is_told_while_the_applicant_is_waited_for(council, ayse, selin):
    request = file(council, ayse)
    actions.write_to_applicant(actor=selin, request=request, text="Hangi yıl?", asks=True, at=at("2026-11-02T11:00"))
    assert actions.tell_clocks(at=at("2026-11-30T10:00")) == 0


def test_told_by_two_at_once_it_is_told_once(db, transactional_db):
    council, person = f.CouncilFactory(code="KOC"), f.PersonFactory()
    actions.start_desk(council=council, at=at("2026-11-01T10:00"))
    request = file(council, person)
    late = at("2026-11-16T10:00")
    assert sum(at_once([lambda: actions.tell_clocks(at=late)] * 3)) == 4
    assert len(told(request)) == len(set(told(request))) == 6


# --- Counted anew --------------------------------------------------------------------------------------------------
def test_a_holiday_added_later_moves_what_runs_and_says_why(
    council, ayse, mehmet, selin, django_assert_max_num_queries
):
    moved = file(council, ayse, filed="2026-10-26T10:00")
    ended = file(council, mehmet, filed="2026-10-26T10:00")
    actions.answer_request(actor=selin, request=ended, text="Bugün.", resolution="informed", at=at("2026-10-26T11:00"))
    waiting = file(council, mehmet, filed="2026-10-26T10:00")
    actions.write_to_applicant(actor=selin, request=waiting, text="Hangi yıl?", asks=True, at=at("2026-10-26T11:00"))
    now = at("2026-10-27T09:00")
    assert moved.due_at == at("2026-11-04T17:30")
    Holiday.objects.create(council=council, day=date(2026, 10, 29), name="Cumhuriyet Bayramı", kind=HolidayKind.OFF)
    assert actions.recount_requests(council=council, at=now) == 1
    moved.refresh_from_db()
    assert moved.due_at == at("2026-11-05T17:30")
    assert how_counted(moved).endswith(
        "Tatil olduğu için son gün değişti: Cumhuriyet Bayramı (29 Ekim 2026). Önceki son gün: 4 Kasım 2026."
    )
    entries = Entry.objects.filter(kind=RequestKind.DUE_MOVED)
    assert [entry.facts["number"] for entry in entries] == [moved.number]
    body = letter_to_applicant(moved, entries[0]).body
    assert "numaralı başvurunuzun son günü değişti. En geç 5 Kasım 2026" in body
    assert "Cumhuriyet Bayramı (29 Ekim 2026)" in body
    with django_assert_max_num_queries(5):  # nothing moves: nothing is locked
        assert actions.recount_requests(council=council, at=now) == 0
    # The explanation stays while the desk works on it, and goes when the day becomes a working one again.
    actions.set_priority(actor=selin, request=moved, priority=Priority.LOW, at=now)
    moved.refresh_from_db()
    assert "Önceki son gün: 4 Kasım" in how_counted(moved)
    Holiday.objects.update(kind=HolidayKind.WORKED)
    assert actions.recount_requests(council=council, at=now) == 1
    moved.refresh_from_db()
    assert moved.due_at == at("2026-11-04T17:30")
    assert "Artık tatil olmadığı için" in how_counted(moved)


def test_other_hours_of_the_office_move_what_runs_and_a_changed_calendar_orders_it(council, ayse, monkeypatch):
    request = file(council, ayse, filed="2026-11-02T10:00")
    assert request.due_at == at("2026-11-11T17:30")
    OfficeSpan.objects.filter(council=council, weekday=4).delete()
    ordered = []
    monkeypatch.setattr("servicerequests.tasks.recount_requests.delay", ordered.append)
    recount_after_changes(
        [
            Entry(kind=kind, council_id=council.pk)
            for kind in ("councils.holiday_changed", "servicerequests.hours_changed")
        ]
    )
    assert ordered == [council.pk]
    actions.recount_requests(council=council, at=at("2026-11-03T10:00"))
    request.refresh_from_db()
    assert request.due_at == at("2026-11-12T17:30")  # closed on Fridays
    assert "çalışma saatleri değiştiği için" in how_counted(request)


def test_priority_changed_during_a_pause_and_another_type_are_counted_from_the_beginning(council, ayse, selin):
    request = file(council, ayse, slug="fikir", said=ASKED, filed="2026-11-02T10:00")
    actions.write_to_applicant(actor=selin, request=request, text="Hangi yıl?", asks=True, at=at("2026-11-03T10:00"))
    actions.set_priority(actor=selin, request=request, priority=Priority.HIGH, at=at("2026-11-04T10:00"))
    request.refresh_from_db()
    assert (request.due_at, request.status) == (None, Status.WAITING_APPLICANT)
    actions.reply_as_applicant(actor=ayse, request=request, text="2025.", at=at("2026-11-05T10:00"))
    request.refresh_from_db()
    assert request.due_at == at("2026-11-11T17:30")  # 5 days of high priority, and the two it stood still
    request.type = actions.version_of(RequestType.objects.get(council=council, slug="danisma"))
    actions.set_clocks(request)
    assert request.due_at == at("2026-11-10T17:30")


# --- Law 4982, article 11 ------------------------------------------------------------------------------------------
def test_asking_another_body_gives_thirty_working_days_once_and_the_applicant_is_told_in_writing(council, ayse, selin):
    request = file(council, ayse, slug="bilgi-edinme", said=ASKED, filed="2026-11-02T10:00")
    assert request.due_at == request.ceiling_at == at("2026-11-23T17:30")
    asked = at("2026-11-10T10:00")
    actions.wait_for_other(actor=selin, request=request, whom="İmar’a soruldu.", at=asked)
    request.refresh_from_db()
    assert request.due_at == request.ceiling_at == at("2026-12-14T17:30")
    assert "Başka bir kuruma sorulduğu için süre uzadı." in how_counted(request)
    said = Message.objects.get(request=request, side=Side.DESK)
    assert "15 gün yerine 30" in said.text
    assert "14 Aralık 2026" in said.text
    assert request.first_answered_at is None
    entry = Entry.objects.get(kind=RequestKind.EXTENDED)
    assert entry.at == said.at
    assert "15 gün yerine 30" in letter_to_applicant(request, entry).body
    assert not Entry.objects.filter(kind=RequestKind.MOVED).exists()
    actions.take_up(actor=selin, request=request, at=asked + timedelta(days=1))
    actions.wait_for_other(actor=selin, request=request, whom="Fen İşleri’ne de.", at=asked + timedelta(days=2))
    request.refresh_from_db()
    assert (request.ceiling_at, Message.objects.filter(side=Side.DESK).count()) == (at("2026-12-14T17:30"), 1)


def test_asked_after_the_law_s_days_are_over_nothing_is_extended(council, ayse, selin):
    request = file(council, ayse, slug="bilgi-edinme", said=ASKED, filed="2026-11-02T10:00")
    actions.wait_for_other(actor=selin, request=request, whom="İmar’a.", at=at("2026-11-24T10:00"))
    request.refresh_from_db()
    assert (request.due_at, request.asked_other_at) == (at("2026-11-23T17:30"), None)


# --- Closing -------------------------------------------------------------------------------------------------------
def test_what_was_answered_is_closed_when_it_can_no_more_be_reopened(council, ayse, selin):
    request, answered = file(council, ayse), at("2026-11-03T10:00")
    actions.answer_request(actor=selin, request=request, text="On gün içinde.", resolution="informed", at=answered)
    assert actions.close_answered(at=answered + timedelta(days=30)) == 0
    assert actions.close_answered(at=answered + timedelta(days=30, seconds=1)) == 1
    assert actions.close_answered(at=answered + timedelta(days=31)) == 0
    request.refresh_from_db()
    assert (request.status, request.resolution, request.answered_at) == ("closed", "informed", answered)
    assert (request.was_in_time, request.ended_at) == (True, answered)


def test_the_tasks_of_the_clock_go_by_the_database_s_clock(council, ayse, selin):
    request, now = file(council, ayse), timezone.now()
    type(request).objects.filter(pk=request.pk).update(warned_at=None)
    assert tasks.recount_requests(council.pk) == tasks.recount_requests() == 0
    request.refresh_from_db()
    assert request.warned_at is not None
    answered = file(council, ayse)
    actions.answer_request(
        actor=selin, request=answered, text="Buyurun.", resolution="informed", at=now - timedelta(days=31)
    )
    assert tasks.close_answered() == 1
    assert tasks.tell_clocks() in range(5)  # whether the office is open when this runs is nobody's to say
