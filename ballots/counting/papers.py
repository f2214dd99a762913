"""What a paper says: canonical strings in, plain numbers out.

A paper is one string per method, and every paper has exactly one spelling, so that equal papers are equal strings and
can be counted in groups. Options are the positive numbers they carry within their ballot.

| method | example | meaning |
|---|---|---|
| single choice | `3` | option 3 |
| approval | `1,4,7` | these, in rising order |
| score | `1:5,2:0,3:4` | option 1 gets 5 points …, in rising order of the options |
| ranked | `3>1=2>4` | best first; `=` joins equal ranks in rising order, where the method allows them |
| all | `blank`, `abstain` | a paper that names no option: counted as cast, not as valid |
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

BLANKS = frozenset({"blank", "abstain"})
"""The papers that name no option."""

Ranking = tuple[tuple[int, ...], ...]
"""Ranks, best first; the options of one rank are equal."""

P = TypeVar("P")
_OPTION = r"[1-9][0-9]*"
_SCORE = re.compile(rf"({_OPTION}):(0|[1-9][0-9]*)")


class InvalidPaper(ValueError):
    """A paper that is not written as its method asks, or names what is not on the ballot."""


def _number(text: str, paper: str) -> int:
    if not re.fullmatch(_OPTION, text):
        raise InvalidPaper(f"{paper!r}: {text!r} is no option's number")
    return int(text)


def _rising(numbers: list[int], paper: str) -> None:
    if any(first >= second for first, second in pairwise(numbers)):
        raise InvalidPaper(f"{paper!r}: options stand in rising order, each once")


def parse_single(paper: str) -> int:
    """The option chosen. Raises `InvalidPaper`; `blank` and `abstain` are not for here."""
    return _number(paper, paper)


def parse_approval(paper: str) -> tuple[int, ...]:
    """The options approved, rising. Raises `InvalidPaper`."""
    numbers = [_number(text, paper) for text in paper.split(",")]
    _rising(numbers, paper)
    return tuple(numbers)


def parse_score(paper: str) -> tuple[tuple[int, int], ...]:
    """Pairs of an option and its points, rising by option. Raises `InvalidPaper`."""
    found = [_SCORE.fullmatch(text) for text in paper.split(",")]
    pairs = [(int(pair[1]), int(pair[2])) for pair in found if pair]
    if len(pairs) != len(found):
        raise InvalidPaper(f"{paper!r}: every part is option:points")
    _rising([option for option, _ in pairs], paper)
    return tuple(pairs)


def parse_ranking(paper: str) -> Ranking:
    """The ranks, best first. Raises `InvalidPaper`."""
    ranks = tuple(tuple(_number(text, paper) for text in rank.split("=")) for rank in paper.split(">"))
    for rank in ranks:
        _rising(list(rank), paper)
    named = [option for rank in ranks for option in rank]
    if len(named) != len(set(named)):
        raise InvalidPaper(f"{paper!r}: an option is ranked twice")
    return ranks


def write_ranking(ranks: Iterable[Iterable[int]]) -> str:
    """The canonical spelling of ranks; `blank` when there are none."""
    return ">".join("=".join(str(option) for option in sorted(rank)) for rank in ranks) or "blank"


@dataclass(frozen=True, slots=True)
class Box(Generic[P]):
    """The papers of a ballot, read: each distinct valid paper once, with how often it was cast."""

    options: tuple[int, ...]
    valid: dict[P, int]
    blank: int

    @property
    def valid_papers(self) -> int:
        return sum(self.valid.values())


def read_box(papers: Iterable[tuple[str, int]], options: Iterable[int], read: Callable[[str], P]) -> Box[P]:
    """Read grouped papers (paper, how often). Raises `InvalidPaper` for one paper that `read` refuses, and `ValueError`
    for options or counts no ballot can have: nothing may vanish from a count."""
    numbers = tuple(options)
    if not numbers or len(set(numbers)) != len(numbers) or min(numbers) < 1:
        raise ValueError("Options are different positive numbers, at least one")
    valid: Counter[P] = Counter()
    blank = 0
    for paper, count in papers:
        if count < 0:
            raise ValueError(f"{paper!r}: a paper cannot be cast {count} times")
        if paper in BLANKS:
            blank += count
        elif count:
            valid[read(paper)] += count
    return Box(tuple(sorted(numbers)), dict(valid), blank)


def require_known(named: Iterable[int], options: frozenset[int], paper: str) -> None:
    """Raises `InvalidPaper` when a paper names an option that is not on the ballot."""
    unknown = set(named) - options
    if unknown:
        raise InvalidPaper(f"{paper!r}: not on the ballot: {', '.join(map(str, sorted(unknown)))}")
