"""Groups of stages that the figures speak of, read from the one table of stages so that new ones come in by themselves."""

from __future__ import annotations

from collections.abc import Iterable

from proposals.stages import ENDED, MOVES, PASSED, PATH, Stage

ACCEPTED = PASSED
DONE = frozenset({Stage.DONE, Stage.REVIEWED})
ON_THE_WAY = tuple(stage for stage in PATH if stage not in ENDED)
"""The steps of the way in their order, without its ends."""


def order(stages: Iterable[str]) -> list[str]:
    """Stages in the order of the way, its ends last."""
    place = {stage: n for n, stage in enumerate([*ON_THE_WAY, *(stage for stage in Stage if stage not in ON_THE_WAY)])}
    return sorted(stages, key=lambda stage: place[Stage(stage)])


def is_onward(source: str, target: str) -> bool:
    """Whether a move leads on, and not back to a step before."""
    place = {stage: n for n, stage in enumerate(ON_THE_WAY)}
    return Stage(target) not in place or place.get(Stage(source), 0) < place[Stage(target)]


def columns(stages: Iterable[str]) -> dict[str, int]:
    """Where each stage stands in a chart of flows: steps by their order, an end one place behind the last step it can leave."""
    found = set(map(Stage, stages))
    way = [stage for stage in ON_THE_WAY if stage in found]
    place = {stage: n for n, stage in enumerate(way)}
    before = {
        end: max((place[stage] for stage in way if end in MOVES[stage]), default=0) for end in found if end not in place
    }
    return {str(stage): n for stage, n in place.items()} | {str(end): n + 1 for end, n in before.items()}
