"""Requests that wait for an officer: what was given to them, and what nobody has in the units they work in."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from participation.desk.base import Office, Task, clock_of
from servicerequests import desk_reading
from servicerequests.models import DeskUnit, ServiceRequest


def to_answer(office: Office) -> QuerySet[ServiceRequest]:
    officer = desk_reading.officer_of(office.person, office.council)
    units = DeskUnit.objects.filter(Q(officers=officer) | Q(head=officer), council=office.council)
    whose = Q(assignee=officer) | Q(assignee__isnull=True, unit__in=units.values("pk"))
    rows = ServiceRequest.objects.filter(whose, council=office.council, ended_at__isnull=True, due_at__isnull=False)
    return rows.select_related("type", "unit", "applicant", "on_behalf_of").defer("text", "public_text", "answers")


def tell_to_answer(office: Office, rows: list[ServiceRequest]) -> list[Task]:
    found = []
    for row in desk_reading.shown(rows, office.council, at=office.at):
        request = row.request
        clock, tone = clock_of(request.due_at, office.at)
        url = request.get_absolute_url()
        holder = _("size verildi") if request.assignee_id else request.unit.name
        note = f"{request.number} · {row.who} · {holder}"
        act = f"{url}#yanit"
        found.append(Task(request.subject, url, note, _("Yanıtla"), act, due=request.due_at, clock=clock, tone=tone))
    return found
