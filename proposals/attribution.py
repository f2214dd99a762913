"""What of a text came with which version. Plain data in, plain data out.

A paragraph that nobody touched keeps its origin, whatever happens around it. One that was changed keeps it too and adds the
version that changed it. Where an amendment made the version this is known; where somebody rewrote the text, a new paragraph
counts as a changed old one when they share at least half of their words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from proposals.amending import AmendmentKind, Change, places

_WORDS = re.compile(r"\w+")
LIKE = 0.5
"""From this share of common words on, a paragraph is another one's new wording."""
AHEAD = 8
"""How many of the old paragraphs are looked at for one new paragraph."""


@dataclass(frozen=True, slots=True)
class Text:
    """The paragraphs of a version, and what the amendment that made it did to those before, if one did."""

    number: int
    paragraphs: Sequence[str]
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """A paragraph of the last version, and the versions that brought and changed it, the first one first."""

    paragraph: str
    versions: tuple[int, ...]


def origins(texts: Sequence[Text]) -> list[Origin]:
    """Where each paragraph of the last of the versions comes from; the versions in their order, at least one."""
    first = texts[0]
    versions: list[tuple[int, ...]] = [(first.number,)] * len(first.paragraphs)
    for old, new in pairwise(texts):
        versions = _next(old, new, versions)
    return [Origin(paragraph, come) for paragraph, come in zip(texts[-1].paragraphs, versions, strict=True)]


def _next(old: Text, new: Text, versions: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    come: list[tuple[int, ...]] = [(new.number,)] * len(new.paragraphs)
    kept = places(old.paragraphs, new.paragraphs, new.change)
    for before, after in kept.items():
        come[after - 1] = versions[before - 1]
    if new.change is None:
        left = [n for n in range(len(old.paragraphs)) if n + 1 not in kept]
        taken = set(kept.values())
        fresh = [n for n in range(len(new.paragraphs)) if n + 1 not in taken]
        reworded = _reworded(old.paragraphs, new.paragraphs, left, fresh)
    elif new.change.kind == AmendmentKind.REPLACE and new.change.count:
        reworded = {new.change.position - 1: new.change.position - 1}
    else:
        reworded = {}
    for before, after in reworded.items():
        come[after] = (*versions[before], new.number)
    return come


def _reworded(old: Sequence[str], new: Sequence[str], left: list[int], fresh: list[int]) -> dict[int, int]:
    """Old paragraphs by index and the new ones that say nearly the same, both in their order."""
    words = {n: Counter(_WORDS.findall(old[n].lower())) for n in left}
    found: dict[int, int] = {}
    start = 0
    for after in fresh:
        theirs = Counter(_WORDS.findall(new[after].lower()))
        for place in range(start, min(start + AHEAD, len(left))):
            if _likeness(words[left[place]], theirs) >= LIKE:
                found[left[place]] = after
                start = place + 1
                break
    return found


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """The share of common words in both, from 0 to 1."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
