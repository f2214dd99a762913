"""What the moves of one proposal say: the stages it reached, how long it stood in each, and what was answered in time.

Plain data in, plain data out. It knows stages by their values and the moves as they were written down, so that a new
stage of `proposals.stages` comes in by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from proposals.overdue import BY_THE_CLOCK
from proposals.stages import Stage

ARROW = ">"

DueOf = Callable[[str, datetime], datetime | None]
"""When a stage entered at a moment is due; None when nothing is."""


@dataclass(frozen=True, slots=True)
class Move:
    """A change of stage as it was written down."""

    old: str
    new: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """A proposal's time in one stage, all its visits together."""

    stage: str
    entered_at: datetime
    left_at: datetime | None
    """When it left for the last time; None while it stands there, and where the moment is not known."""
    seconds: int | None
    """The sum of the finished visits; None when none is finished."""
    in_time: bool | None
    """Whether every finished visit ended by its due moment; None where nobody owes an answer or nothing was due."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A proposal's way so far."""

    spans: tuple[Span, ...]
    flows: tuple[str, ...]
    """Every move it made at least once, as ``in_group>ballot``, in the order of the first time."""
    in_time: bool | None
    """Whether every answer it was owed came in time; None as long as none came."""


@dataclass(slots=True)
class _Stay:
    entered_at: datetime
    left_at: datetime | None = None
    seconds: int | None = None
    in_time: bool | None = None

    def leave(self, since: datetime, at: datetime, due: datetime | None) -> None:
        self.left_at = at
        self.seconds = (self.seconds or 0) + max(0, int((at - since).total_seconds()))
        if due is not None:
            self.in_time = at <= due and self.in_time is not False


def walk(
    *,
    stage: str,
    submitted_at: datetime,
    stage_since: datetime,
    moves: Sequence[Move],
    due_of: DueOf,
    is_imported: bool = False,
) -> Walk:
    """The way of a submitted proposal. `moves` are in their order; where some are missing, no time is made up for them.

    What an import wrote as the first move says where the proposal stood then, not when and how it came there.
    """
    stays: dict[str, _Stay] = {}
    flows: dict[str, None] = {}
    standing = str(Stage.SUBMITTED)
    since: datetime | None = None if is_imported else submitted_at
    stays[standing] = _Stay(submitted_at)
    for move in moves:
        if move.old == Stage.DRAFT:
            continue
        if move.old == standing and since is not None:
            owed = due_of(standing, since) if standing not in BY_THE_CLOCK else None
            stays[standing].leave(since, move.at, owed)
        if not is_imported:
            flows[f"{move.old}{ARROW}{move.new}"] = None
        standing, since, is_imported = move.new, None if is_imported else move.at, False
        stay = stays.setdefault(standing, _Stay(move.at))
        stay.left_at = None
    if stage != standing:
        stays.setdefault(stage, _Stay(stage_since)).left_at = None
    answers = [stay.in_time for stay in stays.values() if stay.in_time is not None]
    return Walk(
        tuple(Span(name, stay.entered_at, stay.left_at, stay.seconds, stay.in_time) for name, stay in stays.items()),
        tuple(flows),
        all(answers) if answers else None,
    )
