"""Recounting every ballot from its votes and from the records of votes, and comparing with what was declared.

Reads a few hundred ballots at a time with a fixed number of statements, so memory does not grow with the number of
ballots or votes. Every difference is a sentence that names the ballot.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from ballots.journal_kinds import BallotKind
from ballots.models import Ballot, ChairDecision, EarlyClosing, SealedLot
from ballots.papers import InvalidPaper, check
from ballots.results import Papers, Recount, recount
from journal.models import Entry
from journal.verifying import one_moment

CHUNK = 200
DECLARED = (
    BallotKind.DECLARED,
    BallotKind.ELECTED,
    BallotKind.UNDECIDED,
    BallotKind.QUESTION_AWAITS_CHAIR,
    BallotKind.AWAITS_CHAIR,
)
DECIDED = (BallotKind.CHAIR_PASSED, BallotKind.CHAIR_REJECTED, BallotKind.CHAIR_ELECTED)
METHOD_FACTS = (
    "method",
    "seats",
    "least",
    "most",
    "highest",
    "allows_blank",
    "tie_rule",
    "lot_digest",
    "quorum_base",
    "threshold_base",
    "present",
)
"""What the record tells of the rule when a ballot opens, in the names of the columns."""

# As it was taken, and as it stands: whoever was struck after voting still counts.
_ROLL = """
    SELECT elector.ballot_id, count(*) FILTER (WHERE elector.added_at IS NULL),
           count(*) FILTER (WHERE elector.struck_at IS NULL OR vote.id IS NOT NULL)
      FROM ballots_elector elector
      LEFT JOIN ballots_vote vote ON (vote.ballot_id, vote.person_id) = (elector.ballot_id, elector.person_id)
     WHERE elector.ballot_id = ANY(%s) GROUP BY elector.ballot_id
"""
_VOTED = "SELECT ballot_id, paper, count(*) FROM ballots_vote WHERE ballot_id = ANY(%s) GROUP BY ballot_id, paper ORDER BY 1, 2"
# What counts of the records is the last of each person.
_RECORDED = """
    SELECT ballot_id, paper, count(*) FROM (
      SELECT DISTINCT ON (ballot_id, person_id) ballot_id, paper
        FROM ballots_voterecord WHERE ballot_id = ANY(%s) ORDER BY ballot_id, person_id, times DESC, id DESC
    ) last GROUP BY ballot_id, paper ORDER BY 1, 2
"""
_STRANGERS = """
    SELECT DISTINCT cast_by.ballot_id, cast_by.person_id FROM
      (SELECT ballot_id, person_id FROM ballots_vote WHERE ballot_id = ANY(%s)
       UNION SELECT ballot_id, person_id FROM ballots_voterecord WHERE ballot_id = ANY(%s)) cast_by
      LEFT JOIN ballots_elector elector
        ON (elector.ballot_id, elector.person_id) = (cast_by.ballot_id, cast_by.person_id)
     WHERE elector.id IS NULL ORDER BY 1, 2
"""
_TWICE = """
    SELECT ballot_id, person_id, count(*) FROM ballots_vote WHERE ballot_id = ANY(%s)
     GROUP BY ballot_id, person_id HAVING count(*) > 1 ORDER BY 1, 2
"""
_UNTIMELY = """
    SELECT vote.ballot_id, vote.person_id FROM ballots_vote vote JOIN ballots_ballot ballot ON ballot.id = vote.ballot_id
     WHERE vote.ballot_id = ANY(%s)
       AND (vote.cast_at < ballot.opens_at OR vote.changed_at < vote.cast_at OR vote.changed_at >= ballot.closes_at)
    UNION
    SELECT record.ballot_id, record.person_id
      FROM ballots_voterecord record JOIN ballots_ballot ballot ON ballot.id = record.ballot_id
     WHERE record.ballot_id = ANY(%s) AND (record.at < ballot.opens_at OR record.at >= ballot.closes_at)
     ORDER BY 1, 2
"""
_STRUCK = """
    SELECT elector.ballot_id, elector.person_id
      FROM ballots_elector elector
      JOIN ballots_vote vote ON (vote.ballot_id, vote.person_id) = (elector.ballot_id, elector.person_id)
     WHERE elector.ballot_id = ANY(%s) AND vote.changed_at > elector.struck_at ORDER BY 1, 2
"""
_UNLIKE = """
    WITH last AS (
      SELECT DISTINCT ON (ballot_id, person_id) ballot_id, person_id, paper, times, at, cast_by_id
        FROM ballots_voterecord WHERE ballot_id = ANY(%s) ORDER BY ballot_id, person_id, times DESC, id DESC
    ), vote AS (SELECT * FROM ballots_vote WHERE ballot_id = ANY(%s))
    SELECT ballot_id, person_id, vote.paper, last.paper
      FROM vote FULL JOIN last USING (ballot_id, person_id)
     WHERE (vote.paper, vote.times, vote.changed_at, vote.cast_by_id)
           IS DISTINCT FROM (last.paper, last.times, last.at, last.cast_by_id) ORDER BY 1, 2
"""
# The records of a person are numbered without gap and follow each other in time. Those of votes cast before there
# were records begin with the number the vote had then.
_BROKEN = """
    SELECT ballot_id, person_id FROM (
      SELECT ballot_id, person_id, times, at,
             lag(times) OVER turns AS times_before, lag(at) OVER turns AS at_before
        FROM ballots_voterecord WHERE ballot_id = ANY(%s)
      WINDOW turns AS (PARTITION BY ballot_id, person_id ORDER BY times, id)
    ) record
     WHERE (times_before IS NULL AND times > 1 AND at > %s) OR times <> times_before + 1 OR at < at_before
     GROUP BY ballot_id, person_id ORDER BY 1, 2
"""


@dataclass(slots=True)
class Seen:
    """What a run has gone through, for its last line."""

    ballots: int = 0
    votes: int = 0


@dataclass(slots=True)
class _Facts:
    """What is known of one ballot beside its row."""

    roll: int = 0
    roll_now: int = 0
    voted: Papers = field(default_factory=list)
    recorded: Papers = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    closing: EarlyClosing | None = None
    decision: ChairDecision | None = None
    seed: str = ""
    opened: list[Entry] = field(default_factory=list)
    declared: list[Entry] = field(default_factory=list)
    decided: list[Entry] = field(default_factory=list)


def differences(seen: Seen | None = None) -> Iterator[str]:
    """Everything that does not fit in any ballot, one sentence each; nothing when all is well."""
    seen = seen or Seen()
    with one_moment():
        records_since = _records_since()
        after = 0
        while chunk := list(Ballot.objects.filter(pk__gt=after).order_by("pk")[:CHUNK]):
            after = chunk[-1].pk
            known = _known([ballot.pk for ballot in chunk], records_since)
            for ballot in chunk:
                facts = known[ballot.pk]
                seen.ballots += 1
                seen.votes += sum(count for _paper, count in facts.voted)
                for sentence in _of_ballot(ballot, facts):
                    yield _("Oylama %(ballot)d: %(difference)s") % {"ballot": ballot.pk, "difference": sentence}


def _records_since() -> datetime:
    """When this installation began to keep records."""
    moment: datetime = MigrationRecorder.Migration.objects.values_list("applied", flat=True).get(
        app="ballots", name="0020_vote_records"
    )
    return moment


# --- Reading ----------------------------------------------------------------------------------------------------------
def _rows(statement: str, *parameters: Any) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        yield from cursor.fetchall()


def _known(ids: Sequence[int], records_since: datetime) -> Mapping[int, _Facts]:
    known = {ballot: _Facts() for ballot in ids}
    for ballot, taken, now in _rows(_ROLL, ids):
        known[ballot].roll, known[ballot].roll_now = taken, now
    for ballot, paper, count in _rows(_VOTED, ids):
        known[ballot].voted.append((paper, count))
    for ballot, paper, count in _rows(_RECORDED, ids):
        known[ballot].recorded.append((paper, count))
    for ballot, person in _rows(_STRANGERS, ids, ids):
        known[ballot].findings.append(_("kişi %(person)d listede değil, ama oyu var.") % {"person": person})
    for ballot, person in _rows(_STRUCK, ids):
        known[ballot].findings.append(_("kişi %(person)d listeden çıkarıldıktan sonra oy vermiş.") % {"person": person})
    for ballot, person, count in _rows(_TWICE, ids):
        known[ballot].findings.append(_("kişi %(person)d için %(count)d oy var.") % {"person": person, "count": count})
    for ballot, person in _rows(_UNTIMELY, ids, ids):
        known[ballot].findings.append(
            _("kişi %(person)d için oyun anı, oylamanın açık olduğu sürenin dışında.") % {"person": person}
        )
    for ballot, person, voted, recorded in _rows(_UNLIKE, ids, ids):
        known[ballot].findings.append(_unlike(person, voted, recorded))
    for ballot, person in _rows(_BROKEN, ids, records_since):
        known[ballot].findings.append(
            _("kişi %(person)d için oy kayıtları eksik, çift ya da sırasız.") % {"person": person}
        )
    for closing in EarlyClosing.objects.filter(ballot__in=ids):
        known[closing.ballot_id].closing = closing
    for decision in ChairDecision.objects.filter(ballot__in=ids):
        known[decision.ballot_id].decision = decision
    for ballot, seed in SealedLot.objects.filter(ballot__in=ids).values_list("ballot", "seed"):
        known[ballot].seed = seed
    entries = Entry.objects.filter(
        topic__in=[f"ballot:{ballot}" for ballot in ids], kind__in=[BallotKind.OPENED, *DECLARED, *DECIDED]
    )
    for entry in entries.order_by("sequence"):
        facts = known[entry.subject_id]
        if entry.kind in DECIDED:
            facts.decided.append(entry)
        else:
            (facts.opened if entry.kind == BallotKind.OPENED else facts.declared).append(entry)
    return known


def _unlike(person: int, voted: str | None, recorded: str | None) -> str:
    names = {"person": person, "voted": voted, "recorded": recorded}
    if voted is None:
        return _("kişi %(person)d için oy kaydı var (%(recorded)s), oyu yok.") % names
    if recorded is None:
        return _("kişi %(person)d için oy var (%(voted)s), kaydı yok.") % names
    return _("kişi %(person)d için oy %(voted)s, son kaydı %(recorded)s; ya da sayısı, anı veya vereni başka.") % names


# --- Comparing --------------------------------------------------------------------------------------------------------
def _of_ballot(ballot: Ballot, facts: _Facts) -> Iterator[str]:
    yield from facts.findings
    if facts.roll != ballot.electorate_size:
        yield _("oy hakkı olanların sayısı %(size)d yazılmış, listede %(roll)d kişi var.") % {
            "size": ballot.electorate_size,
            "roll": facts.roll,
        }
    if ballot.roll_size is not None and facts.roll_now != ballot.roll_size:
        yield _("değişen listenin sayısı %(size)d yazılmış, listede %(roll)d kişi var.") % {
            "size": ballot.roll_size,
            "roll": facts.roll_now,
        }
    if ballot.lot_digest and sha256(facts.seed.encode()).hexdigest() != ballot.lot_digest:
        yield _("kuranın tohumu, açılışta yayımlanan özetle uyuşmuyor.")
    yield from _papers(ballot, facts.voted)
    yield from _moments(ballot, facts)
    yield from _told(ballot, facts)
    if ballot.declared_at is not None:
        for words, papers in ((_("oylardan"), facts.voted), (_("oy kayıtlarından"), facts.recorded)):
            yield from _result(ballot, words, papers)
    if facts.decision is not None:
        yield from _decision(ballot, facts.decision, facts.voted)


def _papers(ballot: Ballot, papers: Papers) -> Iterator[str]:
    for paper, count in papers:
        try:
            check(ballot, paper)
        except InvalidPaper:
            yield _("%(count)d oy bu oylamanın pusulası değil: %(paper)s.") % {"count": count, "paper": paper}


def _moments(ballot: Ballot, facts: _Facts) -> Iterator[str]:
    closing = facts.closing
    if closing is not None and closing.at != ballot.closes_at:
        yield _("erken kapanışın anı, oylamanın kapanış anından başka.")
    if ballot.declared_at is not None and ballot.declared_at < ballot.closes_at:
        yield _("sonuç, kapanıştan önce ilan edilmiş.")


def _result(ballot: Ballot, words: str, papers: Papers) -> Iterator[str]:
    """What is declared against what the papers give."""
    try:
        counted = recount(ballot, papers)
    except (ValueError, LookupError):  # papers that are none were told above
        yield _("%(source)s sayım yapılamıyor.") % {"source": words}
        return
    for label, declared, found in _figures(ballot, counted):
        if declared != found:
            yield _("%(label)s %(declared)s ilan edilmiş, %(source)s %(found)s çıkıyor.") % {
                "label": label,
                "declared": declared,
                "source": words,
                "found": found,
            }


def _figures(ballot: Ballot, counted: Recount) -> Iterable[tuple[str, Any, Any]]:
    if counted.tally is not None:
        yield _("kabul"), ballot.yes_votes, counted.tally.yes
        yield _("ret"), ballot.no_votes, counted.tally.no
        yield _("çekimser"), ballot.abstentions, counted.tally.abstain
    elif (ballot.result or {}) != (counted.result or {}):
        declared, found = ballot.result or {}, counted.result or {}
        for key in sorted({*declared, *found}):
            yield key, declared.get(key), found.get(key)
    yield _("sonuç"), ballot.outcome, str(counted.outcome)


def _decision(ballot: Ballot, decision: ChairDecision, papers: Papers) -> Iterator[str]:
    """What the chair decided, against whose it was to decide and what the papers give with it."""
    if decision.actor_id != ballot.chair_id:
        yield _("eşitlikte kararı kişi %(person)d vermiş, başkan o değil.") % {"person": decision.actor_id}
    if ballot.declared_at is None or decision.at < ballot.declared_at:
        yield _("başkanın kararı, sonucun ilanından önce verilmiş.")
    tie = ballot.open_tie
    chosen = decision.chosen.split(",")
    if tie is None or not set(chosen) <= set(tie.between) or len(set(chosen)) != tie.places:
        yield _("başkanın kararı eşit kalanlardan birini seçmiyor: %(chosen)s.") % {"chosen": decision.chosen}
    elif ballot.result is not None:
        ballot.decision = decision
        try:
            counted = recount(ballot, papers, decided=tuple(map(int, chosen)))
        except (ValueError, LookupError):  # other papers, another tie; told above too
            counted = None
        if counted is None or (counted.outcome, counted.result) != (decision.outcome, ballot.decided_result):
            yield _("oylardan, başkanın kararıyla yazılandan başka bir sonuç çıkıyor.")


def _told(ballot: Ballot, facts: _Facts) -> Iterator[str]:
    """What the record told when the ballot opened and when it was declared, against the row."""
    announced = facts.closing.announced_closes_at if facts.closing is not None else ballot.closes_at
    row = {
        "question": ballot.question,
        "opens_at": ballot.opens_at,
        "closes_at": announced,
        "electorate": ballot.electorate_size,
        "quorum": ballot.quorum,
        "majority": ballot.majority,
        "visibility": ballot.visibility,
        **{name: getattr(ballot, name) for name in METHOD_FACTS},
        "outcome": ballot.outcome,
        "yes": ballot.yes_votes,
        "no": ballot.no_votes,
        "abstain": ballot.abstentions,
        "papers": (ballot.result or {}).get("papers"),
        "valid": (ballot.result or {}).get("valid"),
        "chair": ballot.chair_id,
        "chosen": facts.decision.chosen if facts.decision is not None else None,
        "reason": facts.decision.reason if facts.decision is not None else None,
    }
    for label, entries, wanted in (
        (_("açılış"), facts.opened, 1),
        (_("sonuç"), facts.declared, 1 if ballot.declared_at is not None else 0),
        (_("başkanın kararı"), facts.decided, 1 if facts.decision is not None else 0),
    ):
        if len(entries) != wanted:
            yield _("kayıt defterinde %(count)d %(label)s satırı var, %(wanted)d olmalıydı.") % {
                "count": len(entries),
                "label": label,
                "wanted": wanted,
            }
        for entry in entries[:1]:
            for name in sorted(set(row) & set(entry.facts)):
                if not _tells(entry.facts[name], row[name]):
                    yield _("kayıt defterindeki %(label)s satırında %(name)s %(told)s, oylamada %(row)s.") % {
                        "label": label,
                        "name": name,
                        "told": entry.facts[name],
                        "row": _as_told(row[name]),
                    }


def _tells(told: Any, value: Any) -> bool:
    """Whether a fact is the value; moments are told in thousandths of a second, in whatever zone they were given."""
    if isinstance(value, datetime) and isinstance(told, str):
        moment = parse_datetime(told)
        return moment is not None and moment == value.replace(microsecond=value.microsecond // 1000 * 1000)
    return bool(told == _as_told(value))


def _as_told(value: Any) -> Any:
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))
