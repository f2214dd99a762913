"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from councils.models import Council
from participation.desk import has_desk


def site(request: HttpRequest) -> dict[str, Any]:
    """The current council, all councils for the switcher, and whether the person has a desk here."""
    council = getattr(request, "council", None)
    user = getattr(request, "user", None)
    return {
        "council": council,
        "councils": SimpleLazyObject(lambda: list(Council.objects.alphabetical().only("name", "slug", "province"))),
        "demo": settings.DEMO,
        "person": user,
        "desk_available": SimpleLazyObject(
            lambda: bool(council and user and user.is_authenticated and has_desk(user, council, at=timezone.now()))
        ),
        "request_id": getattr(request, "request_id", ""),
        "site_url": settings.SITE_URL,
    }
