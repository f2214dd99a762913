"""What stands there already when somebody says what they want: articles, published requests, and the types that fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import SearchRank
from django.db.models import Count, F, Q, QuerySet

from articles.models import Article
from articles.reading import similar_articles
from councils.models import Council
from people.models import AnyPerson
from servicerequests.models import Joined, RequestTypeVersion, ServiceRequest
from servicerequests.permissions import may_join
from servicerequests.reading import published, types_of
from turkish.functions import as_tsquery, fits, similar_query
from turkish.text import words

LONGEST_ASKED = 500
"""As much of what somebody wants is taken along in an address."""
MIN_LETTERS = 4
SHOWN = 3
_CANDIDATES = 30
# Words of requests that say nothing about what is asked.
_COMMON = frozenset(
    "icin olan olarak gibi daha veya ile bir tum butun yeni istiyorum istiyoruz rica ederim ederiz lutfen nasil hakkinda "
    "basvuru talep gerekli mudurluk mudurlugu belediye konsey kent dernek dernegimiz derneginiz".split()
)


@dataclass(frozen=True)
class Alike:
    """What fits a text; `types` are all that are open, those that fit first."""

    text: str
    articles: list[Article]
    requests: list[ServiceRequest]
    types: list[RequestTypeVersion]
    fitting: int

    @property
    def found(self) -> int:
        return len(self.articles) + len(self.requests)


def alike(council: Council, person: AnyPerson, text: str) -> Alike:
    """At most four queries, and one for the types alone where nothing was typed."""
    types = types_of(council)
    if not text:
        return Alike("", [], [], types, 0)
    ordered, fitting = fitting_first(types, text)
    return Alike(
        text,
        similar_articles(council, text, limit=SHOWN),
        similar_requests(council, person, text, limit=SHOWN),
        ordered,
        fitting,
    )


def similar_requests(council: Council, person: AnyPerson, text: str, *, limit: int) -> list[ServiceRequest]:
    """Published requests that share the telling words of a text, best first, open ones before others, each with how many joined
    it and whether this person did. Two queries.
    """
    telling = _telling(text)
    if sum(map(len, telling)) < MIN_LETTERS:
        return []
    query = similar_query(" ".join(sorted(telling)))
    rank = SearchRank(F("public_search"), as_tsquery(query))
    rows = published(council).filter(fits(query, "public_search")).annotate(likeness=rank)
    asked = {word[:5] for word in telling}
    needed = 1 if len(asked) < 3 else max(2, len(asked) // 2)
    found = []
    for row in rows.order_by("-likeness", "-pk")[:_CANDIDATES]:
        row.council = council
        overlap = len(asked & {word[:5] for word in words(f"{row.public_subject} {row.public_text}"[:4_000])})
        if overlap >= needed:
            found.append((not row.is_open, -overlap, row))
    found.sort(key=lambda each: each[:2])
    return with_joined([row for _ended, _overlap, row in found[:limit]], person)


def with_joined(rows: list[ServiceRequest], person: AnyPerson) -> list[ServiceRequest]:
    """The rows with `joined_count` and `i_joined`. One query, where there are any."""
    counted = {}
    if rows:
        of_rows = Joined.objects.filter(request__in=rows).order_by().values("request")
        mine = Count("pk", filter=Q(person_id=person.pk or 0))
        counted = {each["request"]: each for each in of_rows.annotate(n=Count("pk"), mine=mine)}
    for row in rows:
        found = counted.get(row.pk, {"n": 0, "mine": 0})
        row.joined_count, row.i_joined = found["n"], bool(found["mine"])  # type: ignore[attr-defined]
    return rows


def joined_by(person: AnyPerson, council: Council) -> QuerySet[ServiceRequest]:
    """What somebody counted themselves in on, in no order."""
    return published(council).filter(joined__person_id=person.pk)


@dataclass(frozen=True)
class Joining:
    """How many have the same concern, and whether this person is among them or may be."""

    count: int
    is_in: bool
    may: bool
    code: str


def joining_of(request: ServiceRequest, person: AnyPerson) -> Joining:
    """One query."""
    counted = Joined.objects.filter(request=request).aggregate(
        all=Count("pk"), mine=Count("pk", filter=Q(person_id=person.pk or 0))
    )
    verdict = may_join(person, request)
    return Joining(counted["all"], bool(counted["mine"]), bool(verdict), verdict.code if not verdict else "")


def fitting_first(
    types: Sequence[RequestTypeVersion], text: str, *, most: int = 3
) -> tuple[list[RequestTypeVersion], int]:
    """The types in the order in which a text speaks of them, and how many of them it does; the others as the desk has them.

    A word of the name counts more than one of what it is for, and that more than one of its questions.
    """
    asked = {word[:5] for word in _telling(text)}
    scored = [(_score(asked, version), place, version) for place, version in enumerate(types)]
    best = sorted((row for row in scored if row[0]), key=lambda row: (-row[0], row[1]))[:most]
    chosen = [version for _score_, _place, version in best]
    return [*chosen, *(version for version in types if version not in chosen)], len(chosen)


def _score(asked: set[str], version: RequestTypeVersion) -> int:
    questions: list[str] = []
    for question in version.questions:
        questions += [question.label, *(label for _value, label in question.choices)]
    name, about = _stems([version.name, version.name_en]), _stems([version.about, version.about_en])
    return 3 * len(asked & name) + 2 * len(asked & about - name) + len(asked & _stems(questions) - about - name)


def _stems(texts: Iterable[str]) -> set[str]:
    return {word[:5] for word in words(" ".join(texts)) if len(word) > 2} - {word[:5] for word in _COMMON}


def _telling(text: str) -> set[str]:
    return {word for word in words(text[:LONGEST_ASKED]) if len(word) > 2 and word not in _COMMON}
