"""Django's database sessions that know whose they are and when they were last seen. Named in settings.SESSION_ENGINE."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import TextField
from django.db.models.expressions import Func
from django.db.models.functions import Cast
from django.utils import timezone

from people import alongside
from people.models import Person
from people.offices import with_offices

SEEN_ANEW_AFTER = timedelta(minutes=10)
"""How old "last seen" may be: a session in use is written once in this time, not with every request."""


class SessionStore(DatabaseStore):
    """A session comes with its person, their offices, what is new for them and the version of the database, in one query."""

    person: Person | None = None
    """Who the row says it belongs to, as stored when it was read; `people.middleware` checks the proof."""
    _version = ""

    @classmethod
    def get_model_class(cls) -> Any:
        from people.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row = super().create_model_instance(data)
        row.person_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        return row

    @property
    def database_version(self) -> str:
        """The snapshot of the database the session was read in; empty when there is none to read."""
        self._get_session()
        return self._version

    def _get_session_from_db(self) -> Any:
        sessions = with_offices(self.model.objects.select_related("person"), person="person")
        sessions = alongside.with_answers(sessions, person="person")
        row = (
            sessions.annotate(version=Cast(Func(function="pg_current_snapshot"), TextField()))
            .filter(session_key=self.session_key, expire_date__gt=timezone.now())
            .first()
        )
        if row is None:
            self._session_key = None
        elif row.person is not None:
            row.person.holds_office = row.holds_office
            alongside.hand_over(row, row.person)
        return row

    def load(self) -> dict[str, Any]:
        row = self._get_session_from_db()
        if row is None:
            self.person, self._version = None, ""
            return {}
        self.person, self._version = row.person, row.version
        now = timezone.now()
        if row.person_id is not None and row.seen_at < now - SEEN_ANEW_AFTER:
            self.model.objects.filter(pk=row.pk).update(seen_at=now)
        return self.decode(row.session_data)
