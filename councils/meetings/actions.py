"""Keeping the calendar of the municipal council: its rule, what is expected by it, single meetings, and whole files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any, NotRequired, TypedDict

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from councils.meetings.checking import check_meeting, check_year, may_move, new_uid, rule_of
from councils.meetings.comparing import Outcome, compared
from councils.meetings.importing import Found
from councils.meetings.journal_kinds import MeetingKind
from councils.meetings.permissions import may_keep_meetings
from councils.meetings.rules import CalendarRule, agenda_closing, expected_meetings
from councils.models import Council, MeetingState, Month, MunicipalCalendar, MunicipalMeeting
from journal.actions import record
from people.models import Person

KIND_OF_STATE = {
    MeetingState.HELD: MeetingKind.HELD,
    MeetingState.POSTPONED: MeetingKind.POSTPONED,
    MeetingState.CANCELLED: MeetingKind.CANCELLED,
    MeetingState.PLANNED: MeetingKind.REINSTATED,
}


class RuleFields(TypedDict):
    week: int
    weekday: int
    begins: time
    notice_days: int
    agenda_closes: time
    recess_month: int | None


class MeetingFields(TypedDict):
    """What may be said of a meeting. Without a moment of its own the agenda closes as the rule says."""

    name: str
    starts_at: datetime
    agenda_closes_at: NotRequired[datetime | None]
    is_extraordinary: NotRequired[bool]
    state: NotRequired[str]
    note: NotRequired[str]
    agenda_url: NotRequired[str]


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d.%m.%Y %H.%M}"


def _locked(council: Council) -> Council:
    """Two people who plan or import at once do it one after the other."""
    return Council.objects.select_for_update(no_key=True).get(pk=council.pk)


def _record(kind: MeetingKind, actor: Person, council: Council, subject: Any, at: datetime, **facts: object) -> None:
    record(kind, actor=actor, subject=subject, topic=f"council:{council.pk}", council=council, at=at, facts=facts)


@transaction.atomic
def set_municipal_calendar(*, actor: Person, council: Council, at: datetime, **said: Any) -> MunicipalCalendar:
    """Write the rule by which meetings are expected; meetings that stand in the calendar stay. The same again changes nothing.

    Refuses who does not keep the calendar. `ValidationError` on the fields of `RuleFields`.
    """
    may_keep_meetings(actor, council, at=at).require()
    council = _locked(council)
    before = MunicipalCalendar.objects.filter(council=council).first()
    rule = MunicipalCalendar(council=council, **said)
    rule.full_clean(exclude=["council"], validate_unique=False, validate_constraints=False)
    names = list(RuleFields.__annotations__)
    if before is not None and all(getattr(before, name) == getattr(rule, name) for name in names):
        return before
    rule.save()
    _record(MeetingKind.CALENDAR_SET, actor, council, council, at)
    return rule


@transaction.atomic
def plan_meetings(*, actor: Person, council: Council, at: datetime) -> list[MunicipalMeeting]:
    """Write the meetings that the rule expects in the next twelve months, as estimates; a month that has an ordinary
    meeting already, whatever became of it, is left alone. Again it changes nothing. Refuses who does not keep the calendar.
    """
    may_keep_meetings(actor, council, at=at).require()
    council = _locked(council)
    rule = rule_of(council)
    known = MunicipalMeeting.objects.filter(council=council, is_extraordinary=False).values_list("starts_at", flat=True)
    taken = {_month(moment) for moment in known}
    moments = [moment for moment in expected_meetings(rule, after=at) if _month(moment) not in taken]
    with translation.override("tr"):  # what is written is read by everybody in one language
        planned = MunicipalMeeting.objects.bulk_create(
            MunicipalMeeting(
                council=council,
                uid=new_uid(council),
                name=f"{Month(_month(moment)[1]).label} {_month(moment)[0]} birleşimi",
                starts_at=moment,
                agenda_closes_at=agenda_closing(moment, rule),
                is_estimate=True,
            )
            for moment in moments
        )
    if planned:
        _record(MeetingKind.PLANNED, actor, council, council, at, count=len(planned))
    return planned


def _month(moment: datetime) -> tuple[int, int]:
    local = timezone.localtime(moment)
    return local.year, local.month


@transaction.atomic
def add_meeting(*, actor: Person, council: Council, at: datetime, said: MeetingFields) -> MunicipalMeeting:
    """Add one meeting, held or ahead. Refuses who does not keep the calendar; `ValidationError` on the fields."""
    may_keep_meetings(actor, council, at=at).require()
    council = _locked(council)
    meeting = MunicipalMeeting(council=council, uid=new_uid(council))
    _take(meeting, said, rule_of(council), at=at)
    meeting.save(force_insert=True)
    _record(MeetingKind.ADDED, actor, council, meeting, at, name=meeting.name, day=_day(meeting.starts_at))
    return meeting


@transaction.atomic
def change_meeting(*, actor: Person, meeting: MunicipalMeeting, at: datetime, said: MeetingFields) -> MunicipalMeeting:
    """Move a meeting, say what became of it, or correct what is said of it; what is saved by hand is no estimate any more.

    Refuses who does not keep the calendar, and another day for a meeting whose hour has come: what passed without an opinion
    stays on record. `ValidationError` on the fields. The same again changes nothing.
    """
    may_keep_meetings(actor, meeting.council, at=at).require()
    council = _locked(meeting.council)
    meeting = MunicipalMeeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    old = MunicipalMeeting.objects.get(pk=meeting.pk)
    if said["starts_at"] != meeting.starts_at:
        may_move(meeting, at=at).require()
    _take(meeting, said, rule_of(council), at=at)
    if _write(meeting, old):
        _tell_change(actor, council, old, meeting, at=at)
    return meeting


def _take(meeting: MunicipalMeeting, said: MeetingFields, rule: CalendarRule, *, at: datetime) -> None:
    """Put what was said into the meeting; `ValidationError` where it cannot be."""
    meeting.name = " ".join(said["name"].split())
    check_year(said["starts_at"])
    meeting.starts_at = said["starts_at"]
    meeting.agenda_closes_at = said.get("agenda_closes_at") or agenda_closing(said["starts_at"], rule)
    meeting.is_extraordinary = said.get("is_extraordinary", meeting.is_extraordinary)
    meeting.state = said.get("state", meeting.state)
    meeting.note = " ".join(said.get("note", meeting.note).split())
    meeting.agenda_url = said.get("agenda_url", meeting.agenda_url).strip()
    meeting.is_estimate = False
    check_meeting(meeting, at=at)


def _write(meeting: MunicipalMeeting, old: MunicipalMeeting) -> bool:
    """Save what differs; False when nothing does."""
    names = [f.attname for f in MunicipalMeeting._meta.concrete_fields]
    changed = [name for name in names if getattr(meeting, name) != getattr(old, name)]
    if changed:
        meeting.save(update_fields=changed)
    return bool(changed)


def _tell_change(
    actor: Person, council: Council, old: MunicipalMeeting, meeting: MunicipalMeeting, *, at: datetime
) -> None:
    facts = {"name": meeting.name, "day": _day(meeting.starts_at)}
    kinds: list[MeetingKind] = []
    if old.starts_at != meeting.starts_at:
        kinds.append(MeetingKind.MOVED)
        facts["before"] = _day(old.starts_at)
    if old.state != meeting.state:
        kinds.append(KIND_OF_STATE[MeetingState(meeting.state)])
        facts["note"] = meeting.note
    if not kinds:
        kinds.append(MeetingKind.CONFIRMED if old.is_estimate else MeetingKind.CHANGED)
    for kind in kinds:
        _record(kind, actor, council, meeting, at, **facts)


# --- Files ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def import_meetings(*, actor: Person, council: Council, rows: Iterable[Found], at: datetime) -> tuple[int, int]:
    """Write the rows of a file that `importing.compared` would call new or changed; returns how many of each.

    A row that cannot be written stops all of them. Refuses who does not keep the calendar. `ValidationError` on ``text``
    with the rows' sentences.
    """
    may_keep_meetings(actor, council, at=at).require()
    council = _locked(council)
    lines = compared(council, list(rows), at=at)
    wrong = [
        _("%(line)d. satır: %(sentence)s") % {"line": n.row.line, "sentence": n.sentence} for n in lines if n.sentence
    ]
    if wrong:
        raise ValidationError({"text": wrong[:20]})
    try:
        with transaction.atomic():
            for line in lines:
                if line.meeting is not None and line.outcome in (Outcome.NEW, Outcome.CHANGED):
                    line.meeting.save()
    except IntegrityError:  # two rows that take each other's moment
        raise ValidationError(
            {"text": [_("Dosyadaki toplantılar birbirinin gününü alıyor; önce birini taşıyın.")]}
        ) from None
    new = sum(line.outcome == Outcome.NEW for line in lines)
    changed = sum(line.outcome == Outcome.CHANGED for line in lines)
    if new or changed:
        _record(MeetingKind.IMPORTED, actor, council, council, at, new=new, changed=changed)
    return new, changed
