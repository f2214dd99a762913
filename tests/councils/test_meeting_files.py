"""Calendars out of files: what is read, what is refused, and that a file written here changes nothing when it is read again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from councils.meetings.comparing import Outcome, compared
from councils.meetings.exporting import as_csv, as_ical
from councils.meetings.importing import MAX_BYTES, MAX_ROWS, UnreadableFile, decoded, read_file
from councils.meetings.rules import CalendarRule
from councils.models import MunicipalMeeting
from tests import factories as f

RULE = CalendarRule()
AUGUST = datetime(2026, 8, 13, 11, tzinfo=UTC)
"""14.00 in Istanbul."""


def ical(*lines, more=""):
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", more, "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"])


@pytest.mark.parametrize(
    "start",
    [
        "DTSTART:20260813T110000Z",
        "DTSTART;TZID=Europe/Istanbul:20260813T140000",
        "DTSTART;TZID=Turkey Standard Time:20260813T140000",
        "DTSTART:20260813T140000",
        "DTSTART;VALUE=DATE:20260813",  # at the hour of the rule
        "DTSTART;VALUE=DATE:\r\n 20260813",  # folded
    ],
)
def test_an_event_of_a_calendar_is_read(start):
    (row,) = read_file(
        ical("UID:agustos@belediye", start, "SUMMARY:Ağustos birleşimi", "URL:https://ornek.invalid/g"), RULE
    )
    assert (row.wrong, row.uid, row.name, row.starts_at) == ("", "agustos@belediye", "Ağustos birleşimi", AUGUST)
    assert (row.agenda_url, row.state, row.is_estimate) == ("https://ornek.invalid/g", None, False)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["DTSTART:20260813T110000Z", "RRULE:FREQ=SECONDLY"], "Yinelenen"),
        (["DTSTART:20260813T110000Z", "RDATE:20260814T110000Z,20260815T110000Z"], "Yinelenen"),
        (["DTSTART:20260813T110000Z", "RECURRENCE-ID:20260813T110000Z"], "Yinelenen"),
        (["SUMMARY:Günsüz"], "Başlama anı"),
        (["DTSTART:yarın"], "Başlama anı"),
        (["DTSTART:00010101T000000Z"], "Başlama anı"),
        (["DTSTART:99991231T235959Z"], "Başlama anı"),
        (["DTSTART;TZID=Mars/Olympus:20260813T140000"], "Başlama anı"),
        (["DTSTART:20260813T110000Z", "UID:" + "u" * 300], "kimliği"),
    ],
)
def test_a_row_that_cannot_be_read_says_why_and_leaves_the_others_readable(lines, sentence):
    good = "BEGIN:VEVENT\r\nDTSTART:20260910T110000Z\r\nEND:VEVENT"
    bad, fine = read_file(ical(*lines, f"END:VEVENT\r\n{good}\r\nBEGIN:VTODO"), RULE)
    assert sentence in bad.wrong
    assert (fine.wrong, fine.starts_at) == ("", datetime(2026, 9, 10, 11, tzinfo=UTC))


def test_a_time_zone_that_never_ends_is_not_looked_at():
    change = "DTSTART:19700101T000000\r\nRRULE:FREQ=SECONDLY\r\nTZOFFSETFROM:+0300\r\nTZOFFSETTO:+0900"
    standard = f"BEGIN:STANDARD\r\n{change}\r\nEND:STANDARD"
    zone = f"BEGIN:VTIMEZONE\r\nTZID:Europe/Istanbul\r\n{standard}\r\nEND:VTIMEZONE"
    (row,) = read_file(ical("DTSTART;TZID=Europe/Istanbul:20260813T140000", more=zone), RULE)
    assert row.starts_at == AUGUST


def test_an_alarm_inside_an_event_is_not_the_event():
    alarm = ["BEGIN:VALARM", "DTSTART:20300101T000000Z", "SUMMARY:Zil", "RRULE:FREQ=DAILY", "END:VALARM"]
    (row,) = read_file(ical("DTSTART:20260813T110000Z", *alarm, "SUMMARY:Birleşim"), RULE)
    assert (row.wrong, row.name, row.starts_at) == ("", "Birleşim", AUGUST)


TABLE = "Tarih;Saat;Birleşim;Tür;Durum;Açıklama\r\n13.08.2026;14:00;Ağustos birleşimi;Olağanüstü;İptal;Salon yok\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1254"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("ending", ["\r\n", "\n"])
def test_a_table_is_read_as_offices_write_it(encoding, delimiter, ending):
    data = TABLE.replace(";", delimiter).replace("\r\n", ending).encode(encoding)
    (row,) = read_file(decoded(data), RULE)
    assert (row.wrong, row.name, row.starts_at) == ("", "Ağustos birleşimi", AUGUST)
    assert (row.is_extraordinary, row.state, row.note) == (True, "cancelled", "Salon yok")


@pytest.mark.parametrize(
    "line", ["13.13.2026;14:00", "2026;14:00", ";14:00", "13.08.2026;25:00", "13.08.2026;öğlen", "13.08.1026;14:00",
             "13.08.2026;14:00;Ad;garip", "13.08.2026;14:00;Ad;olağan;belki", f"13.08.2026;14:00;{'a' * 121}"]
)  # fmt: skip
def test_a_line_of_a_table_that_says_nothing_clear_is_told(line):
    bad, fine = read_file(f"tarih;saat;ad;tür;durum\n{line}\n10.09.2026;14:00", RULE)
    assert (bad.line, bool(bad.wrong), fine.wrong) == (2, True, "")


@pytest.mark.parametrize(
    "text",
    ["", "yalnızca bir cümle", "saat;ad\n14:00;Adı", "BEGIN:VCALENDAR\nEND:VCALENDAR", "tarih\n", "tarih\n13.08.2026\0",
     "tarih\n" + "13.08.2026\n" * (MAX_ROWS + 1), "tarih;ad\n13.08.2026;\"" + "x" * 200_000, "a" * (2 * MAX_BYTES + 1),
     "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\nDTSTART:20260813\nEND:VEVENT\n" * (MAX_ROWS + 1)],
)  # fmt: skip
def test_what_is_no_calendar_is_refused_whole(text):
    with pytest.raises(UnreadableFile):
        read_file(text, RULE)


@pytest.mark.parametrize("data", [b"a" * (MAX_BYTES + 1), b"\xff\xfea", b"tarih\n\x81\x8d\x8f"])
def test_a_file_that_is_no_text_or_too_large_is_refused(data):
    with pytest.raises(UnreadableFile):
        decoded(data)


@given(st.text(st.sampled_from("BEGIN:VCALENDARTENSU;=\r\n \t,\"'xTZİ0123456789\0"), max_size=400), st.booleans())
def test_no_text_breaks_the_reading(text, is_calendar):
    if is_calendar:
        text = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{text}\nEND:VEVENT\nEND:VCALENDAR"
    try:
        rows = read_file(text, RULE)
    except UnreadableFile:
        return
    assert all(row.wrong or row.starts_at is not None for row in rows)


# --- Beside the calendar that is there --------------------------------------------------------------------------------
AT = datetime(2026, 7, 1, 9, tzinfo=UTC)


def outcomes(council, text):
    return [(line.outcome, line.sentence) for line in compared(council, read_file(text, RULE), at=AT)]


@pytest.mark.parametrize(
    "write", [as_csv, lambda meetings: as_ical(meetings[0].council, meetings, page="https://x.invalid", at=AT)]
)
def test_a_file_written_here_changes_nothing_when_it_is_read_again(kocaeli, write):
    common = {"council": kocaeli}
    f.MunicipalMeetingFactory(**common, starts_at=AUGUST, is_estimate=True, agenda_url="https://ornek.invalid/g")
    september = datetime(2026, 9, 10, 11, tzinfo=UTC)
    f.MunicipalMeetingFactory(
        **common,
        starts_at=september,
        is_extraordinary=True,
        agenda_closes_at=AUGUST,
        agenda_url="https://ornek.invalid/g",
    )
    f.MunicipalMeetingFactory(
        **common, starts_at=AT - timedelta(days=20), state="held", agenda_url="https://ornek.invalid/g"
    )
    note = "Takvimde iptal edildi."
    f.MunicipalMeetingFactory(
        **common, starts_at=AT + timedelta(days=90), state="cancelled", note=note, agenda_url="https://ornek.invalid/g"
    )
    data = write(list(MunicipalMeeting.objects.select_related("council")))
    assert outcomes(kocaeli, decoded(data)) == [(Outcome.UNCHANGED, "")] * 4


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("https://kotu.invalid")'])
def test_no_cell_of_the_table_is_calculated(kocaeli, cell):
    meeting = f.MunicipalMeetingFactory(council=kocaeli, name=cell, starts_at=AUGUST)
    (line,) = decoded(as_csv([meeting])).splitlines()[1:]
    assert not any(part.lstrip('"').startswith(("=", "+", "-", "@", "\t")) for part in line.split(";"))
    (row,) = read_file(decoded(as_csv([meeting])), RULE)
    assert row.name == " ".join(cell.split())


def test_a_day_of_the_municipality_takes_the_place_of_the_expected_one(kocaeli):
    expected = f.MunicipalMeetingFactory(council=kocaeli, starts_at=AUGUST, is_estimate=True)
    (line,) = compared(kocaeli, read_file("tarih;saat;kimlik\n11.08.2026;10:00;agustos", RULE), at=AT)
    assert (line.outcome, line.meeting.pk, line.before) == (Outcome.CHANGED, expected.pk, AUGUST)
    assert (line.meeting.uid, line.meeting.is_estimate) == ("agustos", False)
    assert timezone.localtime(line.meeting.agenda_closes_at).day == 8  # three days before the new day


def test_rows_find_their_meetings_by_id_then_by_day_and_a_day_that_was_kept_is_left(kocaeli):
    f.MunicipalMeetingFactory(council=kocaeli, starts_at=AUGUST, uid="agustos", name="Ağustos")
    held = f.MunicipalMeetingFactory(council=kocaeli, starts_at=AT - timedelta(days=20), state="held", uid="haziran")
    text = "tarih;saat;kimlik;ad\n14.08.2026;14:00;agustos;Ağustos\n20.08.2026;14:00;yeni;İkinci\n14.06.2026;14:00;haziran;H"
    first, second, third = compared(kocaeli, read_file(text, RULE), at=AT)
    assert [line.outcome for line in (first, second, third)] == [Outcome.CHANGED, Outcome.NEW, Outcome.WRONG]
    assert "günü değişmez" in third.sentence
    held.refresh_from_db()
    twice = read_file("tarih;saat\n20.08.2026;14:00\n20.08.2026;14:00", RULE)
    assert [line.outcome for line in compared(kocaeli, twice, at=AT)] == [Outcome.NEW, Outcome.WRONG]
