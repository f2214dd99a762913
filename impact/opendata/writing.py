"""Writing the files of a day: from one snapshot of the database, row by row, seen only when they are whole."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from councils.models import Council
from documents.cells import neutral
from impact.opendata.rows import ROWS
from impact.opendata.schema import TABLES, Table, descriptor

DESCRIPTOR = "datapackage.json"
_LOCK = "impact.open_data"


def root_of(council: Council) -> Path:
    """Where a council's days lie."""
    return Path(settings.MEDIA_ROOT, "acik-veri", council.slug)


def days_of(council: Council) -> list[date]:
    """The days whose files are there, the newest first."""
    root, found = root_of(council), []
    for path in root.iterdir() if root.is_dir() else ():
        try:
            found.append(date.fromisoformat(path.name))
        except ValueError:  # one that is being written, or taken away
            continue
    return sorted(found, reverse=True)


def write_open_data(*, at: datetime, again: bool = False) -> list[Path]:
    """Write today's files of every council that has none yet, or of all `again`, and take away those of too long ago.

    Returns the folders it wrote; none while another process writes. All councils are read in one snapshot.
    """
    day = timezone.localdate(at)
    with _one_snapshot() as is_ours:
        if not is_ours:
            return []
        councils = list(Council.objects.order_by("pk"))
        missing = [council for council in councils if again or day not in days_of(council)]
        written = [_write(council, day, at=at) for council in missing]
    for council in councils:
        _forget(council, before=day - timedelta(days=settings.OPEN_DATA_DAYS))
    return written


@contextmanager
def _one_snapshot() -> Iterator[bool]:
    """Every query inside sees the same moment. False when another process writes the files just now."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [_LOCK])
        yield cursor.fetchone()[0]


def _write(council: Council, day: date, *, at: datetime) -> Path:
    root = root_of(council)
    root.mkdir(parents=True, exist_ok=True)
    making, ready = root / f".new-{uuid.uuid4().hex}", root / day.isoformat()
    making.mkdir()
    try:
        files = [each for table in TABLES for each in _write_table(making, council, table)]
        with translation.override("tr"):
            described = _described(council, day, files, at=at)
        text = json.dumps(described, ensure_ascii=False, indent=1)
        (making / DESCRIPTOR).write_text(text, encoding="utf-8")
        _pack(making, archive_name(council, day))
        if ready.exists():
            ready.rename(root / f".old-{uuid.uuid4().hex}")
        making.rename(ready)
    finally:
        for left in root.glob(".*"):
            shutil.rmtree(left, ignore_errors=True)
    return ready


def archive_name(council: Council, day: date) -> str:
    """The name of the file that holds all others."""
    return f"meydan-{council.slug}-{day.isoformat()}.zip"


class _File:
    """Counts and digests what is written."""

    def __init__(self, path: Path) -> None:
        self.path, self.bytes, self.digest = path, 0, hashlib.sha256()
        self.file = path.open("xb")

    def write(self, text: str) -> None:
        data = text.encode()
        self.file.write(data)
        self.digest.update(data)
        self.bytes += len(data)

    def close(self) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()


def _write_table(folder: Path, council: Council, table: Table) -> list[dict[str, Any]]:
    """Both files of a table in one pass over its rows."""
    names = [field.name for field in table.fields]
    as_csv, as_json = _File(folder / f"{table.name}.csv"), _File(folder / f"{table.name}.json")
    writer = csv.writer(as_csv)
    writer.writerow(names)
    rows = 0
    as_json.write("[")
    for row in ROWS[table.name](council):
        values = [_plain(value) for value in row]
        writer.writerow([_cell(value) for value in values])
        as_json.write(",\n" if rows else "\n")
        as_json.write(json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False))
        rows += 1
    as_json.write("\n]\n")
    told = []
    for form, file in (("csv", as_csv), ("json", as_json)):
        file.close()
        told.append(
            {
                "table": table.name,
                "path": file.path.name,
                "format": form,
                "bytes": file.bytes,
                "hash": file.digest.hexdigest(),
                "rows": rows,
            }
        )
    return told


def _plain(value: Any) -> Any:
    """A value as JSON holds it; nothing and an empty text are the same."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)  # lira with two decimals, of at most 15 digits, are written out exactly
    return None if value == "" else value


def _cell(value: Any) -> Any:
    """A value as CSV holds it: no text is taken for a formula."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return neutral(value) if isinstance(value, str) else value


def _described(council: Council, day: date, files: list[dict[str, Any]], *, at: datetime) -> dict[str, Any]:
    return descriptor(
        name=f"meydan-{council.slug}",
        title=_("%(council)s: açık veri") % {"council": council.name},
        text=_(
            "Önerilerin yolu, oylamaların sonuçları, kararlar, uygulamalar, bütçe kalemleri, stratejik plan ve katılım. "
            "Kişisel veri içermez: kişilerin adları, yorumlar, eski sürümler ve kimin ne oy verdiği yoktur. CSV dosyalarında "
            "tablo programlarının formül sanacağı metinlerin başına kesme imi konur; JSON dosyalarında metinler olduğu gibidir."
        ),
        homepage=settings.SITE_URL.rstrip("/") + reverse("open_data", args=[council.slug]),
        licence={
            "name": settings.OPEN_DATA_LICENCE,
            "path": settings.OPEN_DATA_LICENCE_URL,
            "title": settings.OPEN_DATA_LICENCE_TITLE,
        },
        day=day.isoformat(),
        created=_plain(at),
        files=files,
    )


def _pack(folder: Path, name: str) -> None:
    with zipfile.ZipFile(folder / name, "x", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            if path.name != name:
                archive.write(path, path.name)


def _forget(council: Council, *, before: date) -> None:
    """Take away the days of before; the name goes first, so that nobody is given half of it."""
    root = root_of(council)
    for day in days_of(council):
        if day < before:
            going = root / f".old-{uuid.uuid4().hex}"
            (root / day.isoformat()).rename(going)
            shutil.rmtree(going, ignore_errors=True)
