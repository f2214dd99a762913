"""The same done with several requests, each judged for itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError

from councils.models import Officer
from people.models import Person
from people.verdicts import Refused
from servicerequests.actions.answering import take_up
from servicerequests.actions.assigning import assign_request, set_priority
from servicerequests.models import DeskUnit, Priority, ServiceRequest


def carry_out(
    *,
    actor: Person,
    requests: Sequence[ServiceRequest],
    deed: str,
    assignee: Officer | None = None,
    unit: DeskUnit | None = None,
    priority: str = "",
    at: datetime,
) -> tuple[list[str], list[tuple[str, str]]]:
    """Do a deed (``assign``, ``unit``, ``priority``, ``take_up``) with each request in a transaction of its own.

    Returns the numbers with which it was done, and number and sentence of each that refused; one that refuses stops no other.
    """
    done, refused = [], []
    for request in requests:
        try:
            match deed:
                case "assign":
                    assign_request(actor=actor, request=request, unit=None, assignee=assignee, at=at)
                case "unit":
                    assign_request(actor=actor, request=request, unit=unit, assignee=None, at=at)
                case "priority":
                    set_priority(actor=actor, request=request, priority=Priority(priority), at=at)
                case _:
                    take_up(actor=actor, request=request, at=at)
            done.append(request.number)
        except Refused as error:
            refused.append((request.number, str(error.reason)))
        except ValidationError as error:
            refused.append((request.number, " ".join(error.messages)))
    return done, refused
