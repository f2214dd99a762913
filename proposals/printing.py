"""Documents as accessible PDF (PDF/UA-1): a Typst template of ours and plain data, never markup out of data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import timezone


def render_pdf(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF that a template `….typ` below `templates/` makes of the data it reads as `json(bytes(sys.inputs.data))`.

    The data are strings, numbers, lists and mappings; Typst shows them and reads no markup in them. Only the letters that
    come with Typst are used, so that a document looks the same everywhere. The template reads no file and no network.
    """
    made: bytes = typst.compile(
        Path(settings.BASE_DIR, "templates", template).read_bytes(),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards="ua-1",
        timestamp=int(timezone.localtime(at).timestamp()),
    )
    return made
