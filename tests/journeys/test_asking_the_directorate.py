"""An association asks the directorate, is asked back, gets its answer in time; the answer becomes an article everybody reads."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from people.models import DataRead
from servicerequests.actions import start_desk
from servicerequests.models import ServiceRequest
from tests import factories as f
from tests.journeys import doing

pytestmark = pytest.mark.browser
ASKED = "Genel kurulu bir ay ertelersek ne yapmalıyız?"


def test_an_association_asks_is_asked_back_and_its_answer_becomes_an_article(opens, kocaeli, elif_, korfez, selin):
    start_desk(council=kocaeli, at=timezone.now())
    second = f.OfficerFactory(council=kocaeli, role="directorate", person__display_name="Necla Doğanay").person
    applicant = opens(elif_)
    applicant.goto("/kocaeli/")
    applicant.get_by_role("main").get_by_role("link", name=re.compile("Müdürlüğe başvurun")).click()
    applicant.get_by_label("Ne istiyorsunuz?").fill(f"{ASKED} Tüzükte kasım yazıyor.")
    doing.press(applicant, "Göster")
    applicant.get_by_role("link", name="Hukuki ya da idari danışma").first.click()
    applicant.get_by_label("Konu", exact=True).fill("Salonun önündeki çöpler toplanmıyor")
    applicant.get_by_role("button", name="Temizlik").click()
    expect(applicant.get_by_label("Konu alanı")).to_have_value("temizlik")
    applicant.get_by_label("Konu alanı").select_option(label="Siz bulun")
    applicant.get_by_label("Konu", exact=True).fill(ASKED)
    doing.press(applicant, "Başvur")
    expect(applicant.get_by_text("Bu soruyu yanıtlayın.").first).to_be_visible()
    applicant.get_by_role("radio", name="Genel kurul").check()
    applicant.get_by_label("Kimin adına?").select_option(label=korfez.name)
    doing.press(applicant, "Başvur")
    asked = ServiceRequest.objects.get()
    expect(applicant.get_by_role("main")).to_contain_text(asked.number)
    assert (asked.on_behalf_of, asked.due_at is not None) == (korfez, True)

    officer = opens(selin)
    officer.goto("/kocaeli/masam/basvurular/?kuyruk=sahipsiz")
    officer.get_by_role("link", name=ASKED).click()
    pane = officer.locator("#secili")
    expect(pane.get_by_role("heading", name=ASKED)).to_be_visible()
    expect(officer).to_have_url(re.compile("secili="))
    pane.get_by_role("radio", name=re.compile("Başvurana sor")).check()
    pane.get_by_label("İletiniz").fill("Tüzüğün 12. maddesini yazar mısınız?")
    pane.locator("#yanit").get_by_role("button", name="Kaydet").click()
    expect(officer.locator("#secili")).to_contain_text("Başvurandan yanıt bekleniyor")

    applicant.goto("/ben/")
    applicant.get_by_role("link", name=ASKED).first.click()
    expect(applicant.get_by_text("Müdürlük sizden yanıt bekliyor")).to_be_visible()
    applicant.get_by_label("İletiniz").fill("On beş gün önceden çağrı yapılır.")
    doing.press(applicant, "Gönder")
    expect(applicant.get_by_role("main")).to_contain_text("İnceleniyor")

    officer.goto(asked.get_absolute_url())
    officer.get_by_role("radio", name="Yanıtla ve sonuçlandır").check()
    officer.get_by_role("combobox", name="Sonuç").select_option(label="Bilgi verildi")
    officer.get_by_label("İletiniz").fill("Toplantıyı kasımda çağırın; çoğunluk yoksa ikinci toplantı yapılır.")
    officer.locator("#yanit").get_by_role("button", name="Kaydet").click()
    expect(officer.get_by_role("main")).to_contain_text("Yanıtlandı")
    asked.refresh_from_db()
    assert (asked.status, asked.was_in_time) == ("answered", True)
    assert DataRead.objects.filter(reader=selin, person=elif_).exists()

    doing.follow(officer, "Bu yanıttan makale yap")
    for box in officer.get_by_role("main").get_by_role("checkbox").all():
        box.check()
    doing.press(officer, "Taslağı sakla")
    doing.press(officer, "Onaya ver")
    address = officer.url
    reader = opens(second)
    reader.goto(address)
    doing.press(reader, "Yayımla")
    visitor = opens(None)
    visitor.goto("/kocaeli/bilgi/")
    visitor.get_by_role("main").get_by_role("link", name=re.compile("Genel kurulu")).first.click()
    expect(visitor.get_by_role("main")).to_contain_text("ikinci toplantı yapılır")
    assert elif_.display_name not in visitor.content()
