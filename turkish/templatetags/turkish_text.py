"""Dates and numbers as people read them, in Turkish and English."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


def _local(value: datetime | date) -> datetime | date:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def day(value: datetime | date | None) -> str:
    """22 Kasım 2026."""
    return date_format(_local(value), "j F Y") if value else ""


@register.filter
def short_day(value: datetime | date | None) -> str:
    """22 Kas."""
    return date_format(_local(value), "j M") if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """22 Kasım 2026 18.00."""
    return date_format(_local(value), "j F Y H.i") if value else ""


@register.filter
def weekday_moment(value: datetime | None) -> str:
    """24 Kasım Salı 18.00."""
    return date_format(_local(value), "j F l H.i") if value else ""


@register.filter
def weekday(value: datetime | date | None) -> str:
    """27 Kasım Cuma."""
    return date_format(_local(value), "j F l") if value else ""


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
    """What is left until a moment: "2 gün", "5 saat", "12 dakika"; empty when it has passed."""
    if not value:
        return ""
    rest = value - timezone.now()
    minutes = int(rest.total_seconds() // 60)
    if rest.total_seconds() <= 0:
        return ""
    if rest >= timedelta(days=1):
        return ngettext("%(n)d gün", "%(n)d gün", rest.days) % {"n": rest.days}
    if minutes >= 60:
        hours = minutes // 60
        return ngettext("%(n)d saat", "%(n)d saat", hours) % {"n": hours}
    return ngettext("%(n)d dakika", "%(n)d dakika", max(minutes, 1)) % {"n": max(minutes, 1)}


@register.filter
def number(value: int | float | None) -> str:
    """1.234 in Turkish, 1,234 in English."""
    return number_format(value, force_grouping=True) if value is not None else ""


@register.filter
def file_size(value: int | None) -> str:
    """340 kB, 2,1 MB."""
    if value is None:
        return ""
    if value < 1_000_000:
        return f"{max(1, round(value / 1000))} kB"
    return f"{number_format(value / 1_000_000, decimal_pos=1)} MB"
