"""What is done on a page before it is looked at."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse
from playwright.sync_api import Page

from proposals.stages import Stage
from tests.journeys.city import PASSWORD, City
from tests.journeys.kinds import SITE, Deed


def submit_empty(page: Page, city: City) -> None:
    """Send the page's form as it stands, to see what it says."""
    page.locator("main form[method=post]").first.evaluate("form => form.requestSubmit()")
    page.wait_for_load_state()
    page.locator(".errors").wait_for()


def reauthenticate(page: Page) -> None:
    """Give the password where it is asked for; somebody who has just given it is not asked again."""
    if page.locator("main input[type=password]").count():
        page.locator("main input[type=password]").fill(PASSWORD)
        page.locator("main form[method=post] button").first.click()


def give_the_password(page: Page, city: City) -> None:
    reauthenticate(page)
    page.locator("main input[type=email]").wait_for()


def make_a_token(page: Page, city: City) -> None:
    """Fill the form and look at the token, which is seen this once."""
    reauthenticate(page)
    page.locator("main input[name=name]").fill("Haftalık rapor")
    page.locator("main input[name=scopes]").first.check()
    page.locator("main form[method=post] button").first.click()
    page.locator("main pre").wait_for()


def open_the_form_of_tokens(page: Page, city: City) -> None:
    reauthenticate(page)
    page.locator("main input[name=scopes]").first.wait_for()


def prove_it(page: Page, city: City) -> None:
    """Give the password where it is asked for; a moment later it is not asked for again."""
    if page.locator("main input[type=password]").count():
        page.locator("main input[type=password]").fill(PASSWORD)
        page.locator("main form[method=post] button").first.click()
        page.locator("main input[type=password]").wait_for(state="detached")


def log_in_with_the_password(page: Page, city: City) -> None:
    page.locator("main input[type=email]").fill("tuna@ornek.invalid")
    page.locator("main input[type=password]").fill(PASSWORD)
    page.locator("main form[method=post] button").first.click()
    page.wait_for_url("**/ikinci-adim/**")


def ask_for_a_code(page: Page, city: City) -> None:
    page.locator("main input[type=email]").fill("zeynep@ornek.invalid")
    page.locator("main form[method=post] button").first.click()
    page.wait_for_url("**/onay/")


def open_everything(page: Page, city: City) -> None:
    page.evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")
    page.wait_for_timeout(150)


def reply(page: Page, city: City) -> None:
    page.locator(".comment-actions a").first.click()
    page.locator("form textarea[id]").nth(1).wait_for()


def look_a_receipt_up(page: Page, city: City) -> None:
    page.locator("#receipt-code").fill(city.receipt)
    page.locator("main form[method=post] button").first.click()
    page.locator("#found").wait_for()


def see_the_map(page: Page, city: City) -> None:
    """Scroll to the map; only then its library comes."""
    page.locator("[data-map]").first.scroll_into_view_if_needed()
    page.locator(".map.leaflet-container .leaflet-marker-icon").first.wait_for()
    page.evaluate("scrollTo(0, 0)")


def see_the_map_to_choose_from(page: Page, city: City) -> None:
    open_everything(page, city)
    page.locator("[data-map]").scroll_into_view_if_needed()
    page.locator(".map.leaflet-container .leaflet-control-zoom").wait_for()


def lose_the_cookies(page: Page, city: City) -> None:
    page.context.clear_cookies()
    page.locator("main form[method=post]").first.evaluate("form => form.submit()")
    page.wait_for_load_state()
    page.locator("main form[method=post]").wait_for(state="detached")


def page_of_error(template: str) -> Deed:
    """A page that cannot be had by asking, put in the place of the one asked for."""

    def show(page: Page, city: City) -> None:
        html = render_to_string(template, {"request_id": "0a1b2c3d", "councils": [city.council]})
        page.route("**/fault/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        page.goto("/fault/")

    return show


def read_a_calendar(page: Page, city: City) -> None:
    day = f"{city.meeting.starts_at:%d.%m.%Y}"
    page.locator("#id_text").fill(
        f"tarih;saat;ad\n{day};10:30;Birinci birleşim\n01.04.2099;14:00;Nisan\n31.02.2099;14:00;Şubat"
    )
    page.locator("main form[method=post] button").last.click()
    page.locator("main table").wait_for()


def read_a_budget(page: Page, city: City) -> None:
    line = city.line
    page.locator("#id_text").fill(
        f"yıl;kod;ad;tutar\n{line.year};{line.code};{line.name};5.000.000\n2026;9;Yeni kalem;\n2026;=9;Bozuk;1,250"
    )
    page.locator("main form[method=post] button").last.click()
    page.locator("main table").wait_for()


def choose_and_refuse(page: Page, city: City) -> None:
    """Choose two of the office's list, one of which awaits no decision, and ask to find them inadmissible."""
    page.goto(reverse("proposal_office", urlconf=SITE, args=[city.council.slug]))
    for stage in (Stage.SUBMITTED, Stage.IN_GROUP):
        page.locator(f"input[name=oneri][value='{city[stage].number}']").check()
    page.locator("#office-deed").select_option("uygun-degil")
    page.locator("[data-office] button").click()
    page.locator("main textarea[name=reason]").wait_for()


def hand_in_a_blank(page: Page, city: City) -> None:
    page.locator("#ballot input[name=option]").first.check()
    page.locator("#ballot button[name=blank]").click()
    page.locator("#ask-blank").wait_for()


def open_menus(page: Page, city: City) -> None:
    page.evaluate("for (const menu of document.querySelectorAll('header details')) menu.open = true")
