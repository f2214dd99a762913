"""What an upload may not do: act in the reader's hands, take the server's memory, fill its disk."""

from __future__ import annotations

import asyncio
import io
import struct
import sys
import zlib
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from pikepdf import Array, Dictionary, Name, String

from documents import attachment_content, harmless_pdf
from documents.attachment_content import check
from participation.body_limit import limited_body
from participation.charset import REFUSAL, plain_charset

MB = 1024 * 1024
SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def stored(document: pikepdf.Pdf) -> bytes:
    """What becomes of a PDF, unpacked."""
    given, unpacked = io.BytesIO(), io.BytesIO()
    document.save(given)
    copy = check(io.BytesIO(given.getvalue()), "ek.pdf", max_bytes=MB).content
    with pikepdf.open(io.BytesIO(copy)) as kept:
        kept.save(unpacked, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return unpacked.getvalue()


def blank() -> pikepdf.Pdf:
    document = pikepdf.new()
    document.add_blank_page()
    return document


def link(**action: Any) -> Dictionary:
    return Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=Dictionary(**action))


def in_an_outline(document: pikepdf.Pdf) -> None:
    outlines = document.make_indirect(Dictionary(Type=Name.Outlines, Count=1))
    item = document.make_indirect(Dictionary(Title=String("x"), Parent=outlines, A=SCRIPT))
    outlines.First = outlines.Last = item
    document.Root.Outlines = outlines


def in_an_outline_by_a_written_name(document: pikepdf.Pdf) -> None:
    outlines = document.make_indirect(Dictionary(Type=Name.Outlines, Count=1))
    action = Dictionary(S=Name("/Java#53cript"), JS=String("app.alert(1)"))
    item = document.make_indirect(Dictionary(Title=String("x"), Parent=outlines, A=action))
    outlines.First = outlines.Last = item
    document.Root.Outlines = outlines


def after_a_link(document: pikepdf.Pdf) -> None:
    document.pages[0].Annots = Array([link(S=Name.URI, URI=String("https://ornek.invalid"), Next=SCRIPT)])


def after_a_link_as_the_third_of_three(document: pikepdf.Pdf) -> None:
    onwards = Array([Dictionary(S=Name.GoTo, Next=Array([SCRIPT]))])
    document.pages[0].Annots = Array([link(S=Name.URI, URI=String("https://ornek.invalid"), Next=onwards)])


def in_the_address_of_a_link(document: pikepdf.Pdf) -> None:
    document.pages[0].Annots = Array([link(S=Name.URI, URI=String(" javascript:app.alert(1)"))])


def when_a_page_opens(document: pikepdf.Pdf) -> None:
    document.pages[0].AA = Dictionary(O=SCRIPT)


@pytest.mark.parametrize(
    "hide",
    [
        in_an_outline,
        in_an_outline_by_a_written_name,
        after_a_link,
        after_a_link_as_the_third_of_three,
        in_the_address_of_a_link,
        when_a_page_opens,
    ],
)
def test_114_no_script_is_left_in_a_pdf_wherever_it_stands(hide):
    document = blank()
    hide(document)
    kept = stored(document)
    assert b"alert" not in kept
    assert b"JavaScript" not in kept


@pytest.mark.parametrize("kind", ["Launch", "SubmitForm", "GoToE", "GoToR", "ImportData", "Rendition"])
def test_114_no_bookmark_of_a_pdf_starts_or_sends_anything(kind):
    document = blank()
    outlines = document.make_indirect(Dictionary(Type=Name.Outlines, Count=1))
    action = Dictionary(S=Name(f"/{kind}"), F=String("cmd.exe"))
    outlines.First = outlines.Last = document.make_indirect(Dictionary(Title=String("x"), Parent=outlines, A=action))
    document.Root.Outlines = outlines
    assert b"cmd.exe" not in stored(document)


def test_114_no_file_travels_inside_a_pdf():
    document = blank()
    inside = Dictionary(Type=Name.Filespec, F=String("x.exe"), EF=Dictionary(F=document.make_stream(b"MZ inside")))
    document.Root.AF = Array([document.make_indirect(inside)])
    assert b"MZ inside" not in stored(document)


def test_114_links_to_the_web_and_bookmarks_stay():
    document = blank()
    document.pages[0].Annots = Array([link(S=Name.URI, URI=String("https://ornek.invalid/kesif"))])
    outlines = document.make_indirect(Dictionary(Type=Name.Outlines, Count=1))
    goto = Dictionary(S=Name.GoTo, D=Array([document.pages[0].obj, Name.Fit]))
    item = document.make_indirect(Dictionary(Title=String("Birinci bölüm"), Parent=outlines, A=goto))
    outlines.First = outlines.Last = item
    document.Root.Outlines = outlines
    kept = stored(document)
    assert b"https://ornek.invalid/kesif" in kept
    assert b"/GoTo" in kept


def packed_without_end(size: int) -> bytes:
    """A PDF whose objects stand in a stream of spaces that unpacks to `size`."""
    packer = zlib.compressobj(9)
    head, piece = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH), b" " * MB
    packed = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)  # the same again and again
    total = 1
    for _ in range(size // MB):
        total = zlib.adler32(piece, total)
    packed = head + packed * (size // MB) + b"\x03\x00" + struct.pack(">I", total)
    stream = b"<</Type/ObjStm/N 1/First 4/Length %d/Filter/FlateDecode>>stream\n%s\nendstream"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Inside 5 0 R>>",
        stream % (len(packed), packed),
    ]
    text, rows = b"%PDF-1.5\n", b"\0\0\0\0\0\xff\xff"
    for number, each in enumerate(objects, 1):
        rows += b"\1" + struct.pack(">I", len(text)) + b"\0\0"
        text += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(text)
    rows += b"\2" + struct.pack(">I", 4) + b"\0\0" + b"\1" + struct.pack(">I", start) + b"\0\0"
    text += b"6 0 obj\n<</Type/XRef/Size 7/W[1 4 2]/Root 1 0 R/Length %d>>stream\n" % len(rows) + rows
    return text + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % start


# Runs a command and writes the most memory it took to standard error. A process of its own, because the system counts what
# other children of this one took, and what this one had when it started them.
MEASURED = """
import resource, subprocess, sys
made = subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024, file=sys.stderr)
sys.exit(made.returncode)
"""


def test_116_a_pdf_that_unpacks_without_end_costs_no_memory_of_the_server(monkeypatch):
    seen: list[int] = []
    run = attachment_content.subprocess.run

    def watched(command: list[str], **options: Any) -> Any:
        made = run([sys.executable, "-I", "-c", MEASURED, *command], **options)
        seen.append(int(made.stderr))
        return made

    monkeypatch.setattr(attachment_content.subprocess, "run", watched)
    try:
        check(io.BytesIO(packed_without_end(1500 * MB)), "ek.pdf", max_bytes=10 * MB)
    except ValidationError as error:
        assert error.code == "broken"  # noqa: PT017 - a copy without what could not be read is as good
    assert len(seen) == 1
    assert seen[0] <= harmless_pdf.MEMORY


def test_116_a_pdf_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(harmless_pdf, "SECONDS", 0.001)
    document, given = blank(), io.BytesIO()
    document.save(given)
    with pytest.raises(ValidationError) as refusal:
        check(io.BytesIO(given.getvalue()), "ek.pdf", max_bytes=MB)
    assert refusal.value.code == "broken"


# --- Bodies -----------------------------------------------------------------------------------------------------------
class Server:
    """An application that keeps every body, as Django does before it asks who sent it."""

    def __init__(self) -> None:
        self.kept = 0

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            self.kept += len(message["body"])
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def answer(application: Any, *headers: tuple[bytes, bytes], pieces: int = 1, size: int = 1000) -> dict[str, Any]:
    sent: list[dict[str, Any]] = []
    left = iter(range(pieces - 1, -1, -1))

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"a" * size, "more_body": next(left) > 0}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(
        application(
            {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": list(headers)},
            receive,
            send,
        )
    )
    return sent[0]


def test_120_a_body_of_no_declared_length_is_not_kept_beyond_the_limit():
    server = Server()
    assert answer(limited_body(server, most=5_000), pieces=1_000)["status"] == 413
    assert server.kept <= 5_000


@pytest.mark.parametrize("length", [b"5001", b"9" * 5_000, b"-1", b"1e3"])
def test_120_a_body_that_is_said_to_be_longer_is_not_read(length):
    server = Server()
    assert answer(limited_body(server, most=5_000), (b"content-length", length))["status"] == 413
    assert server.kept == 0


def test_120_a_body_within_the_limit_passes():
    server = Server()
    assert answer(limited_body(server, most=5_000), (b"content-length", b"5000"), pieces=5)["status"] == 200
    assert server.kept == 5_000


def test_120_the_server_s_entrance_limits_bodies(settings):
    from participation import asgi

    length = str(4 * settings.ATTACHMENT_MAX_BYTES + 1).encode()
    assert answer(asgi.application.application_mapping["http"], (b"content-length", length))["status"] == 413


def test_081_answers_that_no_middleware_sees_forbid_everything_too():
    refusals = [
        answer(plain_charset(Server()), (b"content-type", b"a/b; charset=bz2_codec")),
        answer(limited_body(Server(), most=1), (b"content-length", b"2")),
    ]
    for refusal in refusals:
        headers = dict(refusal["headers"])
        assert headers[b"x-content-type-options"] == b"nosniff"
        assert b"default-src 'none'" in headers[b"content-security-policy"]
    assert REFUSAL
