"""Keeping the summary rows: what the journal tells is marked, and what is marked is counted anew from the truth."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from ballots.models import Vote
from councils.journal_kinds import CouncilKind
from discussions.models import Comment
from impact.models import Mark, ProposalFact, StageSpan, Subject, VotesSeen
from impact.recounting import BALLOT_COUNCILS, recounted, write_participation
from journal.models import Entry
from proposals.models import Proposal
from proposals.stages import Stage

PROPOSAL_TOPIC = re.compile(r"proposal:(\d+)")
SUBJECTS = {"discussions.comment": Subject.COMMENT, "ballots.ballot": Subject.BALLOT}
CALENDAR_KINDS = frozenset({CouncilKind.HOLIDAY_CHANGED, CouncilKind.HOLIDAYS_SEEDED})
MARKS_AT_ONCE = 2_000
LATE_VOTES = 5_000
"""How far behind the newest vote others may still be committed; the end of a ballot looks at all of its votes."""
_LOCK = "impact.refresh"
MARK_ALL = """
INSERT INTO impact_mark (subject, key)
SELECT %s, id FROM proposals_proposal WHERE council_id = ANY(%s) AND stage <> %s ORDER BY id
"""
# Votes above a number, and whether their person already counts as a voter of that council and year.
VOTERS = f"""
SELECT v.id, v.person_id, EXISTS (
  SELECT FROM ({BALLOT_COUNCILS}) AS b JOIN impact_participation t ON t.council_id = b.council_id
  WHERE b.ballot_id = v.ballot_id AND t.person_id = v.person_id AND t.is_voter
  AND t.year = extract(year FROM v.cast_at AT TIME ZONE 'Europe/Istanbul')
) FROM ballots_vote v WHERE v.id > %s ORDER BY v.id LIMIT %s
"""  # noqa: S608 - put together from our own text


def mark_entries(entries: Sequence[Entry]) -> None:
    """The subscriber of the journal: say what has to be counted anew. Safe to hear twice and in any order."""
    marks = set()
    for entry in entries:
        found = PROPOSAL_TOPIC.fullmatch(entry.topic)
        if found:
            marks.add((Subject.PROPOSAL, int(found[1])))
        if entry.subject_type in SUBJECTS:
            marks.add((SUBJECTS[entry.subject_type], entry.subject_id))
    if marks:
        Mark.objects.bulk_create([Mark(subject=subject, key=key) for subject, key in sorted(marks)], batch_size=2_000)
    # What was answered in time is judged by the calendar that stands.
    if recounted_councils := {entry.council_id for entry in entries if entry.kind in CALENDAR_KINDS}:
        with connection.cursor() as cursor:  # the database writes them: a city has tens of thousands
            cursor.execute(MARK_ALL, [Subject.PROPOSAL, list(recounted_councils), Stage.DRAFT])


@transaction.atomic
def refresh() -> int:
    """Count anew what is marked, the oldest first; returns how many marks it took. What fails leaves the marks.

    One at a time in the whole installation, so that nobody writes what was read before somebody else's change. A mark is
    written with or after the change it speaks of, so whoever sees the mark sees the change.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    marks = list(Mark.objects.order_by("pk")[:MARKS_AT_ONCE])
    keys: dict[str, set[int]] = {subject: set() for subject in Subject.values}
    for mark in marks:
        keys[mark.subject].add(mark.key)
    if len(marks) == MARKS_AT_ONCE:  # one counting serves all that was marked of a proposal until now
        more = Mark.objects.filter(subject=Subject.PROPOSAL, key__in=keys[Subject.PROPOSAL], pk__gt=marks[-1].pk)
        marks += more
    people = keys[Subject.PERSON] | _voters(keys[Subject.BALLOT]) | _new_voters()
    people |= set(Comment.objects.filter(pk__in=keys[Subject.COMMENT]).values_list("author_id", flat=True))
    if keys[Subject.PROPOSAL]:
        write_facts(keys[Subject.PROPOSAL])
        people |= set(Proposal.objects.filter(pk__in=keys[Subject.PROPOSAL]).values_list("author_id", flat=True))
    if people:
        write_participation(people)
    Mark.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    return len(marks)


def write_facts(proposals: Iterable[int]) -> None:
    """Make the rows of these proposals anew, inside the caller's transaction; those that are none any more go."""
    wanted = set(proposals)
    facts, spans = [], []
    for fact, of_it in recounted(wanted):
        facts.append(fact)
        spans += of_it
    StageSpan.objects.filter(fact__in=wanted).delete()
    ProposalFact.objects.filter(pk__in=wanted - {fact.pk for fact in facts}).delete()
    names = [field.name for field in ProposalFact._meta.concrete_fields if not field.primary_key]
    ProposalFact.objects.bulk_create(facts, update_conflicts=True, unique_fields=["proposal"], update_fields=names)
    StageSpan.objects.bulk_create(spans)


def _voters(ballots: Iterable[int]) -> set[int]:
    return set(Vote.objects.filter(ballot__in=ballots).values_list("person_id", flat=True)) if ballots else set()


def _newest_vote() -> int:
    return Vote.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _new_voters() -> set[int]:
    """People with a vote that nobody looked at yet. Votes enter no journal one by one, so the rows themselves are looked at."""
    newest = _newest_vote()
    seen, _created = VotesSeen.objects.get_or_create(pk=1)
    if newest == seen.last_id:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(VOTERS, [seen.last_id - LATE_VOTES, LATE_VOTES + MARKS_AT_ONCE])
        rows = cursor.fetchall()
    seen.last_id = max(rows[-1][0], seen.last_id) if rows else newest
    seen.save(update_fields=["last_id"])
    return {person for _vote, person, is_known in rows if not is_known}


def has_more() -> bool:
    """Whether anything waits to be counted."""
    newest = _newest_vote()
    return Mark.objects.exists() or bool(newest and not VotesSeen.objects.filter(last_id__gte=newest).exists())


@transaction.atomic
def recount_all() -> None:
    """Make every row anew; what was marked until now needs no second look."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])
    marked = Mark.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    ProposalFact.objects.exclude(pk__in=Proposal.objects.exclude(stage=Stage.DRAFT)).delete()
    some: list[int] = []
    for pk in list(Proposal.objects.exclude(stage=Stage.DRAFT).order_by("pk").values_list("pk", flat=True)):
        some.append(pk)
        if len(some) == MARKS_AT_ONCE:
            write_facts(some)
            some = []
    write_facts(some)
    write_participation(None)
    VotesSeen.objects.update_or_create(pk=1, defaults={"last_id": _newest_vote()})
    Mark.objects.filter(pk__lte=marked).delete()
