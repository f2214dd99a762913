"""python -m tests.load.city VOTERS: a ballot with a live tally, a discussion and their people, for a server that runs.

Prints one JSON object: the ids, and for each voter the cookies of their browser. The first voters may comment too.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from datetime import timedelta
from importlib import import_module
from typing import Any

import django

from tests.load.site import ROOT, Site

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")
FORM_TOKEN = "a" * 32
"""The secret of a form token may be sent as it is; it says nothing about anybody."""
WRITERS = 8


def build(site: Site, voters: int) -> dict[str, Any]:
    """Run this module beside a server and return what it printed."""
    from participation import embedded

    database = embedded.database_url(embedded.ROOT / site.folder.name / "postgres")
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(voters)],
        cwd=ROOT,
        env={**site.environment(), "DATABASE_URL": database},
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(voters: int) -> None:
    django.setup()
    from django.conf import settings
    from django.contrib import auth
    from django.utils import timezone

    from ballots.models import ResultsVisibility
    from people.models import Person
    from proposals.models import ProposalBallot
    from proposals.stages import Stage
    from tests import factories as f

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
    now = timezone.now()
    council = f.CouncilFactory(province="Kocaeli", code="KOC")
    body = f.BodyFactory(council=council)
    proposal = f.ProposalFactory(council=council, addressed_to=body, stage=Stage.BALLOT)
    open_one = f.ProposalFactory(council=council, stage=Stage.GATHERING)
    ballot = f.BallotFactory(
        electors=people,
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(hours=3),
        visibility=ResultsVisibility.LIVE,
    )
    ProposalBallot.objects.create(proposal=proposal, ballot=ballot)
    for person in people[:WRITERS]:
        f.ResidenceFactory(person=person, council=council)
    cookies = [
        f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={FORM_TOKEN}"
        for session in sessions
    ]
    found = {"ballot": ballot.topic, "proposal": open_one.topic, "thread": open_one.thread.topic, "cookies": cookies}
    print(json.dumps(found | {"ballot_id": ballot.pk, "thread_id": open_one.thread.pk}))


class Browser:
    """One keep-alive connection of somebody who is signed in."""

    def __init__(self, port: int, cookies: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Cookie": cookies, "X-CSRFToken": FORM_TOKEN, "Content-Type": "application/json"}

    def send(self, method: str, path: str, body: dict[str, Any]) -> None:
        """Send a write; anything but success is a fault of the measurement."""
        self.connection.request(method, path, json.dumps(body).encode(), self.headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path} was answered {answer.status}: {text[:300]!r}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
