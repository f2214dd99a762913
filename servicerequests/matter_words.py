"""What a request is about by its words. Plain data in, plain data out; no ORM.

The published rule: each matter has a list of words, and a word that ends with a star stands for all that begin so. The matter of
which the most different words occur in a text is the text's; among equals the one that stands first; none where no word occurs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from turkish.text import fold

WORD = re.compile(r"[a-z0-9]+")
STEM = 5
"""So many letters of a word tell what it means: Turkish puts its endings behind. (F. Can et al., Information retrieval on
Turkish texts, JASIST 59(3), 2008: cutting after five letters does as well as a morphological analysis.)"""
MOST_WORDS = 200
LONGEST_READ = 10_000


def words_of(text: str) -> list[str]:
    """The words of a text, folded; single letters are none."""
    return [word for word in WORD.findall(fold(text[:LONGEST_READ])) if len(word) > 1]


def terms(text: str) -> list[str]:
    """What a model counts in a text: each word's stem, and each two that follow each other."""
    stems = [word[:STEM] for word in words_of(text)]
    return stems + [f"{first} {second}" for first, second in pairwise(stems)]


def read_words(text: str) -> list[str]:
    """A matter's words as they are typed, with commas or in lines between them: folded, each once, in order."""
    found: dict[str, None] = {}
    for given in re.split(r"[,;\n]", text):
        star = given.strip().endswith("*")
        for word in words_of(given):
            found[word + "*" * star] = None
    return list(found)


def hits(words: Iterable[str], text: str) -> int:
    """How many of a matter's words occur in a text."""
    said = set(words_of(text))
    return sum(
        any(each.startswith(word[:-1]) for each in said) if word.endswith("*") else word in said for word in words
    )


def by_rule(matters: Sequence[tuple[str, Sequence[str]]], text: str) -> str:
    """The slug of the matter the rule finds among matters with their words; nothing where no word occurs."""
    found = [(hits(words, text), -place, slug) for place, (slug, words) in enumerate(matters)]
    most = max(found, default=(0, 0, ""))
    return most[2] if most[0] else ""
