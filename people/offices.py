"""Who may act on the matters of others. The apps above know the offices; accounts only ask whether there is one.

Each app registers a question once (`apps.ready`): an expression that is true for a person (`OuterRef("pk")`) with an office.
The answer comes along with the person of a request, in the same query.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, Q, QuerySet

from people.models import Person

Question = Callable[[], Exists]

_questions: list[Question] = []


def register(question: Question) -> None:
    if question not in _questions:
        _questions.append(question)


def with_offices(people: QuerySet[Person]) -> QuerySet[Person]:
    """The same people, each with `holds_office`: a seat or post of today, or a place on the staff of the installation."""
    staff: Any = Q(is_staff=True) | Q(is_superuser=True)
    return people.annotate(holds_office=reduce(or_, (Q(question()) for question in _questions), staff))


def holds_office(person: Person) -> bool:
    """Whether the person may act on the matters of others; one query unless `with_offices` has asked already."""
    known = getattr(person, "holds_office", None)
    if known is None:
        known = with_offices(Person.objects.filter(pk=person.pk)).values_list("holds_office", flat=True).first()
    return bool(known)
