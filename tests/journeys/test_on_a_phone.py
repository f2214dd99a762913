"""The site on a phone of 390 px: what is needed stands below the thumb, the vote before the talk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from ballots.models import Vote
from councils.balloting import open_council_ballot
from councils.models import CouncilBallot
from proposals.stages import Stage
from tests import factories as f
from tests.journeys import doing
from tests.journeys.conftest import PHONE, sign_in
from tests.journeys.test_every_page import TOO_WIDE
from tests.services import CHROMIUM_ARGUMENTS

pytestmark = pytest.mark.browser

CUT = """() => [...document.querySelectorAll(".bottombar a, .top summary, main .button, main h1, main h2, main h3")]
  .filter((el) => el.scrollWidth > el.clientWidth + 1 && !el.matches(".visually-hidden"))
  .map((el) => el.innerText.trim())"""
"""What is wider than its own box."""

A_PHONE = {"viewport": PHONE, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}


@pytest.fixture
def voted(kocaeli, ulasim, derya, mehmet):
    f.MembershipFactory(body=ulasim, person=mehmet)
    proposal = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.BALLOT)
    f.ProposalBallotFactory(proposal=proposal, ballot=f.BallotFactory(electors=[derya, mehmet]))
    f.CommentFactory(thread=proposal.thread, author=derya, text="Uzun süredir bekliyorduk.")
    return proposal


def test_the_five_places_stand_below_the_thumb_and_the_page_ends_above_them(opens, voted, mehmet):
    page = opens(mehmet, **A_PHONE)
    page.goto("/kocaeli/")
    bar = page.get_by_role("navigation", name="Kısa yollar")
    expect(bar.get_by_role("link")).to_have_text(["Ana sayfa", "Öneriler", "Gruplar", "STK’lar", "Ben"])
    box = bar.bounding_box()
    assert box["y"] + box["height"] == pytest.approx(PHONE["height"], abs=1)
    assert (box["x"], box["width"]) == (0, PHONE["width"])
    for link in bar.get_by_role("link").all():
        size = link.bounding_box()
        assert size["height"] >= 44
        assert size["width"] >= 44
    expect(bar.locator("[aria-current=page]")).to_have_text("Ana sayfa")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    last = page.locator("footer a:visible").last.bounding_box()
    assert last["y"] + last["height"] <= box["y"], "the bar covers the end of the page"


def test_the_vote_comes_before_the_text_is_over_and_before_the_discussion(opens, voted, mehmet):
    page = opens(mehmet, **A_PHONE)
    page.goto(voted.get_absolute_url())
    places = {name: page.locator(name).bounding_box()["y"] for name in ("#stage", "#ballot", "#discussion")}
    assert sorted(places, key=places.get) == ["#stage", "#ballot", "#discussion"]

    action = page.locator(".actionbar")
    box, below = action.bounding_box(), page.locator(".bottombar").bounding_box()
    assert box["y"] + box["height"] <= below["y"] + 1
    page.evaluate("scrollTo(0, 120)")
    page.wait_for_timeout(100)
    assert action.bounding_box()["y"] == pytest.approx(box["y"], abs=1), "the action bar scrolls away"
    action.get_by_role("link", name="Oylama").tap()
    votes = page.locator("form.votes")
    expect(votes).to_be_in_viewport()
    for button in votes.get_by_role("button").all():
        assert button.bounding_box()["height"] >= 44
    votes.get_by_role("button", name="Kabul").tap()
    expect(page.locator("form.votes [aria-pressed=true]")).to_have_text("Kabul")


def test_a_proposal_is_written_on_a_phone(opens, kocaeli, ulasim, mehmet):
    doing.write_proposal(opens(mehmet, **A_PHONE))


def test_filters_are_folded_on_a_phone_and_open_on_a_wide_screen(opens, voted):
    phone, wide = opens(**A_PHONE), opens()
    for page in (phone, wide):
        page.goto("/kocaeli/oneriler/")
    expect(phone.get_by_role("button", name="Göster")).to_be_hidden()
    phone.get_by_text("Süzgeçler").first.tap()
    expect(phone.get_by_role("button", name="Göster")).to_be_visible()
    expect(wide.get_by_role("button", name="Göster")).to_be_visible()


def test_text_of_twice_the_size_fits_the_screen(site, browser, chromium_path, voted, mehmet):
    """Set in the browser, as people who see less do; the page is as wide as before, and nothing lies over something else."""
    large = browser.browser_type.launch(
        executable_path=chromium_path, args=[*CHROMIUM_ARGUMENTS, "--blink-settings=defaultFontSize=32"]
    )
    context = large.new_context(base_url=site.origin, viewport=PHONE, locale="tr-TR", reduced_motion="reduce")
    sign_in(context, site, mehmet)
    page = context.new_page()
    found = []
    for address in ("/kocaeli/", "/kocaeli/oneriler/", voted.get_absolute_url(), "/ben/", "/ben/verilerim/", "/muhur/"):
        page.goto(address)
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        found += [f"{address}: {wide}" for wide in page.evaluate(TOO_WIDE)]
        found += [f"{address}: {text} is cut" for text in page.evaluate(CUT)]
    large.close()
    assert found == []


CANDIDATES = [
    "Ayşegül Hatice Karabıyıkoğlu",
    "İsmail Hakkı Çağlayangil",
    "Prof. Dr. Nilüfer Şentürkoğulları (Kocaeli Üniversitesi, Şehir ve Bölge Planlama)",
    "Gökhan Işık",
    "Zübeyde Öğünç Yücesoy",
    "Muhammed Cüneyt Ağaoğlu",
    "Şükran Ülker",
    "Oğuzhan Değirmencioğlu",
]


@pytest.mark.parametrize("with_javascript", [True, False])
def test_eight_candidates_are_ranked_with_the_thumb_and_read_back_before_and_after(
    opens, kocaeli, ulasim, derya, with_javascript
):
    at = timezone.now()
    ballot = open_council_ballot(
        actor=derya,
        asked=CouncilBallot(council=kocaeli, electorate="body", body=ulasim),
        question="Yürütme kuruluna üç üye seçimi",
        closes_at=at + timedelta(days=2),
        at=at,
        method="stv",
        seats=3,
        options=CANDIDATES,
    )
    page = opens(derya, **A_PHONE, java_script_enabled=with_javascript)
    page.goto(f"/oylama/{ballot.pk}/")
    wanted = [3, 8, 4, 1, 2, 7, 5, 6]
    for rank, number in enumerate(wanted, 1):
        page.get_by_label(CANDIDATES[number - 1]).select_option(str(rank))
    if with_javascript:
        expect(page.locator("[data-order] li")).to_have_text([CANDIDATES[number - 1] for number in wanted])
        taken = page.get_by_label(CANDIDATES[0]).locator("option[value='1']")
        expect(taken).to_be_disabled()  # it is another's, so no paper can be wrong
    page.get_by_role("button", name="Oy ver", exact=True).click()
    expect(page.locator("#ballot")).to_contain_text(f"1. {CANDIDATES[2]}")
    assert Vote.objects.get().paper == "3>8>4>1>2>7>5>6"
