"""Pictures of every kind of page, for people who look at them: `SCREENSHOTS=1 make test ARGS="-k test_screenshots"`.

They lie in var/screenshots, a folder for each language, theme and width.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.pages import PAGES
from tests.journeys.test_every_page import SHARES, Visits

FOLDER = Path(__file__).resolve().parents[2] / "var" / "screenshots"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not os.environ.get("SCREENSHOTS"), reason="pictures are taken with SCREENSHOTS=1"),
]


@pytest.mark.parametrize("language", ["tr", "en"])
@pytest.mark.parametrize("share", range(SHARES))
def test_take_a_picture_of_every_page(opens, site, city, share, language):
    visits = Visits(opens, city)
    for number, kind in list(enumerate(PAGES))[share::SHARES]:
        page = visits.page_of(kind.who)
        page.set_viewport_size(DESKTOP)
        cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site.origin}
        page.context.add_cookies([cookie])
        if not visits.arrive(page, kind):
            continue
        name = re.sub(r"[^\w.]+", "-", f"{number:03} {kind.name}").strip("-")
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            for size in (DESKTOP, PHONE):
                page.set_viewport_size(size)
                page.screenshot(path=FOLDER / f"{language}-{theme}-{size['width']}" / f"{name}.png", full_page=True)
    assert visits.findings == []
