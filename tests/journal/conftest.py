"""Writing entries, and doing what the triggers forbid."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.utils import timezone

from journal import actions
from journal.verifying import problems


@contextmanager
def _unguarded(*tables):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def unguarded():
    """`with unguarded("journal_entry") as cursor:` somebody who owns the database and turns the triggers off."""
    return _unguarded


@pytest.fixture
def write(db, ayse):
    """Record entries: `write(3)`; returns them."""

    def write_(count=1, topic="a:1", **facts):
        with transaction.atomic():
            return [
                actions.record(
                    "proposals.submitted", actor=ayse, subject=ayse, topic=topic, at=timezone.now(), facts=facts
                )
                for _ in range(count)
            ]

    return write_


@pytest.fixture
def found():
    """What the verification says, as one text; empty when all is well."""

    def found_(**kwargs):
        return "\n".join(problems(**kwargs))

    return found_
