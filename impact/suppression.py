"""Counts of people by group for everybody to read: no small group is shown, and none can be worked out.

Small cells are left out, and when only one would be left out beside a total, the smallest other cell goes with it
(complementary suppression; Hundepool et al., Statistical Disclosure Control, 2012, chapter 4).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

SMALLEST = 5
"""Groups of fewer people are not shown."""
Key = TypeVar("Key", bound=Hashable)


def suppressed(counts: Mapping[Key, int], *, smallest: int = SMALLEST) -> tuple[dict[Key, int | None], int | None]:
    """The counts with None where one is not shown, and their total or None. Empty groups are nobody's and stay.

    What is hidden is at least two groups and together at least `smallest` people, so that the total gives none of them
    away; where that cannot be had, the total is hidden as well.
    """
    hidden = {key for key, count in counts.items() if 0 < count < smallest}
    shown = sorted((key for key, count in counts.items() if count >= smallest), key=lambda key: (counts[key], str(key)))
    while hidden and shown and (len(hidden) < 2 or sum(counts[key] for key in hidden) < smallest):
        hidden.add(shown.pop(0))
    is_safe = not hidden or (len(hidden) >= 2 and sum(counts[key] for key in hidden) >= smallest)
    told = {key: None if key in hidden else count for key, count in counts.items()}
    return told, sum(counts.values()) if is_safe else None
