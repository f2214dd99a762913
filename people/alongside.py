"""What comes along with the person of a request, in the query that reads their session.

An app above registers once (`apps.ready`) what every page tells whoever is signed in, so that no page asks for it again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from people.models import Person

Question = Callable[[OuterRef], Exists]
"""Whether there is something for the person whose key the expression names."""
_questions: dict[str, Question] = {}


def register(name: str, question: Question) -> None:
    _questions[name] = question


def with_answers(rows: QuerySet[Any], *, person: str) -> QuerySet[Any]:
    """The same rows, each with the answers for the person its field names."""
    found: QuerySet[Any] = rows.annotate(**{name: ask(OuterRef(f"{person}_id")) for name, ask in _questions.items()})
    return found


def hand_over(row: Any, person: Person) -> None:
    """Give the person what came with a row of `with_answers`."""
    for name in _questions:
        setattr(person, name, getattr(row, name))


def answer(person: Any, name: str) -> bool:
    """What came along with a person; False when they came another way, as in the request that logs them in."""
    return bool(getattr(person, name, False))
