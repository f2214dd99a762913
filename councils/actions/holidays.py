"""The table of holidays: seeded from a library, kept by the secretary."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import holidays as library
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.journal_kinds import CouncilKind
from councils.models import Council, Holiday, HolidayKind, HolidaySource
from councils.permissions import may_keep_holidays
from councils.working_time import Calendar, Day
from journal.actions import record
from people.models import Person

MIN_REASON = 10
MAX_REASON = 300
YEARS_AHEAD = 2
RELIGIOUS = ("Ramazan", "Kurban")


def calendar_of(council: Council) -> Calendar:
    """The council's working days. One query."""
    rows = Holiday.objects.filter(council=council).values_list("day", "name", "kind")
    return Calendar(
        {
            day: Day(name, is_half=kind == HolidayKind.HALF, is_worked=kind == HolidayKind.WORKED)
            for day, name, kind in rows
        }
    )


@transaction.atomic
def seed_holidays(*, council: Council, at: datetime, tells: bool = True) -> int:
    """Write the public holidays of this year and the next ones that the table does not have yet; returns how many.

    What the secretary has changed stands: a day is written once and never again. Religious days that are computed
    beforehand are marked as such.
    """
    Council.objects.select_for_update(no_key=True).get(pk=council.pk)
    first = timezone.localtime(at).year
    years = range(first, first + YEARS_AHEAD + 1)
    known = set(Holiday.objects.filter(council=council, day__year__in=years).values_list("day", flat=True))
    categories = {HolidayKind.HALF: "half_day", HolidayKind.OFF: "public"}  # where both fall on a day it is off
    found: dict[date, Holiday] = {}
    for kind, category in categories.items():
        turkish, english = (
            library.country_holidays("TR", years=years, categories=(category,), language=language)
            for language in ("tr", "en_US")
        )
        for day, name in turkish.items():
            is_estimate = name.startswith(RELIGIOUS)  # set by the moon, announced year by year
            found[day] = Holiday(
                council=council,
                day=day,
                name=name.replace("’", "'").split(" (")[0].replace("'", "’"),
                name_en=english.get(day, "").split(" (")[0],
                kind=kind,
                source=HolidaySource.ESTIMATE if is_estimate else HolidaySource.LIBRARY,
            )
    new = [found[day] for day in sorted(set(found) - known)]
    Holiday.objects.bulk_create(new)
    if new and tells:
        _tell(
            CouncilKind.HOLIDAYS_SEEDED,
            council,
            None,
            council,
            at,
            {"days": len(new), "first": first, "last": years[-1]},
        )
    return len(new)


@transaction.atomic
def set_holiday(
    *, actor: Person, council: Council, day: date, name: str, kind: str, reason: str, at: datetime
) -> Holiday:
    """Say what is special about a day; a second time changes it, the same again changes nothing.

    Due dates of running steps are counted anew by who hears of it. Refuses who is not the council's secretary.
    `ValidationError` on ``day``, ``name``, ``kind`` or ``reason``.
    """
    may_keep_holidays(actor, council, at=at).require()
    Council.objects.select_for_update(no_key=True).get(pk=council.pk)
    name, reason = " ".join(name.split()), " ".join(reason.split())
    wrong: dict[str, ValidationError] = {}
    today = timezone.localtime(at).date()
    if abs(day.year - today.year) > 10:
        wrong["day"] = ValidationError(_("Bugüne yakın bir yıl yazın."), code="out_of_range")
    if not 2 <= len(name) <= 120:
        wrong["name"] = ValidationError(_("Günün adını 2–120 harfle yazın."), code="wrong_length")
    if kind not in HolidayKind.values:
        wrong["kind"] = ValidationError(_("Günün türünü seçin."), code="unknown_value")
    if not MIN_REASON <= len(reason) <= MAX_REASON:
        sentence = _("Dayanağı 10–300 harfle yazın: hangi kararla, kim duyurdu.")
        wrong["reason"] = ValidationError(sentence, code="wrong_length")
    if wrong:
        raise ValidationError(wrong)
    holiday = Holiday.objects.filter(council=council, day=day).first() or Holiday(council=council, day=day)
    if holiday.pk is not None and (holiday.name, holiday.kind) == (name, kind):
        return holiday
    if holiday.name != name:
        holiday.name, holiday.name_en = name, ""
    holiday.kind, holiday.source = kind, HolidaySource.OFFICE
    holiday.save()
    facts = {"day": day, "name": name, "kind": kind, "reason": reason}
    _tell(CouncilKind.HOLIDAY_CHANGED, holiday, actor, council, at, facts)
    return holiday


def _tell(
    kind: CouncilKind,
    subject: Council | Holiday,
    actor: Person | None,
    council: Council,
    at: datetime,
    facts: Mapping[str, object],
) -> None:
    topic = f"council:{council.pk}"
    record(kind, actor=actor, subject=subject, topic=topic, council=council, at=at, facts=facts)
