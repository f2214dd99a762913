"""Fill an empty, migrated database for experiments: a council, voters with open sessions, a ballot and a discussion.

    python -m tests.faults.populate FILE
    python -m tests.faults.populate --ballots COUNT SECONDS

FILE receives, as JSON, what clients need. The second adds ballots that end in so many seconds, and prints their ids. Run with
DATABASE_URL and SECRET_KEY of the installation.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

VOTERS = 200
STRANGERS = 10
ROLL = 60
"""How many of the voters are on the roll of a ballot that is added later."""


def main(target: Path) -> None:
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        found = _fill()
    target.write_text(json.dumps(found))


def _fill() -> dict[str, object]:
    from councils.models import Role
    from tests import factories as f

    council = f.CouncilFactory(province="Kocaeli", code="KOC")
    f.ProcedureFactory(council=council)
    f.DistrictFactory(council=council, name="İzmit")
    f.ThemeFactory(council=council, name="Ulaşım")
    body = f.BodyFactory(council=council, name="Ulaşım Çalışma Grubu")
    charter = f.CharterFactory(body=body, is_discussion_public=False)
    people = [f.PersonFactory(display_name=f"Kişi {n}", email=f"kisi{n}@ornek.invalid") for n in range(VOTERS)]
    leader = f.PersonFactory(display_name="Kolaylaştırıcı", email="kolaylastirici@ornek.invalid")
    f.MembershipFactory(body=body, person=leader, role=Role.FACILITATOR, has_vote=False)
    for person in people:
        f.ResidenceFactory(person=person, council=council)
        f.MembershipFactory(body=body, person=person)
    strangers = [
        f.PersonFactory(display_name=f"Yabancı {n}", email=f"yabanci{n}@ornek.invalid") for n in range(STRANGERS)
    ]
    proposal, ballot = _ballot(body, people, leader, timedelta(days=3650))
    return {
        "people": [{"id": person.pk, "session": _session(person)} for person in people],
        "strangers": [{"id": person.pk, "session": _session(person)} for person in strangers],
        "ballot": ballot.pk,
        "proposal": proposal.pk,
        "thread": proposal.thread_id,
        "group_thread": charter.thread_id,
        "body": body.pk,
        "council": council.pk,
    }


def _ballot(body: Any, people: Sequence[Any], opener: Any, length: timedelta) -> tuple[Any, Any]:
    """A ballot of the group on a proposal of its own, opened as the application opens one."""
    from django.utils import timezone

    from ballots.actions import open_ballot
    from proposals.stages import Stage
    from tests import factories as f

    proposal = f.ProposalFactory(council=body.council, addressed_to=body, author=people[0], stage=Stage.BALLOT)
    ballot = open_ballot(
        actor=opener,
        policy="proposals.proposal",
        question="Öneri kabul edilsin mi?",
        electors=[person.pk for person in people],
        closes_at=timezone.now() + length,
        at=timezone.now(),
        place=(body.council, body),
    )
    f.ProposalBallotFactory(proposal=proposal, ballot=ballot)
    return proposal, ballot


def add_ballots(count: int, seconds: float) -> list[int]:
    """Ballots on proposals of the council that is there, with the first of its members on the roll."""
    from django.db import transaction

    from councils.models import Body
    from people.models import Person

    body = Body.objects.get(charter__isnull=False)
    members = Person.objects.filter(memberships__body=body, memberships__has_vote=True).order_by("pk")
    people = list(members[:ROLL])
    with transaction.atomic():
        return [_ballot(body, people, people[0], timedelta(seconds=seconds))[1].pk for _ in range(count)]


def _session(person: object) -> str:
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)  # type: ignore[attr-defined]
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()  # type: ignore[attr-defined]
    session.set_expiry(60 * 60 * 24 * 3650)
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")
    django.setup()
    if sys.argv[1] == "--ballots":
        print(json.dumps(add_ballots(int(sys.argv[2]), float(sys.argv[3]))))
    else:
        main(Path(sys.argv[1]))
