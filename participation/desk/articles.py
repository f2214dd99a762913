"""The knowledge base: what waits for a second reader, and what nobody has looked over for a year."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.models import Article
from articles.reading import stale_articles, waiting_articles
from participation.desk.base import Office, Task
from turkish.templatetags.turkish_text import age, day


def to_read(office: Office) -> QuerySet[Article]:
    return waiting_articles(office.council, office.person)


def tell_to_read(office: Office, rows: list[Any]) -> list[Task]:
    found = []
    for row in rows:
        row.council = office.council
        clock = _("onayda: %(when)s") % {"when": age(row.state_since, now=office.at)}
        found.append(
            Task(
                row.newest_title,
                row.desk_url,
                row.newest_author_name,
                _("Okuyun"),
                row.desk_url,
                since=row.state_since,
                clock=clock,
            )
        )
    return found


def stale(office: Office) -> QuerySet[Article]:
    return stale_articles(office.council, at=office.at)


def tell_stale(office: Office, rows: list[Any]) -> list[Task]:
    found = []
    for row in rows:
        row.council = office.council
        note = _("Son gözden geçirme: %(day)s") % {"day": day(row.reviewed_at)}
        found.append(Task(row.title, row.desk_url, note, _("Gözden geçirin"), row.desk_url, since=row.reviewed_at))
    return found
