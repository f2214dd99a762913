"""What an uploaded file really is, and a harmless copy of it. Decided by content, never by name or declared type."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
import unicodedata
import warnings
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from documents import harmless_pdf

IMAGE_FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 40_000_000
LONGEST_SIDE = 2_000
"""Images are re-encoded as WebP with at most this many pixels on the longer side, without EXIF."""


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
    """The copy that `harmless_pdf` makes in a process of its own, without the project's environment."""
    command = [sys.executable, "-I", harmless_pdf.__file__]
    try:
        made = subprocess.run(
            command, input=data, capture_output=True, timeout=2 * harmless_pdf.SECONDS, check=False, env={}
        )
    except subprocess.TimeoutExpired:
        made = None
    if made is not None and made.returncode == 0:
        return made.stdout
    match made.returncode if made is not None else harmless_pdf.BROKEN:
        case harmless_pdf.ENCRYPTED:
            raise ValidationError(_("Parolalı PDF eklenemez. Parolasız bir kopya yükleyin."), code="encrypted")
        case harmless_pdf.TOO_MANY_PAGES:
            raise ValidationError(
                _("PDF en çok %(n)s sayfa olabilir.") % {"n": harmless_pdf.MAX_PAGES}, code="too_many_pages"
            )
    raise ValidationError(_("PDF okunamadı. Dosya bozulmuş olabilir."), code="broken")


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
