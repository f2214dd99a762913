"""What the record keeps in Turkish, as people read it in their own language: days, meetings by the rule, counted votes."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from datetime import date

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from turkish.templatetags.turkish_text import day

_DAY = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")
_MONTHS = (
    "Ocak",
    "Şubat",
    "Mart",
    "Nisan",
    "Mayıs",
    "Haziran",
    "Temmuz",
    "Ağustos",
    "Eylül",
    "Ekim",
    "Kasım",
    "Aralık",
)
_MEETING = re.compile(rf"({'|'.join(_MONTHS)}) ([0-9]{{4}}) birleşimi")
_VOTES = re.compile(r"([0-9]{1,9}) kabul, ([0-9]{1,9}) ret, ([0-9]{1,9}) çekimser")
_UNANIMOUS = re.compile(r"Oy birliği(?: \((.+)\))?")


def in_the_record() -> AbstractContextManager[None]:
    """What is written down in here is Turkish, whoever's deed it follows from: it stays and everybody reads it."""
    return translation.override("tr")


def in_words(value: object) -> object:
    """A fact of an entry in the active language; what is none of these stays as it is."""
    if not isinstance(value, str):
        return value
    if found := _DAY.fullmatch(value):
        return _day(value, *map(int, found.groups()))
    if found := _VOTES.fullmatch(value):
        votes_for, against, abstain = map(int, found.groups())
        figures = {"for": votes_for, "against": against, "abstain": abstain}
        return _("%(for)d kabul, %(against)d ret, %(abstain)d çekimser") % figures
    if found := _UNANIMOUS.fullmatch(value):
        return _("Oy birliği (%(numbers)s)") % {"numbers": in_words(found[1])} if found[1] else _("Oy birliği")
    return meeting_label(value)


def meeting_label(name: str) -> str:
    """A meeting's name in the active language: one by the calendar's rule is translated, another is as it was given."""
    found = _MEETING.fullmatch(name)
    if found is None:
        return name
    month = date_format(date(2000, _MONTHS.index(found[1]) + 1, 1), "F")
    return _("%(month)s %(year)s birleşimi") % {"month": month, "year": found[2]}


def _day(value: str, of_month: int, month: int, year: int) -> str:
    try:
        return day(date(year, month, of_month))
    except ValueError:
        return value
