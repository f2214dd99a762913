"""Proposals like the one somebody is writing."""

from __future__ import annotations

from django.contrib.postgres.search import SearchRank
from django.db.models import F

from councils.models import Council
from people.models import AnyPerson
from proposals.models import Proposal
from proposals.reading.listing import cards
from proposals.stages import Stage
from turkish.functions import as_tsquery, fits, similar_query
from turkish.text import words

# Words that say nothing about what a proposal wants.
_COMMON = frozenset(
    "icin olan olarak gibi daha veya ile bir tum butun yeni proje projesi oneri onerisi yapilsin olsun".split()
)
_CANDIDATES = 30
MIN_LETTERS = 4


def similar_proposals(
    council: Council, person: AnyPerson, text: str, *, without: Proposal | None = None, limit: int = 5
) -> list[Proposal]:
    """Public proposals whose title or summary shares the telling words of a text, best first.

    A word counts by its first five letters, as in the search. At least half of the words, and two when there are three
    or more, must be shared, so that one common word is not called likeness.
    """
    telling = {word for word in words(text[:400]) if len(word) > 2 and word not in _COMMON}
    asked = {word[:5] for word in telling}
    if sum(map(len, telling)) < MIN_LETTERS:
        return []
    # Title and summary only (weights A and B): a long text has every word somewhere.
    query = " | ".join(f"{variant}:AB" for variant in similar_query(" ".join(sorted(telling))).split(" | ") if variant)
    found = (
        cards(Proposal.objects.visible_to(person).filter(council=council).exclude(stage=Stage.DRAFT))
        .filter(fits(query))
        .annotate(likeness=SearchRank(F("search"), as_tsquery(query)))
        .order_by("-likeness", "-pk")
    )
    if without is not None:
        found = found.exclude(pk=without.pk)
    needed = 1 if len(asked) < 3 else max(2, len(asked) // 2)
    shared = []
    for proposal in found[:_CANDIDATES]:
        theirs = {word[:5] for word in words(f"{proposal.title} {proposal.summary}")}
        overlap = len(asked & theirs)
        if overlap >= needed:
            shared.append((overlap, proposal))
    shared.sort(key=lambda pair: -pair[0])
    return [proposal for _overlap, proposal in shared[:limit]]
