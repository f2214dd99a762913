"""The impact panel of a council with 10,000 proposals, 40,000 people who took part and 400,000 votes, with several filters.

Whole requests through Django's stack, in this process. Beside it the same figures by a recount from the tables of the other apps.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import django

from tests.load.figures import figure, percentile
from tests.load.many import copy_rows
from tests.load.site import ROOT, Site

PROPOSALS, PEOPLE, BALLOTS, VOTES = 10_000, 40_000, 200, 400_000
ROUNDS = 12
FILTERS = (
    "",
    "?yil={year}",
    "?konu=konu-3",
    "?ilce=ilce-2",
    "?organ=grup-1",
    "?konu=konu-1&ilce=ilce-4",
    "?stk=dernek",
)


def measure() -> Iterator[dict[str, Any]]:
    with Site(demo=False) as site:
        site.start()
        done = subprocess.run(
            [sys.executable, "-m", __name__],
            cwd=ROOT,
            env={**site.environment(), "DATABASE_URL": site.database()},
            stdout=subprocess.PIPE,
            check=True,
        )
        found = json.loads(done.stdout.splitlines()[-1])
        times = sorted(found["times"])
        yield figure(
            "impact_dashboard",
            percentile(times, 95),
            "ms",
            reference="the same figures recounted from the source tables",
            reference_value=found["recount_ms"],
            p50_ms=percentile(times, 50),
            p95_ms=percentile(times, 95),
            max_ms=times[-1],
            requests=len(times),
            queries=found["queries"],
            freshness_ms=found["freshness_ms"],
            proposals=PROPOSALS,
            participants=found["participants"],
            votes=VOTES,
        )


def populate() -> tuple[Any, Any]:
    """The council and an officer of its directorate; rows are copied inside the database."""
    from django.db import connection, transaction
    from django.utils import timezone

    from ballots.models import Elector, Vote
    from councils.models import Body, District, Residence, Theme
    from discussions.models import Thread
    from people.models import Person
    from proposals.models import Proposal, ProposalBallot, StageChange, Support
    from proposals.stages import PATH, Stage
    from tests import factories as f

    council = f.CouncilFactory(province="Etki", code="ETK", slug="etki-kenti")
    f.ProcedureFactory(council=council)
    for n in range(12):
        f.DistrictFactory(council=council, name=f"İlçe {n}", population=40_000 + 10_000 * n)
        f.ThemeFactory(council=council, name=f"Konu {n}")
        f.BodyFactory(council=council, name=f"Grup {n}")
    organisation = f.OrganisationFactory(name="Dernek")
    officer = f.OfficerFactory(council=council).person
    person = f.PersonFactory(email="katilan@ornek.invalid")
    copy_rows(Person, person, PEOPLE - 1, email="'katilan' || n || '@ornek.invalid'", display_name="'Katılan ' || n")
    people = "(SELECT array_agg(id ORDER BY id) FROM people_person WHERE email LIKE 'katilan%%')"
    residence = f.ResidenceFactory(person=person, council=council, district=District.objects.get(slug="ilce-0"))
    one = f.ProposalFactory(
        council=council, author=person, addressed_to=Body.objects.get(slug="grup-0"), district=residence.district,
        theme=Theme.objects.get(slug="konu-0"), on_behalf_of=organisation, stage=Stage.IN_GROUP, source_id="",
    )  # fmt: skip
    copy_rows(Thread, one.thread, PROPOSALS - 1, id="1000000 + n")
    copy_rows(
        Proposal, one, PROPOSALS - 1, key="gen_random_uuid()", serial="n + 1", number="'ETK-' || t.year || '-' || n + 1",
        thread_id="1000000 + n", title="'Öneri ' || n", year=f"{timezone.now().year} - mod(n, 3)",
        submitted_at="t.submitted_at - mod(n, 900) * interval '1 day'",
        on_behalf_of_id=f"CASE WHEN mod(n, 6) = 0 THEN {organisation.pk} END",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        run = cursor.execute
        for column, table in (("theme_id", Theme), ("district_id", District), ("addressed_to_id", Body)):
            keys = list(table.objects.filter(council=council).order_by("pk").values_list("pk", flat=True)[:12])
            run(f"UPDATE proposals_proposal SET {column} = (%s::bigint[])[mod(id * 7, 12) + 1]", [keys])
        run(f"UPDATE proposals_proposal SET author_id = {people}[mod(id * 31, {PEOPLE}) + 1]")
        way = [str(stage) for stage in PATH]
        # Each proposal went as many steps of the way as its number says.
        run(
            f"INSERT INTO {StageChange._meta.db_table} (proposal_id, old, new, reason_code, reason, at) "
            "SELECT p.id, (%s::text[])[k], (%s::text[])[k + 1], '', '', "
            "p.submitted_at + k * interval '17 hours' * (1 + mod(p.id, 9)) "
            "FROM proposals_proposal p, generate_series(1, 11) k WHERE k <= mod(p.id, 12)",
            [way, way],
        )
        run(
            "UPDATE proposals_proposal p SET stage = (%s::text[])[mod(id, 12) + 1], due_at = now() - interval '1 day', "
            "holder = 'body' WHERE mod(id, 12) > 0",
            [way],
        )
        run(
            f"INSERT INTO {Residence._meta.db_table} (person_id, council_id, district_id, declared_at) "
            f"SELECT p.id, {council.pk}, d.id, now() FROM people_person p JOIN {District._meta.db_table} d "
            f"ON d.council_id = {council.pk} AND mod(d.id, 12) = mod(p.id, 12) WHERE p.email LIKE 'katilan%%' "
            "ON CONFLICT DO NOTHING"
        )
        run(
            f"INSERT INTO {Support._meta.db_table} (proposal_id, person_id, shows_name, created_at) "
            f"SELECT p.id, {people}[mod(p.id * 13 + k * 977, {PEOPLE}) + 1], false, p.submitted_at "
            "FROM proposals_proposal p, generate_series(1, 10) k ON CONFLICT DO NOTHING"
        )
        proposals = list(Proposal.objects.order_by("pk")[:BALLOTS])
        run(f"ALTER TABLE {Vote._meta.db_table} DISABLE TRIGGER USER")
        voters = f"{people}[mod(%s * 200 + k, {PEOPLE}) + 1]"
        for n, proposal in enumerate(proposals):
            with transaction.atomic():  # the roll is taken in the transaction that opens the ballot
                ballot = f.BallotFactory(electorate_size=VOTES // BALLOTS)
                run(
                    f"INSERT INTO {Elector._meta.db_table} (ballot_id, person_id) "
                    f"SELECT %s, {voters} FROM generate_series(1, %s) k",
                    [ballot.pk, n, VOTES // BALLOTS],
                )
            ProposalBallot.objects.create(proposal=proposal, ballot=ballot)
            run(
                f"INSERT INTO {Vote._meta.db_table} (ballot_id, person_id, paper, cast_at, changed_at, times) "
                f"SELECT %s, {voters}, 'yes', now(), now(), 1 FROM generate_series(1, %s) k",
                [ballot.pk, n, VOTES // BALLOTS],
            )
        run("ANALYZE")
    return council, officer


def a_whole_login(request: Any, user: Any, **_: Any) -> None:
    """`force_login` stands for a whole log-in, the second step with it."""
    from people import second_step

    second_step.mark(request, user, type="bench", reauthenticated=True)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")
    django.setup()
    from django.contrib.auth.signals import user_logged_in
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from impact.actions import has_more, recount_all
    from impact.auditing import Counted, differences
    from impact.models import Mark, Participation, ProposalFact
    from proposals.models import Proposal

    council, officer = populate()
    recount_all()
    while has_more():  # what populating marked
        time.sleep(0.5)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    counted = Counted()
    began = time.monotonic()
    if wrong := next(differences(counted), None):
        raise RuntimeError(wrong)
    recount = time.monotonic() - began
    # What one change takes until the figures have it: the server beside this looks every two seconds.
    fact = ProposalFact.objects.exclude(theme=None).order_by("pk")[0]
    began = time.monotonic()
    with transaction.atomic():
        Proposal.objects.filter(pk=fact.pk).update(theme=None)
        Mark.objects.create(subject="proposal", key=fact.pk)
    while ProposalFact.objects.get(pk=fact.pk).theme_id is not None:
        if time.monotonic() - began > 60:
            raise RuntimeError("the change is not counted")
        time.sleep(0.05)
    freshness = time.monotonic() - began
    client = Client(headers={"Host": "127.0.0.1"})
    user_logged_in.connect(a_whole_login)
    client.force_login(officer)
    address = f"/{council.slug}/etki/panel/"
    times: list[float] = []
    queries = 0
    for number in range(ROUNDS + 1):
        for query in FILTERS:
            url = address + query.format(year=timezone.now().year - 1)
            with CaptureQueriesContext(connection) as captured:
                before = time.monotonic()
                answer = client.get(url)
                took = time.monotonic() - before
            if answer.status_code != 200:
                raise RuntimeError(f"{url}: {answer.status_code} {answer.content[:300]!r}")
            queries = max(queries, len(captured))
            if number:
                times.append(1000 * took)
    participants = Participation.objects.filter(council=council, year=0).count()
    print(
        json.dumps(
            {
                "times": times,
                "recount_ms": 1000 * recount,
                "freshness_ms": 1000 * freshness,
                "queries": queries,
                "participants": participants,
            }
        )
    )


if __name__ == "__main__":
    main()
