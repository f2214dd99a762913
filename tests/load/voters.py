"""python -m tests.load.voters VOTERS BALLOTS: people with sessions and ballots they may vote in, for a server that runs.

Prints one JSON object: the ids of the ballots, and for each voter the cookies of their browser.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")
FORM_TOKEN = "a" * 32
"""The secret of a form token may be sent as it is; it says nothing about anybody."""


def main(voters: int, ballots: int) -> None:
    django.setup()
    from django.conf import settings
    from django.contrib import auth
    from django.utils import timezone

    from ballots.models import Ballot, Elector
    from people.models import Person
    from proposals.models import ProposalBallot
    from proposals.stages import Stage
    from tests import factories as f

    now = timezone.now()
    people = Person.objects.bulk_create(
        [Person(email=f"oy{n}@ornek.invalid", display_name=f"Seçmen {n}", password="!") for n in range(voters)]
    )
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    sessions = []
    for person in people:
        data = {
            auth.SESSION_KEY: str(person.pk),
            auth.BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            auth.HASH_SESSION_KEY: person.get_session_auth_hash(),
        }
        store._session_key = store._get_new_session_key()
        sessions.append(store.create_model_instance(data))
    store.get_model_class().objects.bulk_create(sessions)
    council = f.CouncilFactory(province="Kocaeli", code="KOC")
    body = f.BodyFactory(council=council)
    proposals = [f.ProposalFactory(council=council, addressed_to=body, stage=Stage.BALLOT) for _ in range(ballots)]
    opened = [
        f.BallotFactory(electors=people, opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=1))
        for _ in proposals
    ]
    for proposal, ballot in zip(proposals, opened, strict=True):
        ProposalBallot.objects.create(proposal=proposal, ballot=ballot)
    assert Elector.objects.filter(ballot=opened[0]).count() == voters
    assert Ballot.objects.count() == ballots
    cookies = [
        f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={FORM_TOKEN}"
        for session in sessions
    ]
    print(json.dumps({"ballots": [ballot.pk for ballot in opened], "cookies": cookies, "token": FORM_TOKEN}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
