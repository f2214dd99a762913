"""Keyset pages: the place in a list is the last row's own values, so a deep page costs what the first one costs.

A cursor is read by everybody and trusted by nobody: two whole numbers and a direction. One that is not of this form
gives the first page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

PAGE_SIZE = 20
CURSOR = re.compile(r"([so])\.(-?[0-9]{1,18})\.([0-9]{1,18})", re.ASCII)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows and the cursors of the pages around them; an empty cursor where there is none."""

    rows: Sequence[Row]
    previous: str
    next: str


@dataclass(frozen=True)
class Cursor:
    """After (or, backwards, before) the row with this value and key."""

    backwards: bool
    value: int
    pk: int

    def __str__(self) -> str:
        return f"{'o' if self.backwards else 's'}.{self.value}.{self.pk}"


def read_cursor(text: str) -> Cursor | None:
    match = CURSOR.fullmatch(text)
    return Cursor(match[1] == "o", int(match[2]), int(match[3])) if match else None


def _as_number(value: Any) -> int:
    if isinstance(value, datetime):
        return (value - EPOCH) // timedelta(microseconds=1)
    return int(value)


def page_of(
    rows: QuerySet[Row],
    *,
    key: str,
    descending: bool,
    cursor: str = "",
    size: int = PAGE_SIZE,
    is_moment: bool = False,
    dress: Callable[[QuerySet[Row]], QuerySet[Row]] | None = None,
) -> Page[Row]:
    """A page of `rows` ordered by `key` and, within equal values, newest first.

    `key` is a field or annotation of whole numbers, or of moments with `is_moment`; it comes from code, never from a request.
    `dress` may give the rows of the page more than is needed to find and order them; it keeps `key`.
    """
    place = read_cursor(cursor)
    backwards = place is not None and place.backwards
    if place is not None:
        value: Any = place.value
        if is_moment:
            try:
                value = EPOCH + timedelta(microseconds=place.value)
            except OverflowError:
                return page_of(rows, key=key, descending=descending, size=size, is_moment=is_moment, dress=dress)
        # The first condition lets an index of (key, id) start at the right place.
        side = "lt" if descending != backwards else "gt"
        within = "gt" if backwards else "lt"
        rows = rows.filter(
            Q(**{f"{key}__{side}e": value}) & (Q(**{f"{key}__{side}": value}) | Q(**{f"pk__{within}": place.pk}))
        )
    order = (f"-{key}" if descending != backwards else key, "pk" if backwards else "-pk")
    few = rows.order_by(*order)[: size + 1]
    found = list(few if dress is None else dress(few).order_by(*order))
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    has_previous = more if backwards else place is not None
    has_next = True if backwards else more

    def cursor_at(row: Row, *, back: bool) -> str:
        return str(Cursor(back, _as_number(_value(row, key)), row.pk))

    return Page(
        found,
        cursor_at(found[0], back=True) if found and has_previous else "",
        cursor_at(found[-1], back=False) if found and has_next else "",
    )


def _value(row: Any, key: str) -> Any:
    for name in key.split("__"):
        row = getattr(row, name)
    return row
