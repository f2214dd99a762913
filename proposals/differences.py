"""What changed between two texts, word by word, as people read it. Plain data in, plain data out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from diff_match_patch import diff_match_patch

TOKEN = re.compile(r"\w+|\n+|[^\S\n]+|[^\w\s]", re.UNICODE)
SECONDS = 0.5
"""After this the comparison becomes coarser instead of slower (Myers, 1986, with the library's deadline)."""
_KINDS = {0: "same", 1: "added", -1: "removed"}
_SURROGATES = 0xD800
_AFTER_SURROGATES = 0x800


@dataclass(frozen=True, slots=True)
class Part:
    """A run of text that is the same in both, was added or was removed."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Two texts compared: paragraphs of parts, and how many words came and went."""

    paragraphs: list[list[Part]]
    added: int
    removed: int

    def __bool__(self) -> bool:
        return any(part.kind != "same" for paragraph in self.paragraphs for part in paragraph)


def compare(old: str, new: str, *, seconds: float = SECONDS) -> Difference:
    """Compare by whole words and tidy the result, so that scattered small matches read as one replacement."""
    parts = [Part(kind, text) for kind, text in _compare_tokens(_plain_lines(old), _plain_lines(new), seconds)]
    return Difference(
        paragraphs=_paragraphs(parts),
        added=_count_words(part.text for part in parts if part.kind == "added"),
        removed=_count_words(part.text for part in parts if part.kind == "removed"),
    )


def _plain_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _compare_tokens(old: str, new: str, seconds: float) -> list[tuple[str, str]]:
    """Each word stands for one letter while the library compares, so that it never cuts inside a word."""
    letters: dict[str, str] = {}

    def encode(text: str) -> str:
        return "".join(letters.setdefault(token, _letter(len(letters) + 1)) for token in TOKEN.findall(text))

    before, after = encode(old), encode(new)
    words = {letter: token for token, letter in letters.items()}
    comparer = diff_match_patch()
    comparer.Diff_Timeout = seconds
    found = comparer.diff_main(before, after, False)
    comparer.diff_cleanupSemantic(found)
    return [(_KINDS[kind], "".join(words[letter] for letter in run)) for kind, run in found]


def _letter(number: int) -> str:
    return chr(number if number < _SURROGATES else number + _AFTER_SURROGATES)


def _paragraphs(parts: Iterable[Part]) -> list[list[Part]]:
    paragraphs: list[list[Part]] = [[]]
    for part in parts:
        first, *others = re.split(r"\n+", part.text)
        if first:
            paragraphs[-1].append(Part(part.kind, first))
        paragraphs.extend([Part(part.kind, text)] if text else [] for text in others)
    return [paragraph for paragraph in paragraphs if paragraph]


def _count_words(texts: Iterable[str]) -> int:
    return sum(len(re.findall(r"\w+", text)) for text in texts)
