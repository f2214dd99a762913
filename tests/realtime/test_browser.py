"""live.js in a real browser, on a page that uses every attribute of the contract."""

from __future__ import annotations

import contextlib
import time

import pytest
from playwright.async_api import Page, async_playwright, expect

from journal.models import Entry
from people.models import Person
from realtime import actions
from realtime import bus as buses
from realtime import hub as hubs
from tests.realtime.conftest import in_thread, say
from tests.realtime.servers import Server
from tests.services import CHROMIUM_ARGUMENTS

PATIENCE = 30
"""Seconds; reached only when something is broken."""
expect.set_options(timeout=PATIENCE * 1000)

pytestmark = pytest.mark.browser


NOTE_WHEN_THE_BAR_COMES = """() => {
  const bar = document.querySelector("[data-live-offline]");
  new MutationObserver(() => bar.hidden || (window.barCameAt ??= performance.now())).observe(bar, { attributes: true });
  return performance.now();
}"""


@pytest.fixture
def _site(settings, quick_db):
    settings.ROOT_URLCONF = "tests.realtime.pages"
    settings.ALLOWED_HOSTS, settings.LIVE_ORIGINS, settings.IS_HTTPS = ["127.0.0.1"], [], False
    settings.LIVE_BUS = "memory"
    buses.close_bus()
    yield
    buses.close_bus()


@pytest.fixture
async def browser(_site, chromium_path):
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_ARGUMENTS)
        yield opened
        await opened.close()


@contextlib.asynccontextmanager
async def opened(browser, server: Server, query: str = "", script: str = ""):
    """A page that has caught up; errors on its console fail the test."""
    page = await browser.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: "Content Security Policy" in said.text and problems.append(said.text))
    if script:
        await page.add_init_script(script)
    await page.goto(f"{server.origin}/?{query}")
    if not script:
        hub = await hubs.get_hub()
        await expect_soon(lambda: any("room:1" in sink.follows for sink in hub.sinks))
    yield page
    assert problems == []
    await page.close()


async def expect_soon(condition, within: float = PATIENCE) -> None:
    import asyncio

    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def write(text: str, by: Person | None = None) -> int:
    return say(text, kind="room.written", by=by)


async def items(page: Page) -> list[str]:
    return await page.locator("#list li").all_inner_texts()


async def test_what_others_write_waits_under_a_counter_and_mine_appears_at_once(browser, room):
    ayse = await in_thread(Person.objects.create, email="ayse@ornek.invalid", display_name="Ayşe")
    mehmet = await in_thread(Person.objects.create, email="mehmet@ornek.invalid", display_name="Mehmet")
    await in_thread(write, "ilk", ayse)
    async with Server() as server, opened(browser, server, f"person={ayse.pk}") as page:
        counter = page.get_by_role("status").get_by_role("button")
        await in_thread(write, "ikinci", mehmet)
        await expect(counter).to_have_text("1 yeni yorum · göster")
        assert await items(page) == ["ilk"]
        await in_thread(write, "üçüncü", mehmet)
        await expect(counter).to_have_text("2 yeni yorum · göster")
        await in_thread(write, "benim", ayse)
        await expect(page.locator("#list li")).to_have_text(["ilk", "benim"])
        await counter.click()
        await expect(page.locator("#list li")).to_have_text(["ilk", "benim", "ikinci", "üçüncü"])
        await expect(counter).to_have_count(0)
        assert await page.evaluate("document.activeElement.id") == "said-2"
        await page.reload()
        await expect(page.locator("#list li")).to_have_text(["ilk", "ikinci", "üçüncü", "benim"])
        await expect(counter).to_have_count(0)


async def test_numbers_bars_and_presence_follow_the_state(browser, room):
    room.state[1] = {"yes": 1234, "share": 40}
    async with Server() as server, opened(browser, server) as page:
        number, share = page.locator("b").nth(0), page.locator("b").nth(1)
        await expect(number).to_have_text("1.234")
        await expect(share).to_have_text("%40")
        await expect(page.locator("[data-live-presence]")).to_have_text("1")
        room.state[1] = {"yes": 1235, "share": 41}
        await in_thread(actions.touch, "state:room:1")
        await expect(number).to_have_text("1.235")
        assert await page.locator("progress").evaluate("bar => bar.value") == 41
        async with opened(browser, server):
            await expect(page.locator("[data-live-presence]")).to_have_text("2")


async def test_a_region_is_replaced_and_keeps_the_focus(browser, room):
    async with Server() as server, opened(browser, server) as page:
        await page.locator("#status button").focus()
        await in_thread(say, "oylamada", kind="room.moved")
        await expect(page.locator("#status")).to_contain_text("oylamada")
        assert await page.evaluate("document.activeElement.value") == "yes"


async def test_what_the_reader_types_is_never_taken_away(browser, room):
    async with Server() as server, opened(browser, server) as page:
        await page.locator("textarea").fill("yarım kalmış bir ")
        await in_thread(say, "oylamada", kind="room.moved")
        await expect(page.locator("#status")).to_contain_text("oylamada")
        await page.wait_for_timeout(3500)
        await page.locator("textarea").press_sequentially("not")
        assert await page.locator("textarea").input_value() == "yarım kalmış bir not"
        await expect(page.locator("#fetched b")).to_have_text("0")
        await page.locator("textarea").fill("")
        await page.locator("#status button").focus()
        await expect(page.locator("#fetched b")).to_have_text("1")


async def test_only_the_kinds_asked_for_fetch_a_region_again(browser, room):
    async with Server() as server, opened(browser, server) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await in_thread(write, "yorum")
        await page.wait_for_timeout(2500)
        assert asked == []
        await in_thread(say, "oylamada", kind="room.moved")
        await expect(page.locator("#fetched b")).to_have_text("2")


async def test_the_bar_comes_after_four_seconds_without_a_server_and_goes_when_all_is_caught_up(browser, room):
    server = Server()
    async with contextlib.AsyncExitStack() as stack:
        async with server:
            page = await stack.enter_async_context(opened(browser, server))
            bar = page.locator("[data-live-offline]")
            await expect(bar).to_be_hidden()
            cut = await page.evaluate(NOTE_WHEN_THE_BAR_COMES)
        await in_thread(write, "bu arada")
        await expect(bar).to_be_visible()
        assert await page.evaluate("barCameAt") - cut >= 3_900
        async with Server(server.port):
            await expect(bar).to_be_hidden(timeout=60_000)
            await expect(page.get_by_role("status").get_by_role("button")).to_have_text("1 yeni yorum · göster")
            await in_thread(write, "sonra")
            await expect(page.get_by_role("status").get_by_role("button")).to_have_text("2 yeni yorum · göster")


async def test_without_websockets_the_page_asks(browser, room):
    room.state[1] = {"yes": 1, "share": 1}
    async with Server() as server, opened(browser, server, script="delete window.WebSocket") as page:
        await in_thread(write, "yeni")
        room.state[1] = {"yes": 2, "share": 2}
        await expect(page.get_by_role("status").get_by_role("button")).to_have_text("1 yeni yorum · göster")
        await expect(page.locator("b").nth(0)).to_have_text("2")
        assert await in_thread(Entry.objects.count) == 1


async def test_who_was_put_out_sees_nothing_more(browser, room):
    async with Server() as server, opened(browser, server) as page:
        room.banned.add(None)
        await in_thread(actions.recheck, topic="room:1")
        hub = await hubs.get_hub()
        await expect_soon(lambda: not any(sink.follows for sink in hub.sinks))
        await in_thread(write, "gizli")
        await page.wait_for_timeout(1000)
        assert "gizli" not in await page.content()
