"""Searching 100,000 proposals: real texts where they lie beside the checkout, the rest generated; one reader, over the API."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from typing import Any

import django

from tests.load import many
from tests.load.figures import figure, percentile
from tests.load.site import ROOT, Site

PROPOSALS = 100_000
ROUNDS = 20  # within what one address may ask in a minute
ASKED = (
    "cocuk parki", "Çocuk Parkı", "ÇOCUK PARKI", "bisiklet", "kütüphane", "yeni yol", "otobüs durak", "ağaç", "kadın",
    "parque infantil", "metro", "meydan ışık",
)  # fmt: skip
SAME = ASKED[:3]
REAL = (("decide_madrid.csv", ";", "title", "description"), ("omastadi.csv", ",", "title", "texts"))


def measure() -> Iterator[dict[str, Any]]:
    with Site(demo=False) as site:
        site.start()
        many.build(site, PROPOSALS)
        real = write_texts(site)
        for asked in ASKED:
            find(site, asked)
        times = []
        began = time.monotonic()
        for _ in range(ROUNDS):
            for asked in ASKED:
                before = time.monotonic()
                find(site, asked)
                times.append(time.monotonic() - before)
        rate = len(times) / (time.monotonic() - began)
        answers = [find(site, asked) for asked in SAME]
        if not answers[0] or answers.count(answers[0]) != len(SAME):
            raise RuntimeError(f"{SAME} do not find the same: {answers}")
        yield figure(
            "search", rate, "requests/s", p95_ms=1000 * percentile(sorted(times), 95), texts=PROPOSALS, real_texts=real
        )


def find(site: Site, text: str) -> list[str]:
    """The numbers on the first page of what is found."""
    connection = site.connect()
    try:
        connection.request("GET", f"/api/v1/councils/buyuksehir/proposals/?q={urllib.parse.quote(text)}")
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(content[:300])
        return [row["number"] for row in json.loads(content)["results"]]
    finally:
        connection.close()


def write_texts(site: Site) -> int:
    """Put the real texts, and some about playgrounds, into proposals there are; how many are real."""
    environment = {**site.environment(), "DATABASE_URL": site.database()}
    done = subprocess.run(
        [sys.executable, "-m", __name__], cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True
    )
    return int(done.stdout.splitlines()[-1])


def real_texts() -> list[tuple[str, str]]:
    from tests.data import DATA

    found = []
    for name, separator, title, text in REAL:
        path = DATA / "proposals" / name
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                rows = csv.DictReader(file, delimiter=separator)
                pairs = (((row.get(title) or "").strip(), (row.get(text) or "").strip()) for row in rows)
                found += [pair for pair in pairs if all(pair)]
    return found


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")
    django.setup()
    from django.db import connection

    csv.field_size_limit(10_000_000)
    real = real_texts()
    rows = [*real, *((f"Mahallemize çocuk parkı {n}", "Çocukların oynayacağı bir yer olsun.") for n in range(60))]
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("CREATE TEMP TABLE texts (serial serial, title text, body text)")
        with cursor.copy("COPY texts (title, body) FROM STDIN") as copy:
            for title, text in rows:
                copy.write_row((title.replace("\0", "")[:120], text.replace("\0", "")[:4_000]))
        cursor.execute(
            "UPDATE proposals_proposal p SET title = t.title, text = t.body FROM texts t WHERE p.serial = t.serial + 10"
        )
        cursor.execute("ANALYZE proposals_proposal")
    print(len(real))


if __name__ == "__main__":
    main()
