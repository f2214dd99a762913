"""Which offers may meet a need. Plain data in, plain data out, no ORM; the desk decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from turkish.text import words

SHORTEST_WORD = 4


@dataclass(frozen=True, slots=True)
class Facts:
    """What is compared of a post. No district is the whole city, no day any day."""

    key: int
    organisation: int
    sort: str
    district: int | None
    starts: date | None
    ends: date | None
    text: str


@dataclass(frozen=True, slots=True)
class Fit:
    """How well an offer fits a need, and by what."""

    key: int
    points: int
    same_district: bool
    same_days: bool
    shared: tuple[str, ...]


def overlap(need: Facts, offer: Facts) -> bool:
    """Whether there is a day on which both stand."""
    return not (
        (need.ends is not None and offer.starts is not None and offer.starts > need.ends)
        or (offer.ends is not None and need.starts is not None and need.starts > offer.ends)
    )


def stems(text: str) -> set[str]:
    """Longer words cut to their first letters, for Turkish puts its endings behind."""
    return {word[:5] for word in words(text) if len(word) >= SHORTEST_WORD}


def fit(need: Facts, offer: Facts) -> Fit | None:
    """None where it cannot be: another kind, the same organisation, or no day in common."""
    if need.sort != offer.sort or need.organisation == offer.organisation or not overlap(need, offer):
        return None
    same_district = need.district is not None and need.district == offer.district
    elsewhere = need.district is not None and offer.district is not None and not same_district
    same_days = None not in (need.starts, offer.starts)
    shared = tuple(sorted(stems(need.text) & stems(offer.text)))
    points = 10 + 4 * same_district - 3 * elsewhere + 2 * same_days + 2 * min(len(shared), 5)
    return Fit(offer.key, points, same_district, same_days, shared)


def best(need: Facts, offers: Iterable[Facts], *, most: int = 5) -> list[Fit]:
    """The offers that fit best, the best first."""
    found = [each for each in (fit(need, offer) for offer in offers) if each is not None]
    return sorted(found, key=lambda each: (-each.points, each.key))[:most]
