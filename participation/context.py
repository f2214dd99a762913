"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from councils.middleware import LAST_COUNCIL, councils_of
from participation.desk import has_desk
from people.alongside import answer
from people.offices import holds_office


def site(request: HttpRequest) -> dict[str, Any]:
    """The page's council, the one navigation leads to, all councils for the switcher, and whether there is a desk."""
    council = getattr(request, "council", None)
    user = getattr(request, "user", None)
    councils = SimpleLazyObject(lambda: councils_of(request))
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
            lambda: bool(place and _may_have_desk(user) and has_desk(user, place, at=timezone.now()))
        ),
        "has_news": SimpleLazyObject(lambda: answer(user, "has_unread_notices")),
        "request_id": getattr(request, "request_id", ""),
        "site_url": settings.SITE_URL,
    }


def _asked_for(request: HttpRequest) -> str:
    """The first word of the address that a page of accounts leads back to, such as `kocaeli` for `?next=/kocaeli/oneriler/`."""
    return request.GET.get("next", "").lstrip("/").partition("/")[0]


def _may_have_desk(user: Any) -> bool:
    """Not without any office; whether there is one came with the person."""
    return user is not None and user.is_authenticated and holds_office(user)
