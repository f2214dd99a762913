"""How allauth behaves on this site: whose language a mail speaks, where its links lead, what counts as one source."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.messages import constants as levels
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from people.access import is_plain_path
from people.models import ExternalIdentity, Language, Person
from people.verdicts import Refused

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _l("Bu hesap kapalı."),
        "duplicate_email": _l("Bu adres zaten hesabınızda kayıtlı."),
        "email_password_mismatch": _l("E-posta ya da parola yanlış."),
        "email_taken": _l("Bu adres başka bir hesapta kullanılıyor."),
        "enter_current_password": _l("Şimdiki parolanızı doğru yazın."),
        "incorrect_code": _l("Kod yanlış. Son gelen postadaki kodu yazın."),
        "incorrect_password": _l("Parola yanlış."),
        "invalid_login": _l("Bu bilgilerle giriş yapılamadı."),
        "invalid_password_reset": _l("Bağlantının süresi dolmuş ya da bağlantı daha önce kullanılmış."),
        "too_many_login_attempts": _l(
            "Çok sayıda yanlış deneme yapıldı. Birkaç dakika sonra yeniden deneyin ya da e-postayla giriş kodu isteyin."
        ),
        "unverified_primary_email": _l("Önce e-posta adresinizi onaylayın."),
        "same_as_current": _l("Yeni değer eskisiyle aynı."),
        "rate_limited": _l("Kısa sürede çok istek geldi. Bir dakika sonra yeniden deneyin."),
    }

    # --- Accounts ---------------------------------------------------------------------------------
    def save_user(self, request: HttpRequest, user: Any, form: BaseForm, commit: bool = True) -> Any:
        """Name and language are part of the account from its first moment."""
        user.display_name = form.cleaned_data["display_name"]
        language = translation.get_language() or ""
        user.language = language if language in Language.values else settings.LANGUAGE_CODE
        return super().save_user(request, user, form, commit)

    def clean_email(self, email: str) -> str:
        """Addresses are kept in lower case by the rules of the protocol, not by those of Turkish."""
        return super().clean_email(email).lower()

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """False when the address became another account's meanwhile."""
        try:
            with transaction.atomic():
                return bool(super().confirm_email(request, email_address))
        except IntegrityError:
            self.add_message(
                request,
                levels.ERROR,
                "account/messages/email_confirmation_failed.txt",
                {"email": email_address.email},
            )
            return False

    def set_password(self, user: Any, password: str) -> None:
        """Refused for an account that is tied to an outside log-in: whoever lost that one must not come in by another door."""
        refuse_a_password_beside_the_outside_login(user)
        super().set_password(user, password)

    # --- Proving again who one is -----------------------------------------------------------------
    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """allauth's ways; without any, the outside log-in the account is linked to, else a password by mail."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if ways or not user.is_authenticated:
            return ways
        if settings.DEMO:
            return [{"id": "demo", "description": "", "url": reverse("demo_people")}]
        if ExternalIdentity.objects.filter(person=user).exists():
            return [{"id": "openid", "description": settings.OPENID_NAME, "url": reverse("openid_prove")}]
        return [{"id": "password_by_mail", "description": "", "url": reverse("account_reset_password")}]

    # --- Where to go next -------------------------------------------------------------------------
    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of this site: no scheme, no host, nothing that a browser reads as one."""
        return bool(url) and is_plain_path(url)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("settings")

    def is_ajax(self, request: HttpRequest) -> bool:
        """Accounts have pages only; the API is `/api/v1/`."""
        return False

    # --- Limits -----------------------------------------------------------------------------------
    def get_client_ip(self, request: HttpRequest) -> str:
        """The address behind settings.NUM_PROXIES proxies; a server on a socket file without any knows none."""
        try:
            return super().get_client_ip(request)
        except PermissionDenied:
            return "unknown"

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords count per account and source together, so that nobody can lock another person out."""
        login = credentials.get("email", credentials.get("username", "")).lower()
        return f"{self.get_client_ip(request)}:{login}"

    # --- Mails ------------------------------------------------------------------------------------
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send in the language of the person, with links to the configured address whatever the request's host was.

        A mail server that does not answer gives one page for every address, known or not.
        """
        person = context.get("user") or Person.objects.filter(email=email).first()
        values = {
            "request": allauth_context.request,
            "email": email,
            "person": person,
            **{key: _on_this_site(value) if key.endswith("_url") else value for key, value in context.items()},
        }
        language = person.language if isinstance(person, Person) else translation.get_language()
        with translation.override(language or settings.LANGUAGE_CODE):
            message = self.render_mail(template_prefix, email, values)
        try:
            message.send()
        except (SMTPException, OSError) as error:
            log.error("mail_not_sent", kind=template_prefix, error=type(error).__name__)
            raise ImmediateHttpResponse(
                render(allauth_context.request, "account/mail_not_sent.html", status=503)
            ) from error

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """What was done is done, even when the mail about it cannot be sent."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except ImmediateHttpResponse:
            log.warning("notification_mail_not_sent")


def refuse_a_password_beside_the_outside_login(person: Any) -> None:
    if ExternalIdentity.objects.filter(person=person).exists():
        raise Refused(_("Bu hesaba dış girişle girilir; ayrı bir parolası olamaz."), "external_account")


def _on_this_site(address: str) -> str:
    parts = urlsplit(address)
    return settings.SITE_URL + parts.path + (f"?{parts.query}" if parts.query else "")
