"""Accounts and the one identity behind each."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, BaseUserManager, PermissionsMixin
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l

from turkish.functions import Fold


class Language(models.TextChoices):
    TURKISH = "tr", "Türkçe"
    ENGLISH = "en", "English"


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Create an account; the address is kept in lower case."""
        if not email:
            raise ValueError("An account needs an e-mail address")
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def names(self, ids: set[int]) -> dict[int, str]:
        """Display names by id, in one query."""
        return dict(self.filter(pk__in=ids).values_list("pk", "display_name")) if ids else {}


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody with an account (yurttaş, üye, görevli). What they may do comes from seats, not from this row."""

    email = models.EmailField(_l("e-posta"), unique=True)
    display_name = models.CharField(_l("görünen ad"), max_length=80, validators=[MinLengthValidator(2)])
    language = models.CharField(_l("dil"), max_length=2, choices=Language, default=Language.TURKISH)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = _l("kişi")
        verbose_name_plural = _l("kişiler")
        # A comment finds those it mentions by their names.
        indexes = [models.Index(Fold("display_name"), name="people_by_folded_name")]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_per_address"),
            models.CheckConstraint(condition=models.Q(language__in=Language.values), name="person_language_is_known"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def initials(self) -> str:
        """The first letters of the first and the last word, Turkish upper case."""
        from turkish.text import upper

        parts = self.display_name.split()
        return upper("".join(part[0] for part in ([parts[0], parts[-1]] if len(parts) > 1 else parts[:1])))


AnyPerson = Person | AnonymousUser


class IdentityCheck(models.Model):
    """A person's identity, seen by an officer at the desk (kimlik doğrulama).

    The national number is never stored: only a keyed hash, so that one citizen has one verified account.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="identity_check")
    number_hash = models.CharField(max_length=64, unique=True)
    checked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identity_checks_made")
    checked_at = models.DateTimeField()

    class Meta:
        verbose_name = _l("kimlik doğrulama")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(person=models.F("checked_by")), name="nobody_checks_their_own_identity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"
