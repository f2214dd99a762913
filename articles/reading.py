"""What pages and programs show of the knowledge base."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.search import SearchRank
from django.db.models import (
    Count,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast

from articles.models import Article, ArticleVersion, Helpful, State
from councils.models import Council
from people.models import AnyPerson
from turkish.functions import as_tsquery, fits, search_query, similar_query
from turkish.text import words

Articles = QuerySet[Article]
MIN_LETTERS = 4
_CANDIDATES = 30
TOPICS_SHOWN = 30


def shown_articles(council: Council, *, topic: str = "") -> Articles:
    """What everybody reads in a council, without the long text."""
    rows = Article.objects.shown().filter(council=council)
    if topic:
        rows = rows.filter(topics__contains=[topic])
    return rows.defer("search", "body")


def found_articles(council: Council, text: str, *, topic: str = "") -> Articles:
    """Articles in which every word stands, by itself, by its stem or its first letters, with how well they fit."""
    query = search_query(text)
    rows = shown_articles(council, topic=topic)
    if not query:
        return rows.none().annotate(relevance=Value(0))
    rank = SearchRank(F("search"), as_tsquery(query))
    # Whole numbers, so that equal ranks are equal on the next page too.
    scaled = Func(Cast(rank, FloatField()) * Value(1_000_000.0), function="round", output_field=FloatField())
    return rows.filter(fits(query)).annotate(relevance=Cast(scaled, IntegerField()))


def similar_articles(council: Council, text: str, *, limit: int = 3) -> list[Article]:
    """Articles whose title or short answer shares the telling words of a text, best first. One query."""
    telling = {word for word in words(text[:400]) if len(word) > 2}
    if sum(map(len, telling)) < MIN_LETTERS:
        return []
    query = " | ".join(f"{each}:AB" for each in similar_query(" ".join(sorted(telling))).split(" | ") if each)
    found = shown_articles(council).filter(fits(query)).annotate(likeness=SearchRank(F("search"), as_tsquery(query)))
    asked = {word[:5] for word in telling}
    shared = []
    for row in found.order_by("-likeness", "-pk")[:_CANDIDATES]:
        row.council = council
        shared.append((len(asked & {word[:5] for word in words(f"{row.title} {row.summary}")}), row))
    needed = 1 if len(asked) < 4 else 2
    shared.sort(key=lambda pair: -pair[0])
    return [row for overlap, row in shared if overlap >= needed][:limit]


def topics_of(council: Council) -> list[str]:
    """The topics of what is shown, the commonest first. One query."""
    each = Func(F("topics"), function="unnest")
    rows = Article.objects.shown().filter(council=council).annotate(word=each).order_by()
    counted = rows.values("word").annotate(n=Count("pk")).order_by("-n", "word")
    return [row["word"] for row in counted[:TOPICS_SHOWN]]


@dataclass(frozen=True)
class Told:
    """How many said that an article helped them, and what the reader said."""

    yes: int
    no: int
    mine: bool | None

    @property
    def total(self) -> int:
        return self.yes + self.no


def told_of(article: Article, person: AnyPerson) -> Told:
    """One query."""
    rows = Helpful.objects.filter(article=article)
    counted = rows.aggregate(
        yes=Count("pk", filter=Q(is_helpful=True)),
        no=Count("pk", filter=Q(is_helpful=False)),
        mine_yes=Count("pk", filter=Q(person_id=person.pk, is_helpful=True)),
        mine_no=Count("pk", filter=Q(person_id=person.pk, is_helpful=False)),
    )
    mine = True if counted["mine_yes"] else False if counted["mine_no"] else None
    return Told(counted["yes"], counted["no"], mine)


# --- The desk ---------------------------------------------------------------------------------------------------------
def articles_of_desk(council: Council) -> Articles:
    """Every article with the title and author of its newest version."""
    newest = ArticleVersion.objects.filter(article=OuterRef("pk")).order_by("-number")
    rows = Article.objects.filter(council=council).defer("search", "body")
    return rows.annotate(
        newest_title=Subquery(newest.values("title")[:1]),
        newest_author=Subquery(newest.values("author_id")[:1]),
        newest_author_name=Subquery(newest.values("author__display_name")[:1]),
    )


def waiting_articles(council: Council, person: AnyPerson) -> Articles:
    """What waits for this person's reading: handed in, and written by somebody else."""
    return articles_of_desk(council).filter(state=State.IN_REVIEW).exclude(newest_author=person.pk)


def stale_articles(council: Council, *, at: datetime) -> Articles:
    """What nobody has looked over for a year."""
    return Article.objects.stale(at).filter(council=council).defer("search", "body")


def helped(rows: Articles) -> Articles:
    """With how many said yes and no."""
    return rows.annotate(
        yes=Count("words", filter=Q(words__is_helpful=True)), no=Count("words", filter=Q(words__is_helpful=False))
    )
