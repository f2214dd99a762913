"""Cases 114 to 119: files are judged by what they are, kept under our own name, and given to those who may see their proposal."""

from __future__ import annotations

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from proposals.actions import add_attachment, discard_draft
from proposals.models import Attachment
from proposals.stages import Stage
from tests.factories import ProposalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}},
    }


def png(colour: str = "teal", **options) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(buffer, "PNG", **options)
    return buffer.getvalue()


def pdf() -> bytes:
    buffer = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def proposal(kocaeli, ayse):
    return ProposalFactory(council=kocaeli, author=ayse)


@pytest.fixture
def draft(kocaeli, ayse):
    return ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT)


def attach(proposal, name: str = "kroki.png", content: bytes | None = None) -> Attachment:
    upload = SimpleUploadedFile(name, content if content is not None else png())
    return add_attachment(actor=proposal.author, proposal=proposal, upload=upload, at=timezone.now())


def file_url(attachment, tail: str = "") -> str:
    return f"/kocaeli/oneriler/ek/{attachment.pk}/{tail}"


def test_114_a_file_comes_as_a_download_that_runs_nothing(client, proposal):
    for attachment, kind in (
        (attach(proposal), "image/webp"),
        (attach(proposal, "özet.pdf", pdf()), "application/pdf"),
    ):
        response = client.get(file_url(attachment))
        assert response.status_code == 200
        assert response["Content-Type"] == kind
        assert response["Content-Disposition"].startswith("attachment;")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]
        assert "private" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("x.svg.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("x.html", b"<script>alert(1)</script>"),
        ("x.png", b"GIF89a/*\x00\x00*/=alert(1)//"),
        ("x.pdf", b"%PDF-1.4 not really"),
        ("x.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40),
        ("x.png", b""),
        ("x.docx", b"PK\x03\x04" + b"\x00" * 30),
    ],
)
def test_114_what_is_neither_pdf_nor_picture_is_refused_with_a_sentence(client, draft, name, content):
    client.force_login(draft.author)
    response = client.post(
        f"/kocaeli/oneriler/taslak/{draft.key}/ekler/",
        {"file": SimpleUploadedFile(name, content, "image/png"), "description": "Çok önemli bir belge", "do": "add"},
    )
    assert response.status_code == 422
    page = response.content.decode()
    assert 'class="error"' in page
    assert "Çok önemli bir belge" in page
    assert not Attachment.objects.exists()


def test_114_a_pdf_is_never_shown_inline(client, proposal):
    assert client.get(file_url(attach(proposal, "a.pdf", pdf()), "gorsel/")).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.png",
        "a\x00b.png",
        "a\r\nSet-Cookie: x=1.png",
        "ü" * 150 + ".png",
        "<svg onload=alert(1)>.png",
        '";x="y.png',
        "çizim.png",
        "fatura.png.exe",
    ],
)
def test_115_a_name_is_only_ever_shown(client, proposal, name):
    attachment = attach(proposal, name)
    response = client.get(file_url(attachment))
    disposition = response["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert not {"\r", "\n", "\0", "/"} & set(disposition.replace("utf-8''", ""))
    assert "Set-Cookie" not in response
    assert attachment.file.name.rpartition("/")[2].replace(".webp", "").isalnum()
    page = client.get(proposal.get_absolute_url()).content.decode()
    assert "<svg onload" not in page


def test_115_the_ending_shown_is_what_the_file_is(client, proposal):
    attachment = attach(proposal, "fatura.png.exe")
    assert ".exe" not in client.get(file_url(attachment))["Content-Disposition"]


def test_117_a_picture_loses_its_place_and_is_shown_as_our_own_copy(client, proposal):
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (40.0, 45.0, 0.0)}
    attachment = attach(proposal, content=png(exif=exif))
    response = client.get(file_url(attachment, "gorsel/"))
    assert response["Content-Type"] == "image/webp"
    assert "attachment" not in response.get("Content-Disposition", "")
    shown = Image.open(io.BytesIO(b"".join(response.streaming_content)))
    assert (shown.format, dict(shown.getexif())) == ("WEBP", {})


@pytest.mark.parametrize("tail", ["", "gorsel/"])
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-10"}])
def test_119_a_drafts_file_is_its_authors_alone(client, draft, ayse, mehmet, hakan, superuser, tail, method, headers):
    attachment = attach(draft)
    ask = getattr(client, method)
    assert ask(file_url(attachment, tail), headers=headers).status_code == 404
    for person in (mehmet, hakan, superuser):
        client.force_login(person)
        assert ask(file_url(attachment, tail), headers=headers).status_code == 404
    client.force_login(ayse)
    assert ask(file_url(attachment, tail), headers=headers).status_code == 200


def test_119_a_file_is_not_found_in_another_council_nor_after_its_removal(client, adana, proposal, draft, ayse):
    attachment = attach(proposal)
    assert client.get(f"/adana/oneriler/ek/{attachment.pk}/").status_code == 404
    gone = attach(draft)
    discard_draft(actor=ayse, proposal=draft)
    client.force_login(ayse)
    assert client.get(file_url(gone)).status_code == 404
    client.post(file_url(attachment, "kaldir/"))
    assert client.get(file_url(attachment)).status_code == 404
    assert client.get("/kocaeli/oneriler/ek/99999999999999999999/").status_code == 404
