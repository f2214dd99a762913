"""Files: given out as downloads to those who may see the proposal, whatever they are called or contain."""

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


def test_a_file_comes_as_a_download_that_runs_nothing(client, proposal):
    """Attack case 114."""
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
def test_a_name_is_only_ever_shown(client, proposal, name):
    """Attack case 115."""
    attachment = attach(proposal, name)
    response = client.get(file_url(attachment))
    disposition = response["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert not {"\r", "\n", "\0", "/"} & set(disposition.replace("utf-8''", ""))
    assert "Set-Cookie" not in response
    assert attachment.file.name.rpartition("/")[2].replace(".webp", "").isalnum()
    page = client.get(proposal.get_absolute_url()).content.decode()
    assert "<svg onload" not in page


def test_the_ending_shown_is_what_the_file_is(client, proposal):
    attachment = attach(proposal, "fatura.png.exe")
    assert ".exe" not in client.get(file_url(attachment))["Content-Disposition"]


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
def test_what_is_neither_pdf_nor_picture_is_refused_with_a_sentence(client, draft, name, content):
    """Attack case 114."""
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


def test_a_picture_loses_its_place_and_is_shown_as_our_own_copy(client, proposal):
    """Attack case 117."""
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (40.0, 45.0, 0.0)}
    attachment = attach(proposal, content=png(exif=exif))
    response = client.get(file_url(attachment, "gorsel/"))
    assert response["Content-Type"] == "image/webp"
    assert "attachment" not in response.get("Content-Disposition", "")
    shown = Image.open(io.BytesIO(b"".join(response.streaming_content)))
    assert (shown.format, dict(shown.getexif())) == ("WEBP", {})


def test_a_pdf_is_never_shown_inline(client, proposal):
    assert client.get(file_url(attach(proposal, "a.pdf", pdf()), "gorsel/")).status_code == 404


@pytest.mark.parametrize("tail", ["", "gorsel/"])
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-10"}])
def test_a_drafts_file_is_its_authors_alone(client, draft, ayse, mehmet, hakan, superuser, tail, method, headers):
    """Attack case 119."""
    attachment = attach(draft)
    ask = getattr(client, method)
    assert ask(file_url(attachment, tail), headers=headers).status_code == 404
    for person in (mehmet, hakan, superuser):
        client.force_login(person)
        assert ask(file_url(attachment, tail), headers=headers).status_code == 404
    client.force_login(ayse)
    assert ask(file_url(attachment, tail), headers=headers).status_code == 200


def test_a_file_is_not_found_in_another_council_nor_after_its_removal(client, adana, proposal, draft, ayse):
    attachment = attach(proposal)
    assert client.get(f"/adana/oneriler/ek/{attachment.pk}/").status_code == 404
    gone = attach(draft)
    discard_draft(actor=ayse, proposal=draft)
    client.force_login(ayse)
    assert client.get(file_url(gone)).status_code == 404
    client.post(file_url(attachment, "kaldir/"))
    assert client.get(file_url(attachment)).status_code == 404
    assert client.get("/kocaeli/oneriler/ek/99999999999999999999/").status_code == 404


def test_a_file_missing_from_the_disk_is_not_found(client, proposal):
    attachment = attach(proposal)
    attachment.file.storage.delete(attachment.file.name)
    assert client.get(file_url(attachment)).status_code == 404


def test_the_author_adds_and_removes_files_before_and_after_submission(client, proposal, draft, ayse):
    client.force_login(ayse)
    for owner, address in (
        (draft, f"/kocaeli/oneriler/taslak/{draft.key}/ekler/"),
        (proposal, f"{proposal.get_absolute_url()}ekler/"),
    ):
        for _ in range(2):  # the same file again is the one that is there
            answer = client.post(
                address, {"file": SimpleUploadedFile("k.png", png()), "description": "Kroki", "do": "add"}
            )
            assert answer.status_code == 302
        attachment = owner.attachments.get()
        assert "Kroki" in client.get(address).content.decode()
        removal = file_url(attachment, "kaldir/")
        for _ in range(2):
            assert client.post(removal, {"key": owner.key})["Location"] == address
        assert not owner.attachments.exists()


def test_going_on_with_a_chosen_file_keeps_it(client, draft, ayse):
    client.force_login(ayse)
    address = f"/kocaeli/oneriler/taslak/{draft.key}/ekler/"
    answer = client.post(address, {"file": SimpleUploadedFile("k.png", png()), "do": "next"})
    assert answer["Location"].endswith("/onizleme/")
    assert draft.attachments.count() == 1


@pytest.mark.parametrize("who", ["mehmet", "derya", "hakan", "superuser"])
def test_nobody_else_adds_or_removes_files(client, request, proposal, who):
    attachment = attach(proposal)
    client.force_login(request.getfixturevalue(who))
    address = f"{proposal.get_absolute_url()}ekler/"
    assert client.get(address).status_code == 403
    assert client.post(address, {"file": SimpleUploadedFile("k.png", png("red"))}).status_code == 403
    assert client.post(file_url(attachment, "kaldir/")).status_code == 403
    assert proposal.attachments.count() == 1


def test_the_ninth_file_is_refused_with_a_sentence(client, proposal, ayse):
    for n in range(8):
        attach(proposal, content=png((n, n, n)))
    client.force_login(ayse)
    response = client.post(f"{proposal.get_absolute_url()}ekler/", {"file": SimpleUploadedFile("k.png", png("red"))})
    assert response.status_code == 403
    assert "en çok 8 dosya" in response.content.decode()
