"""What people do with their accounts, and what officers do with identities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from journal.actions import record
from journal.models import Audience
from people.identity import number_hash
from people.journal_kinds import PersonKind
from people.models import AccessToken, AgeBand, ExternalIdentity, IdentityCheck, KeptAnswer, Language, Person, Session
from people.names import clean_display_name
from people.offices import names_of
from people.openid import Claims
from people.outgrown import is_outgrown, with_offices_of_now
from people.tokens import LONGEST, MAX_TOKENS, Area, Scope, hash_of, is_token, new_token, prefix_of
from people.verdicts import Refused


@transaction.atomic
def change_profile(*, actor: Person, display_name: str, language: str) -> Person:
    """Change one's own name and language; raises `ValidationError` for a name that is not one."""
    person = Person.objects.select_for_update(no_key=True).get(pk=actor.pk)
    person.display_name = clean_display_name(display_name)
    person.language = Language(language)
    person.save(update_fields=["display_name", "language"])
    return person


@transaction.atomic
def give_age_band(*, actor: Person, band: str, at: datetime) -> Person:
    """Say in which age band one is, or take it back with an empty one; only counts are made of it.

    Giving it is the consent, kept with its moment. Raises `ValidationError` on ``age_band`` for a band that is none.
    """
    if band and band not in AgeBand.values:
        raise ValidationError({"age_band": _("Bilinmeyen yaş aralığı.")})
    person = Person.objects.select_for_update(no_key=True).get(pk=actor.pk)
    if person.age_band != band:
        person.age_band, person.age_band_given_at = band, at if band else None
        person.save(update_fields=["age_band", "age_band_given_at"])
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
def sign_up_from_outside(*, claims: Claims, at: datetime) -> Person:
    """A new account for somebody the outside provider vouches for; it has no password of its own.

    Refused without a verified address, and when the address belongs to an account: nobody takes an account over by an
    address, its owner links it while signed in.
    """
    if not claims.email:
        raise Refused(_("Dış giriş, doğrulanmış bir e-posta adresi bildirmedi."), "unverified_address")
    taken = (
        Person.objects.filter(email=claims.email).exists() or EmailAddress.objects.filter(email=claims.email).exists()
    )
    known = Refused(
        _("Bu adresle bir hesap var. Önce o hesapla giriş yapın, sonra Güvenlik sayfasından bağlayın."), "address_taken"
    )
    if taken:
        raise known
    try:
        with transaction.atomic():
            person = Person.objects.create_user(claims.email, None, display_name=_name_from_outside(claims))
            EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
            ExternalIdentity.objects.create(person=person, issuer=claims.issuer, subject=claims.subject, linked_at=at)
    except IntegrityError:
        raise known from None
    return person


def _name_from_outside(claims: Claims) -> str:
    try:
        return clean_display_name(claims.name)
    except ValidationError:
        return clean_display_name(claims.email.partition("@")[0].ljust(2, "."))


@transaction.atomic
def link_identity(*, actor: Person, claims: Claims, at: datetime) -> Person:
    """Tie one's own account to the outside log-in; its password is gone, and no other can be set.

    Refused unless the provider vouches for an address this account has confirmed, and when either side is tied already.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=actor.pk)
    own = EmailAddress.objects.filter(user=person, verified=True, email=claims.email)
    if not claims.email or not own.exists():
        raise Refused(_("Dış girişteki doğrulanmış e-posta adresi bu hesabınkiyle aynı değil."), "other_address")
    mine = ExternalIdentity.objects.filter(person=person).first()
    if mine is not None and (mine.issuer, mine.subject) == (claims.issuer, claims.subject):
        return person
    taken = ExternalIdentity.objects.filter(issuer=claims.issuer, subject=claims.subject)
    if mine is not None or taken.exists():
        raise Refused(_("Bu dış giriş ya da bu hesap daha önce bağlanmış."), "already_linked")
    ExternalIdentity.objects.create(person=person, issuer=claims.issuer, subject=claims.subject, linked_at=at)
    person.set_unusable_password()
    person.save(update_fields=["password"])
    return person


@transaction.atomic
def end_sessions(*, person: Person, keep: str = "", only: Sequence[str] | None = None) -> int:
    """End sessions of a person: all but `keep`, or `only` those with these keys. Their live connections end with them."""
    sessions = Session.objects.filter(person=person).exclude(session_key=keep)
    if only is not None:
        sessions = sessions.filter(session_key__in=only)
    return int(sessions.delete()[0])


@transaction.atomic
def close_account(*, person: Person, at: datetime) -> Person:
    """Remove name, address and identity from an account for good; what it wrote and how it voted stay, without the name.

    Run by whoever operates the installation, on the person's written request (KVKK, law 6698, articles 7 and 11). Every
    session and every access token ends. A second call changes nothing.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    address = f"silindi-{person.pk}@hesap.invalid"
    if person.email == address:
        return person
    person.email, person.display_name, person.is_active = address, "Silinmiş hesap", False
    person.is_staff = person.is_superuser = False
    person.age_band, person.age_band_given_at = "", None
    person.set_unusable_password()
    person.save()
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    ExternalIdentity.objects.filter(person=person).delete()
    IdentityCheck.objects.filter(person=person).delete()
    AccessToken.objects.filter(person=person).delete()
    KeptAnswer.objects.filter(person=person).delete()
    record(
        PersonKind.ACCOUNT_CLOSED,
        actor=None,
        subject=person,
        topic=f"person:{person.pk}",
        at=at,
        audience=Audience.STAFF,
    )
    return person


# --- Access tokens ----------------------------------------------------------------------------------------------------
USE_IS_NOTED_EVERY = timedelta(minutes=5)


@transaction.atomic
def make_token(
    *, actor: Person, name: str, scopes: Iterable[str], lifetime: timedelta, is_stepped_up: bool, at: datetime
) -> tuple[AccessToken, str]:
    """Make an access token of one's own. The second value is the token itself, which nobody can read again.

    `is_stepped_up` says whether the session that makes it has proved a second step. The work of an office only for who
    holds one, so that it never began without their second step; a later office needs a later token (`people.outgrown`). Raises
    `ValidationError` on ``name``, ``scopes`` or ``lifetime``; refuses with ``no_office``, ``too_many_tokens``.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=actor.pk)
    name, chosen, held = " ".join(name.split()), sorted(set(scopes)), names_of(person)
    if not name:
        raise ValidationError({"name": [_("Anahtara bir ad verin.")]})
    if not chosen or not set(chosen) <= set(Scope.values):
        raise ValidationError({"scopes": [_("Anahtarın ne yapabileceğini seçin.")]})
    if not timedelta(0) < lifetime <= LONGEST:
        raise ValidationError({"lifetime": [_("Bir anahtar en çok bir yıl geçerli olur.")]})
    if any(scope.startswith(f"{Area.DESK}:") for scope in chosen) and not held:
        raise Refused(_("Görev işleri için bir anahtarı yalnız görevi olanlar oluşturur."), "no_office")
    if AccessToken.objects.of(person).live(at).count() >= MAX_TOKENS:
        raise Refused(
            _("En çok %(n)s geçerli anahtarınız olabilir. Kullanmadıklarınızı iptal edin.") % {"n": MAX_TOKENS},
            "too_many_tokens",
        )
    prefix, whole = new_token()
    token = AccessToken(
        person=person,
        name=name,
        prefix=prefix,
        token_hash=hash_of(whole),
        account_hash=person.get_session_auth_hash(),
        scopes=chosen,
        offices=sorted(held),
        is_stepped_up=is_stepped_up,
        created_at=at,
        expires_at=at + lifetime,
    )
    token.clean_fields(exclude=["person"])
    token.save()
    _record_token(PersonKind.TOKEN_MADE, token, at=at)
    return token, whole


@transaction.atomic
def revoke_token(*, actor: Person, token: AccessToken, at: datetime) -> AccessToken:
    """Take a token of one's own back; a second call changes nothing. Refuses with ``not_yours``."""
    token = AccessToken.objects.select_for_update(of=("self",)).select_related("person").get(pk=token.pk)
    if token.person_id != actor.pk:
        raise Refused(_("Bir anahtarı yalnız sahibi iptal eder."), "not_yours")
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        _record_token(PersonKind.TOKEN_REVOKED, token, at=at)
    return token


def use_token(text: str, *, at: datetime) -> AccessToken | None:
    """The live token of this text with its person; None for any other text. Notes that it was used, now and then.

    Refuses with ``token_before_office`` one its owner has outgrown.
    """
    prefix = prefix_of(text)
    if prefix is None:
        return None
    token = with_offices_of_now(AccessToken.objects.select_related("person").filter(prefix=prefix)).first()
    if token is None or not is_token(text, token.token_hash) or not token.is_live(at):
        return None
    if is_outgrown(token, at=at):
        raise Refused(_("Bu anahtar bugünkü görevinizden önce oluşturuldu. Yenisini oluşturun."), "token_before_office")
    if token.last_used_at is None or token.last_used_at <= at - USE_IS_NOTED_EVERY:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - USE_IS_NOTED_EVERY)
        AccessToken.objects.filter(stale, pk=token.pk).update(last_used_at=at)
    return token


def _record_token(kind: PersonKind, token: AccessToken, *, at: datetime) -> None:
    record(
        kind,
        actor=token.person,
        subject=token.person,
        topic=f"person:{token.person_id}",
        at=at,
        audience=Audience.STAFF,
        facts={"token": token.pk, "scopes": token.scopes},
    )


def forget_answers(*, before: datetime) -> int:
    """Delete the answers kept for idempotency keys before a moment; returns how many."""
    return KeptAnswer.objects.filter(created_at__lt=before).delete()[0]
