"""Proof, asked again before a dangerous act, of who it is: the password, a second step, or the outside log-in.

allauth asks whoever has a password or a second step, and lets everybody else through: accounts of the outside log-in have
neither. Here nobody is let through; who has no way to prove anything gets one first, a password by mail.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import (
    get_reauthentication_flows,
    raise_if_reauthentication_required,
)
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from people.adapter import AccountAdapter


def require_proof(request: HttpRequest) -> None:
    """Raise `ReauthenticationRequired` unless the person of this session proved a moment ago who they are."""
    raise_if_reauthentication_required(request, app="people")
    if get_reauthentication_flows(request.user) or _has_proved_lately(request):
        return
    ways = AccountAdapter(request).get_reauthentication_methods(request.user)
    if any(way["id"] == "password_by_mail" for way in ways):
        messages.info(
            request, _("Hesabınızın parolası yok. Önce size göndereceğimiz bağlantıyla bir parola belirleyin.")
        )
    raise ReauthenticationRequired


def proof_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For views of dangerous acts."""

    @wraps(view)
    def asked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        require_proof(request)
        return view(request, *args, **kwargs)

    return asked


def _has_proved_lately(request: HttpRequest) -> bool:
    proofs = [each["at"] for each in get_authentication_records(request, request.user) if each.get("reauthenticated")]
    return bool(proofs) and time.time() - proofs[-1] < app_settings.REAUTHENTICATION_TIMEOUT
