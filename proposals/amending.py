"""Amendments of a text: its paragraphs, what an amendment does to them, and where a paragraph went. Plain data, no ORM.

Paragraphs are counted from 1; blank lines part them. Everything here takes time in proportion to the length of the texts.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _l

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


class AmendmentKind(models.TextChoices):
    """What an amendment does with its paragraph."""

    REPLACE = "replace", _l("Paragrafı değiştir")
    INSERT = "insert", _l("Paragraftan sonra ekle")
    REMOVE = "remove", _l("Paragrafı çıkar")


class AmendmentState(models.TextChoices):
    """Where an amendment stands; every state but the first is final and has a decision."""

    OPEN = "open", _l("Karar bekliyor")
    ACCEPTED = "accepted", _l("Kabul edildi")
    DECLINED = "declined", _l("Kabul edilmedi")
    WITHDRAWN = "withdrawn", _l("Geri çekildi")
    OVERTAKEN = "overtaken", _l("Paragraf bu arada değişti")


class AmendmentReason(models.TextChoices):
    """What kind of reason a refusal has (gerekçe türü)."""

    ALREADY_SAID = "already_said", _l("Metinde zaten var")
    OTHER_MATTER = "other_matter", _l("Başka bir önerinin konusu")
    AGAINST_PURPOSE = "against_purpose", _l("Önerinin amacına uymuyor")
    NOT_FEASIBLE = "not_feasible", _l("Uygulanabilir değil")
    UNCLEAR = "unclear", _l("Ne istendiği anlaşılmıyor")
    ANOTHER_CHOSEN = "another_chosen", _l("Başka bir değişiklik daha uygun bulundu")
    OFFENSIVE = "offensive", _l("Hakaret ya da ayrımcılık içeriyor")
    OTHER = "other", _l("Başka bir neden")


@dataclass(frozen=True, slots=True)
class Change:
    """What one amendment did: its paragraph, and how many paragraphs it brought."""

    kind: str
    position: int
    count: int


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a text. A fenced block of code stays whole, whatever blank lines it holds."""
    found: list[list[str]] = [[]]
    fence = ""
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line[mark.end() :].strip():
                fence = ""
        elif mark:
            fence = mark[1]
        if line.strip() or fence:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return ["\n".join(lines).rstrip() for lines in found if lines]


def text_of(paragraphs: Sequence[str]) -> str:
    """The text that consists of these paragraphs."""
    return "\n\n".join(paragraphs)


def digest_of(paragraph: str) -> str:
    """What a paragraph is known by: its SHA-256 in hexadecimal digits."""
    return hashlib.sha256(paragraph.encode()).hexdigest()


def apply(paragraphs: Sequence[str], kind: str, position: int, text: str) -> tuple[list[str], Change]:
    """The paragraphs after an amendment, and what it did. An insertion at 0 stands before everything.

    Raises `IndexError` where there is no such paragraph.
    """
    first = 0 if kind == AmendmentKind.INSERT else 1
    if not first <= position <= len(paragraphs):
        raise IndexError(position)
    brought = [] if kind == AmendmentKind.REMOVE else paragraphs_of(text)
    before = position if kind == AmendmentKind.INSERT else position - 1
    return [*paragraphs[:before], *brought, *paragraphs[position:]], Change(kind, position, len(brought))


def places(
    old: Sequence[str], new: Sequence[str], change: Change | None = None, *, is_sure: bool = False
) -> dict[int, int]:
    """Where each paragraph of the old text stands in the new one, unchanged or moved; what was changed is missing.

    `change` is what is known of the way from one to the other. Without it equal paragraphs are the same one: those at both
    ends first, then in their order. `is_sure` leaves out paragraphs of which the new text has more or fewer than the old.
    """
    if change is not None:
        return _places_after(len(old), change)
    start, end = _equal_ends(old, new)
    found = {position: position for position in range(1, start + 1)}
    found |= {len(old) - n: len(new) - n for n in range(end)}
    there: dict[str, list[int]] = defaultdict(list)
    here: dict[str, list[int]] = defaultdict(list)
    for position in range(start + 1, len(new) - end + 1):
        there[new[position - 1]].append(position)
    for position in range(start + 1, len(old) - end + 1):
        here[old[position - 1]].append(position)
    for paragraph, positions in here.items():
        if is_sure and len(positions) != len(there[paragraph]):
            continue
        found |= dict(zip(positions, there[paragraph], strict=False))
    return found


def _places_after(count: int, change: Change) -> dict[int, int]:
    shift = change.count if change.kind == AmendmentKind.INSERT else change.count - 1
    return {
        position: position + shift if position > change.position else position
        for position in range(1, count + 1)
        if position != change.position or change.kind == AmendmentKind.INSERT
    }


def _equal_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many paragraphs are equal at the beginning, and how many of the rest at the end."""
    most = min(len(old), len(new))
    start = next((n for n in range(most) if old[n] != new[n]), most)
    end = next((n for n in range(most - start) if old[-1 - n] != new[-1 - n]), most - start)
    return start, end
