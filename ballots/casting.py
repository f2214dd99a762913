"""How votes get into the database: those of one process together, by one statement, each judged for itself.

The statement takes the ballots FOR SHARE in the order of their ids, asks the database's clock once it holds them, looks
at the roll, writes what may be written, and says for each vote what became of it. It is the one way of voting: a page,
the API and the express lane differ only in how they ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from journal.actions import touch
from journal.group_commit import GroupCommit

ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Cast:
    """A vote somebody wants to cast: ids, a paper that fits the ballot, and perhaps the key of this request."""

    ballot: int
    person: int
    paper: str
    key: UUID | None = None
    cast_by: int | None = None
    """Who casts it by proxy; None when the person does."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a voter is told, read back from the row that was written."""

    vote_id: int
    paper: str
    cast_at: datetime
    changed_at: datetime
    times: int
    code: str = ""
    """The code of the receipt (`VoteRecord.receipt`)."""
    is_repeated: bool = False
    """Whether this is the answer to an earlier request with the same key."""

    @property
    def is_change(self) -> bool:
        return self.times > 1


Answer: TypeAlias = Receipt | str
"""What became of a vote: its receipt, or the code of a refusal: ``not_open_yet``, ``closed``, ``not_on_roll``,
``given_away``, ``no_proxy``, ``key_reused``, ``try_again``."""

# The ballots are held before the clock is asked: what had to wait for a closing is judged by the closed row.
# The moment written is never past the closing, even when the last microseconds pass between the check and the row.
# Rows are written in the order of their keys, so that two processes never wait for each other crosswise.
# Each LIMIT 1 makes the planner look one row up by its index, however many there are and whatever it believes of them.
# A key under which the person's vote was recorded before is answered by that record, whatever happened since.
CAST = """
    WITH asked AS MATERIALIZED (
      SELECT * FROM unnest(%(n)s::int[], %(ballots)s::bigint[], %(people)s::bigint[], %(papers)s::text[], %(keys)s::uuid[],
                           %(holders)s::bigint[]) AS asked (n, ballot_id, person_id, paper, key, cast_by_id)
    ), held AS MATERIALIZED (
      SELECT ballot.id, ballot.opens_at, ballot.closes_at, ballot.declared_at, ballot.proxy_limit
        FROM ballots_ballot ballot WHERE ballot.id = ANY (%(ballots)s::bigint[]) ORDER BY ballot.id
         FOR SHARE OF ballot
    ), judged AS MATERIALIZED (
      SELECT asked.*, held.closes_at, before.times AS times_before, before.at AS at_before,
             CASE WHEN (before.ballot_id, before.paper) = (asked.ballot_id, asked.paper) THEN 'repeated'
                  WHEN before.id IS NOT NULL THEN 'key_reused'
                  WHEN held.id IS NULL OR held.opens_at > clock_timestamp() THEN 'not_open_yet'
                  WHEN held.declared_at IS NOT NULL OR held.closes_at <= clock_timestamp() THEN 'closed'
                  WHEN elector.id IS NULL THEN 'not_on_roll'
                  WHEN held.proxy_limit = 0 AND asked.cast_by_id IS NOT NULL THEN 'no_proxy'
                  WHEN held.proxy_limit > 0 AND asked.cast_by_id IS DISTINCT FROM (
                         SELECT holder_id FROM ballots_proxy proxy
                          WHERE (proxy.ballot_id, proxy.giver_id) = (asked.ballot_id, asked.person_id)
                            AND proxy.revoked_at IS NULL)
                    THEN CASE WHEN asked.cast_by_id IS NULL THEN 'given_away' ELSE 'no_proxy' END
                  ELSE 'taken'
             END AS verdict
        FROM asked
        LEFT JOIN held ON held.id = asked.ballot_id
        LEFT JOIN LATERAL (SELECT * FROM ballots_voterecord record
                            WHERE (record.person_id, record.key) = (asked.person_id, asked.key) LIMIT 1) before ON true
        LEFT JOIN LATERAL (SELECT id FROM ballots_elector elector
                            WHERE (elector.ballot_id, elector.person_id) = (asked.ballot_id, asked.person_id)
                              AND elector.struck_at IS NULL LIMIT 1) elector ON true
    ), written AS (
      INSERT INTO ballots_vote AS vote (ballot_id, person_id, paper, cast_at, changed_at, times, key, cast_by_id)
      SELECT ballot_id, person_id, paper, least(clock_timestamp(), closes_at - interval '1 microsecond'),
             least(clock_timestamp(), closes_at - interval '1 microsecond'), 1, key, cast_by_id
        FROM judged WHERE verdict = 'taken' ORDER BY ballot_id, person_id
      ON CONFLICT (ballot_id, person_id) DO UPDATE
         SET paper = excluded.paper, changed_at = greatest(vote.changed_at, excluded.changed_at),
             times = vote.times + 1, key = excluded.key, cast_by_id = excluded.cast_by_id
       WHERE vote.paper <> excluded.paper OR vote.cast_by_id IS DISTINCT FROM excluded.cast_by_id
      RETURNING ballot_id, person_id, id, paper, cast_at, changed_at, times
    )
    SELECT judged.n, judged.verdict, vote.id, vote.paper, vote.cast_at, vote.changed_at, vote.times, vote.how
      FROM judged
      LEFT JOIN LATERAL (
        SELECT id, paper, cast_at, changed_at, times, 'written' AS how FROM written
         WHERE (written.ballot_id, written.person_id) = (judged.ballot_id, judged.person_id)
        UNION ALL
        SELECT vote.id, vote.paper, cast_at, changed_at, times, 'unchanged' FROM ballots_vote vote
         WHERE (vote.ballot_id, vote.person_id) = (judged.ballot_id, judged.person_id)
           AND judged.verdict = 'taken' AND vote.paper = judged.paper
        UNION ALL
        SELECT vote.id, judged.paper, cast_at, at_before, times_before, 'repeated' FROM ballots_vote vote
         WHERE (vote.ballot_id, vote.person_id) = (judged.ballot_id, judged.person_id) AND judged.verdict = 'repeated'
         LIMIT 1
      ) vote ON true
"""
# The trigger looks at the clock, the roll and the proxies once more when the row is written.
REFUSED_BY_THE_TRIGGER = {
    "vote_is_cast_while_open": "closed",
    "vote_is_by_somebody_not_struck": "not_on_roll",
    "vote_is_cast_by_who_holds_it": "no_proxy",
}
# The records are written by a trigger when the statement ends, so their codes are read after it.
CODES = """
    SELECT asked.n, record.receipt
      FROM unnest(%(n)s::int[], %(ballots)s::bigint[], %(people)s::bigint[], %(times)s::int[])
           AS asked (n, ballot_id, person_id, times)
      JOIN ballots_voterecord record
        ON (record.ballot_id, record.person_id, record.times) = (asked.ballot_id, asked.person_id, asked.times)
"""


def write(casts: Sequence[Cast]) -> list[Answer]:
    """Write votes of different people, commit, tell the screens; an answer for each, in order.

    In a transaction of the caller's it writes there, and the commit is the caller's.
    """
    answers: dict[int, Answer] = {}
    changed: set[int] = set()
    left = dict(enumerate(casts))
    for _ in range(ATTEMPTS):
        for n, answer, was_written in _run(left):
            answers[n] = answer
            if was_written:
                changed.add(left[n].ballot)
        left = {n: cast for n, cast in left.items() if n not in answers}
        if not left:
            break
    for ballot in sorted(changed):
        touch(f"state:ballot:{ballot}")
    return [answers.get(n, "try_again") for n in range(len(casts))]


def _run(casts: dict[int, Cast]) -> list[tuple[int, Answer, bool]]:
    """What became of each. One is left out when another process has written the same at the same moment."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    asked = {
        "n": list(casts),
        "ballots": [cast.ballot for cast in casts.values()],
        "people": [cast.person for cast in casts.values()],
        "papers": [cast.paper for cast in casts.values()],
        "keys": [cast.key for cast in casts.values()],
        "holders": [cast.cast_by for cast in casts.values()],
    }
    try:
        with transaction.atomic() if connection.in_atomic_block else nullcontext(), connection.cursor() as cursor:
            cursor.execute(CAST, asked)
            rows = cursor.fetchall()
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if len(casts) == 1 and name in REFUSED_BY_THE_TRIGGER:
            return [(n, REFUSED_BY_THE_TRIGGER[name], False) for n in casts]
        if len(casts) == 1 and name == "one_record_per_person_and_key":
            return []  # recorded by another process since the statement began: it is there to be found now
        raise
    receipts = {row[0]: row[2:] for row in rows if row[2] is not None}
    codes = _codes([(n, casts[n].ballot, casts[n].person, receipts[n][4]) for n in receipts])
    answers: list[tuple[int, Answer, bool]] = []
    for n, verdict, *_vote in rows:
        if n in receipts:
            *vote, how = receipts[n]
            answers.append((n, Receipt(*vote, codes.get(n, ""), how == "repeated"), how == "written"))
        elif verdict != "taken":
            answers.append((n, verdict, False))
    return answers


def _codes(votes: Sequence[tuple[int, int, int, int]]) -> dict[int, str]:
    """The codes of the receipts by number, of (number, ballot, person, times)."""
    if not votes:
        return {}
    names = ("n", "ballots", "people", "times")
    with connection.cursor() as cursor:
        cursor.execute(CODES, dict(zip(names, map(list, zip(*votes, strict=True)), strict=True)))
        return dict(cursor.fetchall())


def _give_back() -> None:
    connection.close()  # the leader's own


box: GroupCommit[Cast, Answer] = GroupCommit(write, same=lambda cast: cast.person, name="votes", rest=_give_back)
"""Where the votes of this process meet."""


def drop_in(cast: Cast) -> Answer:
    """Write one vote with those that others cast at the same moment; the answer comes after the commit.

    Raises `OutcomeUnknown` when none came in time. In a transaction of the caller's it is written there, alone.
    Whoever waits gives their connection back first: the leader needs one, and those who wait for it could hold them all.
    """
    if connection.in_atomic_block:
        return write([cast])[0]
    connection.close()
    return box.ask(cast)
