"""Every view says who may enter; a test walks the URL configuration and fails on one that does not.

What may be done with one object is a verdict inside the action, never here.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

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
            if request.headers.get("HX-Request") and request.method != "GET":
                return _signed_out(request)
            back = request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "/")
            return redirect_to_login(own_path(request, back))
        return view(request, *args, **kwargs)

    guarded.access = Access.SIGNED_IN  # type: ignore[attr-defined]
    return guarded


def kept_for_visitors(view: View) -> View:
    """Shows every visitor the same, whatever else than address, language and last council the request says; such a page
    may be kept for the next visitor while nothing changes (`participation.page_cache`).
    """
    view.is_kept_for_visitors = True  # type: ignore[attr-defined]
    return view


def before_second_step(view: View) -> View:
    """Open to somebody with an office before they have taken their second step: what leads there, and the way out."""
    view.is_before_second_step = True  # type: ignore[attr-defined]
    return view


def _signed_out(request: HttpRequest) -> HttpResponseBase:
    """The session ended while something was typed: a sentence on the page, and what was typed stays where it is."""
    response = render(request, "people/_signed_out.html", status=403)
    response["HX-Retarget"] = "#notices"
    response["HX-Reswap"] = "innerHTML show:window:top"
    return response


def demo_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Pages of the demo: elsewhere they have no address, and this is the second lock."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    guarded.access = Access.DEMO  # type: ignore[attr-defined]
    return guarded


def own_path(request: HttpRequest, address: str) -> str:
    """The path of an address of this site; "/" for any other."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(address)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    # What is left of "http://this.site//elsewhere" would name another site.
    return path if is_plain_path(path) else "/"


def is_plain_path(address: str) -> bool:
    """Whether an address is a path from the root of this site and nothing more."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
