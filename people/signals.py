"""Reactions to signing in and out that belong to accounts alone."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from people.language import speak


@receiver(user_logged_in, dispatch_uid="people.language_follows_the_account")
def language_follows_the_account(sender: Any, request: HttpRequest | None, user: Any, **_: Any) -> None:
    """The language chosen in the account is the language after logging in."""
    if request is not None:
        speak(request, user.language)
