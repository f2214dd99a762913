"""Writing entries and verifying the log."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone

from journal import actions
from journal.verifying import problems


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
