"""How a session finds its person. Named in settings.AUTHENTICATION_BACKENDS."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from people.models import Person
from people.offices import with_offices


class Backend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> Person | None:
        """The person as stored now, with the offices they hold; None when the account is closed."""
        person = with_offices(Person.objects.filter(pk=user_id)).first()
        return person if person is not None and self.user_can_authenticate(person) else None
