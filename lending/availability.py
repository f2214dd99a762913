"""How many pieces are free on which day. Plain data in, plain data out, no ORM."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Taken:
    """Pieces kept from others from a day until a day; without an end where nobody knows when they come back."""

    starts: date
    ends: date | None
    pieces: int


def taken(starts: date, ends: date, pieces: int, *, is_out: bool, today: date) -> Taken:
    """A loan as it keeps pieces: what is out and late is not there until it comes."""
    return Taken(starts, None if is_out and ends < today else ends, pieces)


def held_on(loans: Iterable[Taken], day: date) -> int:
    """Pieces kept on a day."""
    return sum(loan.pieces for loan in loans if loan.starts <= day and (loan.ends is None or day <= loan.ends))


def free_between(stock: int, loans: Sequence[Taken], first: date, last: date) -> int:
    """How many pieces are free on every day from `first` until `last`, never below zero.

    The most are kept on `first` or on a day on which a loan begins.
    """
    days = {first} | {loan.starts for loan in loans if first <= loan.starts <= last}
    return max(0, stock - max(held_on(loans, day) for day in days))


def calendar(stock: int, loans: Sequence[Taken], first: date, days: int) -> list[tuple[date, int]]:
    """Each of some days with how many pieces are free on it."""
    found = []
    for offset in range(days):
        day = first + timedelta(days=offset)
        found.append((day, max(0, stock - held_on(loans, day))))
    return found
