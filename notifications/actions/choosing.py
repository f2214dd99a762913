"""When somebody wants mails: the choice on the page, and the way out that stands in each mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from notifications.frequencies import DEFAULTS, choices_of, frequencies_of
from notifications.models import Frequency, MailChoice
from people.models import Person


@transaction.atomic
def choose_mails(*, actor: Person, choices: Mapping[str, str]) -> dict[str, str]:
    """Choose for some roles; the same choice again changes nothing. Raises `ValidationError` for an unknown word."""
    wrong = {
        role: [_("Bilinmeyen değer.")] for role, frequency in choices.items() if frequency not in dict(choices_of(role))
    }
    if wrong:
        raise ValidationError(wrong)
    _write(actor.pk, choices)
    return frequencies_of(actor.pk)


@transaction.atomic
def stop_mails(*, person: int, roles: Iterable[str]) -> bool:
    """No more mails for these roles, as the signed address in a mail asks; False when there is no such account any more."""
    if not Person.objects.filter(pk=person, is_active=True).exists():
        return False
    _write(person, {role: Frequency.NEVER for role in roles if role in DEFAULTS})
    return True


def _write(person: int, choices: Mapping[str, str]) -> None:
    MailChoice.objects.bulk_create(
        [MailChoice(person_id=person, role=role, frequency=choices[role]) for role in sorted(choices)],
        update_conflicts=True,
        unique_fields=["person", "role"],
        update_fields=["frequency"],
    )
