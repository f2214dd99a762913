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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token

from councils.middleware import LAST_COUNCIL

Key = tuple[str, ...]

FRESH_SECONDS = 2.0
MOST_PAGES = 512
MOST_VALUES = 512
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


@dataclass(frozen=True, slots=True)
class Value:
    """Rows as they were read after a version. They speak of no moment, so time alone does not make them old."""

    version: str
    value: Any

    def is_fresh(self, version: str) -> bool:
        return self.version == version


Kept = TypeVar("Kept", Page, Value)
T = TypeVar("T")


class Shelf(Generic[Kept]):
    """What was made after a version of the database, by its key; what was not asked for longest goes first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._making: dict[Key, threading.Event] = {}
        self._lock = threading.Lock()

    def found(self, key: Key, version: str) -> Kept | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or not kept.is_fresh(version):
                return None
            self._kept.move_to_end(key)
            return kept

    def keep(self, key: Key, kept: Kept) -> None:
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

    @contextmanager
    def turn(self, key: Key) -> Iterator[bool]:
        """Whether it is this request's turn to make it; if not, the one that was making it has ended, or took too long."""
        with self._lock:
            others = self._making.get(key)
            if others is None:
                mine = self._making[key] = threading.Event()
        if others is not None:
            others.wait(WAIT_SECONDS)
            yield False
            return
        try:
            yield True
        finally:
            with self._lock:
                del self._making[key]
            mine.set()


_pages: Shelf[Page] = Shelf(MOST_PAGES)
_values: Shelf[Value] = Shelf(MOST_VALUES)


class Keeper:
    """`request.kept`: what a request may take from what others of its version read and made, and keeps for them.

    Without a version, as everywhere but in views kept for visitors, a request keeps values for itself alone.
    """

    def __init__(self, version: str | None = None) -> None:
        self.version = version
        self._own: dict[Key, Any] = {}

    def value(self, key: Key, make: Callable[[], T]) -> T:
        """What `make` reads: public, the same for every reader and language. Whoever changes it copies it first."""
        if key not in self._own:
            self._own[key] = make() if self.version is None else self._value(key, self.version, make)
        return self._own[key]  # type: ignore[no-any-return]

    def _value(self, key: Key, version: str, make: Callable[[], T]) -> T:
        if kept := _values.found(key, version):
            return kept.value  # type: ignore[no-any-return]
        with _values.turn(key):
            # Another request may have made it meanwhile.
            if kept := _values.found(key, version):
                return kept.value  # type: ignore[no-any-return]
            made = make()
            _values.keep(key, Value(version, made))
            return made

    def part(self, key: Key, make: Callable[[], str]) -> str:
        """A part of a page, as `make` writes it for every reader."""
        if self.version is None:
            return make()
        if kept := _pages.found(key, self.version):
            return kept.parts[0].decode()
        with _pages.turn(key):
            if kept := _pages.found(key, self.version):
                return kept.parts[0].decode()
            text = make()
            if len(text) <= LARGEST_PAGE:
                _pages.keep(key, Page(self.version, time.monotonic(), [text.encode()], {}))
            return text


def database_version() -> str:
    """Equal only while no transaction of anybody has committed in between: then everything that is read is equal, too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def forget_pages() -> None:
    """Begin anew, in this process."""
    _pages.clear()
    _values.clear()


class PageCacheMiddleware:
    """Stands inside the middleware of the form token, outside of everything that asks who somebody is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.kept = Keeper()  # type: ignore[attr-defined]
        key = _key(request)
        # In a transaction one's own changes are seen before the version shows them.
        if key is None or connection.in_atomic_block:
            return self.get_response(request)
        version = request.database_version = database_version()  # type: ignore[attr-defined]
        if page := _pages.found(key, version):
            return _answer(page, request)
        with _pages.turn(key) as is_mine:
            if not is_mine and (page := _pages.found(key, database_version())):
                return _answer(page, request)
            response = self.get_response(request)
            if is_mine and (page := _page(request, response, version)):
                _pages.keep(key, page)
            return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Give a view that is kept the version from before anything it reads."""
        if getattr(view, "is_kept_for_visitors", False) and request.method == "GET" and not connection.in_atomic_block:
            version = getattr(request, "database_version", None) or request.session.database_version
            request.kept = Keeper(version or database_version())  # type: ignore[attr-defined]


def kept_part(request: HttpRequest | None, name: str, make: Callable[[], str], *, of: tuple[object, ...] = ()) -> str:
    """A part of a page that is the same for every reader in a language: at its address, or wherever it is `of` the same
    things. Made when no kept one is fresh, and each time where the view is not kept for visitors.
    """
    kept = getattr(request, "kept", None)
    if request is None or kept is None:
        return make()
    where = tuple(map(str, of)) or (request.get_full_path(),)
    key = ("part", name, request.get_host(), request.LANGUAGE_CODE, *where)  # type: ignore[attr-defined]
    return kept.part(key, make)


def _key(request: HttpRequest) -> Key | None:
    """What pages are told apart by; None for a request whose answer is not kept."""
    if request.method != "GET" or "Authorization" in request.headers or request.headers.get("HX-Request"):
        return None
    cookies = request.COOKIES
    if settings.SESSION_COOKIE_NAME in cookies or "messages" in cookies or "X-Requested-With" in request.headers:
        return None
    return request.get_host(), request.get_full_path(), request.LANGUAGE_CODE, cookies.get(LAST_COUNCIL, "")  # type: ignore[attr-defined]


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
