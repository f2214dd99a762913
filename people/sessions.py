"""Django's database sessions that know whose they are and when they were last seen. Named in settings.SESSION_ENGINE."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

SEEN_ANEW_AFTER = timedelta(minutes=10)
"""How old "last seen" may be: a session in use is written once in this time, not with every request."""


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> Any:
        from people.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row = super().create_model_instance(data)
        row.person_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        return row

    def load(self) -> dict[str, Any]:
        row = self._get_session_from_db()
        if row is None:
            return {}
        now = timezone.now()
        if row.person_id is not None and row.seen_at < now - SEEN_ANEW_AFTER:
            self.model.objects.filter(pk=row.pk).update(seen_at=now)
        return self.decode(row.session_data)
