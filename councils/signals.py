"""Reactions to accounts that belong to residence."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import email_confirmed
from django.contrib import messages
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from councils.models import Residence


@receiver(email_confirmed, dispatch_uid="councils.a_new_account_has_no_residence_yet")
def a_new_account_has_no_residence_yet(request: HttpRequest | None, email_address: Any, **_kwargs: Any) -> None:
    """Whoever confirmed their address hears of the next step: without a residence nobody can support anything."""
    if request is None or Residence.objects.filter(person=email_address.user_id).exists():
        return
    messages.info(
        request,
        format_html(
            '<a href="{}#residence">{}</a>',
            reverse("settings"),
            _("Şimdi ilçenizi seçin; destek verebilmek için doğrulanması gerekir."),
        ),
    )
