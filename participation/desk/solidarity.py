"""The solidarity board: needs nobody has met yet, and posts somebody reported."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from participation.desk.base import Office, Task, clock_of
from solidarity.models import Post
from solidarity.permissions import day_of
from solidarity.reading import reported, unmet
from turkish.templatetags.turkish_text import age


def needs(office: Office) -> QuerySet[Post]:
    # 14.30 of a day in UTC is 17.30 in Turkey, which keeps one time all the year.
    end = ExpressionWrapper(
        Cast(F("expires_on"), DateTimeField()) + timedelta(hours=14, minutes=30), output_field=DateTimeField()
    )
    return unmet(office.council, day_of(office.at)).annotate(due=end)


def tell_needs(office: Office, rows: list[Any]) -> list[Task]:
    found = []
    for row in rows:
        row.council = office.council
        url, (clock, tone) = row.get_absolute_url(), clock_of(row.due, office.at)
        note = f"{row.organisation.name} · {row.get_sort_display()}"
        found.append(Task(row.title, url, note, _("Eşleştirin"), url, due=row.due, clock=clock, tone=tone))
    return found


def reports(office: Office) -> QuerySet[Any]:
    return reported(office.council)


def tell_reports(office: Office, rows: list[Any]) -> list[Task]:
    found = []
    for row in rows:
        row.council = office.council
        url = row.get_absolute_url()
        clock = _("bildirim: %(when)s") % {"when": age(row.first, now=office.at)}
        found.append(
            Task(row.title, url, row.organisation.name, _("Karara bağlayın"), url, since=row.first, clock=clock)
        )
    return found
