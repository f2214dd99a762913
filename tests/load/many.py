"""python -m tests.load.many PROPOSALS: a council with so many proposals, for a server that runs. Called again, it adds the rest.

Rows are copied inside the database from a few that the factories make. Prints one JSON object: the addresses of a list and of
two proposals, with 200 and with 5,000 comments, the cookie of somebody signed in, and the queries of each page.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import django

from tests.load.site import ROOT, Site

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")
FEW_COMMENTS, MANY_COMMENTS = 200, 5_000
WORDS = "park yol kütüphane bisiklet çocuk gençlik kadın emekli meydan sahil otobüs durak ağaç kaldırım ışık spor müzik".split()


def build(site: Site, proposals: int) -> dict[str, Any]:
    """Run this module beside a server and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(proposals)],
        cwd=ROOT,
        env={**site.environment(), "DATABASE_URL": site.database()},
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def copy_rows(model: Any, template: Any, count: int, **changed: str) -> None:
    """Insert `count` copies of a row, numbered `n` in the expressions of `changed`."""
    from django.db import connection

    columns, values = [], []
    for field in model._meta.concrete_fields:
        if field.generated or (field.primary_key and field.attname not in changed):
            continue
        columns.append(f'"{field.column}"')
        values.append(changed.get(field.attname, f't."{field.column}"'))
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) '
            f'SELECT {", ".join(values)} FROM "{model._meta.db_table}" AS t, generate_series(1, %s) AS n WHERE t.id = %s',
            [count, template.pk],
        )
        if "id" in changed:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'), max(id)) FROM {model._meta.db_table}"
            )


def chosen(ids: list[int], by: str = "n") -> str:
    """One of the ids, spread evenly."""
    return f"(ARRAY{ids})[mod({by}, {len(ids)}) + 1]"


def main(proposals: int) -> None:
    django.setup()
    from django.db import connection
    from django.db.models import Max
    from django.utils import timezone

    from councils.models import Body, Council, District, Theme
    from discussions.models import Comment, Thread
    from people.models import Person
    from proposals.models import Proposal
    from proposals.stages import Stage
    from tests import factories as f

    council = Council.objects.filter(slug="buyuksehir").first()
    if council is None:
        council = f.CouncilFactory(province="Büyükşehir", code="BUY", slug="buyuksehir")
        f.ProcedureFactory(council=council)
        for n in range(12):
            f.DistrictFactory(council=council, name=f"İlçe {n}")
            f.ThemeFactory(council=council, name=f"Konu {n}")
        for n in range(8):
            f.BodyFactory(council=council, name=f"Grup {n}")
        for n in range(200):
            f.PersonFactory(email=f"yazar{n}@ornek.invalid", display_name=f"Yazar {n}")
        for stage in (Stage.SUBMITTED, Stage.GATHERING, Stage.IN_GROUP):
            f.ProposalFactory(
                council=council, stage=stage, source_id="", text="Kısa bir metin: parklar ve yollar için."
            )
        for serial, comments in ((1, FEW_COMMENTS), (2, MANY_COMMENTS)):
            thread = Proposal.objects.get(council=council, serial=serial).thread
            comment = f.CommentFactory(thread=thread)
            copy_rows(Comment, comment, comments - 1, key="gen_random_uuid()", author_id=chosen(_ids(Person)))
            Thread.objects.filter(pk=thread.pk).update(comment_count=comments)
    models = list(Proposal.objects.filter(council=council, serial__lte=3).order_by("serial"))
    for n, model in enumerate(models):
        have = Proposal.objects.filter(council=council, stage=model.stage).count()
        count = proposals // len(models) - have
        if count <= 0:
            continue
        serial = Proposal.objects.filter(council=council).aggregate(last=Max("serial"))["last"]
        thread = 1_000_000 * (n + 1) + serial
        copy_rows(Thread, model.thread, count, id=f"{thread} + n")
        copy_rows(
            Proposal,
            model,
            count,
            key="gen_random_uuid()",
            serial=f"{serial} + n",
            number=f"'BUY-' || t.year || '-' || lpad(({serial} + n)::text, 6, '0')",
            thread_id=f"{thread} + n",
            title=f"'Yeni ' || {_word('n')} || ' ve ' || {_word('n / 7')} || ' ' || n",
            text="''",
            theme_id=chosen(_ids(Theme.objects.filter(council=council))),
            district_id=chosen(_ids(District.objects.filter(council=council)), "n / 3"),
            addressed_to_id=chosen(_ids(Body.objects.filter(council=council)), "n / 5"),
            author_id=chosen(_ids(Person)),
            submitted_at="t.submitted_at - n * interval '7 minutes'",
            support_count="mod(n * 31, 400)",
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    reader = Person.objects.order_by("pk")[0]
    detail = f"/buyuksehir/oneriler/{models[0].number}/"
    paths = {"list": "/buyuksehir/oneriler/", "detail": detail, "long": f"/buyuksehir/oneriler/{models[1].number}/"}
    print(
        json.dumps(
            {"paths": paths, "cookie": _cookie(reader), "queries": _queries(paths, reader), "at": str(timezone.now())}
        )
    )


def _ids(rows: Any) -> list[int]:
    from people.models import Person

    found = (rows.objects.filter(email__startswith="yazar") if rows is Person else rows).order_by("pk")
    return list(found.values_list("pk", flat=True))


def _word(by: str) -> str:
    words = ", ".join(f"'{word}'" for word in WORDS)
    return f"(ARRAY[{words}])[mod({by}, {len(WORDS)}) + 1]"


def _cookie(person: Any) -> str:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def _queries(paths: dict[str, str], person: Any) -> dict[str, int]:
    """How many queries each page takes when it is made, for a visitor and for somebody signed in."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from participation.page_cache import forget_pages

    visitor, reader = Client(headers={"Host": "127.0.0.1"}), Client(headers={"Host": "127.0.0.1"})
    reader.force_login(person)
    counts = {}
    for name, path in paths.items():
        for who, client in (("", visitor), ("_signed_in", reader)):
            client.get(path)
            forget_pages()
            with CaptureQueriesContext(
                connection,
            ) as queries:
                if client.get(path).status_code != 200:
                    raise RuntimeError(path)
            counts[name + who] = len(queries)
    return counts


if __name__ == "__main__":
    main(int(sys.argv[1]))
