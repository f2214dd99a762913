"""What a count says: who won, in which order, by which stages, and how ties were dealt with."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, ClassVar

from ballots.counting.ties import Tie


class StageKind(StrEnum):
    """Which papers a stage moved."""

    FIRST = "first_preferences"
    SURPLUS = "surplus"
    EXCLUSION = "exclusion"


class ElectedBy(StrEnum):
    QUOTA = "quota"
    MAJORITY = "majority"
    """More than half of the votes still in play, in instant run-off."""
    LAST_VACANCIES = "last_vacancies"
    """As many continuing options as vacancies were left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Election:
    """One option that was elected at the end of a stage."""

    option: int
    by: ElectedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step of a count by transfers. All numbers are votes; `votes` and the totals are those at its end."""

    number: int
    kind: StageKind
    option: int | None
    """Whose papers were moved; None at the first stage."""
    votes: dict[int, Fraction]
    transfers: dict[int, Fraction]
    """What each option received in this stage."""
    non_transferable: Fraction
    """Votes of papers without a further preference, so far."""
    rounding: Fraction
    """What was lost to the cutting of transfer values, so far."""
    elected: tuple[Election, ...]
    excluded: int | None
    """Who is excluded at the end of this stage; the next one moves their papers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The result of counting one ballot."""

    decimals: ClassVar[int] = 0
    """Places that votes are written with."""

    method: str
    options: tuple[int, ...]
    seats: int
    papers: int
    """All papers cast: valid and blank."""
    valid: int
    blank: int
    winners: tuple[int, ...]
    """In the order of their winning; fewer than `seats` while a tie is unresolved, or when nobody has a valid vote."""
    ranking: tuple[tuple[int, ...], ...]
    """Options by rank, best first. Equal ones share a rank, in which the order of numbers means nothing."""
    ties: tuple[Tie, ...]

    @property
    def unresolved(self) -> Tie | None:
        """The tie that the rule left open; None when the count is complete."""
        return next((tie for tie in self.ties if not tie.chosen), None)

    def as_json(self) -> dict[str, Any]:
        """Plain values for `json.dumps`: votes of counts by transfers as text with all their decimals, such as "806.07214"."""
        return {**_plain(self, self.decimals), "unresolved": self.unresolved is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class SumCount(Count):
    """Single choice, approval and score: votes, approvals or points for each option."""

    votes: dict[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedCount(Count):
    """Instant run-off and the single transferable vote."""

    withdrawn: tuple[int, ...]
    quota: int | None
    """Votes; None where there is none: instant run-off asks for more than half of what is still in play."""
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferableCount(StagedCount):
    decimals: ClassVar[int] = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Defeat:
    """One option that more papers prefer to another than the other way round."""

    winner: int
    loser: int
    votes_for: int
    votes_against: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """How an option fared against the default option."""

    __test__ = False  # not a test of pytest's

    option: int
    votes_for: int
    votes_against: int
    reaches_quorum: bool
    has_majority: bool

    @property
    def passes(self) -> bool:
        return self.reaches_quorum and self.has_majority


@dataclass(frozen=True, slots=True, kw_only=True)
class SchulzeCount(Count):
    """The Schulze method. `pairwise[a][b]` papers prefer a to b; `strengths[a][b]` is the strongest path from a to b as
    (votes for, votes against) of its weakest defeat, None without a path."""

    withdrawn: tuple[int, ...]
    default: int | None
    tests: tuple[Test, ...]
    dropped: tuple[int, ...]
    """Options that missed the quorum or their majority against the default option."""
    pairwise: dict[int, dict[int, int]]
    defeats: tuple[Defeat, ...]
    """Between options that were not dropped: those that count."""
    defeats_of_dropped: tuple[Defeat, ...]
    """With a dropped option on either side: they change nothing."""
    strengths: dict[int, dict[int, tuple[int, int] | None]]


def decimal(votes: Fraction, places: int) -> str:
    """Votes in decimal writing, exactly: `806.07214`. Raises `ValueError` when they do not fit into the places."""
    scaled = votes * 10**places
    if scaled.denominator != 1:
        raise ValueError(f"{votes} needs more than {places} decimals")
    sign, digits = "-" if scaled < 0 else "", str(abs(scaled.numerator)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def _plain(value: Any, decimals: int) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name), decimals) for field in fields(value)}
    if isinstance(value, Fraction):
        return decimal(value, decimals) if decimals else int(decimal(value, 0))
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, dict):
        return {str(key): _plain(item, decimals) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item, decimals) for item in value]
    return value
