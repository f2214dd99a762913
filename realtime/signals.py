"""Ends of sessions and accounts, as Django tells them: the sockets concerned end with them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from people.models import Person, Session
from realtime import actions


@receiver(post_delete, sender=Session)
def session_deleted(instance: Session, **_: Any) -> None:
    """Log-out, "end my other sessions", and the renewal of a key at log-in or at a new password."""
    actions.end_session(instance.session_key)


@receiver(user_logged_out)
def logged_out(request: Any, **_: Any) -> None:
    """For session engines without rows."""
    key = getattr(getattr(request, "session", None), "session_key", None)
    if key:
        actions.end_session(key)


@receiver(post_save, sender=Person)
def person_saved(instance: Person, created: bool, **_: Any) -> None:
    if created:
        return
    if not instance.is_active:
        actions.end_person(instance.pk, code=4403)
    elif getattr(instance, "_password", None) is not None:  # a new password is being saved, see AbstractBaseUser.save
        actions.end_person(instance.pk, code=4401)


@receiver(post_delete, sender=Person)
def person_deleted(instance: Person, **_: Any) -> None:
    actions.end_person(instance.pk, code=4403)
