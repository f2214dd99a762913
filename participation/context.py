"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from councils.middleware import LAST_COUNCIL
from councils.models import Council
from participation.desk import has_desk


def site(request: HttpRequest) -> dict[str, Any]:
    """The page's council, the one navigation leads to, all councils for the switcher, and whether there is a desk."""
    council = getattr(request, "council", None)
    user = getattr(request, "user", None)
    councils = SimpleLazyObject(lambda: list(Council.objects.alphabetical().only("name", "slug", "province")))
    slug = "" if council else _asked_for(request) or request.COOKIES.get(LAST_COUNCIL, "")
    place = council or (next((found for found in councils if found.slug == slug), None) if slug else None)
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


def _asked_for(request: HttpRequest) -> str:
    """The first word of the address that a page of accounts leads back to, such as `kocaeli` for `?next=/kocaeli/oneriler/`."""
    return request.GET.get("next", "").lstrip("/").partition("/")[0]
