"""A request is filed once, answered in time, asked back without losing time, reopened once."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from councils.models import Holiday, HolidayKind
from councils.working_time import ISTANBUL
from people.verdicts import Refused
from servicerequests import actions
from servicerequests.form_fields import questions_of
from servicerequests.models import Channel, Message, RequestType, ServiceRequest
from servicerequests.presets import TYPES
from servicerequests.states import Resolution, Status
from tests import factories as f
from tests.proposals.test_races import at_once

FRIDAY = datetime(2026, 10, 23, 16, 50, tzinfo=ISTANBUL)
SAID = actions.Said(
    "Olağan genel kurul tarihi", "Genel kurulu ertelersek bildirimi ne zaman yapmalıyız?", {"konu": "genel_kurul"}
)


@pytest.fixture
def council(kocaeli):
    actions.start_desk(council=kocaeli, at=FRIDAY)
    Holiday.objects.filter(council=kocaeli).delete()
    for day, name, kind in (
        (28, "Cumhuriyet Bayramı arifesi", HolidayKind.HALF),
        (29, "Cumhuriyet Bayramı", HolidayKind.OFF),
    ):
        Holiday.objects.create(council=kocaeli, day=date(2026, 10, day), name=name, kind=kind)
    return kocaeli


@pytest.fixture
def officer(council, selin):
    return selin


def kind(council, slug="danisma"):
    return RequestType.objects.get(council=council, slug=slug)


@pytest.fixture
def asked(council, ayse):
    return actions.file_request(actor=ayse, council=council, kind=kind(council), said=SAID, at=FRIDAY)


def test_a_council_starts_with_ten_types_whose_forms_can_be_asked(council):
    assert [row.slug for row in RequestType.objects.filter(council=council)] == [row["slug"] for row in TYPES]
    for row in TYPES:
        questions_of(row.get("form", []))
    assert actions.start_desk(council=council, at=FRIDAY) == 0


def test_it_gets_a_number_and_both_dates_with_how_they_were_counted(asked):
    assert (asked.number, asked.status, asked.unit.slug) == ("KOC-T-2026-0001", Status.NEW, "stk-hizmetleri")
    assert asked.first_answer_due_at == datetime(2026, 10, 26, 16, 50, tzinfo=ISTANBUL)
    assert asked.due_at == datetime(2026, 11, 4, 17, 30, tzinfo=ISTANBUL)
    assert asked.due_how["skipped"] == [
        ["2026-10-28", "Cumhuriyet Bayramı arifesi"],
        ["2026-10-29", "Cumhuriyet Bayramı"],
    ]


def test_the_law_s_days_come_first_where_they_are_fewer(council, ayse):
    request = actions.file_request(
        actor=ayse, council=council, kind=kind(council, "bilgi-edinme"), said=SAID_FREE, at=FRIDAY
    )
    assert request.due_at == request.ceiling_at == datetime(2026, 11, 16, 17, 30, tzinfo=ISTANBUL)


SAID_FREE = actions.Said("Toplantı tutanakları", "2025 yılının toplantı tutanaklarını görmek istiyorum.")


def test_the_clock_stands_still_while_the_applicant_is_asked_and_runs_on_with_the_reply(asked, ayse, officer):
    monday = datetime(2026, 10, 26, 9, 0, tzinfo=ISTANBUL)
    actions.write_to_applicant(actor=officer, request=asked, text="Tüzüğünüz ne diyor?", asks=True, at=monday)
    asked.refresh_from_db()
    assert (asked.status, asked.due_at, asked.first_answered_at) == (Status.WAITING_APPLICANT, None, monday)
    friday = datetime(2026, 10, 30, 10, 0, tzinfo=ISTANBUL)
    actions.reply_as_applicant(actor=ayse, request=asked, text="Tüzük ekim ayı diyor.", at=friday)
    asked.refresh_from_db()
    assert (asked.status, asked.due_at) == (Status.IN_REVIEW, datetime(2026, 11, 9, 17, 30, tzinfo=ISTANBUL))
    assert asked.due_how["paused_minutes"] == (7.5 + 8 + 4.5 + 1.5) * 60


def test_an_answer_ends_it_with_what_came_of_it_and_says_whether_it_came_in_time(asked, officer):
    at = FRIDAY + timedelta(days=3)
    actions.answer_request(
        actor=officer, request=asked, text="On gün içinde bildirin.", resolution=Resolution.INFORMED, at=at
    )
    asked.refresh_from_db()
    assert (asked.status, asked.resolution, asked.was_in_time, asked.ended_at) == ("answered", "informed", True, at)
    with pytest.raises(Refused) as refused:
        actions.answer_request(actor=officer, request=asked, text="Bir daha.", resolution=Resolution.PARTLY, at=at)
    assert refused.value.code == "ended"


def test_what_was_late_stays_late(asked, officer):
    late = FRIDAY + timedelta(days=40)
    actions.answer_request(
        actor=officer, request=asked, text="Geciktik, kusura bakmayın.", resolution="informed", at=late
    )
    asked.refresh_from_db()
    assert asked.was_in_time is False


def test_it_is_reopened_once_within_thirty_days(asked, ayse, mehmet, officer):
    at = FRIDAY + timedelta(days=3)
    actions.answer_request(actor=officer, request=asked, text="On gün içinde bildirin.", resolution="informed", at=at)
    with pytest.raises(Refused):
        actions.reopen_request(actor=mehmet, request=asked, text="Ben de merak ettim.", at=at)
    actions.reopen_request(actor=ayse, request=asked, text="Bildirimi nereye yapacağız?", at=at + timedelta(days=1))
    asked.refresh_from_db()
    assert (asked.status, asked.resolution, asked.ended_at) == (Status.IN_REVIEW, "", None)
    assert asked.due_at > at
    again = at + timedelta(days=2)
    actions.answer_request(actor=officer, request=asked, text="İl müdürlüğüne.", resolution="informed", at=again)
    for moment, code in ((again, "reopened_once"), (again + timedelta(days=31), "reopened_once")):
        with pytest.raises(Refused) as refused:
            actions.reopen_request(actor=ayse, request=asked, text="Bir daha soralım.", at=moment)
        assert refused.value.code == code


def test_thirty_days_after_the_answer_it_stays_closed(asked, ayse, officer):
    actions.answer_request(actor=officer, request=asked, text="Bildirin.", resolution="informed", at=FRIDAY)
    with pytest.raises(Refused) as refused:
        actions.reopen_request(actor=ayse, request=asked, text="Anlamadım doğrusu.", at=FRIDAY + timedelta(days=31))
    assert refused.value.code == "too_late"


@pytest.mark.parametrize("deed", ["answer", "ask", "note", "assign"])
def test_only_the_directorate_answers_and_nobody_themselves(council, asked, officer, mehmet, ayse, hakan, deed):
    unit = asked.unit
    deeds = {
        "answer": lambda who, what: actions.answer_request(
            actor=who, request=what, text="Olur.", resolution="informed", at=FRIDAY
        ),
        "ask": lambda who, what: actions.write_to_applicant(
            actor=who, request=what, text="Hangisi?", asks=True, at=FRIDAY
        ),
        "note": lambda who, what: actions.note_inside(actor=who, request=what, text="Aranacak.", at=FRIDAY),
        "assign": lambda who, what: actions.assign_request(
            actor=who, request=what, unit=unit, assignee=None, at=FRIDAY
        ),
    }
    for person in (mehmet, ayse, hakan):
        with pytest.raises(Refused):
            deeds[deed](person, asked)
    own = actions.file_request(actor=officer, council=council, kind=kind(council), said=SAID, at=FRIDAY)
    with pytest.raises(Refused) as refused:
        deeds[deed](officer, own)
    assert refused.value.code == "own_request"
    assert not Message.objects.exists()


def test_a_form_sent_twice_at_once_is_one_request_and_no_number_is_lost(db, transactional_db):
    council = f.CouncilFactory(code="KOC")
    actions.start_desk(council=council, at=FRIDAY)
    people, key = f.PersonFactory.create_batch(2), uuid.uuid4()

    def file(person, key):
        return actions.file_request(
            actor=person, council=council, kind=kind(council), said=SAID, key=key, at=FRIDAY
        ).number

    assert set(at_once([lambda: file(people[0], key)] * 4)) == {"KOC-T-2026-0001"}
    assert sorted(at_once([lambda: file(people[1], uuid.uuid4())] * 3)) == [f"KOC-T-2026-000{n}" for n in (2, 3, 4)]
    with pytest.raises(ValidationError):
        file(people[1], key)


def test_what_is_wrong_is_told_all_at_once_and_nothing_is_kept(council, ayse):
    with pytest.raises(ValidationError) as error:
        actions.file_request(actor=ayse, council=council, kind=kind(council), said=actions.Said("ne", "?"), at=FRIDAY)
    assert set(error.value.message_dict) == {"subject", "text", "konu"}
    assert not ServiceRequest.objects.exists()


def test_some_types_are_for_organisations_alone(council, ayse, elif_):
    with pytest.raises(Refused) as refused:
        actions.file_request(actor=ayse, council=council, kind=kind(council, "mekan"), said=SAID, at=FRIDAY)
    assert refused.value.code == "not_representative"


def test_an_officer_writes_down_what_came_by_phone(council, officer, mehmet):
    told = {"named": "Hatice Y.", "contact": "0262 000 00 00", "channel": Channel.PHONE}
    with pytest.raises(Refused):
        actions.enter_request(actor=mehmet, council=council, kind=kind(council), said=SAID, at=FRIDAY, **told)
    request = actions.enter_request(actor=officer, council=council, kind=kind(council), said=SAID, at=FRIDAY, **told)
    assert (request.applicant, request.named, request.entered_by) == (None, "Hatice Y.", officer)


def test_what_was_said_is_never_changed(asked, officer):
    actions.note_inside(actor=officer, request=asked, text="Aranacak.", at=FRIDAY)
    for deed in (lambda: Message.objects.update(text="Başka"), Message.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
