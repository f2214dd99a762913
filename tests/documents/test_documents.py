"""Documents: accessible, in Turkish letters, and what people wrote stays text."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from discussions.markup import blocks
from documents import DocumentError, digest_of, render_pdf

TRICKY = '#read("/etc/passwd") $x^2$ \\ @ref #import "@preview/a:1" *b* _i_ <b> [l](x) ğüşıöçİ'
PLAIN = '#set document(title: json("data.json").title)\n#set text(lang: "tr")\n'


@pytest.fixture
def typed(tmp_path):
    def write(markup: str) -> Path:
        path = tmp_path / "document.typ"
        path.write_text(PLAIN + markup, encoding="utf-8")
        return path

    return write


def test_a_document_is_tagged_and_says_its_title_and_language(typed):
    pdf = render_pdf(typed('= Başlık\n#json("data.json").text'), {"title": TRICKY, "text": TRICKY})
    with pikepdf.open(io.BytesIO(pdf)) as read:
        assert str(read.docinfo["/Title"]) == TRICKY
        assert str(read.Root.Lang) == "tr"
        assert bool(read.Root.MarkInfo.Marked)
        assert bool(read.Root.ViewerPreferences.DisplayDocTitle)
        with read.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


@pytest.mark.parametrize(
    "reads",
    [
        '#read("/etc/passwd")',
        '#read("../../../../etc/passwd")',
        '#import "@preview/example:0.1.0": *',
        '#image("https://example.org/x.png")',
    ],
)
def test_even_a_template_reaches_nothing_outside_its_folder(typed, reads):
    with pytest.raises(DocumentError):
        render_pdf(typed(reads), {"title": "T"})


def test_a_document_that_never_ends_or_is_too_large_is_given_up(typed, monkeypatch):
    monkeypatch.setattr("documents.SECONDS", 1)
    with pytest.raises(DocumentError):
        render_pdf(typed("#let n = 0\n#while true { n += 1; if n > 1e15 { break } }"), {"title": "T"})
    monkeypatch.setattr("documents.SECONDS", 20)
    monkeypatch.setattr("documents.MOST_BYTES", 10)
    with pytest.raises(DocumentError, match="too large"):
        render_pdf(typed("Metin"), {"title": "T"})
    with pytest.raises(DocumentError, match="too much data"):
        render_pdf(typed("Metin"), {"title": "T" * 5_000_000})


def test_a_digest_names_everything_a_document_is_made_of(typed):
    first = digest_of(typed("A"), {"title": "T"}, {"a.svg": b"1"})
    assert first == digest_of(typed("A"), {"title": "T"}, {"a.svg": b"1"})
    others = [
        digest_of(typed("A"), {"title": "U"}, {"a.svg": b"1"}),
        digest_of(typed("A"), {"title": "T"}, {"a.svg": b"2"}),
        digest_of(typed("B"), {"title": "T"}, {"a.svg": b"1"}),
    ]
    assert len({first, *others}) == 4


def test_files_of_a_document_have_plain_names(typed):
    with pytest.raises(DocumentError, match="plain names"):
        render_pdf(typed("A"), {"title": "T"}, {"../a.svg": b""})


def test_marks_of_a_text_become_blocks_and_the_rest_stays_text():
    found = blocks("## Baş\n\nBir **iki** #read(x)\nüç\n\n- a\n- b\n\n1. c\n\n[bağ](https://a.example)")
    assert [block["kind"] for block in found] == ["heading", "paragraph", "item", "item", "numbered", "paragraph"]
    runs = found[1]["runs"]
    assert "".join(run["text"] for run in runs) == "Bir iki #read(x)\nüç"
    assert [run["text"] for run in runs if run["bold"]] == ["iki"]
    assert found[-1]["runs"][0]["url"] == "https://a.example"
