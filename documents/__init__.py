"""Documents as accessible PDF: a template of ours and plain data in, a tagged file out (PDF/UA-1, law and readers of screens).

What people wrote is data: the template shows it as text and nothing in it is read as markup. A document is set in a process of
its own that knows neither the project nor its secrets, in a folder that holds the template and the data alone; its time, memory
and size are limited.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from documents import typesetting

SECONDS = 20
MOST_BYTES = 20 * 1024 * 1024
MOST_DATA = 4 * 1024 * 1024
_one_at_a_time = threading.BoundedSemaphore(1)


class DocumentError(RuntimeError):
    """A document could not be set: in time, in size, or because its template is wrong."""


def digest_of(template: Path, data: Mapping[str, Any], files: Mapping[str, bytes] | None = None) -> str:
    """Names a document by everything it is made of: another template, another word or another release is another document."""
    found = hashlib.sha256(typesetting.VERSION.encode())
    for part in (template.read_bytes(), _written(data), *(files or {}).values()):
        found.update(hashlib.sha256(part).digest())
    return found.hexdigest()


def render_pdf(template: Path, data: Mapping[str, Any], files: Mapping[str, bytes] | None = None) -> bytes:
    """The document as a PDF/UA-1. The template reads ``data.json``, and pictures among `files` by their plain names.

    `data` must hold ``title`` and ``language``. Raises `DocumentError`.
    """
    written = _written(data)
    if len(written) > MOST_DATA:
        raise DocumentError("too much data for one document")
    with tempfile.TemporaryDirectory(prefix="document-") as folder:
        place = Path(folder)
        (place / "main.typ").write_bytes(template.read_bytes())
        (place / "data.json").write_bytes(written)
        for name, content in (files or {}).items():
            if Path(name).name != name:
                raise DocumentError("files of a document have plain names")
            (place / name).write_bytes(content)
        if not _one_at_a_time.acquire(timeout=3 * SECONDS):
            raise DocumentError("other documents are being set")
        try:
            made = subprocess.run(
                [sys.executable, "-I", typesetting.__file__, folder],
                capture_output=True,
                timeout=2 * SECONDS,
                check=False,
                env={},
            )
        except subprocess.TimeoutExpired:
            raise DocumentError("the document was not set in time") from None
        finally:
            _one_at_a_time.release()
    if made.returncode != 0 or not made.stdout.startswith(b"%PDF-"):
        raise DocumentError(made.stderr.decode(errors="replace")[-2000:] or "the document was not set")
    if len(made.stdout) > MOST_BYTES:
        raise DocumentError("the document is too large")
    return made.stdout


def _written(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True).encode()
