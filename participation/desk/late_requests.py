"""Late requests that were told upwards: to the head of their unit, then to the whole directorate."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from participation.desk.base import Office, Task, clock_of
from servicerequests.escalation import Level
from servicerequests.models import ClockNotice, ServiceRequest
from servicerequests.reading import open_in


def told_late(office: Office) -> QuerySet[ServiceRequest]:
    """What was told to this person and is late still; never what they asked themselves."""
    notices = ClockNotice.objects.filter(
        request=OuterRef("pk"), since=Coalesce(OuterRef("reopened_at"), OuterRef("filed_at"))
    )
    to_all = notices.filter(level=Level.DIRECTORATE)
    to_head = notices.filter(level=Level.HEAD)
    leads = Q(unit__head__person=office.person) | Q(unit__head__isnull=True)
    late = Q(due_at__lt=office.at) | Q(first_answer_due_at__lt=office.at)
    rows = open_in(office.council).filter(late).exclude(applicant=office.person)
    rows = rows.filter(Exists(to_all) | (Exists(to_head) & leads))
    return rows.annotate(due=Coalesce(F("first_answer_due_at"), F("due_at"))).defer("text", "answers", "public_text")


def tell_late(office: Office, rows: list[Any]) -> list[Task]:
    found = []
    for row in rows:
        row.council = office.council
        clock, tone = clock_of(row.due, office.at)
        url = row.get_absolute_url()
        note = f"{row.number} · {row.type.words} · {row.unit.name}"
        found.append(Task(row.subject, url, note, _("Yanıtlayın"), url, due=row.due, clock=clock, tone=tone))
    return found
