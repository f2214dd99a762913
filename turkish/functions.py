"""The rules of `turkish.text` as SQL functions, and full-text search that forgives missing diacritics.

Search vectors hold, for every word, its folded form, its folded Snowball stem and its first five letters
("F5", shown to serve Turkish retrieval as well as a lemmatiser: Can et al., "Information retrieval on Turkish
texts", JASIST 59(3), 2008). No extension of PostgreSQL is needed.
"""

from __future__ import annotations

from django.contrib.postgres.search import SearchVectorField
from django.db.models import CharField, Func
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
    terms = []
    for word in words(text[:400])[:MAX_SEARCH_WORDS]:
        word = word[:40]
        variants = {f"{word}:*"}
        if len(word) > 4:
            variants.add(word.rstrip("aeiou") or word)
        if len(word) > 5:
            variants.add(word[:5])
        terms.append("(" + " | ".join(sorted(variants)) + ")")
    return " & ".join(terms)


def similar_query(text: str) -> str:
    """A tsquery text for likeness: any of the longer words may match."""
    long_words = [word[:40] for word in words(text[:400])[:MAX_SEARCH_WORDS] if len(word) > 2]
    variants = {variant for word in long_words for variant in (word, word[:5], word.rstrip("aeiou") or word)}
    return " | ".join(sorted(variants))


def as_tsquery(query: str) -> RawSQL:
    """The SQL expression of a query made by `search_query` or `similar_query`."""
    return RawSQL("to_tsquery('simple', %s)", [query])
