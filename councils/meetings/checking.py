"""What a meeting must be to stand in the calendar."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from councils.meetings.rules import CalendarRule
from councils.models import CALLED_OFF, Council, MeetingState, MunicipalCalendar, MunicipalMeeting
from people.verdicts import YES, Verdict, no

LONGEST_NOTICE = timedelta(days=90)


def rule_of(council: Council) -> CalendarRule:
    """The council's rule; the usual one where it has written none."""
    row = MunicipalCalendar.objects.filter(council=council).first() or MunicipalCalendar(council=council)
    return CalendarRule(row.week, row.weekday, row.begins, row.notice_days, row.agenda_closes, row.recess_month)


def new_uid(council: Council) -> str:
    return f"{uuid.uuid4()}@{council.slug}.meydan"


def may_move(meeting: MunicipalMeeting, *, at: datetime) -> Verdict:
    """A meeting whose hour has come keeps its day: what passed without an opinion stays on record."""
    if meeting.starts_at > at:
        return YES
    return no(
        _("Saati gelmiş bir toplantının günü değişmez. Yapılmadıysa ertelendi deyin ve yeni günü ayrı ekleyin."),
        code="meeting_passed",
    )


def check_year(starts_at: datetime) -> None:
    """`ValidationError` on ``starts_at`` for a year in which nobody meets."""
    if not 2000 <= starts_at.year <= 2100:
        raise ValidationError({"starts_at": [_("Toplantının yılı 2000 ile 2100 arasında olmalı.")]})


def check_meeting(meeting: MunicipalMeeting, *, at: datetime) -> None:
    """`ValidationError` on ``name``, ``starts_at``, ``agenda_closes_at``, ``state``, ``note`` or ``agenda_url``."""
    check_year(meeting.starts_at)
    meeting.clean_fields(exclude=["council"])
    wrong: dict[str, str] = {}
    if not timedelta(0) < meeting.starts_at - meeting.agenda_closes_at <= LONGEST_NOTICE:
        wrong["agenda_closes_at"] = _("Gündem, toplantıdan önceki doksan gün içinde kapanır.")
    if meeting.state == MeetingState.HELD and meeting.starts_at > at:
        wrong["state"] = _("Saati gelmemiş bir toplantı yapılmış sayılmaz.")
    if meeting.is_called_off and not meeting.note:
        wrong["note"] = _("Neden yapılmadığını kısaca yazın; herkes okuyacak.")
    elif not meeting.is_called_off and is_taken(meeting):
        wrong["starts_at"] = _("Bu gün ve saatte takvimde başka bir toplantı var.")
    if wrong:
        raise ValidationError({name: [sentence] for name, sentence in wrong.items()})


def is_taken(meeting: MunicipalMeeting) -> bool:
    """Whether another meeting that takes place stands at the same moment."""
    others = MunicipalMeeting.objects.filter(council=meeting.council, starts_at=meeting.starts_at)
    return others.exclude(pk=meeting.pk).exclude(state__in=CALLED_OFF).exists()
