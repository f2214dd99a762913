"""Articles of the knowledge base, written and released by the actions."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from articles import actions
from articles.models import Article
from councils.models import Council
from people.models import Person

BODY = "Genel kuruldan sonraki otuz gün içinde sonuç bildirimi verilir.\n\n- Bildirimi yönetim kurulu verir."


def article_of(
    council: Council,
    writer: Person,
    reader: Person | None = None,
    *,
    title: str = "Genel kurul sonuç bildirimi ne zaman verilir?",
    body: str = BODY,
    summary: str = "Genel kuruldan sonra otuz gün içinde, yönetim kurulu.",
    topics: tuple[str, ...] = ("dernek", "genel kurul"),
    at: datetime | None = None,
) -> Article:
    """A draft; with a reader, who works in the directorate too, it is handed in and released."""
    at = at or timezone.now()
    words = actions.Words(title, body, summary, topics)
    article = actions.start_article(actor=writer, council=council, words=words, at=at)
    if reader is not None:
        actions.hand_in_article(actor=writer, article=article, at=at)
        article = actions.release_article(actor=reader, article=article, seen=1, at=at)
    return article
