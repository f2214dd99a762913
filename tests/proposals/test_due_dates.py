"""Due dates by the council's holidays: explained, counted anew when a holiday changes, public when late, told upwards."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from councils.actions import seed_holidays, set_holiday
from councils.models import Holiday, HolidayKind, HolidaySource
from journal.models import Entry
from participation.desk import desk_section, office_of
from people.verdicts import Refused
from proposals import actions
from proposals.models import Escalation, Proposal
from proposals.stages import Stage
from proposals.tasks import recount_due_dates
from tests import factories as f
from tests.proposals.test_races import at_once

ISTANBUL = ZoneInfo("Europe/Istanbul")
FRIDAY = datetime(2026, 10, 23, 10, tzinfo=ISTANBUL)
WHY = "Cumhurbaşkanlığı genelgesi 2026/12"


@pytest.fixture
def holidays(kocaeli):
    seed_holidays(council=kocaeli, at=FRIDAY)
    return Holiday.objects.filter(council=kocaeli)


@pytest.fixture
def submitted(kocaeli, ayse, ulasim, holidays):
    theme = f.ThemeFactory(council=kocaeli, name="Ulaşım")
    draft = f.ProposalFactory(council=kocaeli, author=ayse, addressed_to=ulasim, theme=theme, stage=Stage.DRAFT)
    return actions.submit_proposal(actor=ayse, proposal=draft, at=FRIDAY)


def test_the_table_is_seeded_once_with_half_days_and_what_was_changed_stands(kocaeli, hakan, holidays):
    days = dict(holidays.filter(day__year=2026, day__month=10).values_list("day", "kind"))
    assert days == {date(2026, 10, 28): HolidayKind.HALF, date(2026, 10, 29): HolidayKind.OFF}
    assert holidays.get(day=date(2026, 3, 20)).source == HolidaySource.ESTIMATE
    change = {"day": date(2026, 10, 28), "name": "Arife", "kind": "off", "reason": WHY}
    set_holiday(actor=hakan, council=kocaeli, at=FRIDAY, **change)
    assert seed_holidays(council=kocaeli, at=FRIDAY) == 0
    assert holidays.get(day=date(2026, 10, 28)).kind == HolidayKind.OFF
    assert seed_holidays(council=kocaeli, at=FRIDAY + timedelta(days=365)) > 10


def test_a_date_counts_around_holidays_and_says_how(client, submitted):
    assert submitted.due_at == datetime(2026, 11, 2, 17, tzinfo=ISTANBUL)  # five working days, the 29th left out
    page = client.get(submitted.get_absolute_url()).content.decode()
    assert "5 iş günü sayıldı" in page
    assert "29 Ekim 2026 Cumhuriyet Bayramı" in page
    assert "hafta sonları (4 gün)" in page


def test_a_new_holiday_moves_running_dates_and_each_stands_in_the_record(
    kocaeli, hakan, submitted, django_capture_on_commit_callbacks
):
    other = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING, due_at=FRIDAY + timedelta(days=9))
    with django_capture_on_commit_callbacks(execute=True):
        set_holiday(
            actor=hakan, council=kocaeli, day=date(2026, 10, 30), name="İdari izin", kind="off", reason=WHY, at=FRIDAY
        )
    actions.recount_due_dates(council=kocaeli, at=FRIDAY)
    again = actions.recount_due_dates(council=kocaeli, at=FRIDAY)
    submitted.refresh_from_db()
    assert (submitted.due_at, again) == (datetime(2026, 11, 3, 17, tzinfo=ISTANBUL), 0)
    assert ["2026-10-30", "İdari izin"] in submitted.due_how["skipped"]
    assert Entry.objects.filter(kind="proposals.due_moved").count() == 1
    assert Proposal.objects.get(pk=other.pk).due_at == other.due_at  # a fixed moment stays


def test_an_order_to_count_anew_that_was_lost_is_made_good(kocaeli, hakan, submitted):
    change = {"day": date(2026, 10, 30), "name": "İdari izin", "kind": "off", "reason": WHY}
    set_holiday(actor=hakan, council=kocaeli, at=FRIDAY, **change)
    assert [recount_due_dates() for _turn in range(2)] == [1, 0]
    submitted.refresh_from_db()
    assert submitted.due_at == datetime(2026, 11, 3, 17, tzinfo=ISTANBUL)


def test_a_date_that_does_not_move_is_not_locked(kocaeli, submitted):
    with CaptureQueriesContext(connection) as queries:
        assert actions.recount_due_dates(council=kocaeli, at=FRIDAY) == 0
    assert not [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]


def test_only_the_secretary_keeps_the_table_and_says_why(kocaeli, hakan, ayse, selin, derya, holidays):
    change = {"day": date(2026, 12, 31), "name": "İdari izin", "kind": "off", "reason": WHY}
    entries = Entry.objects.count()
    for other in (ayse, selin, derya):
        with pytest.raises(Refused, match="konsey sekreteri"):
            set_holiday(actor=other, council=kocaeli, at=FRIDAY, **change)
    for wrong in ({"reason": "Öyle."}, {"kind": "yok"}, {"name": "x"}, {"day": date(1900, 1, 1)}):
        with pytest.raises(ValidationError):
            set_holiday(actor=hakan, council=kocaeli, at=FRIDAY, **change | wrong)
    assert Entry.objects.count() == entries
    for _twice in range(2):
        set_holiday(actor=hakan, council=kocaeli, at=FRIDAY, **change)
    assert Entry.objects.count() == entries + 1


# --- Late steps -------------------------------------------------------------------------------------------------------
def test_a_late_step_is_told_to_its_holder_the_body_and_the_secretariat_by_working_days(
    kocaeli, ulasim, holidays, rf, derya, hakan
):
    due = datetime(2026, 11, 6, 17, tzinfo=ISTANBUL)  # a Friday
    proposal = f.ProposalFactory(
        council=kocaeli, addressed_to=ulasim, stage=Stage.IN_GROUP, due_at=due, created_at=FRIDAY
    )
    told = [
        (actions.escalate_overdue(at=due + timedelta(days=days)), proposal.escalations.count())
        for days in (0, 1, 4, 5, 5, 10, 30)
    ]
    assert told == [(0, 0), (1, 1), (0, 1), (1, 2), (0, 2), (1, 3), (0, 3)]
    public = Entry.objects.filter(kind="proposals.overdue").values_list("audience", flat=True)
    staff = Entry.objects.filter(kind="proposals.escalated").values_list("audience", flat=True)
    assert (list(public), list(staff)) == (["public"], ["staff", "staff"])


def shown(rf, person, council, at):
    request = rf.get("/", {"bolum": "gecikenler"})
    request.user = person
    section = desk_section(request, office_of(person, council, at=at), "gecikenler")
    return [task.title for task in section.tasks] if section else None


def test_it_stands_on_the_desks_of_those_it_has_reached(kocaeli, ulasim, holidays, rf, derya, hakan, selin):
    due = datetime(2026, 11, 6, 17, tzinfo=ISTANBUL)
    late = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.IN_GROUP, due_at=due, created_at=FRIDAY)
    for days, expected in ((1, [[late.title], [], []]), (10, [[late.title], [late.title], []])):
        at = due + timedelta(days=days)
        actions.escalate_overdue(at=at)
        assert [shown(rf, person, kocaeli, at) for person in (derya, hakan, selin)] == expected


def test_what_ends_by_the_clock_is_never_late(kocaeli, holidays):
    for stage in (Stage.GATHERING, Stage.BALLOT, Stage.DONE):
        f.ProposalFactory(council=kocaeli, stage=stage, due_at=FRIDAY, created_at=FRIDAY)
    assert actions.escalate_overdue(at=FRIDAY + timedelta(days=90)) == 0
    assert not Proposal.objects.late(FRIDAY + timedelta(days=90)).exists()


def test_a_step_that_was_taken_in_time_or_moved_on_is_told_to_nobody(kocaeli, ulasim, hakan, submitted):
    assert actions.escalate_overdue(at=submitted.due_at - timedelta(minutes=1)) == 0
    actions.find_admissible(actor=hakan, proposal=submitted, at=FRIDAY)
    assert actions.escalate_overdue(at=submitted.due_at + timedelta(days=60)) == 0


def test_it_is_public_and_can_be_listed(client, kocaeli, submitted):
    Proposal.objects.filter(pk=submitted.pk).update(due_at=FRIDAY)
    other = f.ProposalFactory(council=kocaeli, title="Başka bir öneri, zamanında")
    page = client.get(submitted.get_absolute_url()).content.decode()
    assert "öneri gecikti" in page
    listed = client.get(reverse("proposal_list", args=[kocaeli.slug]), {"geciken": "1"}).content.decode()
    assert submitted.title in listed
    assert other.title not in listed
    found = client.get(f"/api/v1/councils/{kocaeli.slug}/proposals/", {"late": "true"}).json()["results"]
    assert [(row["number"], row["is_late"]) for row in found] == [(submitted.number, True)]


def test_those_that_are_told_leave_their_place_to_those_that_are_not(kocaeli, ulasim):
    due = datetime(2026, 11, 6, 17, tzinfo=ISTANBUL)
    for hours in (3, 2, 1):
        f.ProposalFactory(
            council=kocaeli,
            addressed_to=ulasim,
            stage=Stage.IN_GROUP,
            due_at=due - timedelta(hours=hours),
            created_at=FRIDAY,
        )
    told = [actions.escalate_overdue(at=due, limit=1) for _turn in range(4)]
    assert told == [1, 1, 1, 0]
    assert Escalation.objects.values("proposal").distinct().count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_a_late_step_once(kocaeli, ulasim):
    due = datetime(2026, 11, 6, 17, tzinfo=ISTANBUL)
    f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.IN_GROUP, due_at=due, created_at=FRIDAY)
    at_once([lambda: actions.escalate_overdue(at=due + timedelta(days=1))] * 4)
    assert (Escalation.objects.count(), Entry.objects.filter(kind="proposals.overdue").count()) == (1, 1)


def test_the_database_keeps_it_to_one_a_level_and_to_late_steps(kocaeli):
    proposal = f.ProposalFactory(council=kocaeli, due_at=FRIDAY, created_at=FRIDAY)
    row = {"proposal": proposal, "since": FRIDAY, "due_at": FRIDAY, "level": "holder", "at": FRIDAY}
    Escalation.objects.create(**row)
    for wrong in ({}, {"level": "mayor"}, {"level": "leader", "at": FRIDAY - timedelta(days=1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Escalation.objects.create(**row | wrong)
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        Escalation.objects.update(level="leader")
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        Escalation.objects.all().delete()


@pytest.mark.parametrize("year", ["20261", "999999", "0", "-1", "²", "", "abc"])
def test_a_year_without_a_table_shows_this_year_s(client, kocaeli, holidays, year):
    answer = client.get(reverse("holidays", args=[kocaeli.slug]), {"yil": year})
    assert (answer.status_code, answer.context["year"]) == (200, timezone.localdate().year)


def test_the_pages_show_and_keep_the_table(client, kocaeli, hakan, holidays):
    page = client.get(reverse("holidays", args=[kocaeli.slug]), {"yil": "2027"}).content.decode()
    assert "2027" in page
    client.force_login(hakan)
    url = reverse("holiday_set", args=[kocaeli.slug])
    wrong = client.post(url, {"day": "2026-12-31", "name": "İdari izin", "kind": "off", "reason": "Öyle."})
    assert (wrong.status_code, "İdari izin" in wrong.content.decode()) == (422, True)
    good = {"day": "2026-12-31", "name": "İdari izin", "kind": "off", "reason": WHY}
    assert client.post(url, good).status_code == 302
    assert holidays.get(day=date(2026, 12, 31)).source == HolidaySource.OFFICE
