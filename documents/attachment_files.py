"""Attachments given out: as a download, or a picture to be shown, never as something that runs."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponseBase

Response = TypeVar("Response", bound=HttpResponseBase)
TYPES = {"pdf": "application/pdf", "image": "image/webp"}


class Attachment(Protocol):
    """A row that keeps a checked file: what kind it is, under which name it is shown, and the file."""

    kind: Any
    name: Any
    file: Any

    @property
    def extension(self) -> str: ...


def shown_name(attachment: Attachment) -> str:
    """The given name with the ending of what the file really is."""
    stem = attachment.name.rpartition(".")[0] or attachment.name
    return f"{stem}{attachment.extension}"


def file_answer(attachment: Attachment, *, as_attachment: bool) -> HttpResponseBase:
    """The file, whoever asks; 404 when it is gone from the disk."""
    return _answer(attachment.file, shown_name(attachment), TYPES[attachment.kind], as_attachment=as_attachment)


def pdf_answer(file: FieldFile, name: str) -> HttpResponseBase:
    """A checked PDF as a download."""
    return _answer(file, name, TYPES["pdf"], as_attachment=True)


def _answer(file: FieldFile, name: str, content_type: str, *, as_attachment: bool) -> HttpResponseBase:
    try:
        handle = file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return guarded(FileResponse(handle, as_attachment=as_attachment, filename=name, content_type=content_type))


def guarded(response: Response) -> Response:
    """The headers under which a file is given out."""
    # Should a browser show it all the same, nothing in it runs and nothing is loaded.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-cache"
    return response
