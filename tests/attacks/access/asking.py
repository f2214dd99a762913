"""Every address there is, how one is asked, and what its answer means."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from tests.attacks.access.row import Row

LOGIN = "/hesap/giris/"


def outcome(response: HttpResponse) -> str:
    """What an answer means: open, form (allowed, but what was sent is not enough), login, refused, absent, wrong (method)."""
    if response.status_code in {301, 302, 303} and response["Location"].startswith((LOGIN, "/admin/login/")):
        return "login"
    names = {
        400: "form",
        401: "login",
        403: "refused",
        404: "absent",
        405: "wrong",
        409: "form",
        415: "form",
        422: "form",
        428: "form",
    }
    assert response.status_code < 500, response.content_[:300]
    return names.get(response.status_code, "open" if response.status_code < 400 else str(response.status_code))


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Name and pattern of every address but those of the administration."""
    for each in (resolver or get_resolver()).url_patterns:
        path = prefix + str(each.pattern)
        if path.startswith("admin/"):
            continue
        if isinstance(each, URLResolver):
            yield from addresses(each, path)
        else:
            yield str(each.name), path


def sent(each: Row) -> dict[str, Any]:
    """The body as the address takes it."""
    body = each.body
    is_api = each.name.startswith("api-")
    if body == "ballot":
        closing = timezone.localtime() + timedelta(days=3)
        body = {"closes_at": closing.isoformat()}
        if not is_api:
            body = {
                "opening": "now",
                "visibility": "live",
                "closes_on": f"{closing:%Y-%m-%d}",
                "closes_time": f"{closing:%H:%M}",
            }
    if body == "council ballot":
        closing = timezone.localtime() + timedelta(days=3)
        body = {"electorate": "residents", "question": "Meydan yayalara açılsın mı?", "closes_at": closing.isoformat()}
    if is_api and body is not None:
        return {"body": json.dumps(body), "content_type": "application/json"}
    return {"body": body}
