"""Voters who wait hold no connection."""

import pytest
from django.db import connection

from ballots import casting


@pytest.mark.django_db(transaction=True)
def test_whoever_waits_for_the_leader_holds_no_connection(monkeypatch):
    connection.ensure_connection()
    held = []
    monkeypatch.setattr(casting.box, "ask", lambda cast: held.append(connection.connection))

    casting.drop_in(casting.Cast(ballot=1, person=1, paper="yes", key=None))

    assert held == [None]
