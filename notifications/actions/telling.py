"""Telling everybody who has to do with a proposal of a step it took: at least once delivered, once in effect."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

import structlog
from django.db import connection, transaction
from django.utils import timezone

from journal.models import Entry
from notifications.frequencies import DEFAULTS
from notifications.models import Step
from notifications.sentences import BETWEEN_AUTHORS
from proposals.journal_kinds import ProposalKind
from proposals.models import Proposal

log = structlog.get_logger(__name__)
BATCH = 5_000
"""People told with one statement."""
MAILED_WITHIN = timedelta(days=1)
"""How old a step may be and still be told by a mail of its own."""


def keep_steps(entries: Sequence[Entry]) -> None:
    """Remember that people are to be told of these entries; an entry that is known already is left as it is."""
    ids = {entry.pk: int(entry.topic.partition(":")[2]) for entry in entries}
    proposals = Proposal.objects.in_bulk(set(ids.values()))
    steps = []
    for entry in entries:
        proposal = proposals.get(ids[entry.pk])
        if proposal is None or proposal.is_draft:
            continue
        is_there_still = entry.facts.get("stage", proposal.stage) == proposal.stage
        steps.append(Step(entry=entry, proposal=proposal, due_at=proposal.due_at if is_there_still else None))
    Step.objects.bulk_create(steps, ignore_conflicts=True)


def tell_steps(*, limit: int = 50) -> int:
    """Tell of what has not been told yet, oldest first; returns how many notices were made. Safe beside itself."""
    told = 0
    for pk in list(Step.objects.filter(told_at__isnull=True).order_by("pk").values_list("pk", flat=True)[:limit]):
        try:
            told += _tell(pk)
        except Exception:  # one step's fault must not keep others from being told
            log.exception("step_not_told", step=pk)
    return told


def _tell(pk: int) -> int:
    """Tell of one step, batch by batch; a crash between two goes on where it was."""
    told = 0
    while True:
        with transaction.atomic():
            step = (
                Step.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("entry")
                .filter(pk=pk, told_at__isnull=True)
                .first()
            )
            if step is None:
                return told
            made, seen, last = _tell_batch(step)
            told += made
            step.told_until = last or step.told_until
            if seen < BATCH:
                step.told_at = timezone.now()
            step.save(update_fields=["told_until", "told_at"])
            if step.told_at is not None:
                return told


def _tell_batch(step: Step) -> tuple[int, int, int | None]:
    """One statement: the next people by key, each with their nearest role, their notices, and the mails they want at once.

    Returns how many notices were made, how many people were looked at, and the last one's key.
    """
    entry = step.entry
    with connection.cursor() as cursor:
        cursor.execute(
            _TELL,
            {
                "step": step.pk,
                "proposal": step.proposal_id,
                "actor": entry.actor_id or 0,
                "also": entry.facts.get("concerns") or 0,
                "other": _taken_in(step),
                "is_between": entry.kind in BETWEEN_AUTHORS,
                "day": timezone.localtime(entry.at).date(),
                "until": max(entry.at, entry.recorded_at),
                "after": step.told_until,
                "batch": BATCH,
                "defaults": json.dumps(DEFAULTS),
                "is_fresh": entry.at > timezone.now() - MAILED_WITHIN,
                "expires_at": timezone.now() + MAILED_WITHIN,
            },
        )
        made, seen, last = cursor.fetchone()
    return made, seen, last


def _taken_in(step: Step) -> int:
    """The proposal that has just ended in this one: whoever has to do with it was told so already."""
    if step.entry.kind != ProposalKind.TOOK_IN:
        return 0
    ended = Proposal.objects.filter(merged_into=step.proposal_id, number=step.entry.facts.get("other", ""))
    return ended.values_list("pk", flat=True).first() or 0


_TELL = """
    WITH proposal AS (
        SELECT id, author_id, on_behalf_of_id, thread_id FROM proposals_proposal WHERE id = %(proposal)s
    ), concerned (person_id, rank) AS (
        SELECT author_id, 0 FROM proposal
        UNION ALL
        SELECT r.person_id, 0 FROM organisations_representative r JOIN proposal ON proposal.on_behalf_of_id = r.organisation_id
        WHERE r.starts_on <= %(day)s AND (r.ends_on IS NULL OR r.ends_on >= %(day)s)
        UNION ALL
        SELECT %(also)s, 1
        UNION ALL
        SELECT a.author_id, 1 FROM proposals_amendment a
        WHERE a.proposal_id = %(proposal)s AND a.created_at <= %(until)s AND NOT %(is_between)s
        UNION ALL
        SELECT s.person_id, 2 FROM proposals_support s WHERE s.proposal_id = %(proposal)s AND s.created_at <= %(until)s
        UNION ALL
        SELECT c.author_id, 3 FROM discussions_comment c JOIN proposal ON proposal.thread_id = c.thread_id
        WHERE c.hidden_at IS NULL AND c.deleted_at IS NULL AND c.created_at <= %(until)s
        UNION ALL
        SELECT f.person_id, 4 FROM proposals_follow f WHERE f.proposal_id = %(proposal)s AND f.created_at <= %(until)s
    ), nearest AS (
        SELECT person_id, min(rank) AS rank FROM concerned
        WHERE person_id > %(after)s AND (rank <= 1 OR NOT %(is_between)s)
          AND NOT EXISTS (SELECT FROM proposals_support s WHERE s.proposal_id = %(other)s AND s.person_id = concerned.person_id)
          AND NOT EXISTS (SELECT FROM proposals_follow f WHERE f.proposal_id = %(other)s AND f.person_id = concerned.person_id)
          AND NOT EXISTS (SELECT FROM proposals_proposal p WHERE p.id = %(other)s AND p.author_id = concerned.person_id)
        GROUP BY person_id ORDER BY person_id LIMIT %(batch)s
    ), told AS (
        INSERT INTO notifications_notice (step_id, proposal_id, person_id, role)
        SELECT %(step)s, %(proposal)s, person_id, (ARRAY['author', 'amender', 'supporter', 'commenter', 'follower'])[rank + 1]
        FROM nearest JOIN people_person ON people_person.id = person_id
        WHERE people_person.is_active AND person_id <> %(actor)s
        ORDER BY person_id
        ON CONFLICT (step_id, person_id) DO NOTHING
        RETURNING person_id, role
    ), mailed AS (
        INSERT INTO notifications_mail (step_id, person_id, expires_at)
        SELECT %(step)s, told.person_id, %(expires_at)s
        FROM told LEFT JOIN notifications_mailchoice c ON c.person_id = told.person_id AND c.role = told.role
        WHERE %(is_fresh)s
          AND coalesce(c.frequency, %(defaults)s::jsonb ->> told.role) = 'now'
        ON CONFLICT (step_id, person_id) DO NOTHING
    )
    SELECT (SELECT count(*) FROM told), count(*), max(person_id) FROM nearest
"""
"""Also who an entry names in its facts as concerned, such as the writer of an amendment that was decided on."""
