"""Files of a request: checked by content, kept beside what was said, given to its two sides alone."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents.attachment_content import Checked
from servicerequests import actions
from servicerequests.models import Message, RequestFile, ServiceRequest
from tests import factories as f
from tests.proposals.test_attachments import media, pdf, picture, stored  # noqa: F401 - a fixture

KEY = "11111111-1111-4111-8111-11111111111"


def up(name, data):
    return SimpleUploadedFile(name, data)


def test_files_come_with_the_form_and_with_each_message_and_each_side_reads_its_own(
    client,
    media,  # noqa: F811
    kocaeli,
    ayse,
    mehmet,
    selin,
):
    asked = f.request_of(ayse, kocaeli)
    client.force_login(ayse)
    address = reverse("request_new", args=["kocaeli", "sikayet"])
    typed = {"subject": "Salon kapalıydı", "text": "Salı akşamı geldik, kapalıydı.", "key": KEY + "1"}
    wrong = client.post(address, typed | {"files": [up("a.zip", b"PK\x03\x04"), up("tutanak.pdf", pdf())]})
    text = wrong.content.decode()
    assert (wrong.status_code, set(wrong.context["form"].errors), stored(media)) == (422, {"files"}, [])
    assert "a: Bu dosya eklenemez." in text
    assert "Salı akşamı geldik, kapalıydı." in text
    again = client.post(address, typed | {"subject": "", "files": [up("tutanak.pdf", pdf())]})
    assert "yeniden seçin" in str(again.context["form"].errors["files"])
    client.post(address, typed | {"files": [up("../../tutanak.pdf", pdf()), up("salon.png", picture())]})
    found = ServiceRequest.objects.exclude(pk=asked.pk).get()
    assert [each.name for each in found.files.all()] == ["tutanak.pdf", "salon.webp"]

    client.force_login(selin)
    page = reverse("request_answer", args=["kocaeli", found.number])
    for n, deed in enumerate(("note", "ask"), 2):
        sent = {"deed": deed, "text": "Ekteki belgeye bakın.", "key": f"{KEY}{n}", "files": up("ek.pdf", pdf(pages=2))}
        assert client.post(page, sent).status_code == 302
    note, question = (Message.objects.get(side=side).files.get() for side in ("note", "desk"))

    def reads(person, file):
        client.force_login(person)
        return client.get(reverse("request_file", args=["kocaeli", found.number, file.pk]))

    answer = reads(ayse, question)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert [reads(who, what).status_code for who, what in ((ayse, note), (selin, note), (mehmet, question))] == [
        404,
        200,
        404,
    ]
    elsewhere = reverse("request_file", args=["kocaeli", asked.number, question.pk])
    client.force_login(ayse)
    assert client.get(elsewhere).status_code == 404
    assert client.get(found.get_absolute_url()).content.decode().count("/dosyalar/") == 3
    listed = client.get(reverse("api-request-files", args=["kocaeli", found.number])).json()
    assert [row["id"] for row in listed] == [each.pk for each in found.files.exclude(pk=note.pk)]


def test_what_fails_later_leaves_no_file_behind(media, kocaeli, ayse, monkeypatch):  # noqa: F811
    asked = f.request_of(ayse, kocaeli)
    files = [Checked("pdf", b"%PDF-", f"{n}.pdf", f"{n:064d}") for n in range(2)]
    monkeypatch.setattr(RequestFile, "save", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.reply_as_applicant(actor=ayse, request=asked, text="Ekte.", files=files, at=asked.filed_at)
    with pytest.raises(ValidationError):
        actions.reply_as_applicant(actor=ayse, request=asked, text="Ekte.", files=files * 5, at=asked.filed_at)
    assert (Message.objects.count(), stored(media)) == (0, [])
