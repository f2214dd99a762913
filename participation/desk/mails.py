"""E-mails that wait until an officer has looked at them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from participation.desk.base import Office, Task
from servicerequests.models import IncomingMail
from servicerequests.reading import mails_of
from turkish.templatetags.turkish_text import age


def held(office: Office) -> QuerySet[IncomingMail]:
    return mails_of(office.council)


def tell_held(office: Office, rows: list[IncomingMail]) -> list[Task]:
    found = []
    for row in rows:
        url = reverse("mail_detail", args=[office.council.slug, row.pk])
        title = row.subject or _("Konusuz")
        note = f"{row.sender or row.sender_name} · {row.why_words}"
        clock = _("geldi: %(when)s") % {"when": age(row.received_at, now=office.at)}
        found.append(Task(title, url, note, _("Bakın"), url, since=row.received_at, clock=clock))
    return found
