"""What of ballots is sealed in the journal's log: rule and roll, records of votes, who closed early, the result."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from ballots.models import Ballot, BallotOption, ChairDecision, EarlyClosing, RollRule, VoteRecord
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
            "cast_by": record.cast_by_id,
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


def _chair_decisions(version: int, ids: Sequence[int]) -> dict[int, Content]:
    return {
        decision.pk: {
            "ballot": decision.ballot_id,
            "actor": decision.actor_id,
            "chosen": decision.chosen,
            "reason": decision.reason,
            "at": moment(decision.at),
        }
        for decision in ChairDecision.objects.filter(pk__in=ids)
    }


_OPENING_ROLLS = """
    SELECT ballot.id, encode(sha256(convert_to(coalesce(
             string_agg(elector.person_id::text, ',' ORDER BY elector.person_id), ''), 'UTF8')), 'hex')
      FROM ballots_ballot ballot LEFT JOIN ballots_elector elector ON elector.ballot_id = ballot.id AND elector.added_at IS NULL
     WHERE ballot.id = ANY(%s) GROUP BY ballot.id
"""
_CLOSING_ROLLS = """
    SELECT ballot.id, encode(sha256(convert_to(coalesce(
             string_agg(elector.person_id::text, ',' ORDER BY elector.person_id), ''), 'UTF8')), 'hex')
      FROM ballots_ballot ballot LEFT JOIN ballots_elector elector ON elector.ballot_id = ballot.id AND elector.struck_at IS NULL
     WHERE ballot.id = ANY(%s) GROUP BY ballot.id
"""
_PROXIES = """
    SELECT ballot.id, encode(sha256(convert_to(coalesce(
             string_agg(proxy.giver_id || '>' || proxy.holder_id, ',' ORDER BY proxy.giver_id, proxy.id), ''), 'UTF8')), 'hex')
      FROM ballots_ballot ballot LEFT JOIN ballots_proxy proxy ON proxy.ballot_id = ballot.id AND proxy.revoked_at IS NULL
     WHERE ballot.id = ANY(%s) GROUP BY ballot.id
"""


def _digests(statement: str, ids: Sequence[int]) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids)])
        return dict(cursor.fetchall())


def _opened(version: int, ids: Sequence[int]) -> dict[int, Content]:
    """What is frozen when a ballot opens. A roll is a hash over the ids of people, rising, joined by commas."""
    rolls = _digests(_OPENING_ROLLS, ids)
    options: dict[int, list[str]] = {}
    for option in BallotOption.objects.filter(ballot__in=ids).order_by("ballot", "number"):
        options.setdefault(option.ballot_id, []).append(option.text)
    announced = dict(EarlyClosing.objects.filter(ballot__in=ids).values_list("ballot", "announced_closes_at"))
    return {
        ballot.pk: {
            "policy": ballot.policy,
            "question": ballot.question,
            "method": ballot.method,
            "options": options.get(ballot.pk, []),
            "seats": ballot.seats,
            "least": ballot.least,
            "most": ballot.most,
            "highest": ballot.highest,
            "allows_blank": ballot.allows_blank,
            "tie_rule": ballot.tie_rule,
            "lot_digest": ballot.lot_digest,
            "quorum": ballot.quorum,
            "quorum_base": ballot.quorum_base,
            "majority": ballot.majority,
            "threshold_base": ballot.threshold_base,
            "present": ballot.present,
            "visibility": ballot.visibility,
            "electorate_size": ballot.electorate_size,
            "roll": rolls[ballot.pk],
            "roll_rule": ballot.roll_rule,
            "proxy_limit": ballot.proxy_limit,
            "opens_at": moment(ballot.opens_at),
            "announced_closes_at": moment(announced.get(ballot.pk, ballot.closes_at)),
            "opened_by": ballot.opened_by_id,
            "created_at": moment(ballot.created_at),
            "is_recorded_afterwards": ballot.is_recorded_afterwards,
            **({"roll_rule": ballot.roll_rule} if ballot.roll_rule != RollRule.FIXED else {}),
            **({"proxy_limit": ballot.proxy_limit} if ballot.proxy_limit else {}),
            **({"chair": ballot.chair_id} if ballot.chair_id else {}),
        }
        for ballot in Ballot.objects.filter(pk__in=ids)
    }


def _declared(version: int, ids: Sequence[int]) -> dict[int, Content]:
    """The result, with the roll and the proxies as they stood at the end; a proxy is written `giver>holder`."""
    rolls, proxies = _digests(_CLOSING_ROLLS, ids), _digests(_PROXIES, ids)
    return {
        ballot.pk: {
            "closes_at": moment(ballot.closes_at),
            "declared_at": moment(ballot.declared_at),
            "outcome": ballot.outcome,
            "yes": ballot.yes_votes,
            "no": ballot.no_votes,
            "abstain": ballot.abstentions,
            "result": ballot.result,
            "roll_size": ballot.roll_size,
            "roll": rolls[ballot.pk],
            "proxies": proxies[ballot.pk],
        }
        for ballot in Ballot.objects.filter(pk__in=ids)
        if ballot.declared_at is not None
    }


SOURCES = (
    Source(
        name="ballots.opened",
        version=1,
        contents=_opened,
        rows=Ballot.objects.all,
        row_id="id",
        guards=(
            ("ballots_ballot", "ballots_ballot_is_frozen"),
            ("ballots_ballot", "ballots_ballot_is_queued_when_opened"),
            ("ballots_elector", "ballots_roll_is_frozen"),
        ),
    ),
    Source(
        name="ballots.declared",
        version=1,
        contents=_declared,
        rows=lambda: Ballot.objects.filter(declared_at__isnull=False),
        row_id="id",
        guards=(
            ("ballots_ballot", "ballots_ballot_is_queued_when_declared"),
            ("ballots_proxy", "ballots_proxy_follows_the_rules"),
        ),
    ),
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
            ("ballots_vote", "ballots_vote_is_cast_while_open"),
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
    Source(
        name="ballots.chair_decision",
        version=1,
        contents=_chair_decisions,
        rows=ChairDecision.objects.all,
        row_id="ballot_id",
        guards=(
            ("ballots_chairdecision", "ballots_chair_decides_once"),
            ("ballots_chairdecision", "ballots_chairdecision_is_queued"),
        ),
    ),
)
