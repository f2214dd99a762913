"""Access tokens their owner has outgrown: made before an office, or without the second step that the office asks for.

A token carries its owner's rights of the moment, so a program that was trusted with a citizen's would be trusted with a
secretary's. It opens nothing from the day its owner holds an office it was not made in; a new one is made after the second step.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from people import offices, second_step
from people.models import AccessToken


def with_offices_of_now(tokens: QuerySet[AccessToken]) -> QuerySet[AccessToken]:
    """The same tokens, each with what `is_outgrown` asks; no further query."""
    return offices.with_names(tokens, "person_id")


def is_outgrown(token: AccessToken, *, at: datetime) -> bool:
    """Whether the owner holds an office today that the token may not be used in; the token comes from `with_offices_of_now`."""
    held = offices.names_on(token, token.person)
    if not held:
        return False
    return not held <= set(token.offices) or not (token.is_stepped_up or second_step.is_in_grace(token.person, at=at))
