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
from datetime import timedelta
from pathlib import Path

import django

VOTERS = 60


def main(target: Path) -> None:
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        found = _fill()
    target.write_text(json.dumps(found))


def _fill() -> dict[str, object]:
    from django.utils import timezone

    from councils.models import Role
    from proposals.stages import Stage
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
    proposal = f.ProposalFactory(council=council, addressed_to=body, author=people[0], stage=Stage.BALLOT)
    ballot = f.BallotFactory(
        electors=people,
        opened_by=leader,
        opens_at=timezone.now() - timedelta(minutes=1),
        closes_at=timezone.now() + timedelta(days=3650),
    )
    f.ProposalBallotFactory(proposal=proposal, ballot=ballot)
    return {
        "people": [{"id": person.pk, "session": _session(person)} for person in people],
        "ballot": ballot.pk,
        "proposal": proposal.pk,
        "thread": proposal.thread_id,
        "group_thread": charter.thread_id,
        "body": body.pk,
        "council": council.pk,
    }


def add_ballots(count: int, seconds: float) -> list[int]:
    """Ballots on proposals of the council that is there, with its members on the roll."""
    from django.db import transaction
    from django.utils import timezone

    from councils.models import Body
    from people.models import Person
    from proposals.stages import Stage
    from tests import factories as f

    body = Body.objects.get(charter__isnull=False)
    people = list(Person.objects.filter(memberships__body=body, memberships__has_vote=True).order_by("pk"))
    with transaction.atomic():
        found = []
        for _ in range(count):
            proposal = f.ProposalFactory(council=body.council, addressed_to=body, author=people[0], stage=Stage.BALLOT)
            ballot = f.BallotFactory(
                electors=people,
                opened_by=people[0],
                opens_at=timezone.now() - timedelta(minutes=1),
                closes_at=timezone.now() + timedelta(seconds=seconds),
            )
            f.ProposalBallotFactory(proposal=proposal, ballot=ballot)
            found.append(ballot.pk)
    return found


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
