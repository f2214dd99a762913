"""Meetings out of a calendar file (iCal) or a table (CSV): each row with what it says or why it cannot be read.

Plain data in, plain data out. A file is small, has few rows, and nothing in it is expanded: a repeating event is told as a
mistake of its row, and time zones described inside the file are not looked at.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Event

from councils.meetings.rules import ISTANBUL, CalendarRule, at_istanbul
from documents.cells import original
from turkish.text import fold

MAX_BYTES = 256 * 1024
MAX_ROWS = 500
MAX_LINE = 4_000
DEFAULT_NAME = "Belediye meclisi toplantısı"
AGENDA_CLOSES = "X-MEYDAN-AGENDA-CLOSES"
WANTED = frozenset(
    {"UID", "SUMMARY", "DTSTART", "STATUS", "URL", "RRULE", "RDATE", "RECURRENCE-ID", "CATEGORIES", AGENDA_CLOSES}
)
EXTRAORDINARY = "olaganustu"
COLUMNS = {
    "kimlik": "uid", "uid": "uid", "id": "uid",
    "tarih": "day", "gun": "day", "date": "day",
    "saat": "clock", "baslama saati": "clock", "time": "clock",
    "ad": "name", "birlesim": "name", "birlesimin adi": "name", "name": "name",
    "gundem kapanisi": "closes", "agenda closes": "closes",
    "tur": "kind", "kind": "kind",
    "durum": "state", "state": "state",
    "aciklama": "note", "note": "note",
    "gundem adresi": "url", "gundem": "url", "agenda": "url",
}  # fmt: skip
STATES = {
    "planlandi": "planned", "planned": "planned", "tahmini": "planned", "estimate": "planned",
    "yapildi": "held", "held": "held",
    "ertelendi": "postponed", "postponed": "postponed",
    "iptal": "cancelled", "iptal edildi": "cancelled", "cancelled": "cancelled",
}  # fmt: skip
ESTIMATES = {"tahmini", "estimate"}
KINDS = {"olagan": False, "ordinary": False, EXTRAORDINARY: True, "extraordinary": True}


class UnreadableFile(ValueError):
    """Nothing of the file can be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Found:
    """One row. What it leaves open is None or empty and stays as it is; `wrong` says why the row cannot be taken."""

    line: int
    name: str = ""
    starts_at: datetime | None = None
    uid: str = ""
    agenda_closes_at: datetime | None = None
    is_extraordinary: bool | None = None
    is_estimate: bool = False
    state: str | None = None
    note: str = ""
    agenda_url: str = ""
    wrong: str = ""


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8 or UTF-16 with their marks, or in the Turkish code page of older programs.

    Raises `UnreadableFile`.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableFile(_("Dosya çok büyük; en çok %(most)d kB olabilir.") % {"most": MAX_BYTES // 1024})
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1254"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(_("Dosyanın yazı kodlaması tanınmadı; UTF-8 olarak kaydedip yeniden deneyin."))


def checked(text: str) -> str:
    """A text of a readable size without the mark of its encoding. Raises `UnreadableFile`."""
    if len(text.encode("utf-8", "surrogatepass")) > 2 * MAX_BYTES:
        raise UnreadableFile(_("Metin çok uzun; en çok %(most)d kB olabilir.") % {"most": MAX_BYTES // 1024})
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise UnreadableFile(_("Bu bir metin dosyası değil."))
    return text


def read_file(text: str, rule: CalendarRule) -> list[Found]:
    """The rows of a calendar or a table, whichever the text is. Raises `UnreadableFile` when it is neither."""
    text = checked(text)
    rows = read_ical(text, rule) if "BEGIN:VCALENDAR" in text[:2_000].upper() else read_csv(text, rule)
    if not rows:
        raise UnreadableFile(_("İçinde toplantı bulunamadı."))
    if len(rows) > MAX_ROWS:
        raise UnreadableFile(_("İçinde çok fazla satır var; en çok %(most)d olabilir.") % {"most": MAX_ROWS})
    return rows


# --- iCal (RFC 5545) --------------------------------------------------------------------------------------------------
def read_ical(text: str, rule: CalendarRule) -> list[Found]:
    """The events of a calendar. Each is parsed alone, so that a broken one leaves the others readable."""
    rows: list[Found] = []
    within: list[str] = []
    event: list[str] = []
    begins = 0
    for number, line in _content_lines(text):
        name = re.split("[:;]", line, maxsplit=1)[0].strip().upper()
        if name == "BEGIN":
            within.append(line.partition(":")[2].strip().upper())
            if within[-1] == "VEVENT":
                event, begins = [], number
        elif name == "END" and within:
            if within.pop() == "VEVENT":
                rows.append(_event(begins, event, rule))
                if len(rows) > MAX_ROWS:
                    break
        elif within and within[-1] == "VEVENT" and name in WANTED and len(line) <= MAX_LINE:
            event.append(line)
    return rows


def _content_lines(text: str) -> list[tuple[int, str]]:
    """Lines put together again where the format has folded them, each with the number of its first."""
    lines: list[tuple[int, list[str]]] = []
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if line[:1] in (" ", "\t") and lines:
            lines[-1][1].append(line[1:])
        elif line:
            lines.append((number, [line]))
    return [(number, "".join(parts)) for number, parts in lines]


def _event(line: int, content: list[str], rule: CalendarRule) -> Found:
    names = {re.split("[:;]", each, maxsplit=1)[0].strip().upper() for each in content}
    try:
        event = Event.from_ical("\r\n".join(["BEGIN:VEVENT", *content, "END:VEVENT", ""]))
    except (ValueError, KeyError, IndexError, TypeError, OverflowError, AttributeError):
        return Found(line, wrong=_("Etkinlik okunamadı."))
    name = _plain(event.get("SUMMARY"))[:120] or DEFAULT_NAME
    if names & {"RRULE", "RDATE", "RECURRENCE-ID"}:
        return Found(line, name, wrong=_("Yinelenen etkinlik alınmaz; her toplantı kendi etkinliği olmalı."))
    try:
        starts_at = _moment(event.get("DTSTART"), rule)
        closes = _plain(event.get(AGENDA_CLOSES))
        closes_at = datetime.strptime(closes, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if closes else None
    except (ValueError, OverflowError, TypeError, AttributeError):
        return Found(line, name, wrong=_("Başlama anı okunamadı."))
    uid = _plain(event.get("UID"))
    if len(uid) > 200:
        return Found(line, name, starts_at, wrong=_("Etkinliğin kimliği (UID) çok uzun."))
    status = _plain(event.get("STATUS")).upper()
    is_cancelled = status == "CANCELLED"
    return Found(
        line,
        name,
        starts_at,
        uid,
        closes_at,
        is_extraordinary=True if EXTRAORDINARY in fold(_plain(event.get("CATEGORIES"))) else None,
        is_estimate=status == "TENTATIVE",
        state="cancelled" if is_cancelled else None,
        note=_("Takvimde iptal edildi.") if is_cancelled else "",
        agenda_url=_plain(event.get("URL"))[:500],
    )


def _plain(value: Any) -> str:
    """The text of a property; the first, where the file has it more than once."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if value is None:
        return ""
    if hasattr(value, "cats"):
        return " ".join(str(each) for each in value.cats)[:200]
    return " ".join(str(value).split())[:MAX_LINE]


def _moment(start: Any, rule: CalendarRule) -> datetime:
    """Raises `ValueError`, `TypeError` or `AttributeError` for what is no moment."""
    value = start.dt
    if isinstance(value, datetime):
        _plausible(value)
        if value.tzinfo is None and "TZID" in start.params:
            raise ValueError("a time zone nobody knows")
        return value.astimezone(ISTANBUL) if value.tzinfo else value.replace(tzinfo=ISTANBUL)
    if not isinstance(value, date):
        raise TypeError("no day")
    _plausible(value)
    return at_istanbul(value, rule.begins)


def _plausible(day: date) -> None:
    if not 2000 <= day.year <= 2100:
        raise ValueError("no year of a meeting")


# --- CSV --------------------------------------------------------------------------------------------------------------
MAX_CELL = 100_000


def read_csv(text: str, rule: CalendarRule) -> list[Found]:
    """The rows of a table of meetings. Raises `UnreadableFile` without its columns."""
    missing = _("İlk satırda sütun adları olmalı; en az “tarih” gerekir.")
    return [_row(line, said, rule) for line, said in table_rows(text, COLUMNS, {"day"}, missing, most=MAX_ROWS)]


def table_rows(
    text: str, columns: Mapping[str, str], needed: Collection[str], missing: str, *, most: int
) -> list[tuple[int, dict[str, str]]]:
    """The rows of a table with a header, separated by semicolons, commas or tabs: each with its line and its cells by the
    names that `columns` gives to folded titles; at most one more than `most`. Raises `UnreadableFile`, without the `needed`
    columns with the sentence `missing`.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        header = next((cells for cells in reader if any(cell.strip() for cell in cells)), [])
        names = [columns.get(" ".join(fold(cell).split()), "") for cell in header]
        if not set(needed) <= set(names):
            raise UnreadableFile(missing)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if max(map(len, cells)) > MAX_CELL:  # whatever limit this process has given to the reader
                raise csv.Error
            rows.append((reader.line_num, {n: cell.strip() for n, cell in zip(names, cells, strict=False) if n}))
            if len(rows) > most:
                break
    except csv.Error:
        raise UnreadableFile(_("Tablo okunamadı; tırnakları ve satır sonlarını denetleyin.")) from None
    return rows


def _row(line: int, said: dict[str, str], rule: CalendarRule) -> Found:
    said = {name: original(cell) for name, cell in said.items()}
    name = " ".join(said.get("name", "").split()) or DEFAULT_NAME
    try:
        day = read_day(said.get("day", ""))
        clock = read_clock(said["clock"]) if said.get("clock") else rule.begins
        closes = said.get("closes", "")
        closes_at = None
        if closes:
            closes_day, _space, closes_clock = closes.partition(" ")
            closes_at = at_istanbul(
                read_day(closes_day), read_clock(closes_clock) if closes_clock else rule.agenda_closes
            )
    except ValueError:
        return Found(
            line, name[:120], wrong=_("Böyle bir gün ya da saat yok; tarihi “12.08.2026”, saati “14:00” gibi yazın.")
        )
    kind, state = fold(said.get("kind", "")), fold(said.get("state", ""))
    starts_at = at_istanbul(day, clock)
    if kind and kind not in KINDS:
        return Found(line, name[:120], starts_at, wrong=_("Tür “olağan” ya da “olağanüstü” olabilir."))
    if state and state not in STATES:
        sentence = _("Durum “tahmini”, “planlandı”, “yapıldı”, “ertelendi” ya da “iptal” olabilir.")
        return Found(line, name[:120], starts_at, wrong=sentence)
    if len(name) > 120 or len(said.get("uid", "")) > 200 or len(said.get("note", "")) > 300:
        return Found(line, name[:120], starts_at, wrong=_("Ad en çok 120, açıklama en çok 300 harf olabilir."))
    return Found(
        line,
        name,
        starts_at,
        said.get("uid", ""),
        closes_at,
        KINDS[kind] if kind else None,
        state in ESTIMATES,
        STATES[state] if state else None,
        " ".join(said.get("note", "").split()),
        said.get("url", "")[:500],
    )


def read_day(text: str) -> date:
    """Raises `ValueError`."""
    for shape in ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(text.strip(), shape).replace(tzinfo=ISTANBUL).date()
        except ValueError:
            continue
        _plausible(day)
        return day
    raise ValueError(text)


def read_clock(text: str) -> time:
    """Raises `ValueError`."""
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})(?::\d{2})?", text.strip(), re.ASCII)
    if found is None:
        raise ValueError(text)
    return time(int(found[1]), int(found[2]))
