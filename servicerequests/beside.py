"""What stands beside a request on its page: loans, files and the like of apps above, which register here once (`apps.ready`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from servicerequests.models import ServiceRequest


@dataclass(frozen=True)
class Beside:
    """A line with a link: what came of the request, or what the desk can begin from it (`is_deed`)."""

    title: str
    url: str
    note: str = ""
    is_deed: bool = False


Question = Callable[[ServiceRequest, bool], list[Beside]]
"""The lines of a request; the second argument says whether the desk asks."""
_questions: list[Question] = []


def register(question: Question) -> None:
    if question not in _questions:
        _questions.append(question)


def beside(request: ServiceRequest, *, is_desk: bool) -> list[Beside]:
    return [line for ask in _questions for line in ask(request, is_desk)]
