from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from people.models import Session
from people.tasks import clear_sessions

pytestmark = pytest.mark.django_db


def test_only_sessions_that_have_expired_are_cleared():
    now = timezone.now()
    for key, expires in (("old", now - timedelta(minutes=1)), ("running", now + timedelta(minutes=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=expires)
    clear_sessions()
    clear_sessions()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["running"]
