"""Attachments: what a file is decides its content, and only a harmless copy is kept."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from documents.attachment_content import check, clean_name
from people.verdicts import Refused
from proposals import actions
from proposals.models import Attachment
from proposals.stages import Stage
from tests import factories as f

NOW = timezone.now()
MB = 1024 * 1024


def picture(form="PNG", size=(60, 40), mode="RGB", **save):
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, form, **save)
    return out.getvalue()


def pdf(active=False, pages=1, encrypted=False):
    out = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        if active:
            script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
            document.Root.OpenAction = script
            document.Root.AA = pikepdf.Dictionary(WC=script)
            document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["x", script])))
            link = pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Link,
                Rect=pikepdf.Array([0, 0, 9, 9]),
                A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe")),
            )
            document.pages[0].Annots = document.make_indirect(pikepdf.Array([document.make_indirect(link)]))
        locked = pikepdf.Encryption(owner="a", user="b") if encrypted else False
        document.save(out, encryption=locked, deterministic_id=not encrypted)  # the same file at every moment
    return out.getvalue()


def checked(data, name="ek.pdf", max_bytes=MB):
    return check(io.BytesIO(data), name, max_bytes=max_bytes)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_images_become_webp_whatever_they_are_called(form):
    copy = checked(picture(form), "foto.exe")
    assert (copy.kind, copy.name, Image.open(io.BytesIO(copy.content)).format) == ("image", "foto.webp", "WEBP")


def test_images_lose_their_place_of_capture_and_anything_appended():
    exif = Image.Exif()
    exif[0x010F] = "Kamera"
    exif.get_ifd(0x8825)[1] = "N"
    data = picture("JPEG", exif=exif) + b"<script>alert(1)</script>"
    copy = checked(data)
    assert not Image.open(io.BytesIO(copy.content)).getexif()
    assert b"script" not in copy.content


def test_large_images_are_made_smaller_and_bombs_are_refused():
    assert max(Image.open(io.BytesIO(checked(picture(size=(4000, 100))).content)).size) == 2000
    with pytest.raises(ValidationError, match="büyük"):
        checked(picture(size=(50_000, 50_000), mode="1"), max_bytes=50 * MB)


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"<?xml version='1.0'?><x/>",
        b"GIF89a/*\x00\x00*/=1;alert(1)",
        b"MZ\x90\x00",
        b"PK\x03\x04" + b"\0" * 40,
        picture("PNG")[:40],
        picture("GIF"),
        b"%PDF-1.7\nnothing else",
        b"",
    ],
)
def test_everything_else_is_refused_with_a_sentence(data):
    with pytest.raises(ValidationError):
        checked(data, "belge.pdf")


def test_a_pdf_loses_what_acts_on_its_own():
    with pikepdf.open(io.BytesIO(checked(pdf(active=True)).content)) as document:
        assert not {"/OpenAction", "/AA"} & set(document.Root.keys())
        assert "/JavaScript" not in document.Root.get("/Names", {})
        assert len(document.pages[0].get("/Annots", [])) == 0


def test_an_encrypted_or_huge_pdf_is_refused():
    with pytest.raises(ValidationError, match="Parola"):
        checked(pdf(encrypted=True))
    with pytest.raises(ValidationError, match="sayfa"):
        checked(pdf(pages=401))
    with pytest.raises(ValidationError, match="büyük"):
        checked(pdf(), max_bytes=100)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\gizli\\rapor.pdf", "rapor.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("<svg onload=alert(1)>.pdf", "svg onload=alert(1).pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("", "ek.pdf"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
        ("Keşif özeti.PDF", "Keşif özeti.pdf"),
    ],
)
def test_the_shown_name_has_no_path_no_control_character_and_our_extension(given, shown):
    assert clean_name(given, ".pdf") == shown


def upload(data=None, name="ek.pdf"):
    return SimpleUploadedFile(name, pdf() if data is None else data)


def stored(media):
    return [path for path in Path(media).rglob("*") if path.is_file()]


@pytest.fixture
def media(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        }
    }
    return tmp_path


def test_a_file_is_kept_under_our_own_name_and_twice_the_same_is_once(media, ayse, kocaeli):
    draft = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT)
    data = pdf()
    one = actions.add_attachment(actor=ayse, proposal=draft, upload=upload(data, "../../özet.pdf"), at=NOW)
    two = actions.add_attachment(actor=ayse, proposal=draft, upload=upload(data), at=NOW)
    assert (one, one.name, len(stored(media))) == (two, "özet.pdf", 1)
    assert "özet" not in one.file.name


def test_a_refused_file_leaves_neither_row_nor_file(media, ayse, mehmet, kocaeli):
    draft = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT)
    with pytest.raises(ValidationError) as error:
        actions.add_attachment(actor=ayse, proposal=draft, upload=upload(b"<svg/>", "a.svg"), at=NOW)
    with pytest.raises(Refused):
        actions.add_attachment(actor=mehmet, proposal=draft, upload=upload(), at=NOW)
    assert ("file" in error.value.message_dict, Attachment.objects.count(), stored(media)) == (True, 0, [])


def test_a_full_disk_leaves_no_row_and_no_half_file(media, ayse, kocaeli, monkeypatch):
    draft = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.DRAFT)

    def no_row(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Attachment, "save", no_row)
    with pytest.raises(OSError, match="No space"):
        actions.add_attachment(actor=ayse, proposal=draft, upload=upload(), at=NOW)
    assert (Attachment.objects.count(), stored(media)) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_removing_deletes_the_file_after_the_commit_and_is_told_when_public(media, ayse, kocaeli):
    from journal.models import Entry

    proposal = f.ProposalFactory(council=kocaeli, author=ayse)
    attachment = actions.add_attachment(actor=ayse, proposal=proposal, upload=upload(), at=NOW)
    opened_twice = Attachment.objects.get()
    actions.remove_attachment(actor=ayse, attachment=attachment, at=NOW)
    actions.remove_attachment(actor=ayse, attachment=opened_twice, at=NOW)
    kinds = list(Entry.objects.order_by("pk").values_list("kind", flat=True))
    assert (stored(media), kinds) == ([], ["proposals.attachment_added", "proposals.attachment_removed"])


def test_no_attachment_is_added_once_the_proposal_has_ended(media, ayse, kocaeli):
    proposal = f.ProposalFactory(council=kocaeli, author=ayse, stage=Stage.ADOPTED)
    with pytest.raises(Refused):
        actions.add_attachment(actor=ayse, proposal=proposal, upload=upload(), at=NOW)
