from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from people.actions import forget_answers

ANSWERS_ARE_KEPT = timedelta(hours=24)
"""How long an idempotency key is remembered."""


@shared_task(name="people.tasks.clear_sessions")
def clear_sessions(**_: Any) -> None:
    """Delete sessions that have expired."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@shared_task(name="people.tasks.forget_kept_answers")
def forget_kept_answers(**_: Any) -> None:
    """Delete answers whose idempotency keys have expired."""
    forget_answers(before=timezone.now() - ANSWERS_ARE_KEPT)
