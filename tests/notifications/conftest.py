from __future__ import annotations

import pytest
from django.utils import timezone

from journal import actions as journal
from journal.actions import deliver
from journal.models import Entry
from notifications.actions import tell_steps
from notifications.models import Notice
from proposals.stages import Stage
from tests import factories as f


@pytest.fixture
def proposal(kocaeli, ayse):
    """What Ayşe proposed and the secretary has not looked at yet."""
    return f.ProposalFactory(council=kocaeli, author=ayse, title="Sahile bisiklet yolu", stage=Stage.SUBMITTED)


@pytest.fixture
def told():
    """`told()` delivers what was recorded and tells of it; who was told, in which role, of the newest entry of a proposal."""

    def told_(proposal=None) -> dict[str, str]:
        deliver(list(Entry.objects.order_by("pk")))
        tell_steps()
        notices = Notice.objects.select_related("person")
        if proposal is not None:
            notices = notices.filter(proposal=proposal)
        newest = notices.order_by("-step").values_list("step", flat=True).first()
        return {notice.person.display_name: notice.role for notice in notices.filter(step=newest)}

    return told_


@pytest.fixture
def record():
    """`record(kind, proposal)` writes an entry as an action would."""
    from django.db import transaction

    def record_(kind, proposal, *, actor=None, at=None, audience="public", **facts):
        with transaction.atomic():
            return journal.record(
                kind,
                actor=actor,
                subject=proposal,
                topic=proposal.topic,
                council=proposal.council,
                at=at or timezone.now(),
                audience=audience,
                facts={"number": proposal.number, "title": proposal.title, "stage": proposal.stage, **facts},
            )

    return record_
