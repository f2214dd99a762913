"""The directorate's desk over 200,000 requests: its queues and its search, over HTTP by an officer who is signed in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from typing import Any

import django

from tests.load.figures import figure, percentile
from tests.load.impact import a_whole_login
from tests.load.many import WORDS, chosen, copy_rows
from tests.load.site import ROOT, Site

REQUESTS, OPEN = 200_000, 6_000
ROUNDS = 12
QUEUES = ("", "?kuyruk=acik", "?kuyruk=benim", "?kuyruk=gecikmis", "?kuyruk=birim-stk-hizmetleri", "?kuyruk=yanitlanan",
          "?kuyruk=hepsi", "?kuyruk=acik&tur=sikayet&konu=ulasim")  # fmt: skip
ASKED = ("bisiklet", "otobüs durağı", "OTOBUS DURAGI", "kütüphane gürültü", "park", "Yurttaş 77", "olmayansözcük")


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
        made = json.loads(done.stdout.splitlines()[-1])
        for name, addresses, reference in (
            ("desk_queue", QUEUES, "the oldest of what is open, by reading every request"),
            (
                "desk_search",
                [f"?q={urllib.parse.quote(text)}" for text in ASKED],
                "the same word, by reading every text",
            ),
        ):
            for address in addresses:
                read(site, made, address)
            times = sorted(read(site, made, address) for _ in range(ROUNDS) for address in addresses)
            yield figure(
                name,
                percentile(times, 95),
                "ms",
                reference=reference,
                reference_value=made[f"{name}_reference"],
                p50_ms=percentile(times, 50),
                p95_ms=percentile(times, 95),
                max_ms=times[-1],
                requests=REQUESTS,
                open=made["open"],
            )


def read(site: Site, made: dict[str, Any], query: str) -> float:
    """How long one page takes, in milliseconds."""
    connection = site.connect()
    try:
        before = time.monotonic()
        connection.request("GET", made["address"] + query, headers={"Cookie": made["cookie"]})
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200 or (b"desk-rows" not in content and b"empty" not in content):
            raise RuntimeError(f"{query}: {answer.status} {content[:300]!r}")
        return 1000 * (time.monotonic() - before)
    finally:
        connection.close()


def populate() -> dict[str, Any]:
    from django.conf import settings
    from django.contrib.auth.signals import user_logged_in
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from councils.models import Council
    from people.models import Person
    from servicerequests.models import DeskUnit, Matter, RequestTypeVersion, ServiceRequest
    from tests import factories as f

    council = f.CouncilFactory(province="Masa", code="MAS", slug="masa-kenti")
    officer = f.OfficerFactory(council=council)
    person = f.PersonFactory(email="basvuran@ornek.invalid", display_name="Yurttaş 1")
    one = f.request_of(person, council)
    types = list(RequestTypeVersion.objects.filter(type__council=council).values_list("pk", flat=True))
    units = list(DeskUnit.objects.filter(council=council).values_list("pk", flat=True))
    matters = list(Matter.objects.filter(council=council).values_list("pk", flat=True))
    words = "(ARRAY[" + ",".join(f"'{word}'" for word in WORDS) + f"])[mod(%s, {len(WORDS)}) + 1]"
    said = " || ' ' || ".join(words % by for by in ("n", "n / 7", "n / 49 + 3", "n / 343 + 5", "n * 11"))
    ago = "(n || ' minutes')::interval"
    long = f"repeat({said} || '. ', 6)"
    copy_rows(
        ServiceRequest, one, REQUESTS - 1, key="gen_random_uuid()", serial="n + 1", number="'MAS-T-' || t.year || '-' || n + 1",
        subject=f"'Başvuru ' || {said}", text=long, type_id=chosen(types), unit_id=chosen(units, "n / 3"),
        named="'Yurttaş ' || mod(n, 5000)", matter_id=chosen(matters, "n / 11"), matter_by="'rule'",
        filed_at=f"t.filed_at - {ago}", due_at=f"CASE WHEN n <= {OPEN} THEN t.due_at - {ago} END",
        assignee_id=f"CASE WHEN mod(n, 5) = 0 THEN {officer.pk} END",
        status=f"CASE WHEN n <= {OPEN} THEN 'in_review' ELSE 'answered' END",
        resolution=f"CASE WHEN n <= {OPEN} THEN '' ELSE 'informed' END",
        ended_at=f"CASE WHEN n > {OPEN} THEN t.filed_at - {ago} + interval '5 days' END",
    )  # fmt: skip
    table = ServiceRequest._meta.db_table
    found: dict[str, Any] = {}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute(f"SELECT count(*) FROM {table} WHERE ended_at IS NULL")
        found["open"] = cursor.fetchone()[0]
        cursor.execute("SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off")
        found["desk_queue_reference"] = _timed(
            cursor, f"SELECT id FROM {table} WHERE ended_at IS NULL ORDER BY due_at, id LIMIT 30"
        )
        found["desk_search_reference"] = _timed(
            cursor, f"SELECT id FROM {table} WHERE lower(text) LIKE '%%bisiklet%%' ORDER BY filed_at DESC LIMIT 30"
        )
    user_logged_in.connect(a_whole_login)
    client = Client()
    client.force_login(Person.objects.get(pk=officer.person_id))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    address = reverse("request_desk", args=[Council.objects.get(pk=council.pk).slug])
    return found | {"address": address, "cookie": f"{cookie.key}={cookie.value}"}


def _timed(cursor: Any, statement: str) -> float:
    before = time.monotonic()
    cursor.execute(statement)
    cursor.fetchall()
    return 1000 * (time.monotonic() - before)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")
    django.setup()
    print(json.dumps(populate()))
