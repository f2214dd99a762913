from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from journal.models import Entry


class ProposalsConfig(AppConfig):
    name = "proposals"

    def ready(self) -> None:
        from ballots import policies as ballot_policies
        from discussions import policies as thread_policies
        from journal.subscriptions import subscribe
        from proposals import journal_kinds, municipal_kinds  # noqa: F401
        from proposals.budget import journal_kinds as budget_kinds  # noqa: F401
        from proposals.opinions.permissions import OpinionBallotPolicy
        from proposals.permissions import ProposalBallotPolicy, ProposalThreadPolicy

        thread_policies.register("proposals.proposal", ProposalThreadPolicy())
        ballot_policies.register("proposals.proposal", ProposalBallotPolicy())
        ballot_policies.register("proposals.opinion", OpinionBallotPolicy())
        subscribe(recount_after_holidays)


def recount_after_holidays(entries: Sequence[Entry]) -> None:
    """A changed holiday moves the dates of running steps; counted by a task, because there may be thousands."""
    from proposals.tasks import recount_due_dates

    for council in {entry.council_id for entry in entries if entry.kind == "councils.holiday_changed"}:
        recount_due_dates.delay(council)
