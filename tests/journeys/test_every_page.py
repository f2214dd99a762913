"""Every kind of page, in both themes, wide and narrow: usable by everybody, no wider than the screen, light, and silent.

Silent means: no other host is asked, the content security policy holds, no script fails. The fixture `opens` sees to that.
"""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.journeys.conftest import DESKTOP
from tests.journeys.kinds import Kind
from tests.journeys.pages import NO_PAGES, PAGES, routes

NARROW = {"width": 320, "height": 720}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
MOST_SCRIPT, MOST_STYLE = 60_000, 25_000
SHARES = 4
"""The pages are dealt out to so many tests, so that they run beside each other."""

AXE = """async (options) => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"], ...options });
  const where = ({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary.split("\\n")[1].trim()}`;
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${where(node)}`));
}"""
EVERYTHING = {"runOnly": {"type": "tag", "values": RULES}, "rules": {"target-size": {"enabled": True}}}
THEMES = ("light", "dark")

TOO_WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const scrolls = (el) => el && (/auto|scroll|hidden|clip/.test(getComputedStyle(el).overflowX) || scrolls(el.parentElement));
  return [...document.body.querySelectorAll("*")]
    .filter((el) => el.getBoundingClientRect().right > wide + 0.5 && !scrolls(el.parentElement))
    .map((el) => `${el.tagName.toLowerCase()}.${el.className} ${Math.round(el.getBoundingClientRect().right)} px`)
    .slice(0, 5).concat(`the page is ${document.documentElement.scrollWidth} px wide`);
}"""

TOO_SMALL = """() => {
  const pressed = "main .button, main .vote, .bottombar a, main .choice:not(.facet *), main summary.button";
  return [...document.querySelectorAll(pressed)]
    .map((el) => [el, el.getBoundingClientRect()])
    .filter(([, box]) => box.width && box.height && box.height < 43.5)
    .map(([el, box]) => `${el.tagName.toLowerCase()}.${el.className} ${Math.round(box.height)} px: ${el.innerText.trim()}`);
}"""


@pytest.mark.browser
@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_is_usable_by_everybody_fits_the_screen_and_is_light(opens, city, share):
    visits = Visits(opens, city)
    for number, kind in enumerate(PAGES[share::SHARES]):
        visits.look_at(kind, *THEMES[:: 1 if number % 2 else -1])
    assert visits.findings == [], "\n" + "\n".join(visits.findings)


class Visits:
    """Looks at one page after the other, each person in a browser of their own, and notes what is wrong."""

    def __init__(self, opens: Any, city: Any) -> None:
        self.opens, self.city = opens, city
        self.pages: dict[str, Page] = {}
        self.findings: list[str] = []
        self.weights: dict[str, int] = {}

    def page_of(self, who: str) -> Page:
        if who not in self.pages:
            person = self.city.people[who] if who else None
            self.pages[who] = self.opens(person)
            self.pages[who].add_init_script(AXE_SCRIPT)
        return self.pages[who]

    def look_at(self, kind: Kind, wide: str, narrow: str) -> None:
        """Every page in both themes and both widths; half of them wide and light, the others wide and dark."""
        page = self.page_of(kind.who)
        page.set_viewport_size(DESKTOP)
        page.emulate_media(color_scheme=wide)
        if not self.arrive(page, kind):
            return
        self.axe(page, kind, f"wide, {wide}")
        page.set_viewport_size(NARROW)
        page.emulate_media(color_scheme=narrow)
        self.axe(page, kind, f"narrow, {narrow}")
        for found in page.evaluate(TOO_WIDE):
            self.findings.append(f"{kind.name}: wider than 320 px: {found}")
        for found in page.evaluate(TOO_SMALL):
            self.findings.append(f"{kind.name}: lower than 44 px: {found}")
        self.weigh(page, kind)

    def arrive(self, page: Page, kind: Kind) -> bool:
        address = kind.address(self.city)
        answer = page.goto(address)
        if answer.status != kind.status:
            self.findings.append(f"{kind.name}: {answer.status} at {address}")
            return False
        if not kind.leads_on and not page.url.endswith(address):
            self.findings.append(f"{kind.name}: {address} leads to {page.url}")
            return False
        if kind.do is not None:
            kind.do(page, self.city)
            page.wait_for_load_state()  # what was pressed may have led on to a page whose style is still on its way
        return True

    def axe(self, page: Page, kind: Kind, look: str) -> None:
        self.findings += [f"{kind.name}: {look}: {found}" for found in page.evaluate(AXE, EVERYTHING)]

    def library(self, page: Page) -> set[str]:
        """The address of the library of maps, when it was fetched by a map and not by the page."""
        return set(page.evaluate("[...document.querySelectorAll('head > script:not([nonce])')].map((el) => el.src)"))

    def weigh(self, page: Page, kind: Kind) -> None:
        """What the page's scripts and styles weigh on the line. The library of maps is loaded only when a map is looked at."""
        loaded = page.evaluate(
            "[...document.querySelectorAll('script[src], link[rel=stylesheet]')].map((el) => el.src || el.href)"
        )
        for url in loaded:
            if url not in self.weights:
                self.weights[url] = len(gzip.compress(page.request.get(url).body(), 6))
        for ending, most in ((".js", MOST_SCRIPT), (".css", MOST_STYLE)):
            weight = sum(self.weights[url] for url in set(loaded) - self.library(page) if url.endswith(ending))
            if weight >= most:
                self.findings.append(f"{kind.name}: {weight} bytes of {ending}: {json.dumps(self.weights)}")


def test_every_named_route_has_a_page_to_look_at_or_a_reason():
    looked_at = {kind.route for kind in PAGES}
    explained = {name for names in NO_PAGES.values() for name in names}
    assert looked_at & explained == set()
    assert set(routes()) - looked_at - explained == set(), "add them to tests/journeys/pages.py"
    assert (looked_at | explained) - set(routes()) == set(), "these are no routes any more"
