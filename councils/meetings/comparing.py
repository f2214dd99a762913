"""What the rows of a file would change in the calendar: new, changed, as it is, or why a row cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.meetings.checking import check_meeting, may_move, new_uid, rule_of
from councils.meetings.importing import Found
from councils.meetings.rules import CalendarRule, agenda_closing
from councils.models import Council, MeetingState, MunicipalMeeting


class Outcome(StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


ROW_OUTCOMES = [outcome.value for outcome in Outcome]


@dataclass(frozen=True)
class Line:
    """A row beside the meeting it becomes, with the day the meeting had before."""

    row: Found
    outcome: Outcome
    meeting: MunicipalMeeting | None = None
    before: datetime | None = None
    sentence: str = ""


def compared(council: Council, rows: list[Found], *, at: datetime) -> list[Line]:
    """One line for each row; nothing is written. Two queries, and one for each row that changes something.

    A row belongs to the meeting with its id, else to one on its day, else to the one that is only expected in its month.
    """
    rule = rule_of(council)
    known = list(MunicipalMeeting.objects.filter(council=council).order_by("starts_at", "pk"))
    for meeting in known:
        meeting.council = council
    by_uid = {meeting.uid: meeting for meeting in known}
    free = {meeting.pk: meeting for meeting in known}
    places: dict[int, MunicipalMeeting] = {}
    readable = [row for row in rows if not row.wrong and row.starts_at is not None]
    for row in readable:
        if row.uid in by_uid and free.pop(by_uid[row.uid].pk, None) is not None:
            places[row.line] = by_uid[row.uid]
    for in_month in (False, True):
        for row in readable:
            if row.line in places:
                continue
            found = next((m for m in free.values() if _belongs(m, row, in_month=in_month)), None)
            if found is not None:
                places[row.line] = free.pop(found.pk)
    seen: set[object] = set()
    return [_line(council, row, places.get(row.line), rule, seen, at=at) for row in rows]


def _local(moment: datetime | None) -> date:
    assert moment is not None
    return timezone.localtime(moment).date()


def _belongs(meeting: MunicipalMeeting, row: Found, *, in_month: bool) -> bool:
    day, wanted = _local(meeting.starts_at), _local(row.starts_at)
    if in_month:
        return meeting.is_estimate and not row.is_extraordinary and (day.year, day.month) == (wanted.year, wanted.month)
    return day == wanted and not meeting.is_called_off


def _line(
    council: Council,
    row: Found,
    found: MunicipalMeeting | None,
    rule: CalendarRule,
    seen: set[object],
    *,
    at: datetime,
) -> Line:
    if row.wrong or row.starts_at is None:
        return Line(row, Outcome.WRONG, sentence=row.wrong)
    if not {row.starts_at, row.uid}.isdisjoint(seen):
        return Line(row, Outcome.WRONG, sentence=_("Aynı toplantı dosyada daha önce de yazılı."))
    seen |= {row.starts_at, row.uid} - {""}
    if found is None:
        meeting = MunicipalMeeting(
            council=council, uid=row.uid or new_uid(council), is_estimate=row.is_estimate, state=MeetingState.PLANNED
        )
        _fill(meeting, row, rule)
        return _checked(Line(row, Outcome.NEW, meeting), at=at)
    before = {field.attname: getattr(found, field.attname) for field in MunicipalMeeting._meta.concrete_fields}
    if before["starts_at"] != row.starts_at and not (verdict := may_move(found, at=at)):
        return Line(row, Outcome.WRONG, sentence=str(verdict.reason))
    found.is_estimate = found.is_estimate and row.is_estimate
    if row.uid:
        found.uid = row.uid
    _fill(found, row, rule)
    if all(getattr(found, name) == value for name, value in before.items()):
        return Line(row, Outcome.UNCHANGED, found)
    moved_from = before["starts_at"] if before["starts_at"] != found.starts_at else None
    return _checked(Line(row, Outcome.CHANGED, found, moved_from), at=at)


def _fill(meeting: MunicipalMeeting, row: Found, rule: CalendarRule) -> None:
    assert row.starts_at is not None
    if row.agenda_closes_at is not None:
        meeting.agenda_closes_at = row.agenda_closes_at
    elif meeting.starts_at != row.starts_at:
        meeting.agenda_closes_at = agenda_closing(row.starts_at, rule)
    meeting.name, meeting.starts_at = row.name, row.starts_at
    meeting.agenda_url = row.agenda_url or meeting.agenda_url
    meeting.note = row.note or meeting.note
    if row.is_extraordinary is not None:
        meeting.is_extraordinary = row.is_extraordinary
    if row.state is not None:
        meeting.state = row.state


def _checked(line: Line, *, at: datetime) -> Line:
    assert line.meeting is not None
    try:
        check_meeting(line.meeting, at=at)
    except ValidationError as error:
        return replace(line, outcome=Outcome.WRONG, sentence=" ".join(error.messages))
    return line
