"""allauth's forms of the second step, with one rule of their own: a code is worth one use. Named in settings.MFA_FORMS."""

from __future__ import annotations

import hmac
import time
import unicodedata
from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _l

from people.mfa import Adapter

PERIOD = 30
"""Seconds a code of an app stands for (RFC 6238, section 5.2)."""
DRIFT = 1
"""Periods a clock may be early or late."""


def digits(text: str) -> str:
    """The digits of what was typed, in whatever script; spaces and dashes left out, anything else makes it no code."""
    kept = [
        sign
        for sign in unicodedata.normalize("NFKC", text)
        if not (sign.isspace() or unicodedata.category(sign) == "Pd")
    ]
    return "".join(str(unicodedata.decimal(sign, "x")) for sign in kept)


def fitting_counter(secret: str, code: str, *, after: int, at: float) -> int | None:
    """The moment a code belongs to, when it fits now and comes after the last one that was accepted; else None.

    Moments only grow, so a code, and every code before it, opens nothing again (RFC 6238, section 5.2).
    """
    now = int(at) // PERIOD
    for counter in range(now - DRIFT, now + DRIFT + 1):
        if counter > after and hmac.compare_digest(format_hotp_value(hotp_value(secret, counter)), code):
            return counter
    return None


def _code_field(form: forms.Form, label: Any, hint: Any = "") -> None:
    field = form.fields["code"]
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update({"class": "code", "maxlength": "40", "inputmode": "numeric", "spellcheck": "false"})


class OnceOnly:
    """Accepts a code of the app or a recovery code, and writes down that it is used before anybody is let in."""

    user: Any
    authenticator: Authenticator
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self, _l("Kod"), _l("Uygulamanızdaki altı haneli kod ya da bir kurtarma kodu."))  # type: ignore[arg-type]

    def clean_code(self) -> str:
        forget_failures = check_rate_limit(self.user, error_key="rate_limited")
        code = digits(self.cleaned_data["code"])
        with transaction.atomic():
            rows = (
                Authenticator.objects.select_for_update().filter(user=self.user).exclude(type="webauthn").order_by("pk")
            )
            found = next((row for row in rows if _accepts(row, code)), None)
        if found is None:
            raise Adapter().validation_error("incorrect_code")
        found.user = self.user
        self.authenticator = found
        forget_failures()
        return code


def _accepts(row: Authenticator, code: str) -> bool:
    if row.type != Authenticator.Type.TOTP:
        return bool(row.wrap().validate_code(code))
    secret = decrypt(row.data["secret"])
    counter = fitting_counter(secret, code, after=row.data.get("last_counter", 0), at=time.time()) if secret else None
    if counter is None:
        return False
    row.data["last_counter"] = counter
    row.save(update_fields=["data"])
    return True


class AuthenticateForm(OnceOnly, base.AuthenticateForm):
    pass


class ReauthenticateForm(OnceOnly, base.ReauthenticateForm):
    pass


class ActivateTOTPForm(totp.ActivateTOTPForm):
    """`counter` is the moment of the code that proved the app; it is used then, too."""

    counter: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self, _l("Uygulamadaki kod"), _l("Altı hane; otuz saniyede bir değişir."))

    def clean_code(self) -> str:
        forget_failures = check_rate_limit(self.user, error_key="rate_limited")
        code = digits(self.cleaned_data["code"])
        counter = fitting_counter(self.secret, code, after=0, at=time.time())
        if counter is None:
            raise Adapter().validation_error("incorrect_code")
        self.counter = counter
        forget_failures()
        return code


class AddPasskeyForm(webauthn._BaseAddWebAuthnForm):
    """Every passkey can stand for the whole log-in: it lies in the device and asks for finger, face or PIN."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _l("Anahtarın adı")
        self.fields["name"].help_text = _l("Örneğin “Telefonum”. Anahtarlarınızı ayırt etmenize yarar.")
        self.fields["name"].widget.attrs.update({"maxlength": "60"})
        self.fields["name"].max_length = 60
