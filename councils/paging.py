"""Keyset pages: a page costs the same wherever it lies, and nothing is shown twice while rows are added."""

from __future__ import annotations

import json
import math
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

PARAMETER = "sayfa"
FORWARD, BACKWARD = "n", "p"


@dataclass(frozen=True)
class Page:
    """One page of rows with the query strings of its neighbours."""

    items: list[Any]
    previous: str | None
    next: str | None

    @property
    def is_first(self) -> bool:
        return self.previous is None


def page_of(
    request: HttpRequest,
    rows: QuerySet[Any],
    *,
    by: Sequence[str],
    size: int,
    descending: bool = False,
    parameter: str = PARAMETER,
) -> Page:
    """The page of `rows` that the request asks for, ordered by the fields `by` (the last one unique).

    A place that is not one (a forged or cut address) gives the first page.
    """
    direction, values = _place(request.GET.get(parameter, ""), len(by))
    if values is not None:
        try:
            return _read(request, rows, by, size, descending, parameter, direction, values)
        except (ValidationError, ValueError, TypeError):
            pass
    return _read(request, rows, by, size, descending, parameter, FORWARD, None)


def _read(
    request: HttpRequest,
    rows: QuerySet[Any],
    by: Sequence[str],
    size: int,
    descending: bool,
    parameter: str,
    direction: str,
    values: list[Any] | None,
) -> Page:
    backward = direction == BACKWARD
    falls = descending != backward
    if values is not None:
        rows = rows.filter(_beyond(by, values, "lt" if falls else "gt"))
    found = list(rows.order_by(*(f"-{name}" if falls else name for name in by))[: size + 1])
    has_more = len(found) > size
    found = found[:size]
    if backward:
        found.reverse()
    has_previous = has_more if backward else values is not None
    has_next = True if backward else has_more

    def address(direction: str, row: Any) -> str:
        params = request.GET.copy()
        params[parameter] = _token(direction, [getattr(row, name) for name in by])
        return f"?{params.urlencode()}"

    return Page(
        found,
        previous=address(BACKWARD, found[0]) if found and has_previous else None,
        next=address(FORWARD, found[-1]) if found and has_next else None,
    )


def _beyond(by: Sequence[str], values: Sequence[Any], comparison: str) -> Q:
    """Rows after a place in the order: `a > x or (a = x and b > y)`."""
    condition = Q()
    for index, name in enumerate(by):
        equal = Q(**dict(zip(by[:index], values[:index], strict=True)))
        condition |= equal & Q(**{f"{name}__{comparison}": values[index]})
    return condition


def _token(direction: str, values: list[Any]) -> str:
    # Django's own encoder cuts moments to milliseconds, and the row they came from would be shown again.
    text = json.dumps([direction, *values], default=lambda value: value.isoformat(), separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _place(token: str, length: int) -> tuple[str, list[Any] | None]:
    if not token or len(token) > 600:
        return FORWARD, None
    try:
        read = json.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except ValueError:
        return FORWARD, None
    if not isinstance(read, list) or len(read) != length + 1 or read[0] not in (FORWARD, BACKWARD):
        return FORWARD, None
    values = read[1:]
    return (read[0], values) if all(map(_is_ours, values)) else (FORWARD, None)


def _is_ours(value: Any) -> bool:
    """Whether `_token` could have written a value. The database is not asked about any other: it knows no infinite number
    and not every offset from UTC that Python can read."""
    if isinstance(value, str):
        try:
            moment = parse_datetime(value)
        except ValueError:  # it looks like a moment and is none
            return False
        return "\x00" not in value and (moment is None or moment.utcoffset() == timedelta(0))
    return isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
