"""Who may act on the matters of others. The apps above know the offices; accounts only ask whether there is one.

Each app registers once (`apps.ready`) the rows that give somebody an office. Whether there are any comes along with the person
of a request, and which with an access token, each in the same query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, F, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from people.models import Person

Row = TypeVar("Row", bound=Model)
Rows = Callable[[F], QuerySet[Any]]
"""The rows of today that give the person of an expression an office."""


@dataclass(frozen=True, slots=True)
class Office:
    """A kind of office: its rows, and the fields that make one another one when they change, beside its key."""

    kind: str
    rows: Rows
    fields: tuple[str, ...]


_offices: dict[str, Office] = {}


def register(kind: str, rows: Rows, fields: Iterable[str]) -> None:
    _offices[kind] = Office(kind, rows, tuple(fields))


def with_offices(rows: QuerySet[Row], *, person: str = "") -> QuerySet[Row]:
    """The same people, each with `holds_office`: a seat or post of today, or a place on the staff of the installation.

    Or the same rows of something else that belongs to a person, by the name of the field that says to whom.
    """
    at = f"{person}__" if person else ""
    staff: Any = Q(**{f"{at}is_staff": True}) | Q(**{f"{at}is_superuser": True})
    found = (Q(Exists(office.rows(OuterRef(f"{at}pk")))) for office in _offices.values())
    return rows.annotate(holds_office=reduce(or_, found, staff))


def holds_office(person: Person) -> bool:
    """Whether the person may act on the matters of others; one query unless `with_offices` has asked already."""
    known = getattr(person, "holds_office", None)
    if known is None:
        known = with_offices(Person.objects.filter(pk=person.pk)).values_list("holds_office", flat=True).first()
    return bool(known)


# --- Which offices ----------------------------------------------------------------------------------------------------
def with_names(rows: QuerySet[Any], person: str) -> QuerySet[Any]:
    """The same rows, each with the names of the offices of its person, one column for each kind (`names_on`)."""
    return rows.annotate(**{f"offices_{office.kind}": _names(office, person) for office in _offices.values()})


def _names(office: Office, person: str) -> ArraySubquery:
    """For example ``seat:17:5:secretary``: another seat, another body or another role is another office."""
    parts = [part for field in ("pk", *office.fields) for part in (Value(":"), Cast(field, CharField()))]
    named = office.rows(OuterRef(person)).order_by("pk").annotate(office_name=Concat(Value(office.kind), *parts))
    return ArraySubquery(named.values("office_name"))


def names_on(row: Any, person: Person) -> set[str]:
    """The names of the offices of a row's person; the row comes from `with_names`."""
    found = {name for office in _offices.values() for name in getattr(row, f"offices_{office.kind}")}
    return found | {name for name in ("staff", "superuser") if getattr(person, f"is_{name}")}


def names_of(person: Person) -> set[str]:
    return names_on(with_names(Person.objects.filter(pk=person.pk), "pk").get(), person)
