"""What people do on the site, as presses and words. The same with and without JavaScript."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from proposals.stages import Stage

TITLE = "Yahya Kaptan köprüsüne bisiklet rampası"
SUMMARY = "Köprünün iki yanına, bisikletini sürerek çıkılabilecek birer rampa konsun."
TEXT = "Köprüye bugün yalnız **merdivenle** çıkılıyor.\n\n- Bisikletini taşıyan\n- Pusetini iten herkese yarar."


def press(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("link", name=name).click()


def write_proposal(
    page: Page,
    *,
    for_organisation: str = "",
    title: str = TITLE,
    council: str = "kocaeli",
    theme: str = "Ulaşım",
    body: str = "Ulaşım Çalışma Grubu",
) -> str:
    """From the list through every question to the receipt; returns the address of the proposal."""
    page.goto(f"/{council}/oneriler/")
    page.get_by_role("main").get_by_role("link", name="Öneri yaz").first.click()
    press(page, "Yeni öneriye başla")
    page.get_by_label("Öneriniz tek cümleyle ne istiyor?").fill(title)
    press(page, "İleri")
    page.get_by_label("Kısaca anlatın").fill(SUMMARY)
    page.get_by_label("Öneri metni").fill(TEXT)
    press(page, "İleri")
    page.get_by_label("Hangi konuda?").select_option(label=theme)
    press(page, "İleri")
    page.get_by_role("radio", name=re.compile(body)).check()
    if for_organisation:
        page.get_by_role("radio", name=for_organisation).check()
    press(page, "İleri")
    press(page, "İleri")
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    press(page, "Öneriyi sun")
    expect(page.locator(".receipt-number")).to_have_text(re.compile(r"[A-Z]{3}-\d{4}-\d{4,}"))
    number = page.locator(".receipt-number").inner_text()
    return f"/{council}/oneriler/{number}/"


def admit(page: Page, address: str) -> None:
    page.goto(f"/{address.split('/')[1]}/masam/")
    page.locator(f"main a[href^='{address}']").first.click()
    if "uygunluk" not in page.url:
        follow(page, "İncele ve karar ver")
    press(page, "Uygun bul")
    expect(page.locator("#stage")).to_contain_text(str(Stage.GATHERING.label))


def support(page: Page, address: str) -> None:
    page.goto(address)
    press(page, "Destek ver")
    expect(page.locator("main")).to_contain_text(re.compile("Desteklediniz|Siz de desteklediniz"))


def open_ballot(page: Page, address: str) -> None:
    page.goto(address)
    follow(page, "Oylama aç")
    press(page, "Oylamayı aç")
    expect(page.locator("#stage")).to_contain_text(str(Stage.BALLOT.label))


def comment(page: Page, text: str) -> None:
    page.get_by_label("Yorumunuz").fill(text)
    press(page, "Gönder")
    expect(page.get_by_label("Yorumunuz")).to_have_value("")


def vote(page: Page, choice: str) -> None:
    page.locator("form.votes").get_by_role("button", name=choice, exact=True).click()


def close_ballot(page: Page) -> None:
    follow(page, "Şimdi kapat")
    page.get_by_label("Gerekçe").fill("Oy hakkı olan herkes oyunu verdi.")
    press(page, "Kapat ve sonucu açıkla")
