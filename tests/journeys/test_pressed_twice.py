"""A double click does nothing twice, bad input loses nothing, the way back works. With and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from ballots.models import Vote
from discussions.models import Comment
from journal.models import Entry
from proposals.models import NumberSeries, Proposal, Support
from proposals.stages import Stage
from tests import factories as f
from tests.journeys import doing
from tests.journeys.conftest import soon

pytestmark = pytest.mark.browser

scripts = pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])


@scripts
def test_a_proposal_submitted_by_a_double_click_is_one_proposal(opens, kocaeli, ulasim, ayse, scripts):
    page = opens(ayse, java_script_enabled=scripts)
    page.goto("/kocaeli/oneriler/yeni/")
    page.get_by_role("button", name="Yeni öneriye başla").dblclick()
    page.wait_for_url("**/baslik/")
    draft = Proposal.objects.get()
    Proposal.objects.update(
        title=doing.TITLE,
        summary=doing.SUMMARY,
        text=doing.TEXT,
        theme=f.ThemeFactory(council=kocaeli),
        addressed_to=ulasim,
    )
    page.goto(f"/kocaeli/oneriler/taslak/{draft.key}/onizleme/")
    page.get_by_role("button", name="Öneriyi sun").dblclick()
    expect(page.locator(".receipt-number")).to_be_visible()
    assert [p.stage for p in Proposal.objects.all()] == [Stage.SUBMITTED]
    assert NumberSeries.objects.get().last == 1
    assert Entry.objects.filter(kind="proposals.submitted").count() == 1


@scripts
def test_a_double_click_supports_comments_and_votes_once(opens, kocaeli, ulasim, mehmet, scripts):
    f.MembershipFactory(body=ulasim, person=mehmet)
    gathering = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.GATHERING)
    voted = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.BALLOT)
    f.ProposalBallotFactory(proposal=voted, ballot=f.BallotFactory(electors=[mehmet]))
    page = opens(mehmet, java_script_enabled=scripts)

    page.goto(gathering.get_absolute_url())
    page.get_by_role("button", name="Destek ver").dblclick()
    expect(page.locator("#action")).to_contain_text("Desteklediniz")
    gathering.refresh_from_db()
    assert (Support.objects.count(), gathering.support_count) == (1, 1)

    page.goto(gathering.get_absolute_url())
    page.get_by_label("Yorumunuz").fill("Bir kez söylüyorum.")
    page.get_by_role("button", name="Gönder", exact=True).dblclick()
    expect(page.locator(".comments")).to_contain_text("Bir kez söylüyorum.")
    page.goto(gathering.get_absolute_url())
    expect(page.locator(".comments .comment")).to_have_count(1)
    assert Comment.objects.count() == 1

    page.goto(voted.get_absolute_url())
    page.locator("form.votes").get_by_role("button", name="Kabul").dblclick()
    expect(page.locator("form.votes [aria-pressed=true]")).to_have_text("Kabul")
    page.goto(voted.get_absolute_url())
    assert [(vote.paper, vote.times) for vote in Vote.objects.all()] == [("yes", 1)]


def test_bad_input_keeps_what_was_typed_and_says_what_to_do(opens, kocaeli, ulasim, ayse, hakan):
    page = opens(ayse)
    page.goto("/kocaeli/oneriler/yeni/")
    doing.press(page, "Yeni öneriye başla")
    doing.press(page, "İleri")  # nothing written
    title = page.get_by_label("Öneriniz tek cümleyle ne istiyor?")
    expect(title).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".errors")).to_be_focused()
    too_long = "Uzun " * 40
    title.evaluate("(field, text) => { field.removeAttribute('maxlength'); field.value = text }", too_long)
    doing.press(page, "İleri")
    expect(title).to_have_value(re.compile("^Uzun Uzun"))
    assert len(title.input_value()) > 150
    expect(title).to_have_attribute("aria-invalid", "true")

    proposal = f.ProposalFactory(council=kocaeli, addressed_to=ulasim)
    secretary = opens(hakan)
    secretary.goto(f"{proposal.get_absolute_url()}uygunluk/")
    secretary.get_by_label("Gerekçe").fill("Olmaz.")
    doing.press(secretary, "Uygun bulunmadığını bildir")
    expect(secretary.get_by_label("Gerekçe")).to_have_value("Olmaz.")
    expect(secretary.get_by_label("Gerekçe")).to_have_attribute("aria-invalid", "true")
    proposal.refresh_from_db()
    assert proposal.stage == Stage.SUBMITTED

    page.goto(proposal.get_absolute_url())
    page.get_by_role("radio", name="Karşıyım").check()
    page.get_by_label("Yorumunuz").fill("a")
    doing.press(page, "Gönder")
    expect(page.get_by_label("Yorumunuz")).to_have_value("a")
    expect(page.get_by_label("Yorumunuz")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("radio", name="Karşıyım")).to_be_checked()
    assert Comment.objects.count() == 0


def test_a_refusal_is_a_sentence_on_the_page_and_loses_nothing(opens, kocaeli, ulasim, ayse):
    """The ballot, the support, the thread may close between looking and pressing."""
    proposal = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.GATHERING)
    page = opens(ayse)
    page.goto(proposal.get_absolute_url())
    Proposal.objects.filter(pk=proposal.pk).update(stage=Stage.IN_GROUP)
    page.get_by_role("button", name="Destek ver").click()
    expect(page.locator("#action")).to_contain_text("destek toplamıyor")
    assert Support.objects.count() == 0


def test_the_way_back_leads_through_the_questions_and_never_submits_again(opens, kocaeli, ulasim, ayse):
    page = opens(ayse)
    address = doing.write_proposal(page)
    page.go_back()
    page.wait_for_load_state()
    assert Proposal.objects.count() == 1
    page.go_back()
    page.wait_for_load_state()
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(doing.TITLE)
    assert NumberSeries.objects.get().last == 1


def test_back_from_a_question_shows_what_was_answered(opens, kocaeli, ulasim, ayse):
    page = opens(ayse)
    page.goto("/kocaeli/oneriler/yeni/")
    doing.press(page, "Yeni öneriye başla")
    page.get_by_label("Öneriniz tek cümleyle ne istiyor?").fill(doing.TITLE)
    doing.press(page, "İleri")
    page.get_by_label("Kısaca anlatın").fill("Yarıda kalan cümle")
    page.go_back()
    expect(page.get_by_label("Öneriniz tek cümleyle ne istiyor?")).to_have_value(doing.TITLE)
    page.go_forward()
    expect(page.get_by_label("Kısaca anlatın")).to_have_value("Yarıda kalan cümle")


def test_a_draft_is_saved_while_it_is_typed(opens, kocaeli, ayse):
    page = opens(ayse)
    page.goto("/kocaeli/oneriler/yeni/")
    doing.press(page, "Yeni öneriye başla")
    page.get_by_label("Öneriniz tek cümleyle ne istiyor?").press_sequentially(doing.TITLE)
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"^kaydedildi \d\d\.\d\d$"))
    soon(lambda: Proposal.objects.get().title == doing.TITLE)


def test_what_is_typed_before_the_script_comes_is_saved_too(opens, kocaeli, ulasim, ayse):
    page = opens(ayse)
    page.goto("/kocaeli/oneriler/yeni/")
    held = []

    def hold(route):
        held.append(route)

    page.route("**/proposal-editor*.js", hold)
    doing.press(page, "Yeni öneriye başla")
    page.get_by_label("Öneriniz tek cümleyle ne istiyor?").fill(doing.TITLE)
    soon(lambda: page.evaluate("1") and held)
    held.pop().continue_()
    soon(lambda: page.evaluate("1") and Proposal.objects.get().title == doing.TITLE)


def test_going_on_while_the_draft_is_being_saved_is_no_conflict(opens, kocaeli, ulasim, ayse):
    """On a slow line the answer to the automatic saving comes after the button was pressed."""
    page = opens(ayse)
    # What outlives its page is sent by the browser itself, now and then past the route below.
    page.add_init_script("const send = fetch; window.fetch = (to, how) => send(to, { ...how, keepalive: false });")
    page.goto("/kocaeli/oneriler/yeni/")
    doing.press(page, "Yeni öneriye başla")
    page.get_by_label("Öneriniz tek cümleyle ne istiyor?").fill(doing.TITLE)
    doing.press(page, "İleri")

    held = []

    def save_and_hold_the_answer(route):
        if route.request.headers.get("x-requested-with") == "autosave":
            held.append((route, route.fetch()))
        else:
            route.continue_()

    page.route("**/metin/", save_and_hold_the_answer)
    page.get_by_label("Kısaca anlatın").fill("Rampa")
    soon(lambda: page.evaluate("1") and held, within=90)
    assert Proposal.objects.get().summary == "Rampa"
    page.get_by_label("Kısaca anlatın").fill(doing.SUMMARY)
    page.get_by_label("Öneri metni").fill(doing.TEXT)
    doing.press(page, "İleri")
    route, answer = held.pop()
    route.fulfill(response=answer)
    expect(page.get_by_label("Hangi konuda?")).to_be_visible()
    assert Proposal.objects.get().text == doing.TEXT
