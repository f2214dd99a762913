"""What people do with their accounts, and what officers do with identities."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from journal.actions import record
from journal.models import Audience
from people.identity import number_hash
from people.journal_kinds import PersonKind
from people.models import IdentityCheck, Language, Person
from people.names import clean_display_name
from people.verdicts import Refused


@transaction.atomic
def change_profile(*, actor: Person, display_name: str, language: str) -> Person:
    """Change one's own name and language; raises `ValidationError` for a name that is not one."""
    person = Person.objects.select_for_update(no_key=True).get(pk=actor.pk)
    person.display_name = clean_display_name(display_name)
    person.language = Language(language)
    person.save(update_fields=["display_name", "language"])
    return person


@sensitive_variables("number", "hashed")
@transaction.atomic
def check_identity(*, actor: Person, person: Person, number: str, at: datetime) -> IdentityCheck:
    """Tie a person to one national identity number; the same number a second time changes nothing.

    Who may do it is asked by the action above (`councils.actions.verify_residence`). Raises `InvalidNumber` for a wrong
    number, and `Refused` when the number belongs to another account or this account to another number.
    """
    hashed = number_hash(number, key=settings.IDENTITY_KEY)
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    known = IdentityCheck.objects.filter(person=person).first()
    if known is not None:
        if known.number_hash != hashed:
            raise Refused(_("Bu hesap daha önce başka bir kimlik numarasıyla doğrulandı."), "other_identity")
        return known
    try:
        with transaction.atomic():
            check = IdentityCheck.objects.create(person=person, number_hash=hashed, checked_by=actor, checked_at=at)
    except IntegrityError:
        # The message of the database holds the hash; it goes no further.
        raise Refused(
            _("Bu kimlik numarası başka bir hesapta doğrulanmış. Bir kişinin tek hesabı olabilir."), "identity_taken"
        ) from None
    record(
        PersonKind.IDENTITY_CHECKED,
        actor=actor,
        subject=person,
        topic=f"person:{person.pk}",
        at=at,
        audience=Audience.STAFF,
    )
    return check


@transaction.atomic
def close_account(*, person: Person, at: datetime) -> Person:
    """Remove name, address and identity from an account for good; what it wrote and how it voted stay, without the name.

    Run by whoever operates the installation, on the person's written request (KVKK, law 6698, articles 7 and 11). Every
    session ends. A second call changes nothing.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    address = f"silindi-{person.pk}@hesap.invalid"
    if person.email == address:
        return person
    person.email, person.display_name, person.is_active = address, "Silinmiş hesap", False
    person.is_staff = person.is_superuser = False
    person.set_unusable_password()
    person.save()
    EmailAddress.objects.filter(user=person).delete()
    IdentityCheck.objects.filter(person=person).delete()
    record(
        PersonKind.ACCOUNT_CLOSED,
        actor=None,
        subject=person,
        topic=f"person:{person.pk}",
        at=at,
        audience=Audience.STAFF,
    )
    return person
