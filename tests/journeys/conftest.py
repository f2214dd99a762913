"""A living site and people in browsers.

The site runs in a process of its own over the test's database, so what a test writes must be committed: every journey asks
for `transactional_db`, through `site`. Playwright's loop runs on the test's own thread while a browser is open; that is why the
browser belongs to this package and is closed behind it, and why Django is told meanwhile that its queries are meant.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, expect, sync_playwright

from people.models import Person
from tests.journeys.city import City, build
from tests.journeys.site import Site
from tests.services import CHROMIUM_ARGUMENTS

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
LOST_CONNECTION = ("Failed to load resource", "WebSocket connection to", "htmx:afterRequest", "htmx:sendError")
PATIENCE = 30
"""Seconds for what a page does by itself. Reached only when something is broken: a busy machine is no failure."""
expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture(scope="session")
def _running_site(django_db_setup, tmp_path_factory) -> Iterator[Site]:
    running = Site(connection.settings_dict, tmp_path_factory.mktemp("site"), secret_key=settings.SECRET_KEY)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def site(_running_site: Site, transactional_db) -> Site:
    """The site, empty but for what the test writes."""
    return _running_site


@pytest.fixture(scope="package")
def browser(chromium_path: str) -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_ARGUMENTS)
        yield opened
        opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass
class Problems:
    """What no page may do, whoever looks at it and however."""

    site: Site
    found: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self.asked(request.url))
        context.on("response", self.answered)
        context.on("weberror", lambda error: self.found.append(f"error in a script: {error.error}"))
        context.on("console", lambda said: self.said(said.type, said.text))
        context.on("page", lambda page: page.on("websocket", lambda socket: self.asked(socket.url)))

    def asked(self, url: str) -> None:
        if not self.site.is_own(url):
            self.found.append(f"asked somebody else: {url}")

    def answered(self, response: Response) -> None:
        if response.status >= 500:
            self.found.append(f"{response.status}: {response.request.method} {response.url}")

    def said(self, kind: str, text: str) -> None:
        if "Content Security Policy" in text or "Content-Security-Policy" in text:
            self.found.append(f"CSP: {text}")
        elif kind == "error" and not text.startswith(LOST_CONNECTION):
            self.found.append(f"console: {text}")


@pytest.fixture
def city(
    site,
    settings,
    kocaeli,
    adana,
    ulasim,
    kadin,
    korfez,
    ayse,
    mehmet,
    elif_,
    derya,
    nermin,
    hakan,
    selin,
    murat,
    outsider,
) -> City:
    """Something to see on every kind of page. Files lie where the site looks for them."""
    media = {**settings.STORAGES["default"], "OPTIONS": {"location": str(site.folder / "media")}}
    settings.STORAGES = {**settings.STORAGES, "default": media}
    people = {
        "ayse": ayse, "mehmet": mehmet, "elif": elif_, "derya": derya, "nermin": nermin, "hakan": hakan, "selin": selin,
        "murat": murat, "outsider": outsider,
    }  # fmt: skip
    return build(kocaeli, ulasim, kadin, korfez, people)


Opens = Callable[..., Page]


@pytest.fixture
def opens(site: Site, browser: Browser) -> Iterator[Opens]:
    """Open a browser of one's own: `opens(ayse)`, `opens()` for a visitor; keywords go to Playwright's new_context.

    At the end no page may have asked another host, broken the content security policy, thrown an error or been answered 5xx.
    """
    problems = Problems(site)
    contexts: list[BrowserContext] = []

    def open_(person: Person | None = None, **options: Any) -> Page:
        options = {"viewport": DESKTOP, "locale": "tr-TR", "reduced_motion": "reduce"} | options
        context = browser.new_context(base_url=site.origin, **options)
        contexts.append(context)
        problems.watch(context)
        context.set_default_timeout(PATIENCE * 1000)
        if person is not None:
            sign_in(context, site, person)
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()
    assert problems.found == []


def sign_in(context: BrowserContext, site: Site, person: Person) -> None:
    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site.origin}])


def soon(condition: Callable[[], Any], *, within: float = PATIENCE) -> float:
    """Wait until something is so; seconds it took. Looks fifty times a second, so the figure is honest."""
    began = time.monotonic()
    while not condition():
        took = time.monotonic() - began
        if took > within:
            pytest.fail(f"did not happen within {within} s; {condition}")
        time.sleep(0.02)
    return time.monotonic() - began


class shows:
    """A condition for `soon`: the element is there and says this."""

    def __init__(self, where: Locator, text: object) -> None:
        self.where, self.text, self.said = where, str(text), "nothing"

    def __call__(self) -> bool:
        if self.where.count():
            self.said = self.where.first.inner_text()
        return self.text in self.said

    def __str__(self) -> str:
        return f"{self.where} says “{self.said}”, not “{self.text}”"


@pytest.fixture
def figures(record_property) -> Callable[[str, float], None]:
    """Note how long something took; printed at the end of the run."""

    def note(what: str, seconds: float) -> None:
        record_property(what, f"{seconds * 1000:.0f} ms")

    return note


def pytest_terminal_summary(terminalreporter: Any) -> None:
    lines = [
        f"  {value:>8}  {what}"
        for report in terminalreporter.getreports("passed")
        if "journeys" in report.nodeid
        for what, value in report.user_properties
    ]
    if lines:
        terminalreporter.section("how fast others see it")
        terminalreporter.write_line("\n".join(lines))
