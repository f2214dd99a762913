"""Dates and numbers as people read them, in Turkish and English."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

register = template.Library()


# Each language has its own order of day and weekday and its own sign between hours and minutes.
CLEAR_DAYS = 150
"""How far away a day may be without its year."""
_FORMATS = {
    "day": {"tr": "j F Y", "en": "j F Y"},
    "short_day": {"tr": "j M", "en": "j M"},
    "short_day_and_year": {"tr": "j M Y", "en": "j M Y"},
    "moment": {"tr": "j F Y H.i", "en": "j F Y, H:i"},
    "weekday": {"tr": "j F l", "en": "l j F"},
    "weekday_and_year": {"tr": "j F Y l", "en": "l j F Y"},
    "weekday_moment": {"tr": "j F l H.i", "en": "l j F, H:i"},
    "weekday_moment_and_year": {"tr": "j F Y l H.i", "en": "l j F Y, H:i"},
}


def _formatted(value: datetime | date | None, name: str) -> str:
    if not value:
        return ""
    formats = _FORMATS[name]
    return date_format(_local(value), formats.get(get_language() or "tr", formats["tr"]))


def _local(value: datetime | date) -> datetime | date:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def _is_far(value: datetime | date | None) -> bool:
    if not value:
        return False
    local = _local(value)
    on = local.date() if isinstance(local, datetime) else local
    return abs((on - timezone.localdate()).days) > CLEAR_DAYS


@register.filter
def day(value: datetime | date | None) -> str:
    """22 Kasım 2026."""
    return _formatted(value, "day")


@register.filter
def short_day(value: datetime | date | None) -> str:
    """22 Kas; with the year, 22 Kas 2023, unless it is this year's."""
    if not value:
        return ""
    is_of_this_year = _local(value).year == timezone.localdate().year
    return _formatted(value, "short_day" if is_of_this_year else "short_day_and_year")


@register.filter
def moment(value: datetime | None) -> str:
    """22 Kasım 2026 18.00; 22 November 2026, 18:00."""
    return _formatted(value, "moment")


@register.filter
def weekday_moment(value: datetime | None) -> str:
    """24 Kasım Salı 18.00; Tuesday 24 November, 18:00. With the year when the day is so far away that it is not clear."""
    return _formatted(value, "weekday_moment_and_year" if _is_far(value) else "weekday_moment")


@register.filter
def weekday_with_year(value: datetime | date | None) -> str:
    """27 Kasım 2026 Cuma; Friday 27 November 2026."""
    return _formatted(value, "weekday_and_year")


@register.filter
def weekday(value: datetime | date | None) -> str:
    """27 Kasım Cuma; Friday 27 November. With the year when the day is so far away that its year is not clear."""
    if not value:
        return ""
    return _formatted(value, "weekday_and_year" if _is_far(value) else "weekday")


@register.filter
def ago(value: datetime | None) -> SafeString | str:
    """A time element with the relative age, and the exact moment as its title."""
    if not value:
        return ""
    return format_html(
        '<time datetime="{}" title="{}" data-relative>{}</time>', value.isoformat(), moment(value), age(value)
    )


def age(value: datetime, *, now: datetime | None = None) -> str:
    """The age of a moment: "az önce", "12 dakika önce", "3 gün önce", a date after two weeks."""
    gone = (now or timezone.now()) - value
    minutes = int(gone.total_seconds() // 60)
    if minutes < 1:
        return _("az önce")
    if minutes < 60:
        return ngettext("%(n)d dakika önce", "%(n)d dakika önce", minutes) % {"n": minutes}
    if gone < timedelta(days=1):
        hours = minutes // 60
        return ngettext("%(n)d saat önce", "%(n)d saat önce", hours) % {"n": hours}
    if gone < timedelta(days=14):
        return ngettext("%(n)d gün önce", "%(n)d gün önce", gone.days) % {"n": gone.days}
    return day(value)


@register.filter
def left(value: datetime | None) -> str:
    """What is left until a moment: "2 gün", "5 saat", "12 dakika"; empty when it has passed.

    Days are counted on the calendar of the city: on 22 November, 27 November is 5 days away at any hour. Hours and
    minutes are told for a moment of the same day.
    """
    if not value:
        return ""
    now = timezone.now()
    rest = value - now
    minutes = int(rest.total_seconds() // 60)
    if rest.total_seconds() <= 0:
        return ""
    days = (timezone.localtime(value).date() - timezone.localtime(now).date()).days
    if days >= 1:
        return ngettext("%(n)d gün", "%(n)d gün", days) % {"n": days}
    if minutes >= 60:
        hours = minutes // 60
        return ngettext("%(n)d saat", "%(n)d saat", hours) % {"n": hours}
    return ngettext("%(n)d dakika", "%(n)d dakika", max(minutes, 1)) % {"n": max(minutes, 1)}


@register.filter
def number(value: int | float | None) -> str:
    """1.234 in Turkish, 1,234 in English."""
    return number_format(value, force_grouping=True) if value is not None else ""


@register.filter
def lira(value: Decimal | int | None) -> str:
    """1.250.000 ₺, with kuruş where there are any: 12,50 ₺."""
    if value is None:
        return ""
    return f"{number_format(value, decimal_pos=0 if value == int(value) else 2, force_grouping=True)} ₺"


@register.filter
def file_size(value: int | None) -> str:
    """340 kB, 2,1 MB."""
    if value is None:
        return ""
    if value < 1_000_000:
        return f"{max(1, round(value / 1000))} kB"
    return f"{number_format(value / 1_000_000, decimal_pos=1)} MB"
