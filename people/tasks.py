from __future__ import annotations

from importlib import import_module
from typing import Any

from celery import shared_task
from django.conf import settings


@shared_task(name="people.tasks.clear_sessions")
def clear_sessions(**_: Any) -> None:
    """Delete sessions that have expired."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
