"""Reactions to signing in and out that belong to accounts alone."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import authentication_step_completed
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from people.devices import device_of
from people.language import speak
from people.models import Person, Session


@receiver(user_logged_in, dispatch_uid="people.language_follows_the_account")
def language_follows_the_account(sender: Any, request: HttpRequest | None, user: Any, **_: Any) -> None:
    """The language chosen in the account is the language after logging in."""
    if request is not None:
        speak(request, user.language)


@receiver(user_logged_in, dispatch_uid="people.a_session_says_where_it_began")
def a_session_says_where_it_began(sender: Any, request: HttpRequest | None, **_: Any) -> None:
    """Kind of browser and moment, for the page of sessions."""
    if request is not None:
        request.session["device"] = device_of(request.META.get("HTTP_USER_AGENT", ""))
        request.session["began_at"] = timezone.now().isoformat()


@receiver(authentication_step_completed, dispatch_uid="people.a_new_proof_is_a_new_session")
def a_new_proof_is_a_new_session(request: HttpRequest, reauthenticated: bool = False, **_: Any) -> None:
    """Whoever proves again who they are gets a new session key; one that was seen before is worth nothing now."""
    if reauthenticated:
        request.session.cycle_key()


@receiver(post_save, sender=Person, dispatch_uid="people.sessions_end_with_the_password")
def sessions_end_with_the_password(instance: Person, created: bool, **_: Any) -> None:
    """A new password and a closed account end every session; the one that changed it is renewed by Django afterwards."""
    if not created and (not instance.is_active or getattr(instance, "_password", None) is not None):
        Session.objects.filter(person=instance).delete()
