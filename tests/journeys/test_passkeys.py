"""Passkeys with the authenticator that Chromium has for tests: set one up, log in with it alone, prove oneself with it."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress

from people.models import Person

PASSWORD = "uzun yollar kisa gunler"


@pytest.mark.browser
def test_a_passkey_is_set_up_and_opens_the_account_without_a_password(opens, site, hakan):
    hakan.set_password(PASSWORD)
    hakan.save()
    EmailAddress.objects.create(user=hakan, email=hakan.email, primary=True, verified=True)
    # WebAuthn knows no addresses of numbers, but it trusts this name.
    page = opens()
    origin = site.origin.replace("127.0.0.1", "localhost")
    with_key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": with_key | {"isUserVerified": True}})

    page.goto(f"{origin}/hesap/giris/")
    page.locator("#id_login").fill(hakan.email)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Giriş yapın").click()
    page.wait_for_url("**/hesap/guvenlik/")  # a secretary needs a second step
    page.get_by_role("link", name="Geçiş anahtarı ekleyin").click()
    page.locator("main input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sürdürün").click()
    page.get_by_label("Anahtarın adı").fill("Telefonum")
    page.get_by_role("button", name="Anahtarı oluşturun").click()
    page.locator("main .codes").wait_for()
    page.get_by_role("link", name="Yazdım, sürdürün").click()
    page.wait_for_url("**/kocaeli/masam/")
    assert list(Person.objects.get(pk=hakan.pk).authenticator_set.values_list("type", flat=True).order_by("type")) == [
        "recovery_codes",
        "webauthn",
    ]

    page.context.clear_cookies()
    page.goto(f"{origin}/hesap/giris/?next=/kocaeli/masam/")
    page.get_by_role("button", name="Geçiş anahtarıyla girin").click()
    page.wait_for_url(f"{origin}/kocaeli/masam/")

    page.goto(f"{origin}/hesap/ikinci-adim/anahtar/?next=/hesap/guvenlik/")
    page.get_by_role("button", name="Geçiş anahtarını kullanın").click()
    page.wait_for_url(f"{origin}/hesap/guvenlik/")
    page.get_by_text("Telefonum").first.wait_for()
