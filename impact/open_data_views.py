"""Open data: the page that offers the files of each day, and the files."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from councils.models import Council
from impact.opendata.schema import TABLES
from impact.opendata.writing import DESCRIPTOR, archive_name, days_of, root_of
from people.access import public

LATEST = "son"
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "zip": "application/zip"}


def descriptor_of(council: Council, day: date) -> dict[str, Any] | None:
    """What was written on a day; None where nothing is."""
    try:
        found: dict[str, Any] = json.loads((root_of(council) / day.isoformat() / DESCRIPTOR).read_text("utf-8"))
    except FileNotFoundError:
        return None
    return found


@public
@require_safe
def open_data(request: HttpRequest) -> HttpResponseBase:
    """The newest files, those of the days before, and what each column means."""
    council = request.council
    assert council is not None
    days = days_of(council)
    described = descriptor_of(council, days[0]) if days else None
    files: dict[str, dict[str, Any]] = {}
    for each in described["resources"] if described else ():
        files.setdefault(each["name"].removesuffix("-json"), {})[each["format"]] = each
    context = {
        "days": [(day, archive_name(council, day)) for day in days],
        "latest": days[0] if described else None,
        "tables": [(table, files.get(table.name, {})) for table in TABLES],
        "descriptor": DESCRIPTOR,
        "licence": {"title": settings.OPEN_DATA_LICENCE_TITLE, "url": settings.OPEN_DATA_LICENCE_URL},
        "kept_days": settings.OPEN_DATA_DAYS,
    }
    return render(request, "impact/open_data.html", context)


@public
@require_safe
def open_data_file(request: HttpRequest, day: str, name: str) -> HttpResponseBase:
    """One file of a day, or of the newest (`son`); 304 for who has it already."""
    council = request.council
    assert council is not None
    path = _found(council, day, name)
    if path is None:
        raise Http404
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    stat = path.stat()
    moment = datetime.fromtimestamp(stat.st_mtime, UTC)
    etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    response = FileResponse(
        file, content_type=TYPES[path.suffix[1:]], as_attachment=path.suffix == ".zip", filename=name
    )
    response["ETag"] = etag
    response["Last-Modified"] = http_date(stat.st_mtime)
    response["Cache-Control"] = "public, max-age=3600" if day == LATEST else "public, max-age=86400"
    answer = get_conditional_response(request, etag, int(moment.timestamp()), response)
    if answer is not response:
        file.close()
    return answer


def _found(council: Council, day: str, name: str) -> Path | None:
    """The file's path, put together from known words alone."""
    days = days_of(council)
    asked = next((each for each in days if day == LATEST or each.isoformat() == day), None)
    if asked is None:
        return None
    known = {
        DESCRIPTOR,
        archive_name(council, asked),
        *(f"{t.name}.{form}" for t in TABLES for form in ("csv", "json")),
    }
    return root_of(council) / asked.isoformat() / name if name in known else None
