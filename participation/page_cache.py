"""Pages for visitors, kept in the memory of the process for as long as nothing at all has changed in the database.

Whether something changed is asked of PostgreSQL itself, with every request: `pg_current_snapshot()` is another as soon as any
transaction of any process, also a task or a command, has committed. No action has to say what it makes stale, so none can
forget to. A page also goes after `FRESH_SECONDS`, because it speaks of moments (ages, deadlines).

Only views marked with `people.access.kept_for_visitors` are kept, only for browsers without a session, apart for each address,
language and last council. What belongs to one browser, the nonce of the policy and the token of the forms, is taken out
before a page is kept and put in anew with every answer.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token

from councils.middleware import LAST_COUNCIL

Key = tuple[str, ...]

FRESH_SECONDS = 2.0
MOST_PAGES = 256
LARGEST_PAGE = 512 * 1024
WAIT_SECONDS = 2.0
"""How long a request waits for another one that is making the same page."""

# New in each process, so that nobody can write them into a text.
_NONCE = secrets.token_hex(16).encode()
_TOKEN = secrets.token_hex(16).encode()
_TOKENS = re.compile(rb'((?:name="csrfmiddlewaretoken" value="|X-CSRFToken(?:"|&quot;): (?:"|&quot;)))[A-Za-z0-9]{64}')
_PLACES = re.compile(b"(" + _NONCE + b"|" + _TOKEN + b")")


@dataclass(frozen=True, slots=True)
class Page:
    """An answer without what belongs to one browser; `version` is the state of the database it was made after."""

    version: str
    made: float
    parts: list[bytes]
    headers: dict[str, str]

    def is_fresh(self, version: str) -> bool:
        return self.version == version and time.monotonic() - self.made < FRESH_SECONDS


_pages: OrderedDict[Key, Page] = OrderedDict()
_making: dict[Key, threading.Event] = {}
_lock = threading.Lock()


def database_version() -> str:
    """Equal only while no transaction of anybody has committed in between: then everything that is read is equal, too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def forget_pages() -> None:
    """Begin anew, in this process."""
    with _lock:
        _pages.clear()


class PageCacheMiddleware:
    """Stands inside the middleware of the form token, outside of everything that asks who somebody is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = _key(request)
        # In a transaction one's own changes are seen before the version shows them.
        if key is None or connection.in_atomic_block:
            return self.get_response(request)
        version = request.database_version = database_version()  # type: ignore[attr-defined]
        if page := _found(key, version):
            return _answer(page, request)
        with _lock:
            made_elsewhere = _making.get(key)
            if made_elsewhere is None:
                _making[key] = threading.Event()
        if made_elsewhere is not None:
            made_elsewhere.wait(WAIT_SECONDS)
            if page := _found(key, database_version()):
                return _answer(page, request)
            return self.get_response(request)
        try:
            response = self.get_response(request)
            if page := _page(request, response, version):
                _keep(key, page)
            return response
        finally:
            with _lock:
                _making.pop(key).set()

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """For the parts of a page that are the same for readers who are signed in: the version from before anything is read."""
        is_kept = getattr(view, "is_kept_for_visitors", False) and request.method == "GET"
        if is_kept and not hasattr(request, "database_version") and not connection.in_atomic_block:
            request.database_version = database_version()  # type: ignore[attr-defined]


def kept_part(request: HttpRequest | None, name: str, make: Callable[[], str]) -> str:
    """A part of a page that is the same for every reader of its address and language; made when no kept one is fresh.

    Only where the view is kept for visitors; elsewhere it is made each time.
    """
    version = getattr(request, "database_version", None)
    if request is None or version is None:
        return make()
    key = ("part", name, request.get_host(), request.get_full_path(), request.LANGUAGE_CODE)  # type: ignore[attr-defined]
    if page := _found(key, version):
        return page.parts[0].decode()
    text = make()
    if len(text) <= LARGEST_PAGE:
        _keep(key, Page(version, time.monotonic(), [text.encode()], {}))
    return text


def _key(request: HttpRequest) -> Key | None:
    """What pages are told apart by; None for a request whose answer is not kept."""
    if request.method != "GET" or "Authorization" in request.headers or request.headers.get("HX-Request"):
        return None
    cookies = request.COOKIES
    if settings.SESSION_COOKIE_NAME in cookies or "messages" in cookies or "X-Requested-With" in request.headers:
        return None
    return request.get_host(), request.get_full_path(), request.LANGUAGE_CODE, cookies.get(LAST_COUNCIL, "")  # type: ignore[attr-defined]


def _found(key: Key, version: str) -> Page | None:
    with _lock:
        page = _pages.get(key)
        if page is None or not page.is_fresh(version):
            return None
        _pages.move_to_end(key)
        return page


def _keep(key: Key, page: Page) -> None:
    with _lock:
        _pages[key] = page
        _pages.move_to_end(key)
        while len(_pages) > MOST_PAGES:
            _pages.popitem(last=False)


def _page(request: HttpRequest, response: HttpResponseBase, version: str) -> Page | None:
    """The answer as it can be kept; None when it is not for everybody."""
    match = request.resolver_match
    if match is None or not getattr(match.func, "is_kept_for_visitors", False):
        return None
    is_page = isinstance(response, HttpResponse) and response.headers.get("Content-Type", "").startswith("text/html")
    if not is_page or response.status_code != 200 or response.cookies or request.session.modified:
        return None
    assert isinstance(response, HttpResponse)
    if len(response.content) > LARGEST_PAGE:
        return None
    nonce = str(request.csp_nonce).encode()  # type: ignore[attr-defined]
    content = _TOKENS.sub(rb"\g<1>" + _TOKEN, response.content.replace(nonce, _NONCE))
    return Page(version, time.monotonic(), _PLACES.split(content), dict(response.headers))


def _answer(page: Page, request: HttpRequest) -> HttpResponse:
    """The page for one browser, with a nonce and a token of its own."""
    own = {_NONCE: str(request.csp_nonce).encode(), _TOKEN: get_token(request).encode()}  # type: ignore[attr-defined]
    return HttpResponse(b"".join(own.get(part, part) for part in page.parts), headers=page.headers)
