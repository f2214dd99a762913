from __future__ import annotations

import logging

import pytest
from django.urls import reverse

from participation.logs import without_personal_addresses


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("GET /hesap/parola/sifirla/2v-d1k2j3-abc/", "GET /hesap/parola/sifirla/…/"),
        ("POST /hesap/e-posta/onay/MQ:1vV2:x-y_z/?next=/ben/", "POST /hesap/e-posta/onay/…/"),
        ("GET /kocaeli/masam/hemsehrilik/?q=ayse@ornek.invalid", "GET /kocaeli/masam/hemsehrilik/"),
        ("GET /kocaeli/oneriler/KOC-2026-0042/", "GET /kocaeli/oneriler/KOC-2026-0042/"),
    ],
)
def test_a_logged_address_names_nobody_and_opens_nothing(address, kept):
    assert without_personal_addresses(None, "info", {"request": address, "event": "request_started"}) == {
        "request": kept,
        "event": "request_started",
    }


@pytest.mark.django_db
def test_the_key_of_a_mail_reaches_no_handler(client, capsys):
    stream = next(each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler)
    written = []
    original = stream.emit
    stream.emit = lambda record: written.append(stream.format(record))
    try:
        client.get(reverse("account_confirm_email", args=["SECRET-KEY"]))
        client.get(reverse("account_reset_password_from_key", args=["1", "SECRET-KEY"]))
    finally:
        stream.emit = original
    assert len(written) > 3
    assert [line for line in written if "SECRET-KEY" in line] == []
