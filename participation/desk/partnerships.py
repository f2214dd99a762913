"""Tasks of project partnerships that are one's own."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from participation.desk.base import Office, Task, clock_of
from partnerships.models import Step
from partnerships.reading import own_steps


def steps(office: Office) -> QuerySet[Step]:
    return own_steps(office.council, office.person, at=office.at)


def tell_steps(office: Office, rows: list[Any]) -> list[Task]:
    found = []
    for row in rows:
        row.partnership.council = office.council
        url, (clock, tone) = row.partnership.get_absolute_url(), clock_of(row.due, office.at)
        found.append(Task(row.title, url, row.partnership.title, _("Yapın"), url, due=row.due, clock=clock, tone=tone))
    return found
