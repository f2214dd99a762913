"""What an uploaded file really is, and a harmless copy of it. Decided by content, never by name or declared type."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import warnings
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

import pikepdf
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

IMAGE_FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 40_000_000
LONGEST_SIDE = 2_000
"""Images are re-encoded as WebP with at most this many pixels on the longer side, without EXIF."""
MAX_PAGES = 400
# Entries of a PDF's catalogue that make a reader do something on its own.
_ACTIVE_ENTRIES = ("/OpenAction", "/AA", "/AcroForm", "/URI")


@dataclass(frozen=True, slots=True)
class Checked:
    """A harmless copy: its kind ("pdf" or "image"), bytes, shown name, and the SHA-256 of what was uploaded."""

    kind: str
    content: bytes
    name: str
    digest: str


def check(file: IO[bytes], name: str, *, max_bytes: int) -> Checked:
    """Read an upload and return a harmless copy. Raises `ValidationError` with a sentence for the person."""
    data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise ValidationError(
            _("Dosya çok büyük. En çok %(size)s MB olabilir.") % {"size": max_bytes // (1024 * 1024)}, code="too_large"
        )
    if not data:
        raise ValidationError(_("Dosya boş."), code="empty")
    digest = hashlib.sha256(data).hexdigest()
    if data.startswith(b"%PDF-"):
        return Checked("pdf", _harmless_pdf(data), clean_name(name, ".pdf"), digest)
    return Checked("image", _reencoded_image(data), clean_name(name, ".webp"), digest)


def clean_name(name: str, extension: str) -> str:
    """The name that is shown: no path, no control or direction characters, at most 100 letters, our extension."""
    stem = PurePath(name.replace("\\", "/")).name
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", stem)
    stem = "".join(c for c in unicodedata.normalize("NFC", stem) if unicodedata.category(c)[0] != "C")
    stem = re.sub(r'[<>:"|?*/]+', " ", stem)
    stem = re.sub(r"\s+", " ", stem).strip(" .")[:100]
    return (stem or "ek") + extension


def _harmless_pdf(data: bytes) -> bytes:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) == 0 or len(pdf.pages) > MAX_PAGES:
                raise ValidationError(_("PDF en çok %(n)s sayfa olabilir.") % {"n": MAX_PAGES}, code="too_many_pages")
            for entry in _ACTIVE_ENTRIES:
                if entry in pdf.Root:
                    del pdf.Root[entry]
            names = pdf.Root.get("/Names")
            if names is not None:
                for entry in ("/JavaScript", "/EmbeddedFiles"):
                    if entry in names:
                        del names[entry]
            for page in pdf.pages:
                if "/AA" in page:
                    del page["/AA"]
                kept = [note for note in page.get("/Annots", []) if _is_harmless(note)]
                if "/Annots" in page:
                    page["/Annots"] = pikepdf.Array(kept)
            out = io.BytesIO()
            pdf.save(out)
            return out.getvalue()
    except pikepdf.PasswordError:
        raise ValidationError(_("Parolalı PDF eklenemez. Parolasız bir kopya yükleyin."), code="encrypted") from None
    except (pikepdf.PdfError, ValueError, TypeError, RecursionError, AttributeError):
        raise ValidationError(_("PDF okunamadı. Dosya bozulmuş olabilir."), code="broken") from None


def _is_harmless(note: pikepdf.Object) -> bool:
    """Whether an annotation neither runs, launches nor embeds anything; web links stay."""
    if note.get("/Subtype") in ("/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D", "/Widget"):
        return False
    if "/AA" in note:
        return False
    action = note.get("/A")
    return action is None or action.get("/S") in ("/URI", "/GoTo")


def _reencoded_image(data: bytes) -> bytes:
    refusal = ValidationError(
        _("Bu dosya eklenemez. PDF, JPEG, PNG ya da WebP yükleyin."),
        code="unknown_content",
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=IMAGE_FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise ValidationError(_("Görsel çok büyük. Daha küçük bir kopya yükleyin."), code="too_many_pixels")
                image.seek(0)
                upright = ImageOps.exif_transpose(image)
                picture = upright.convert("RGBA" if "A" in upright.getbands() or upright.mode == "P" else "RGB")
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=82, method=4)
        return out.getvalue()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(_("Görsel çok büyük. Daha küçük bir kopya yükleyin."), code="too_many_pixels") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise refusal from None
