"""Something to do for every task, and what must have come of it: ballots that end, gathering that ends, a seat lost in a roll
that moves, entries nobody was told of, sessions and answers that are old.

    python -m tests.faults.chores COUNT SECONDS

fills the installation of DATABASE_URL with so many of each, which become due within so many seconds, and prints as JSON the
effects that must come about.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

Rows = Callable[[str], list[tuple[Any, ...]]]

EFFECTS = """
    SELECT kind || ' ' || subject_id FROM journal_entry WHERE kind IN ('ballots.declared', 'proposals.support_missed')
    UNION ALL SELECT 'struck ' || person_id FROM ballots_elector WHERE struck_at IS NOT NULL
"""
LEFT = {
    "ballots that ended": "SELECT count(*) FROM ballots_ballot WHERE declared_at IS NULL AND closes_at < now()",
    "entries nobody was told of": "SELECT count(*) FROM journal_undelivered WHERE since < now() - interval '5 seconds'",
    "expired sessions": "SELECT count(*) FROM people_session WHERE expire_date < now()",
    "old answers": "SELECT count(*) FROM people_keptanswer WHERE created_at < now() - interval '1 day'",
}
"""What no task may leave behind."""


def are_due(rows: Rows) -> bool:
    """Whether everything that was made is due; only the ballot whose roll moves goes on."""
    return bool(
        rows("SELECT count(*) = 1 FROM ballots_ballot WHERE closes_at BETWEEN now() AND now() + interval '2 days'")[0][
            0
        ]
    )


def effects(rows: Rows) -> list[str]:
    return [row[0] for row in rows(EFFECTS)]


def left_behind(rows: Rows) -> list[str]:
    return [f"{count} {what} are left" for what, query in LEFT.items() if (count := rows(query)[0][0])]


def make(body: Any, people: list[Any], leader: Any, count: int, seconds: float) -> list[str]:
    """The effects wanted; `leader` leads the body, `people` are its members, of whom the last loses the seat."""
    from django.utils import timezone

    from ballots.actions import open_ballot
    from councils.balloting import open_council_ballot
    from councils.models import CouncilBallot, Electorate
    from journal.models import Entry, Undelivered
    from people.models import KeptAnswer, Session
    from proposals.stages import Stage
    from tests import factories as f

    now, wanted = timezone.now(), []
    asked = CouncilBallot(council=body.council, electorate=Electorate.BODY, body=body)
    closes = now + timedelta(days=1)
    open_council_ballot(actor=leader, asked=asked, question="Kim?", closes_at=closes, at=now, roll_rule="strikes")
    people[-1].memberships.filter(body=body).delete()
    wanted.append(f"struck {people[-1].pk}")
    for number in range(count):
        due = timezone.now() + timedelta(seconds=0.5 + seconds * number / count)
        common = {"council": body.council, "addressed_to": body, "author": people[0]}
        proposal = f.ProposalFactory(stage=Stage.BALLOT, **common)
        ballot = open_ballot(
            actor=leader,
            policy="proposals.proposal",
            question="Öneri kabul edilsin mi?",
            electors=[person.pk for person in people],
            closes_at=due,
            at=timezone.now(),
            place=(body.council, body),
        )
        f.ProposalBallotFactory(proposal=proposal, ballot=ballot)
        gathering = f.ProposalFactory(stage=Stage.GATHERING, support_closes_at=due, **common)
        wanted += [f"ballots.declared {ballot.pk}", f"proposals.support_missed {gathering.pk}"]
        key, long_ago = uuid.uuid4(), now - timedelta(days=2)
        Session.objects.create(session_key=key.hex, session_data="", expire_date=long_ago)
        KeptAnswer.objects.create(person=people[0], key=key, request_hash="", created_at=long_ago)
    for entry in Entry.objects.filter(kind="ballots.opened"):
        Undelivered.objects.get_or_create(entry=entry, defaults={"since": now - timedelta(hours=1)})
    return wanted


def main(count: int, seconds: float) -> None:
    from councils.models import Body, Role
    from people.models import Person

    body = Body.objects.get(charter__isnull=False)
    members = Person.objects.filter(memberships__body=body).order_by("pk")
    people = list(members.filter(memberships__has_vote=True).reverse()[:20])
    print(json.dumps(make(body, people, members.get(memberships__role=Role.FACILITATOR), count, seconds)))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")
    django.setup()
    main(int(sys.argv[1]), float(sys.argv[2]))
