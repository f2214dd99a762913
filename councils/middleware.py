"""`request.council`: the council a path belongs to, found once for every view below `/<council>/`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase

from councils.models import Council


class CouncilMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.council = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        """Take `council_slug` out of the view's arguments; an unknown council is not found."""
        slug = kwargs.pop("council_slug", None)
        if slug is None:
            return
        try:
            request.council = Council.objects.get(slug=slug)  # type: ignore[attr-defined]
        except Council.DoesNotExist:
            raise Http404 from None
