"""What a page does when the connection goes, and how it makes up for it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from ballots.models import Vote, VoteRecord
from proposals.stages import Stage
from tests import factories as f
from tests.journeys import doing
from tests.journeys.conftest import shows, soon

pytestmark = pytest.mark.browser


class Cable:
    """What lies between a page and the site. Chromium's own offline mode leaves open sockets alone, so they are cut here."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.is_cut = False
        self.sockets: list[WebSocketRoute] = []
        page.route_web_socket("**/canli/", self.connect)

    def connect(self, socket: WebSocketRoute) -> None:
        if self.is_cut:
            socket.close(code=1006)
            return
        self.sockets.append(socket)
        socket.connect_to_server()

    def cut(self) -> None:
        self.is_cut = True
        self.page.context.set_offline(True)
        self.interrupt(code=1006)

    def mend(self) -> None:
        self.is_cut = False
        self.page.context.set_offline(False)

    def interrupt(self, *, code: int = 1012) -> None:
        self.sockets[-1].close(code=code)


def test_a_page_says_that_it_is_offline_and_makes_up_for_what_it_missed_in_order(
    opens, kocaeli, ulasim, derya, mehmet, figures
):
    f.MembershipFactory(body=ulasim, person=mehmet)
    proposal = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.BALLOT)
    ballot = f.ProposalBallotFactory(proposal=proposal, ballot=f.BallotFactory(electors=[derya, mehmet])).ballot
    reading, writing = opens(derya), opens(mehmet)
    cable = Cable(reading)
    for page in (reading, writing):
        page.goto(proposal.get_absolute_url())
    soon(shows(reading.locator("[data-live-presence]"), "2"))
    bar = reading.locator("[data-live-offline]")
    assert not bar.is_visible()

    cable.cut()
    took = soon(bar.is_visible)
    figures("the offline bar, from the cut (4 s are meant)", took)
    for text in ("Birinci söz.", "İkinci söz.", "Üçüncü söz."):
        doing.comment(writing, text)
        expect(writing.locator(".comments")).to_contain_text(text)
    doing.vote(writing, "Ret")
    expect(writing.locator("form.votes [aria-pressed=true]")).to_have_text("Ret")
    assert reading.locator(".comments .comment").count() == 0

    cable.mend()
    figures("everything caught up, from the return", soon(lambda: not bar.is_visible(), within=40))
    fresh = reading.get_by_role("button", name="3 yeni yorum · göster")
    soon(fresh.is_visible)
    soon(shows(reading.locator(f"[data-live-value='state:ballot:{ballot.pk}#no']"), "1"))
    fresh.click()
    assert reading.locator(".comments > .comment .prose").all_inner_texts() == [
        "Üçüncü söz.",
        "İkinci söz.",
        "Birinci söz.",
    ]


def test_a_short_interruption_is_not_worth_a_word(opens, kocaeli, mehmet, ayse):
    """Half a second without a connection: no bar, and what was said meanwhile arrives."""
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING)
    reading, writing = opens(ayse), opens(mehmet)
    cable = Cable(reading)
    for page in (reading, writing):
        page.goto(proposal.get_absolute_url())
    soon(shows(reading.locator("[data-live-presence]"), "2"))
    cable.interrupt()
    doing.comment(writing, "Tam o sırada.")
    soon(reading.get_by_role("button", name="1 yeni yorum · göster").is_visible)
    assert not reading.locator("[data-live-offline]").is_visible()
    assert len(cable.sockets) == 2


def test_an_answer_that_comes_late_does_not_turn_the_count_back(opens, kocaeli, ulasim, derya, mehmet):
    """My vote's answer was written before the other vote, and arrives after the other vote has been seen."""
    f.MembershipFactory(body=ulasim, person=mehmet)
    proposal = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.BALLOT)
    ballot = f.ProposalBallotFactory(proposal=proposal, ballot=f.BallotFactory(electors=[derya, mehmet])).ballot
    slow, quick = opens(derya), opens(mehmet)
    for page in (slow, quick):
        page.goto(proposal.get_absolute_url())
    soon(shows(slow.locator("[data-live-presence]"), "2"))
    held = []
    slow.route("**/oy/", lambda route: held.append((route, route.fetch())))
    yes = f"[data-live-value='state:ballot:{ballot.pk}#yes']"

    doing.vote(slow, "Kabul")
    soon(shows(quick.locator(yes), "1"))
    doing.vote(quick, "Kabul")
    soon(shows(slow.locator(yes), "2"))
    soon(lambda: slow.evaluate("1") and held)
    route, answer = held.pop()
    route.fulfill(response=answer)
    expect(slow.locator("form.votes [aria-pressed=true]")).to_have_text("Kabul")
    expect(slow.locator(yes)).to_have_text("2")


def test_an_answer_still_finds_its_place_when_the_box_is_renewed_meanwhile(opens, kocaeli, ulasim, ayse, mehmet):
    """The author's new version renews the box while my support is on its way."""
    proposal = f.ProposalFactory(
        council=kocaeli, addressed_to=ulasim, stage=Stage.GATHERING, author=mehmet, text=doing.TEXT
    )
    slow, quick = opens(ayse), opens(mehmet)
    for page in (slow, quick):
        page.goto(proposal.get_absolute_url())
    soon(shows(slow.locator("[data-live-presence]"), "2"))
    boxes, answers = [], []
    slow.route("**/kutu/", lambda route: boxes.append((route, route.fetch())))
    slow.route("**/destek/", lambda route: answers.append((route, route.fetch())))

    doing.follow(quick, "Yeni sürüm yaz")
    quick.get_by_label("Öneri metni").fill(doing.TEXT + " Rampa geniş olsun.")
    quick.get_by_label("Neyi, neden").fill("Genişlik eklendi.")
    doing.press(quick, "Yayımla")
    soon(lambda: slow.evaluate("1") and boxes)
    doing.press(slow, "Destek ver")
    soon(lambda: slow.evaluate("1") and answers)
    route, old_box = boxes[0]
    route.fulfill(response=old_box)
    slow.wait_for_timeout(300)
    route, answer = answers[0]
    route.fulfill(response=answer)
    expect(slow.locator("#action")).to_contain_text("Desteklediniz")
    slow.wait_for_timeout(1200)
    expect(slow.locator("#action")).to_contain_text("Desteklediniz")
    slow.unroute_all(behavior="ignoreErrors")


@pytest.mark.parametrize("arrives", [True, False], ids=["the answer is lost", "the vote is lost"])
def test_a_vote_without_an_answer_is_asked_for_again_until_the_page_knows(opens, kocaeli, mehmet, arrives):
    """The line breaks at the press. The page says that it does not know, asks by the key, and the vote counts once."""
    ballot = f.ProposalBallotFactory(ballot=f.BallotFactory(electors=[mehmet])).ballot
    page = opens(mehmet)
    page.goto(ballot.rules.address(ballot))
    pressed, asked, is_told = [], [], False

    def lose(route):
        pressed.append(route.request.post_data)
        if len(pressed) > 1:
            route.continue_()
            return
        if arrives:
            route.fetch()
        route.abort()

    def hold(route):
        """Nobody answers before the page was seen to say that it does not know."""
        if is_told:
            route.continue_()
        else:
            asked.append(route)

    page.route("**/oy/", lose)
    page.route("**/by-key/**", hold)
    doing.vote(page, "Kabul")

    status = page.locator("[data-vote-status]")
    expect(status).to_have_text("Oyunuzun sayılıp sayılmadığı bilinmiyor, yeniden deneniyor …")
    is_told = True
    for route in asked:
        route.continue_()
    expect(status).to_have_text("Oyunuz sayıldı.")
    expect(page.locator("form.votes [aria-pressed=true]")).to_have_text("Kabul")
    assert (Vote.objects.get().paper, VoteRecord.objects.count()) == ("yes", 1)
    assert len(pressed) == (1 if arrives else 2)
    assert len(set(pressed)) == 1


def test_what_could_not_be_sent_says_so_keeps_its_text_and_goes_with_the_next_try(opens, kocaeli, ulasim, derya):
    proposal = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.GATHERING)
    page = opens(derya)
    cable = Cable(page)
    page.goto(proposal.get_absolute_url())
    soon(shows(page.locator("[data-live-presence]"), "1"))
    form = page.locator(".write form")

    cable.cut()
    form.locator("textarea").fill("Bağlantı yokken yazdım.")
    form.get_by_role("button", name="Gönder").click()
    expect(form.get_by_role("alert")).to_contain_text("Gönderilemedi")
    expect(form.locator("textarea")).to_have_value("Bağlantı yokken yazdım.")

    cable.mend()
    form.get_by_role("button", name="Gönder").click()
    expect(page.locator(".comments")).to_contain_text("Bağlantı yokken yazdım.")
    expect(page.get_by_role("alert")).to_have_count(0)
