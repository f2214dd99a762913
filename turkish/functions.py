"""The rules of `turkish.text` as SQL functions, and full-text search that forgives missing diacritics.

Search vectors hold, for every word, its folded form, its folded Snowball stem and its first five letters
("F5", shown to serve Turkish retrieval as well as a lemmatiser: Can et al., "Information retrieval on Turkish
texts", JASIST 59(3), 2008). No extension of PostgreSQL is needed.
"""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchVectorField
from django.db.models import BooleanField, CharField, F, Func
from django.db.models.expressions import Combinable, RawSQL

from turkish.text import words


class Fold(Func):
    """Lower-case without diacritics: the SQL twin of `turkish.text.fold`."""

    function = "turkish_fold"
    output_field = CharField()


class SortKey(Func):
    """A key ordered by the C collation: the SQL twin of `turkish.text.sort_key`."""

    function = "turkish_sort_key"
    template = '%(function)s(%(expressions)s) COLLATE "C"'
    output_field = CharField()


class SearchVector(Func):
    """The search vector of a title (weight A), a summary (B) and a body (C)."""

    function = "turkish_search_vector"
    output_field = SearchVectorField()

    def __init__(self, title: str | Combinable, summary: str | Combinable, body: str | Combinable) -> None:
        super().__init__(title, summary, body)


MAX_SEARCH_WORDS = 12


def search_query(text: str) -> str:
    """A tsquery text in which every word of `text` must match by itself, its stem or its first five letters.

    At most `MAX_SEARCH_WORDS` words of at most 40 letters count; an empty string means nothing can be searched.
    """
    return " & ".join("(" + " | ".join(sorted(_variants(word))) + ")" for word in words(text[:400])[:MAX_SEARCH_WORDS])


# Plural, possessive and case endings of folded nouns, at most one of each, in their order.
_ENDINGS = re.compile(r"(l[ae]r)?([iu]m[iu]z|[iu]n[iu]z|s?[iu]|[iu][mn])?(n?d[ae]n?|t[ae]n?|[yn]?[ae]|[yn]?[iu]n?)?$")
SHORTEST_STEM = 3


def stem(word: str) -> str:
    """A folded word without its endings, as far as three letters are left: "parklarinda" gives "park".

    A query has often lost the diacritics that a real stemmer needs, so this is deliberately coarse; it only adds a
    way to match, beside the word itself.
    """
    match = _ENDINGS.search(word, SHORTEST_STEM)
    return word[: match.start()] if match else word


def _variants(word: str) -> set[str]:
    word = word[:40]
    variants = {f"{word}:*"}
    if len(word) > 4:
        root = stem(word)
        variants |= {f"{root}:*" if len(root) > SHORTEST_STEM else root, word.rstrip("aeiou") or word}
    if len(word) > 5:
        variants.add(word[:5])
    return variants


def similar_query(text: str) -> str:
    """A tsquery text for likeness: any of the longer words may match."""
    long_words = [word[:40] for word in words(text[:400])[:MAX_SEARCH_WORDS] if len(word) > 2]
    variants = {variant for word in long_words for variant in (word, word[:5], stem(word))}
    return " | ".join(sorted(variants))


def as_tsquery(query: str) -> RawSQL:
    """The SQL expression of a query made by `search_query` or `similar_query`."""
    return RawSQL("to_tsquery('simple', %s)", [query])


def fits(query: str, vector: str = "search") -> Func:
    """Whether a search vector answers a query of `search_query` or `similar_query`; PostgreSQL's @@, which an index serves."""
    return Func(
        F(vector), as_tsquery(query), template="%(expressions)s", arg_joiner=" @@ ", output_field=BooleanField()
    )
