"""Accounts and the one identity behind each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _l

from people.tokens import LONGEST, Scope
from turkish.functions import Fold


class Language(models.TextChoices):
    TURKISH = "tr", "Türkçe"
    ENGLISH = "en", "English"


class AgeBand(models.TextChoices):
    """How old somebody says to be, in broad bands (yaş aralığı); asked for counts only, given freely."""

    UNDER_18 = "u18", _l("18 yaşından küçük")
    FROM_18 = "18-24", _l("18–24")
    FROM_25 = "25-34", _l("25–34")
    FROM_35 = "35-49", _l("35–49")
    FROM_50 = "50-64", _l("50–64")
    FROM_65 = "65+", _l("65 ve üstü")


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
    second_step_asked_at = models.DateTimeField(null=True, editable=False)
    # Given freely and taken back as easily: empty when not given, with the moment of the consent when it is.
    age_band = models.CharField(
        _l("yaş aralığı"), max_length=5, choices=AgeBand, blank=True, default="", db_default="", editable=False
    )
    age_band_given_at = models.DateTimeField(null=True, editable=False)

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
            models.CheckConstraint(
                condition=Q(age_band="", age_band_given_at__isnull=True)
                | Q(age_band__in=AgeBand.values, age_band_given_at__isnull=False),
                name="age_band_is_given_with_consent",
            ),
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


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    def of(self, person: Person) -> AccessTokenQuerySet:
        return self.filter(person=person)

    def live(self, at: datetime) -> AccessTokenQuerySet:
        """Neither taken back nor expired; a changed password is seen with the person (`AccessToken.is_live`)."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=at)


class AccessToken(models.Model):
    """A key for a person's programs (erişim anahtarı): what it may do, until when. The key itself is never kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="access_tokens")
    name = models.CharField(_l("ad"), max_length=60)
    prefix = models.CharField(max_length=14, unique=True)
    token_hash = models.CharField(max_length=64)
    # The session hash of the person when it was made: another password, however it was changed, ends the token.
    account_hash = models.CharField(max_length=128)
    scopes = ArrayField(models.CharField(max_length=20))
    # What its owner was when it was made, and whether by a second step: see `people.outgrown`.
    offices = ArrayField(models.CharField(max_length=80), default=list, db_default=[], blank=True)
    is_stepped_up = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _l("erişim anahtarı")
        verbose_name_plural = _l("erişim anahtarları")
        constraints = [
            models.CheckConstraint(
                condition=Q(scopes__contained_by=Scope.values, scopes__len__gt=0), name="token_scopes_are_known"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at"), expires_at__lte=F("created_at") + LONGEST),
                name="token_lives_a_year_at_most",
            ),
        ]
        indexes = [models.Index(fields=["person", "-id"], name="tokens_of_a_person_newest")]

    def __str__(self) -> str:
        return f"{self.prefix}…"

    def is_live(self, at: datetime) -> bool:
        """Whether it opens anything; asks the person's row too, which must be loaded."""
        return (
            self.revoked_at is None
            and self.expires_at > at
            and self.person.is_active
            and constant_time_compare(self.account_hash, self.person.get_session_auth_hash())
        )


class KeptAnswer(models.Model):
    """What a request with an idempotency key was answered, so that sending it again does nothing twice.

    Written in the transaction of the effect itself: there is never one without the other.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField()
    # Keyed: a request may hold something that must not be tried out.
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _l("saklanan yanıt")
        verbose_name_plural = _l("saklanan yanıtlar")
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_answer_per_person_and_key")]
        indexes = [models.Index(fields=["created_at"], name="kept_answers_by_age")]

    def __str__(self) -> str:
        return f"{self.person_id}/{self.key}"


class Session(AbstractBaseSession):
    """A browser somebody is signed in with (oturum), or a visitor's; written by `people.sessions`.

    It says whose it is, so that all of a person's can be shown and ended. No address is kept.
    """

    # Without a constraint of the database: the row is written at every log-in, and accounts are closed, never deleted.
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, db_constraint=False, related_name="browser_sessions"
    )
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _l("oturum")
        verbose_name_plural = _l("oturumlar")

    @classmethod
    def get_session_store_class(cls) -> Any:
        from people.sessions import SessionStore

        return SessionStore


class ExternalIdentity(models.Model):
    """Who a person is at the outside log-in (dış giriş): the provider's own name for them, which never changes hands."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="external_identity")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()

    class Meta:
        verbose_name = _l("dış giriş")
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="one_account_per_external_identity")]

    def __str__(self) -> str:
        return f"{self.person_id}"


class DataRead(models.Model):
    """That somebody read another person's data for their office (erişim kaydı): once an hour, only added.

    Law 6698, article 12: who holds data sees to it that nobody reads it without need. `person` is nobody where the data is of
    somebody without an account.
    """

    class What(models.TextChoices):
        REQUEST = "request", _l("Başvurunuz")
        RESIDENT = "resident", _l("Hemşehrilik kaydınız")

    reader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="data_reads")
    what = models.CharField(_l("veri"), max_length=8, choices=What)
    key = models.CharField(_l("kayıt"), max_length=60)
    hour = models.DateTimeField()
    at = models.DateTimeField(_l("okunma"))

    class Meta:
        verbose_name = _l("erişim kaydı")
        verbose_name_plural = _l("erişim kayıtları")
        constraints = [
            models.CheckConstraint(condition=Q(what__in=["request", "resident"]), name="what_was_read_is_known"),
            models.CheckConstraint(condition=Q(at__gte=F("hour")), name="a_read_lies_in_its_hour"),
            models.UniqueConstraint(fields=["reader", "what", "key", "hour"], name="a_read_is_noted_once_an_hour"),
        ]
        indexes = [
            models.Index(fields=["person", "-at", "-id"], name="data_reads_of_a_person"),
            models.Index(fields=["-at", "-id"], name="data_reads_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} {self.what} {self.key} {self.at:%Y-%m-%d %H:%M}"
