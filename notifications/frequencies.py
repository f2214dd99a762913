"""When somebody gets mails, by their choice or without one."""

from __future__ import annotations

from notifications.models import Frequency, MailChoice, Role

DEFAULTS: dict[str, str] = {
    Role.AUTHOR: Frequency.NOW,
    Role.AMENDER: Frequency.NOW,
    Role.SUPPORTER: Frequency.DAILY,
    Role.COMMENTER: Frequency.DAILY,
    Role.FOLLOWER: Frequency.DAILY,
}
"""Without a choice: at once about what one wrote, also an amendment, once a day about the rest."""


def frequencies_of(person: int) -> dict[str, str]:
    """When a person gets mails, for each role; the defaults where nothing was chosen."""
    chosen = MailChoice.objects.filter(person=person).values_list("role", "frequency")
    return {**DEFAULTS, **dict(chosen)}
