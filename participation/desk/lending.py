"""Equipment that is to be handed out or comes back, and wishes to keep it longer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lending.models import Loan, State
from lending.reading import next_step, waiting_loans
from participation.desk.base import Office, Task, clock_of


def loans(office: Office) -> QuerySet[Loan]:
    """Until tomorrow."""
    return waiting_loans(office.council, until=timezone.localtime(office.at).date() + timedelta(days=1))


def tell_loans(office: Office, rows: list[Any]) -> list[Task]:
    found, today = [], timezone.localtime(office.at).date()
    for row in rows:
        row.council = office.council
        url, (clock, tone) = row.get_absolute_url(), clock_of(row.due, office.at)
        if row.is_asked:
            action = _("Süre uzatma isteğini yanıtlayın")
        else:
            action = _("Teslim edin") if row.state == State.RESERVED else _("Geri alın")
        title = f"{row.item.name} × {row.outstanding}"
        note = f"{row.who} · {next_step(row, today=today)}"
        found.append(Task(title, url, note, action, url, due=row.due, clock=clock, tone=tone))
    return found
