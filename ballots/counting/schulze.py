"""The Schulze method, with Debian's quorum and majority against a default option.

- M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election
  method", Social Choice and Welfare 36 (2011), 267-303: strongest paths; a defeat is as strong as the votes for it, and of
  equal ones the one with fewer votes against it is stronger ("winning votes").
- Constitution for the Debian Project, A.6 (of 2003): unranked options are equal and last (1); an option other than the default is
  dropped when fewer than the quorum rank it above the default (2), or when it does not defeat the default by its majority
  ratio, V(A,D) > N x V(D,A) (3); then the weakest defeats within the Schwartz set are dropped until none is left
  (4-8), which elects the same options as the strongest paths.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import isqrt

from ballots.counting.papers import Ranking, parse_ranking, read_box, require_known
from ballots.counting.results import Defeat, SchulzeCount, Test
from ballots.counting.sums import fill_seats
from ballots.counting.ties import OPEN, TieRule

Strength = tuple[int, int]
"""Votes for, and votes against with a minus: larger is stronger."""


@dataclass(frozen=True, slots=True)
class Default:
    """The option that the others must defeat, such as "further discussion" or "none of the above"."""

    option: int
    quorum: Fraction | int = 0
    """Papers that must rank an option above the default; reaching it exactly is enough."""
    majorities: Mapping[int, Fraction | int] = field(default_factory=dict)
    """The ratio an option needs, such as 3 for 3:1; 1 when not named. The ratio must be exceeded."""


def debian_quorum(developers: int) -> int:
    """The fewest votes that reach Debian's quorum 3Q, Q being half the square root of the developers (A.6, 4.2)."""
    root = isqrt(9 * developers)
    doubled = root if root * root == 9 * developers else root + 1  # the ceiling of 3 x sqrt(developers)
    return -(-doubled // 2)


def count_schulze(
    papers: Iterable[tuple[str, int]],
    options: Iterable[int],
    *,
    seats: int = 1,
    withdrawn: Iterable[int] = (),
    default: Default | None = None,
    ties: TieRule = OPEN,
) -> SchulzeCount:
    """Count grouped ranked papers; equal ranks are allowed, unranked options are equal and last.

    More seats than one are filled along the ranking. Options that are dropped are in no rank; the default option is, and
    winning it means that no other option was good enough.
    """
    if seats < 1:
        raise ValueError("There is at least one seat")
    known, gone = frozenset(options), frozenset(withdrawn)
    standing = tuple(sorted(known - gone))

    def read(paper: str) -> Ranking:
        ranks = parse_ranking(paper)
        require_known((option for rank in ranks for option in rank), known, paper)
        kept = (tuple(option for option in rank if option not in gone) for rank in ranks)
        return tuple(rank for rank in kept if rank)

    box = read_box(papers, known, read)
    lost = box.valid.pop((), 0)  # papers that named none but withdrawn options
    if default is not None and default.option not in standing:
        raise ValueError("The default option is not on the ballot")
    pairwise = prefer(box.valid, standing)
    tests = () if default is None else tuple(_tests(default, standing, pairwise))
    dropped = tuple(test.option for test in tests if not test.passes)
    left = tuple(option for option in standing if option not in dropped)
    strongest = strongest_paths(left, pairwise)
    ranking = tuple(_ranks(left, strongest))
    winners, tied = fill_seats(ranking, seats, ties) if box.valid else ((), ())
    return SchulzeCount(
        method="schulze",
        options=tuple(sorted(known)),
        withdrawn=tuple(sorted(gone)),
        seats=seats,
        papers=box.valid_papers + lost + box.blank,
        valid=box.valid_papers,
        blank=lost + box.blank,
        winners=winners,
        ranking=ranking,
        ties=tied,
        default=None if default is None else default.option,
        tests=tests,
        dropped=dropped,
        pairwise=pairwise,
        defeats=tuple(_defeats(left, pairwise)),
        defeats_of_dropped=tuple(d for d in _defeats(standing, pairwise) if not {d.winner, d.loser} <= set(left)),
        strengths={a: {b: _shown(strongest.get((a, b))) for b in left if b != a} for a in left},
    )


def prefer(valid: Mapping[Ranking, int], options: tuple[int, ...]) -> dict[int, dict[int, int]]:
    """How many papers prefer one option to another: `[a][b]` for a above b."""
    size = len(options)
    place = {option: index for index, option in enumerate(options)}
    matrix = [[0] * size for _ in options]
    for ranks, count in valid.items():
        below = set(range(size))
        for rank in ranks:
            indices = [place[option] for option in rank]
            below.difference_update(indices)
            for index in indices:
                row = matrix[index]
                for other in below:
                    row[other] += count
    return {a: {b: matrix[place[a]][place[b]] for b in options if b != a} for a in options}


def _tests(default: Default, options: tuple[int, ...], pairwise: dict[int, dict[int, int]]) -> Iterable[Test]:
    for option in options:
        if option == default.option:
            continue
        votes_for, votes_against = pairwise[option][default.option], pairwise[default.option][option]
        yield Test(
            option=option,
            votes_for=votes_for,
            votes_against=votes_against,
            reaches_quorum=votes_for >= default.quorum,
            has_majority=votes_for > default.majorities.get(option, 1) * votes_against,
        )


def _defeats(options: tuple[int, ...], pairwise: dict[int, dict[int, int]]) -> Iterable[Defeat]:
    for a in options:
        for b in options:
            if a != b and pairwise[a][b] > pairwise[b][a]:
                yield Defeat(winner=a, loser=b, votes_for=pairwise[a][b], votes_against=pairwise[b][a])


def strongest_paths(options: tuple[int, ...], pairwise: dict[int, dict[int, int]]) -> dict[tuple[int, int], Strength]:
    """The strength of the weakest defeat of the strongest path from a to b (Floyd and Warshall; Schulze 2011, 2.3)."""
    found: dict[tuple[int, int], Strength] = {
        (defeat.winner, defeat.loser): (defeat.votes_for, -defeat.votes_against)
        for defeat in _defeats(options, pairwise)
    }
    for middle in options:
        for a in options:
            first = found.get((a, middle))
            if first is None or a == middle:
                continue
            for b in options:
                second = found.get((middle, b))
                if second is None or b == a:
                    continue
                strength = min(first, second)
                if (a, b) not in found or found[a, b] < strength:
                    found[a, b] = strength
    return found


def _ranks(options: tuple[int, ...], strongest: dict[tuple[int, int], Strength]) -> Iterable[tuple[int, ...]]:
    """Peel off those whom nobody left beats; "a's path to b is stronger than b's to a" is transitive (Schulze 2011, 4.1)."""

    def beats(a: int, b: int) -> bool:
        there, back = strongest.get((a, b)), strongest.get((b, a))
        return there is not None and (back is None or there > back)

    left = list(options)
    while left:
        best = tuple(option for option in left if not any(beats(other, option) for other in left))
        yield best
        left = [option for option in left if option not in best]


def _shown(strength: Strength | None) -> tuple[int, int] | None:
    return None if strength is None else (strength[0], -strength[1])
