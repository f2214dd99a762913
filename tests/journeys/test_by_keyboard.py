"""Taking part with nothing but a keyboard: every stop is seen, nothing holds the focus, nothing needs a pointer."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from ballots.models import Vote
from discussions.models import Comment
from proposals.models import Proposal, Support
from proposals.stages import Stage
from tests import factories as f
from tests.journeys import doing

pytestmark = pytest.mark.browser

WHERE = """() => {
  const el = document.activeElement;
  if (!el || el === document.body) return { name: "", tag: "body", seen: true, free: true };
  const outlined = (node, part) => {
    const style = getComputedStyle(node, part);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && style.outlineColor !== "rgba(0, 0, 0, 0)";
  };
  const around = el.closest("label");
  const seen = [el, around].some((node) => node && (outlined(node) || outlined(node, "::after")));
  const box = (around ?? el).getClientRects()[0] ?? (around ?? el).getBoundingClientRect();
  // A field may be taller than what the window shows of it: looked at is the middle of the part inside.
  const middle = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
  const over = [0.5, 0.1, 0.9].map((part) => document.elementFromPoint(box.x + box.width * part, middle));
  const free = over.some((top) => top && (el.contains(top) || around?.contains(top)));
  const words = (node) => (node?.innerText ?? "").trim().replace(/\\s+/g, " ");
  const name = el.getAttribute("aria-label") || words(el.labels?.[0]) || words(el) || el.value || "";
  return { name, tag: el.tagName.toLowerCase(), type: el.type ?? "", seen, free, checked: el.checked ?? false };
}"""


class Hands:
    """Two hands on a keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.stops = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def where(self) -> dict:
        return self.page.evaluate(WHERE)

    def tab(self) -> dict:
        """One stop further; it must be seen, and not lie under a bar that stands still."""
        self.press("Tab")
        here = self.where()
        self.stops += 1
        if here["tag"] != "body":
            assert here["seen"], f"the focus is invisible on {here} of {self.page.url}"
            assert here["free"], f"something covers the focused {here} of {self.page.url}"
        return here

    def reach(self, name: str, tag: str = "") -> None:
        """Tab until the focus stands on what begins with this name."""
        before, again = None, 0
        for _ in range(140):
            here = self.tab()
            if here["name"].startswith(name) and here["tag"].startswith(tag):
                return
            again = again + 1 if here == before and here["tag"] != "body" else 0
            assert again < 4, f"the focus does not leave {here} of {self.page.url}"
            before = here
        pytest.fail(f"no way by Tab to “{name}” on {self.page.url}")

    def choose(self, name: str) -> None:
        """Walk through the group of radio buttons in which the focus stands."""
        for _ in range(12):
            if self.where()["name"].startswith(name):
                if not self.where()["checked"]:
                    self.press("Space")
                return
            self.press("ArrowDown")
        pytest.fail(f"no choice “{name}” on {self.page.url}")

    def skip_to_content(self) -> None:
        """The first stop of every page leads past the bars. Who took it once stays there on the pages that follow."""
        if self.page.url.endswith("#main"):
            return
        assert self.tab()["name"] == "İçeriğe geç"
        self.press("Enter")
        assert self.page.evaluate("document.activeElement.id") == "main"

    def arrive(self, word: str) -> None:
        self.page.wait_for_url(re.compile(rf"/{word}/(#\w+)?$"))

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.skip_to_content()


def test_one_can_take_part_by_keyboard_alone(opens, kocaeli, ulasim, derya, mehmet):
    f.MembershipFactory(body=ulasim, person=mehmet)
    gathering = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.GATHERING)
    voted = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.BALLOT)
    f.ProposalBallotFactory(proposal=voted, ballot=f.BallotFactory(electors=[derya, mehmet]))
    page = opens()
    hands = Hands(page)

    hands.open("/demo/kisiler/")
    hands.reach("Mehmet Arslan olarak girin", "button")
    hands.press("Enter")
    expect(page.locator(".me")).to_contain_text("Mehmet Arslan")

    hands.open("/kocaeli/oneriler/")
    hands.reach("Öneri yaz", "a")
    hands.press("Enter")
    hands.arrive("yeni")
    hands.skip_to_content()
    hands.reach("Yeni öneriye başla", "button")
    hands.press("Space")
    hands.arrive("baslik")
    hands.skip_to_content()
    hands.reach("Öneriniz tek cümleyle", "input")
    page.keyboard.type(doing.TITLE)
    hands.press("Enter")
    hands.arrive("metin")
    hands.skip_to_content()
    hands.reach("Kısaca anlatın", "textarea")
    page.keyboard.type(doing.SUMMARY)
    hands.reach("Öneri metni", "textarea")
    page.keyboard.type(doing.TEXT)
    hands.reach("İleri", "button")
    hands.press("Enter")
    hands.arrive("konu")
    hands.skip_to_content()
    hands.reach("Hangi konuda?", "select")
    page.keyboard.type("Ula")
    hands.reach("İleri", "button")
    hands.press("Enter")
    hands.arrive("adres")
    hands.skip_to_content()
    while hands.tab()["type"] != "radio":
        pass
    hands.choose("Ulaşım Çalışma Grubu")
    hands.reach("İleri", "button")
    hands.press("Enter")
    hands.arrive("ekler")
    hands.skip_to_content()
    hands.reach("İleri", "button")
    hands.press("Enter")
    hands.arrive("onizleme")
    hands.skip_to_content()
    hands.reach("Öneriyi sun", "button")
    hands.press("Enter")
    hands.arrive("sunuldu")
    assert Proposal.objects.filter(
        author=mehmet, stage=Stage.SUBMITTED, title=doing.TITLE, addressed_to=ulasim
    ).exists()

    hands.open(gathering.get_absolute_url())
    hands.reach("Adım görünsün", "input")
    hands.press("Space")
    hands.reach("Destek ver", "button")
    hands.press("Space")
    expect(page.locator("#action")).to_contain_text("Desteklediniz")
    assert Support.objects.filter(person=mehmet, proposal=gathering, shows_name=True).count() == 1

    hands.open(gathering.get_absolute_url())
    hands.reach("Yorumunuz", "textarea")
    page.keyboard.type("Rampanın eğimi önemli.")
    hands.tab()
    hands.choose("Destekliyorum")
    hands.reach("Gönder", "button")
    hands.press("Enter")
    expect(page.locator(".comments")).to_contain_text("Rampanın eğimi önemli.")
    assert Comment.objects.get().mark == "for"

    hands.open(voted.get_absolute_url())
    hands.reach("Ret", "button")
    hands.press("Space")
    expect(page.locator("form.votes [aria-pressed=true]")).to_have_text("Ret")
    hands.reach("Kabul", "button")
    hands.press("Enter")
    expect(page.locator("form.votes [aria-pressed=true]")).to_have_text("Kabul")
    assert Vote.objects.get().paper == "yes"


@pytest.mark.parametrize("address", ["/", "/kocaeli/", "/kocaeli/oneriler/", "/hesap/giris/", "/hesap/kayit/"])
def test_the_focus_walks_through_a_whole_page_and_out_again(opens, kocaeli, address):
    f.ProposalFactory(council=kocaeli, stage=Stage.GATHERING)
    page = opens()
    page.goto(address)
    hands = Hands(page)
    for _ in range(200):
        if hands.tab()["tag"] == "body":
            return
    pytest.fail(f"the focus does not come out of {address}")


@pytest.mark.parametrize("skipping", [False, True], ids=["walking", "after the skip link"])
def test_after_an_error_the_focus_stands_on_the_summary_and_leads_to_the_field(opens, kocaeli, skipping):
    page = opens()
    page.goto("/hesap/giris/")
    hands = Hands(page)
    if skipping:
        hands.skip_to_content()
    hands.reach("Giriş yapın", "button")
    hands.press("Enter")
    expect(page.locator(".errors")).to_be_focused()
    hands.reach("", "a")
    hands.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"


def test_menus_open_by_keyboard_and_close_on_escape(opens, kocaeli, ayse):
    page = opens(ayse)
    page.goto("/kocaeli/")
    hands = Hands(page)
    hands.reach("Ayşe Demir", "summary")
    hands.press("Enter")
    expect(page.get_by_role("link", name="Sayfam").first).to_be_visible()
    hands.tab()
    hands.press("Escape")
    expect(page.locator(".me-menu[open]")).to_have_count(0)
    assert hands.where()["name"] == "Ayşe Demir"
