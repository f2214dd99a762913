"""How allauth's second step behaves on this site: words, the QR code as a drawing, secrets at rest (settings.MFA_ADAPTER)."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import qrcode
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from people.offices import holds_office
from people.second_step import STEPS

QUIET_ZONE = 4
"""Modules of white around a QR code (ISO/IEC 18004, section 6.3.8)."""


class Adapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _l("Göreviniz sürdükçe bir ikinci adımınız olmalı. Önce yenisini ekleyin."),
        "cannot_generate_recovery_codes": _l("Önce bir ikinci adım kurun; kurtarma kodları onun yedeğidir."),
        "incorrect_code": _l("Kod yanlış ya da daha önce kullanılmış. Yeni kodu bekleyip yeniden deneyin."),
        "unverified_email": _l("Önce e-posta adresinizi onaylayın."),
    }

    def build_totp_svg(self, url: str) -> str:
        """The QR code as an inline drawing: no image is fetched, nothing of it leaves the page."""
        code = qrcode.QRCode(border=0)
        code.add_data(url)
        code.make(fit=True)
        rows = code.get_matrix()
        side = len(rows) + 2 * QUIET_ZONE
        path = "".join(
            f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h1v1h-1z"
            for y, row in enumerate(rows)
            for x, is_dark in enumerate(row)
            if is_dark
        )
        return format_html(
            '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges">'
            '<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path fill="#000" d="{2}"/></svg>',
            side,
            _("Uygulamanızla okutacağınız kare kod"),
            path,
        )

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Empty when the key changed: then no code fits, and the person comes back by a recovery of the account."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return ""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever holds an office keeps at least one second step."""
        others = Authenticator.objects.filter(user=authenticator.user_id, type__in=STEPS).exclude(pk=authenticator.pk)
        return others.exists() or not holds_office(authenticator.user)

    def generate_authenticator_name(self, user: Any, kind: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=kind).count() + 1
        return _("Geçiş anahtarı") if number == 1 else _("Geçiş anahtarı %(number)d") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """A passkey belongs to the host of the page, which `ALLOWED_HOSTS` has let in."""
        return {"id": context.request.get_host().partition(":")[0], "name": "Meydan"}


def _cipher() -> Fernet:
    key = hashlib.sha256(f"second step:{settings.SECOND_STEP_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
