"""When somebody gets mails, by their choice or without one."""

from __future__ import annotations

from typing import Any

from notifications.models import Frequency, MailChoice, RequestRole, Role

DEFAULTS: dict[str, str] = {
    Role.AUTHOR: Frequency.NOW,
    Role.AMENDER: Frequency.NOW,
    Role.SUPPORTER: Frequency.DAILY,
    Role.COMMENTER: Frequency.DAILY,
    Role.FOLLOWER: Frequency.DAILY,
    RequestRole.APPLICANT: Frequency.NOW,
    RequestRole.JOINED: Frequency.NOW,
    RequestRole.DESK: Frequency.NOW,
}
"""Without a choice: at once about what one wrote, also an amendment, once a day about the rest; about requests at once."""


AT_ONCE_OR_NEVER: list[tuple[str, Any]] = [(each.value, each.label) for each in (Frequency.NOW, Frequency.NEVER)]


def choices_of(role: str) -> list[tuple[str, Any]]:
    """What may be chosen for a role."""
    if role in RequestRole.values:
        return AT_ONCE_OR_NEVER
    return Frequency.choices if role in Role.values else []


def frequencies_of(person: int) -> dict[str, str]:
    """When a person gets mails, for each role; the defaults where nothing was chosen."""
    chosen = MailChoice.objects.filter(person=person).values_list("role", "frequency")
    return {**DEFAULTS, **dict(chosen)}
