"""Which proposals a reader sees, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchRank
from django.db.models import BooleanField, Case, F, FloatField, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.expressions import Func
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from councils.models import Council
from people.models import AnyPerson
from proposals.models import Proposal, StageChange
from proposals.models.proposal import NEVER
from proposals.reading.filters import STAGE_WORDS, Filters
from proposals.reading.keyset import Page, page_of
from proposals.stages import Stage
from turkish.functions import as_tsquery, fits, search_query

Proposals = QuerySet[Proposal]
ENDING = (Stage.GATHERING, Stage.BALLOT)
"""Stages that end for the reader: support can be given, votes can be cast until then."""


def matching(council: Council, person: AnyPerson, filters: Filters) -> Proposals:
    """The submitted proposals of a council that fit the filters and may be seen by the person."""
    found = Proposal.objects.visible_to(person).filter(council=council).exclude(stage=Stage.DRAFT)
    if filters.number:
        found = found.filter(number=filters.number)
    elif filters.text:
        query = search_query(filters.text)
        found = found.filter(fits(query)) if query else found.none()
    if filters.stages:
        found = found.filter(stage__in=[STAGE_WORDS[word] for word in filters.stages])
    if filters.themes:
        found = found.filter(theme_id__in=[filters.choices.themes[word].pk for word in filters.themes])
    if filters.districts:
        found = found.filter(district_id__in=[filters.choices.districts[word].pk for word in filters.districts])
    if filters.bodies:
        found = found.filter(addressed_to_id__in=[filters.choices.bodies[word].pk for word in filters.bodies])
    if filters.is_late:
        found = found.late(timezone.now())
    if len(filters.authors) == 1:
        found = found.filter(on_behalf_of__isnull=filters.authors == ("yurttas",))
    return found


def these(few: Proposals) -> Proposals:
    """The few rows of a page, found before anything is joined to them.

    As an array: as a sub-select they are one table more than PostgreSQL puts in order by itself.
    """
    ids = ArraySubquery(few.values("pk"))
    is_here = Func(F("pk"), ids, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())
    return Proposal.objects.filter(is_here)


def cards(found: Proposals) -> Proposals:
    """With everything a card shows: names, comments, and where an ended proposal left the path. No query per row."""
    left = StageChange.objects.filter(proposal=OuterRef("pk"), new=OuterRef("stage")).order_by("-pk")
    texts = ("about", "mission", "outline", "principles", "sample_fields", "verification_desk", "vision")
    return (
        found.with_names()  # type: ignore[attr-defined]
        .select_related("thread")
        .annotate(left_from=Subquery(left.values("old")[:1]))
        .defer("text", "search", *(f"council__{text}" for text in texts))
    )


@dataclass(frozen=True)
class Sort:
    """An order of the list. `prepare` adds the annotation that `key` names."""

    word: str
    label: str | Promise
    key: str
    descending: bool = True
    is_moment: bool = False
    prepare: Callable[[Proposals, str], Proposals] = lambda found, _text: found


def _with_relevance(found: Proposals, text: str) -> Proposals:
    # Whole numbers, so that equal ranks are equal on the next page too.
    rank = SearchRank(F("search"), as_tsquery(search_query(text)))
    scaled = Func(Cast(rank, FloatField()) * Value(1_000_000.0), function="round", output_field=FloatField())
    return found.annotate(relevance=Cast(scaled, IntegerField()))


def _with_end(found: Proposals, _text: str) -> Proposals:
    return found.annotate(ends_at=Coalesce(Case(When(stage__in=ENDING, then=F("due_at"))), Value(NEVER)))


RELEVANCE = Sort("ilgi", _l("En ilgili"), "relevance", prepare=_with_relevance)
SORTS = (
    Sort("yeni", _l("En yeni"), "submitted_at", is_moment=True),
    Sort("destek", _l("En çok desteklenen"), "support_count"),
    Sort("tartisma", _l("En çok konuşulan"), "thread__comment_count"),
    Sort("bitiyor", _l("Süresi yakında bitecek"), "ends_at", descending=False, is_moment=True, prepare=_with_end),
)


def sorts_for(filters: Filters) -> tuple[Sort, ...]:
    """Relevance comes first and only while something is searched."""
    return (RELEVANCE, *SORTS) if filters.text and not filters.number else SORTS


def sort_named(word: str, filters: Filters) -> Sort:
    """The order a word names, or the first one that fits."""
    offered = sorts_for(filters)
    return next((sort for sort in offered if sort.word == word), offered[0])


def listing(council: Council, person: AnyPerson, filters: Filters, *, sort: Sort, cursor: str = "") -> Page[Proposal]:
    """One page of cards in one query: inside, only narrow rows are sorted; everything a card shows is joined to twenty."""

    def placed(found: Proposals) -> Proposals:
        return sort.prepare(found, filters.text).annotate(place=F(sort.key))

    page = page_of(
        placed(matching(council, person, filters)),
        key="place",
        descending=sort.descending,
        cursor=cursor,
        is_moment=sort.is_moment,
        dress=lambda few: placed(cards(these(few))),
    )
    for row in page.rows:
        row.council = council
    return page
