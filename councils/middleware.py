"""`request.council`: the council a path belongs to, found once for every view below `/<council>/`, and remembered."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase

from councils.models import Council

LAST_COUNCIL = "meydan_council"
"""The cookie that remembers the council visited last; navigation of personal pages leads back to it."""
YEAR = 365 * 24 * 3600
# What only the home of a council shows.
LONGER = ("about", "vision", "mission", "principles", "outline", "verification_desk", "sample_fields")


def remember_council(request: HttpRequest, response: HttpResponseBase, council: Council) -> None:
    if request.COOKIES.get(LAST_COUNCIL) != council.slug:
        response.set_cookie(
            LAST_COUNCIL, council.slug, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.IS_HTTPS
        )


class CouncilMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.council = None  # type: ignore[attr-defined]
        response = self.get_response(request)
        council: Council | None = request.council  # type: ignore[attr-defined]
        # Visitors' pages are the same for everybody and carry no cookie, but for the council's home.
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if council and has_session and response.status_code == 200 and not request.headers.get("HX-Request"):
            remember_council(request, response, council)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        """Take `council_slug` out of the view's arguments; an unknown council is not found."""
        slug = kwargs.pop("council_slug", None)
        if slug is None:
            return
        if getattr(view, "is_kept_for_visitors", False):
            found = copy(next((council for council in councils_of(request) if council.slug == slug), None))
        else:
            found = Council.objects.filter(slug=slug).first()
        if found is None:
            raise Http404
        request.council = found  # type: ignore[attr-defined]


def councils_of(request: HttpRequest) -> list[Council]:
    """All councils by name, without their longer texts: for the menu of every page. Nobody changes them."""
    menu = Council.objects.alphabetical().defer(*LONGER)
    kept = getattr(request, "kept", None)
    return list(menu) if kept is None else kept.value(("councils",), lambda: list(menu))
