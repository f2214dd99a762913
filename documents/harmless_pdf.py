"""A harmless copy of a PDF: `python harmless_pdf.py < given > copy`, in a process of its own.

A small PDF can unpack to any size, or meet a fault of its reader. Here that costs this process and nobody else: its memory
and time are limited, and it knows neither the project nor its secrets. Uses nothing of the project.
"""

from __future__ import annotations

import io
import resource
import sys
from collections.abc import Iterator

import pikepdf
import pikepdf.settings

ENCRYPTED, TOO_MANY_PAGES, BROKEN = 3, 4, 5
"""Exit codes; any other than 0 means that the process was ended."""
MAX_PAGES = 400
MEMORY = 768 * 1024 * 1024
SECONDS = 20
UNPACKED = 64 * 1024 * 1024
"""What one packed stream may unpack to while the file is read; pages and pictures stay packed."""
# What a reader would do on its own or hand to another program, wherever it stands.
_ACTIVE_ENTRIES = (
    "/AA",
    "/OpenAction",
    "/AcroForm",
    "/JS",
    "/JavaScript",
    "/EmbeddedFiles",
    "/EF",
    "/RichMediaContent",
)
_ACTIVE_ACTIONS = frozenset(
    "/JavaScript /Launch /SubmitForm /ResetForm /ImportData /GoToE /GoToR /Named /Hide /Rendition /Movie /Sound /Thread "
    "/Trans /SetOCGState /GoTo3DView /RichMediaExecute /GoToDp".split()
)
_ACTIVE_NOTES = frozenset("/FileAttachment /RichMedia /Movie /Sound /Screen /3D /Widget".split())
_SCHEMES = ("http:", "https:", "mailto:")


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=UNPACKED,
        png_max_memory=UNPACKED,
        run_length_max_memory=UNPACKED,
        tiff_max_memory=UNPACKED,
        max_stream_filters=4,
        doc_max_warnings=100,
    )
    try:
        with pikepdf.open(io.BytesIO(sys.stdin.buffer.read())) as pdf:
            if not 0 < len(pdf.pages) <= MAX_PAGES:
                return TOO_MANY_PAGES
            _tame(pdf)
            copy = io.BytesIO()
            pdf.save(copy, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    except pikepdf.PasswordError:
        return ENCRYPTED
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, AttributeError, MemoryError):
        return BROKEN
    sys.stdout.buffer.write(copy.getvalue())
    return 0


def _tame(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        if "/Annots" in page:
            page["/Annots"] = pikepdf.Array([note for note in page["/Annots"] if _is_harmless(note)])
    for entries in _all_dictionaries(pdf):
        for entry in _ACTIVE_ENTRIES:
            if entry in entries:
                del entries[entry]
        if _is_active(entries):
            for key in list(entries.keys()):
                del entries[key]


def _all_dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary of the file, also those inside others; the reader of any of them may act on it."""
    for each in pdf.objects:
        waiting = [each]
        while waiting:
            found = waiting.pop()
            if isinstance(found, pikepdf.Array):
                inside = list(found)
            elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
                yield found
                inside = [found[key] for key in found.keys()]  # noqa: SIM118 - a stream iterates over something else
            else:
                continue
            waiting += [child for child in inside if isinstance(child, pikepdf.Object) and not child.is_indirect]


def _is_active(action: pikepdf.Object) -> bool:
    """Whether a dictionary is an action that runs, opens or sends something; web and mail links stay."""
    kind = str(action.get("/S", ""))
    if kind == "/URI":
        return not str(action.get("/URI", "")).strip().lower().startswith(_SCHEMES)
    return kind in _ACTIVE_ACTIONS


def _is_harmless(note: pikepdf.Object) -> bool:
    if str(note.get("/Subtype", "")) in _ACTIVE_NOTES or "/AA" in note:
        return False
    action = note.get("/A")
    return action is None or (str(action.get("/S", "")) in {"/URI", "/GoTo"} and not _is_active(action))


if __name__ == "__main__":
    sys.exit(main())
