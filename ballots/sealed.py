"""What of ballots is sealed in the journal's log: the records of votes, and who closed a ballot early."""

from __future__ import annotations

from collections.abc import Sequence

from ballots.models import EarlyClosing, VoteRecord
from journal.sources import Content, Source, moment

VOTE_RECORD = "ballots.vote_record"


def _vote_records(version: int, ids: Sequence[int]) -> dict[int, Content]:
    return {
        record.pk: {
            "ballot": record.ballot_id,
            "person": record.person_id,
            "paper": record.paper,
            "times": record.times,
            "at": moment(record.at),
            "key": str(record.key) if record.key else None,
            "receipt": record.receipt,
        }
        for record in VoteRecord.objects.filter(pk__in=ids)
    }


def _early_closings(version: int, ids: Sequence[int]) -> dict[int, Content]:
    return {
        closing.pk: {
            "ballot": closing.ballot_id,
            "actor": closing.actor_id,
            "reason": closing.reason,
            "announced_closes_at": moment(closing.announced_closes_at),
            "at": moment(closing.at),
        }
        for closing in EarlyClosing.objects.filter(pk__in=ids)
    }


SOURCES = (
    Source(
        name=VOTE_RECORD,
        version=1,
        contents=_vote_records,
        rows=VoteRecord.objects.all,
        row_id="id",
        guards=(
            ("ballots_voterecord", "ballots_voterecord_is_append_only"),
            ("ballots_voterecord", "ballots_voterecord_is_by_a_vote"),
            ("ballots_voterecord", "ballots_voterecord_is_queued"),
            ("ballots_vote", "ballots_vote_is_recorded_when_cast"),
            ("ballots_vote", "ballots_vote_is_recorded_when_changed"),
        ),
    ),
    Source(
        name="ballots.early_closing",
        version=1,
        contents=_early_closings,
        rows=EarlyClosing.objects.all,
        row_id="ballot_id",
        guards=(
            ("ballots_earlyclosing", "ballots_early_closing_is_final"),
            ("ballots_earlyclosing", "ballots_earlyclosing_is_queued"),
        ),
    ),
)
