"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from councils.models import Council
from participation.desk import has_desk

LAST_COUNCIL = "meydan_council"
"""The cookie that remembers the council visited last; navigation of personal pages leads back to it."""


def site(request: HttpRequest) -> dict[str, Any]:
    """The page's council, the one navigation leads to, all councils for the switcher, and whether there is a desk."""
    council = getattr(request, "council", None)
    user = getattr(request, "user", None)
    councils = SimpleLazyObject(lambda: list(Council.objects.alphabetical().only("name", "slug", "province")))
    last_visited = request.COOKIES.get(LAST_COUNCIL, "")
    place = council or (
        next((found for found in councils if found.slug == last_visited), None) if last_visited else None
    )
    return {
        "council": council,
        "place": place,
        "councils": councils,
        "demo": settings.DEMO,
        "external_login": settings.OPENID_NAME if settings.OPENID_ISSUER else "",
        "person": user,
        "desk_available": SimpleLazyObject(
            lambda: bool(place and user and user.is_authenticated and has_desk(user, place, at=timezone.now()))
        ),
        "request_id": getattr(request, "request_id", ""),
        "site_url": settings.SITE_URL,
    }
