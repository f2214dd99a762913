"""Every view says who may enter; a test walks the URL configuration and fails on one that does not.

What may be done with one object is a verdict inside the action, never here.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

View = TypeVar("View", bound=Callable[..., Any])


class Access(StrEnum):
    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    DEMO = "demo"


def public(view: View) -> View:
    """Anybody may enter, without an account."""
    view.access = Access.PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """People with an account may enter; a visitor is sent to log in and comes back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            back = request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "/")
            return redirect_to_login(_own_path(request, back))
        return view(request, *args, **kwargs)

    guarded.access = Access.SIGNED_IN  # type: ignore[attr-defined]
    return guarded


def _own_path(request: HttpRequest, address: str) -> str:
    """The path of an address of this site; "/" for any other."""
    from urllib.parse import urlsplit

    from django.utils.http import url_has_allowed_host_and_scheme

    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")
