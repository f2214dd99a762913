"""What must hold between a history and the database afterwards. Each returns what is wrong, in words; nothing is good."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.faults.history import FAIL, INFO, OK, Operation, by_client


@dataclass(frozen=True, slots=True)
class StoredVote:
    """A row of the database."""

    person: int
    paper: str
    times: int


def votes_are_kept(operations: Iterable[Operation], stored: Sequence[StoredVote]) -> list[str]:
    """I1, I2 and I10: every acknowledged vote is there, once, and nothing is there that nobody asked for.

    Each client asks one thing after the other and repeats a wish until it is acknowledged or the run ends, always with
    another paper than before, so that the number of changes tells how often a wish was carried out.
    """
    wrong = [f"{person} has {count} rows" for person, count in Counter(v.person for v in stored).items() if count > 1]
    rows = {vote.person: vote for vote in stored}
    asked = by_client(operation for operation in operations if operation.does == "vote")
    wrong += [f"{person} never voted and has a row" for person in sorted(rows.keys() - asked.keys())]
    for person, attempts in asked.items():
        done = [attempt for attempt in attempts if attempt.outcome == OK]
        wishes = list(dict.fromkeys(attempt.key for attempt in attempts))
        granted = {attempt.key for attempt in done}
        open_wishes = [key for key in wishes if key not in granted and _is_unknown(attempts, key)]
        possible = {attempt.value for attempt in attempts if attempt.key in open_wishes}
        if done:
            possible.add(done[-1].value)
        row = rows.get(person)
        if row is None:
            if done:
                wrong.append(f"{person}: {done[-1].value} was acknowledged and is not there")
            continue
        if row.paper not in possible:
            wrong.append(f"{person}: {row.paper} is stored, possible were {sorted(possible)}")
        if not len(granted) <= row.times <= len(granted) + len(open_wishes):
            wrong.append(f"{person}: changed {row.times} times, {len(granted)} were acknowledged")
        times = [attempt.detail["times"] for attempt in done if "times" in attempt.detail]
        if times != sorted(set(times)):
            wrong.append(f"{person}: an acknowledged vote was lost again: {times}")
    return wrong


def _is_unknown(attempts: Sequence[Operation], key: str) -> bool:
    return any(attempt.outcome == INFO for attempt in attempts if attempt.key == key)


def comments_are_kept(operations: Iterable[Operation], stored: Sequence[tuple[int, str]]) -> list[str]:
    """I1 and I10 of comments: every acknowledged one is there once, none is there that nobody asked for or that was
    refused. `stored` are (author, key)."""
    asked = [operation for operation in operations if operation.does == "comment"]
    may_be = {(o.client, o.key) for o in asked if o.outcome != FAIL}
    counted = Counter(stored)
    wrong = [f"comment {who}: {count} times" for who, count in counted.items() if count > 1]
    wrong += [f"comment {who}: nobody asked for it" for who in counted if who not in may_be]
    return wrong + [
        f"comment {(o.client, o.key)}: acknowledged and not there"
        for o in asked
        if o.outcome == OK and (o.client, o.key) not in counted
    ]


def no_refusals(operations: Iterable[Operation]) -> list[str]:
    """Nothing that was allowed was refused."""
    return [f"{o.client}: {o.does} {o.value}: {o.detail}" for o in operations if o.outcome == FAIL]


def receipts_are_recorded(operations: Iterable[Operation], records: Sequence[tuple[int, str, str]]) -> list[str]:
    """I4 and F2: each wish is recorded at most once, and its answer carries the receipt of that record, also when it was
    asked for again. `records` are (person, key, receipt)."""
    counted = Counter((person, key) for person, key, _ in records)
    wrong = [f"{who}: recorded {count} times" for who, count in counted.items() if count > 1]
    receipts = {(person, key): receipt for person, key, receipt in records}
    for operation in operations:
        if operation.outcome == OK and operation.does == "vote":
            recorded = receipts.get((operation.client, operation.key))
            if recorded != operation.detail["receipt"]:
                wrong.append(f"{operation.client}: answered {operation.detail['receipt']}, recorded {recorded}")
    return wrong


def lost_answers_are_given(operations: Iterable[Operation], lost: Mapping[tuple[int, str], str]) -> list[str]:
    """F2: who asks again gets the very answer that was lost. `lost` are receipts by (person, key)."""
    given: dict[tuple[int, str], set[str]] = {}
    for operation in operations:
        if operation.outcome == OK and operation.does == "vote":
            given.setdefault((operation.client, operation.key), set()).add(operation.detail["receipt"])
    return [
        f"{who}: the lost answer was {receipt}, given was {given.get((who, key), 'nothing')}"
        for (who, key), receipt in lost.items()
        if given.get((who, key)) != {receipt}
    ]


def tally_is_recount(shown: Mapping[str, int], stored: Iterable[StoredVote]) -> list[str]:
    """I3: what people read equals a count of the rows."""
    counted = Counter(vote.paper for vote in stored)
    return [
        f"{paper}: {shown.get(paper, 0)} shown, {counted.get(paper, 0)} counted"
        for paper in sorted({*shown, *counted})
        if shown.get(paper, 0) != counted.get(paper, 0)
    ]


def screens_agree(screens: Mapping[int, Any], truth: Any) -> list[str]:
    """I5: every client ends with what the server has."""
    return [
        f"client {client} shows {shown!r}, the truth is {truth!r}"
        for client, shown in screens.items()
        if shown != truth
    ]


def logs_have_no_gap(logs: Mapping[int, Sequence[int]]) -> list[str]:
    """I5: each client was told every entry of the log once and in order."""
    return [
        f"client {client}: {list(log)}"
        for client, log in logs.items()
        if list(log) != list(range(log[0] if log else 1, (log[0] if log else 1) + len(log)))
    ]


def told_to_nobody_else(shown: Mapping[int, Sequence[float]], until: float) -> list[str]:
    """I6: clients who may not read any more were told nothing after a moment."""
    return [
        f"client {client} was told {sum(at > until for at in moments)} entries it may not read"
        for client, moments in shown.items()
        if any(at > until for at in moments)
    ]


def nothing_after(closing: Any, moments: Mapping[int, Any]) -> list[str]:
    """I7: no vote is dated at or after the closing, by the database's clock."""
    return [f"vote {vote} at {moment}, closed at {closing}" for vote, moment in moments.items() if moment >= closing]


def effects_are_single(effects: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """I9: each effect happened, and once."""
    counted = Counter(effects)
    wrong = [f"{key}: {count} times" for key, count in counted.items() if count > 1]
    return wrong + [f"{key}: never" for key in wanted if key not in counted]


def recovered(seconds: Iterable[float], limit: float, *, calm: float) -> list[str]:
    """I11: it was back within the limit; or, on a machine where an undisturbed start takes long, within three of those."""
    allowed = max(limit, 3 * calm)
    return [f"back after {took:.1f} s, {allowed:.1f} s were allowed" for took in seconds if took > allowed]
