"""The calendar as files that other programs read: an iCal feed and a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from councils.meetings.importing import AGENDA_CLOSES
from councils.meetings.rules import ISTANBUL
from councils.models import Council, MeetingState, MunicipalMeeting
from documents.cells import neutral

HEADER = (
    "Kimlik",
    "Tarih",
    "Saat",
    "Birleşim",
    "Gündem kapanışı",
    "Tür",
    "Durum",
    "Açıklama",
    "Gündem adresi",
)
STATE_WORDS = {
    MeetingState.PLANNED: "planlandı",
    MeetingState.HELD: "yapıldı",
    MeetingState.POSTPONED: "ertelendi",
    MeetingState.CANCELLED: "iptal",
}
USUAL_LENGTH = timedelta(hours=2)


def as_ical(council: Council, meetings: Iterable[MunicipalMeeting], *, page: str, at: datetime) -> bytes:
    """An iCalendar feed (RFC 5545); `page` is the address of the public page."""
    calendar = Calendar()
    calendar.add("prodid", "-//Meydan//Belediye meclisi//TR")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("%(council)s: belediye meclisi toplantıları") % {"council": council.name})
    calendar.add("x-wr-timezone", "Europe/Istanbul")
    for meeting in meetings:
        event = Event()
        event.add("uid", meeting.uid)
        event.add("dtstamp", at.astimezone(UTC))
        event.add("dtstart", meeting.starts_at.astimezone(UTC))
        event.add("dtend", (meeting.starts_at + USUAL_LENGTH).astimezone(UTC))
        event.add("summary", meeting.name)
        event.add("status", _status(meeting))
        event.add("description", _description(meeting))
        event.add("url", meeting.agenda_url or page)
        if meeting.is_extraordinary:
            event.add("categories", ["Olağanüstü"])
        event.add(AGENDA_CLOSES, f"{meeting.agenda_closes_at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _status(meeting: MunicipalMeeting) -> str:
    if meeting.is_called_off:
        return "CANCELLED"
    return "TENTATIVE" if meeting.is_estimate else "CONFIRMED"


def _description(meeting: MunicipalMeeting) -> str:
    closes = meeting.agenda_closes_at.astimezone(ISTANBUL)
    lines = [_("Gündem kapanışı: %(moment)s") % {"moment": f"{closes:%d.%m.%Y %H.%M}"}, meeting.note]
    return "\n".join(line for line in lines if line)


def as_csv(meetings: Iterable[MunicipalMeeting]) -> bytes:
    """A table with semicolons and the mark of UTF-8, as spreadsheets here expect it; no cell is calculated."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADER)
    for meeting in meetings:
        starts, closes = (m.astimezone(ISTANBUL) for m in (meeting.starts_at, meeting.agenda_closes_at))
        cells = (
            meeting.uid,
            f"{starts:%d.%m.%Y}",
            f"{starts:%H:%M}",
            meeting.name,
            f"{closes:%d.%m.%Y %H:%M}",
            "olağanüstü" if meeting.is_extraordinary else "olağan",
            "tahmini" if meeting.is_estimate else STATE_WORDS[MeetingState(meeting.state)],
            meeting.note,
            meeting.agenda_url,
        )
        writer.writerow([neutral(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")
