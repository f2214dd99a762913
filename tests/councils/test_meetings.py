"""The municipal council's calendar: who keeps it, what is expected, moved, called off and imported, and its pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from councils.meetings.actions import (
    add_meeting,
    change_meeting,
    import_meetings,
    plan_meetings,
    set_municipal_calendar,
)
from councils.meetings.checking import rule_of
from councils.meetings.importing import read_file
from councils.meetings.rules import CalendarRule
from councils.models import MunicipalCalendar, MunicipalMeeting
from journal.kinds import sentence
from journal.models import Entry
from people.verdicts import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db
AT = datetime(2037, 7, 1, 9, tzinfo=UTC)
AUGUST = datetime(2037, 8, 13, 11, tzinfo=UTC)
RULE = {"week": 1, "weekday": 0, "begins": "10:00", "notice_days": 5, "agenda_closes": "12:00", "recess_month": 8}


def told():
    return [sentence(each.kind, each.facts) for each in Entry.objects.order_by("pk")]


def said(**fields):
    return {"name": "Ağustos 2037 birleşimi", "starts_at": AUGUST} | fields


# --- What is expected -------------------------------------------------------------------------------------------------
def test_the_next_twelve_months_are_planned_once_by_the_council_s_rule(kocaeli, hakan):
    set_municipal_calendar(actor=hakan, council=kocaeli, at=AT, **RULE)
    plan_meetings(actor=hakan, council=kocaeli, at=AT)
    plan_meetings(actor=hakan, council=kocaeli, at=AT)

    days = [
        timezone.localtime(m)
        for m in MunicipalMeeting.objects.order_by("starts_at").values_list("starts_at", flat=True)
    ]
    assert [f"{day:%d.%m.%y %H}" for day in days] == [
        "06.07.37 10", "07.09.37 10", "05.10.37 10", "02.11.37 10", "07.12.37 10", "04.01.38 10", "01.02.38 10",
        "01.03.38 10", "05.04.38 10", "03.05.38 10", "07.06.38 10",
    ]  # fmt: skip
    first = MunicipalMeeting.objects.earliest("starts_at")
    assert (first.name, first.is_estimate, f"{timezone.localtime(first.agenda_closes_at):%d.%m %H}") == (
        "Temmuz 2037 birleşimi",
        True,
        "01.07 12",
    )
    assert told() == [
        "… belediye meclisinin toplantı günleri kuralını değiştirdi.",
        "Belediye meclisinin beklenen toplantıları takvime yazıldı: 11",
    ]


def test_a_month_that_has_its_meeting_is_left_alone_whatever_became_of_it(kocaeli, hakan):
    f.MunicipalMeetingFactory(council=kocaeli, starts_at=AUGUST, state="cancelled", note="Yeterli sayı yok")
    f.MunicipalMeetingFactory(council=kocaeli, starts_at=AUGUST + timedelta(days=30), is_extraordinary=True)
    planned = plan_meetings(actor=hakan, council=kocaeli, at=AT)
    assert [timezone.localtime(meeting.starts_at).month for meeting in planned] == [7, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6]


def test_the_rule_said_again_changes_nothing_and_a_senseless_one_is_not_taken(kocaeli, hakan):
    assert rule_of(kocaeli) == CalendarRule()
    for _twice in range(2):
        set_municipal_calendar(actor=hakan, council=kocaeli, at=AT, **RULE)
    for wrong in ({"week": 5}, {"weekday": 7}, {"notice_days": 0}, {"recess_month": 13}):
        with pytest.raises(ValidationError):
            set_municipal_calendar(actor=hakan, council=kocaeli, at=AT, **RULE | wrong)
    assert (MunicipalCalendar.objects.count(), Entry.objects.count(), rule_of(kocaeli).notice_days) == (1, 1, 5)


# --- Single meetings --------------------------------------------------------------------------------------------------
def test_a_meeting_is_added_moved_and_called_off_in_the_open(kocaeli, selin):
    meeting = add_meeting(actor=selin, council=kocaeli, at=AT, said=said())
    assert f"{timezone.localtime(meeting.agenda_closes_at):%d.%m %H}" == "10.08 17"
    later = AUGUST + timedelta(days=1)
    change_meeting(actor=selin, meeting=meeting, at=AT, said=said(starts_at=later))
    change_meeting(actor=selin, meeting=meeting, at=AT, said=said(starts_at=later))
    off = said(starts_at=later, state="cancelled", note="Salon  hazır değil.")
    change_meeting(actor=selin, meeting=meeting, at=AT, said=off)
    assert told() == [
        "Belediye meclisi takvimine toplantı eklendi: Ağustos 2037 birleşimi, 13.08.2037 14.00",
        "Belediye meclisi toplantısının günü değişti: Ağustos 2037 birleşimi, 13.08.2037 14.00 yerine 14.08.2037 14.00",
        "Belediye meclisi toplantısı iptal edildi: Ağustos 2037 birleşimi, 14.08.2037 14.00. Salon hazır değil.",
    ]


def test_what_is_saved_by_hand_is_no_estimate_any_more(kocaeli, hakan):
    meeting = f.MunicipalMeetingFactory(council=kocaeli, starts_at=AUGUST, is_estimate=True, name=said()["name"])
    saved = change_meeting(actor=hakan, meeting=meeting, at=AT, said=said(agenda_closes_at=meeting.agenda_closes_at))
    assert (saved.is_estimate, Entry.objects.get().kind) == (False, "councils.municipal_meeting_confirmed")


def test_a_meeting_whose_hour_has_come_keeps_its_day(kocaeli, hakan):
    meeting = f.MunicipalMeetingFactory(council=kocaeli, starts_at=AUGUST, name=said()["name"])
    with pytest.raises(Refused) as refusal:
        change_meeting(actor=hakan, meeting=meeting, at=AUGUST, said=said(starts_at=AUGUST + timedelta(days=7)))
    assert (refusal.value.code, Entry.objects.count()) == ("meeting_passed", 0)
    assert change_meeting(actor=hakan, meeting=meeting, at=AUGUST, said=said(state="held")).state == "held"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "  "}, "name"),
        ({"state": "held"}, "state"),
        ({"state": "cancelled"}, "note"),
        ({"state": "gone"}, "state"),
        ({"agenda_closes_at": AUGUST}, "agenda_closes_at"),
        ({"agenda_closes_at": AUGUST - timedelta(days=91)}, "agenda_closes_at"),
        ({"agenda_url": "javascript:alert(1)"}, "agenda_url"),
        ({"starts_at": datetime(1, 1, 1, tzinfo=UTC)}, "starts_at"),
        ({"starts_at": datetime(9999, 12, 31, 23, 59, tzinfo=UTC)}, "starts_at"),
        ({"starts_at": AUGUST + timedelta(days=28)}, "starts_at"),  # another meeting's moment
    ],
)
def test_a_meeting_that_makes_no_sense_is_not_taken(kocaeli, hakan, change, field):
    f.MunicipalMeetingFactory(council=kocaeli, starts_at=AUGUST + timedelta(days=28))
    with pytest.raises(ValidationError) as error:
        add_meeting(actor=hakan, council=kocaeli, at=AT, said=said(**change))
    assert set(error.value.message_dict) == {field}
    assert (MunicipalMeeting.objects.count(), Entry.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"agenda_closes_at": AUGUST}, "agenda_closes_before_the_meeting_begins"),
        ({"state": "cancelled"}, "meetings_called_off_say_why"),
        ({"state": "held", "is_estimate": True}, "only_planned_meetings_are_estimates"),
        ({"state": "gone"}, "municipal_meeting_state_is_known"),
        ({"starts_at": AUGUST + timedelta(days=1)}, "one_municipal_meeting_at_a_moment"),
        ({"uid": "ikinci"}, "one_municipal_meeting_per_uid_in_a_council"),
    ],
)
def test_the_database_keeps_what_must_never_be_wrong(kocaeli, wrong, name):
    meeting = f.MunicipalMeetingFactory(council=kocaeli, starts_at=AUGUST)
    f.MunicipalMeetingFactory(council=kocaeli, starts_at=AUGUST + timedelta(days=1), uid="ikinci")
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        MunicipalMeeting.objects.filter(pk=meeting.pk).update(**wrong)


@pytest.mark.parametrize("who", ["derya", "ayse", "nermin", "murat"])
def test_nobody_but_secretary_and_directorate_keeps_the_calendar(kocaeli, request, who):
    actor = request.getfixturevalue(who)
    meeting = f.MunicipalMeetingFactory(council=kocaeli, starts_at=AUGUST)
    for deed in (
        lambda: plan_meetings(actor=actor, council=kocaeli, at=AT),
        lambda: set_municipal_calendar(actor=actor, council=kocaeli, at=AT, **RULE),
        lambda: add_meeting(actor=actor, council=kocaeli, at=AT, said=said()),
        lambda: change_meeting(actor=actor, meeting=meeting, at=AT, said=said(state="cancelled", note="Yok")),
        lambda: import_meetings(actor=actor, council=kocaeli, rows=[], at=AT),
    ):
        with pytest.raises(Refused, match="takvimini konsey sekreteri"):
            deed()
    assert (MunicipalMeeting.objects.count(), MunicipalCalendar.objects.count(), Entry.objects.count()) == (1, 0, 0)


# --- Files ------------------------------------------------------------------------------------------------------------
def test_a_file_is_written_whole_or_not_at_all(kocaeli, hakan):
    good = "tarih;saat;kimlik\n13.08.2037;14:00;a\n10.09.2037;14:00;e\n"
    bad = read_file(good + "31.02.2037;14:00;x", CalendarRule())
    with pytest.raises(ValidationError, match=r"4\. satır"):
        import_meetings(actor=hakan, council=kocaeli, rows=bad, at=AT)
    assert MunicipalMeeting.objects.count() == 0
    rows = read_file(good, CalendarRule())
    assert import_meetings(actor=hakan, council=kocaeli, rows=rows, at=AT) == (2, 0)
    assert import_meetings(actor=hakan, council=kocaeli, rows=rows, at=AT) == (0, 0)
    assert told() == ["Belediye meclisi takvimi dosyadan aktarıldı; yeni: 2, değişen: 0"]


def test_meetings_that_take_each_other_s_day_are_told_and_nothing_is_written(kocaeli, hakan):
    for uid, day in (("a", AUGUST), ("e", AUGUST + timedelta(days=28))):
        f.MunicipalMeetingFactory(council=kocaeli, starts_at=day, uid=uid)
    rows = read_file("tarih;saat;kimlik\n10.09.2037;14:00;a\n13.08.2037;14:00;e", CalendarRule())
    with pytest.raises(ValidationError):
        import_meetings(actor=hakan, council=kocaeli, rows=rows, at=AT)
    assert MunicipalMeeting.objects.get(uid="a").starts_at == AUGUST


def test_two_files_at_once_make_no_meeting_twice(transactional_db, kocaeli, hakan, selin, side_by_side):
    rows = read_file("tarih;saat\n13.08.2037;14:00\n10.09.2037;14:00", CalendarRule())
    results = side_by_side(
        [lambda p=person: import_meetings(actor=p, council=kocaeli, rows=rows, at=AT) for person in (hakan, selin)]
    )
    assert sorted(results) == [(0, 0), (2, 0)]
    assert MunicipalMeeting.objects.count() == 2


# --- Pages ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def pages(kocaeli):
    names = {
        "public": "municipal_meetings",
        "manage": "municipal_meetings_manage",
        "rule": "municipal_calendar",
        "add": "municipal_meeting_add",
        "import": "municipal_import",
        "ical": "municipal_meetings_ical",
        "csv": "municipal_meetings_csv",
    }
    return {key: reverse(name, args=[kocaeli.slug]) for key, name in names.items()}


def test_everybody_sees_the_next_meeting_and_until_when_its_agenda_is_open(client, kocaeli, pages):
    assert "Takvimde gelecek toplantı yok." in client.get(pages["public"]).content.decode()
    now = timezone.now()
    f.MunicipalMeetingFactory(council=kocaeli, starts_at=now + timedelta(days=1), name="Gündemi kapanan birleşim")
    f.MunicipalMeetingFactory(council=kocaeli, starts_at=now + timedelta(days=30), name="Gündemi açık birleşim")
    f.MunicipalMeetingFactory(council=kocaeli, starts_at=now - timedelta(days=30), name="Geçen birleşim", state="held")
    answer = client.get(pages["public"])
    shown = answer.content.decode()
    assert "Gündemi kapandı." in shown
    assert (answer.context["next_one"].name, answer.context["open_one"].name) == (
        "Gündemi kapanan birleşim",
        "Gündemi açık birleşim",
    )
    assert [meeting.name for meeting in answer.context["past"].items] == ["Geçen birleşim"]
    assert pages["manage"] not in shown
    home = client.get(reverse("council_home", args=[kocaeli.slug])).content.decode()
    assert pages["public"] in home


def test_the_page_costs_the_same_for_three_hundred_meetings(client, kocaeli, pages, django_assert_max_num_queries):
    now = timezone.now()
    for past in range(300):
        f.MunicipalMeetingFactory(council=kocaeli, starts_at=now - timedelta(days=past - 3, minutes=1), state="planned")
    with django_assert_max_num_queries(9):
        answer = client.get(pages["public"])
    assert len(answer.context["past"].items) == 20
    for name in ("ical", "csv"):
        with django_assert_max_num_queries(3):
            assert client.get(pages[name]).status_code == 200


def test_a_keeper_plans_adds_and_moves_on_pages(client, kocaeli, hakan, pages):
    client.force_login(hakan)
    assert pages["manage"] in client.get(pages["public"]).content.decode()
    assert pages["manage"] in client.get(reverse("desk", args=[kocaeli.slug])).content.decode()
    rule = {
        "week": "2",
        "weekday": "2",
        "begins": "10:00",
        "notice_days": "4",
        "agenda_closes": "17:00",
        "recess_month": "",
    }
    assert client.post(pages["rule"], rule | {"notice_days": "0"}).status_code == 422
    assert client.post(pages["rule"], rule).url == pages["manage"]
    assert client.post(pages["manage"]).url == pages["manage"]
    assert 11 <= MunicipalMeeting.objects.count() <= 12
    assert "Takvime" in client.get(pages["manage"]).content.decode()

    meeting = MunicipalMeeting.objects.latest("starts_at")
    page = reverse("municipal_meeting_edit", args=[kocaeli.slug, meeting.pk])
    form = client.get(page).context["form"].initial
    typed = {name: str(value) for name, value in form.items() if value is not False} | {
        "note": "",
        "state": "postponed",
    }
    wrong = client.post(page, typed)
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {"note"})
    assert client.post(page, typed | {"note": "Bayram"}).url == pages["manage"]
    meeting.refresh_from_db()
    assert (meeting.state, meeting.note, meeting.is_estimate) == ("postponed", "Bayram", False)
    half = client.post(pages["add"], typed | {"closes_clock": ""})
    assert (half.status_code, set(half.context["form"].errors)) == (422, {"closes_day"})
    another = typed | {"state": "planned", "name": "Yeni", "clock": "16:30", "closes_day": "", "closes_clock": ""}
    assert client.post(pages["add"], another).url == pages["manage"]
    assert MunicipalMeeting.objects.filter(name="Yeni").count() == 1


def test_nothing_of_a_file_is_written_before_it_is_confirmed(client, kocaeli, selin, pages):
    client.force_login(selin)
    text = "tarih;saat;ad\r\n13.08.2090;14:00;<b>Ağustos</b>\r\n"
    file = SimpleUploadedFile("takvim.csv", text.encode("cp1254"), content_type="text/csv")
    preview = client.post(pages["import"], {"file": file})
    shown = preview.content.decode()
    assert (preview.status_code, MunicipalMeeting.objects.count()) == (200, 0)
    assert "&lt;b&gt;Ağustos&lt;/b&gt;" in shown
    assert "<b>Ağustos" not in shown
    assert client.post(pages["import"], {"text": preview.context["text"], "confirm": "1"}).url == pages["manage"]
    assert MunicipalMeeting.objects.get().name == "<b>Ağustos</b>"
    again = client.post(pages["import"], {"text": text})
    assert again.context["may_confirm"] == 0


@pytest.mark.parametrize("sent", [{}, {"text": "merhaba"}, {"text": "tarih\n32.01.2090", "confirm": "1"},
                                  {"file": SimpleUploadedFile("x.ics", b"a" * 300_000)}])  # fmt: skip
def test_a_file_that_cannot_be_read_is_told_on_the_page(client, kocaeli, selin, pages, sent):
    client.force_login(selin)
    answer = client.post(pages["import"], sent)
    assert (answer.status_code, bool(answer.context["form"].errors)) == (422, True)
    assert MunicipalMeeting.objects.count() == 0


def test_a_meeting_of_another_council_is_not_found(client, kocaeli, adana, hakan):
    there = f.MunicipalMeetingFactory(council=adana)
    client.force_login(hakan)
    assert client.get(reverse("municipal_meeting_edit", args=[kocaeli.slug, there.pk])).status_code == 404
    assert client.get(reverse("municipal_meeting_edit", args=[adana.slug, there.pk])).status_code == 403


# --- The API ----------------------------------------------------------------------------------------------------------
def test_a_program_does_what_the_pages_do(client, kocaeli, hakan, derya):
    base = f"/api/v1/councils/{kocaeli.slug}/"

    def send(method, path, body=None):
        return getattr(client, method)(base + path, body, content_type="application/json")

    client.force_login(derya)
    assert send("post", "municipal-meetings/plan/", {}).json()["code"] == "not_officer"
    client.force_login(hakan)
    usual = RULE | {"begins": "10:00:00", "agenda_closes": "12:00:00"}
    assert send("put", "municipal-calendar/", usual).json() == usual
    assert len(send("post", "municipal-meetings/plan/", {}).json()) in {10, 11, 12}
    MunicipalMeeting.objects.all().delete()
    added = send("post", "municipal-meetings/", said(starts_at="2090-08-13T11:00:00Z")).json()
    assert added["agenda_closes_at"] == "2090-08-08T12:00:00+03:00"
    path = f"municipal-meetings/{added['id']}/"
    off = send("put", path, said(starts_at="2090-08-13T11:00:00Z", state="cancelled", note="Bayram"))
    assert (off.json()["state"], off.json()) == ("cancelled", client.get(base + path).json())
    assert send("post", "municipal-meetings/", said(starts_at="0001-01-01T00:00:00Z")).status_code == 400
    text = "tarih;saat\n10.09.2090;14:00"
    seen = send("post", "municipal-meetings/import/", {"text": text}).json()
    assert (seen["is_written"], [line["outcome"] for line in seen["lines"]]) == (False, ["new"])
    assert MunicipalMeeting.objects.count() == 1
    assert send("post", "municipal-meetings/import/", {"text": text, "confirm": True}).json()["is_written"] is True
    assert send("post", "municipal-meetings/import/", {"text": "merhaba"}).status_code == 400
    client.logout()
    listed = client.get(base + "municipal-meetings/").json()["results"]
    assert [row["starts_at"][:10] for row in listed] == ["2090-09-10", "2090-08-13"]
