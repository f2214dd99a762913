"""Tables that are taken along: a cell is never a formula, and what was written is never lost."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from django.urls import reverse

from documents.cells import original
from impact.actions import recount_all
from proposals.import_rows import ColumnMap, plain_text, read
from tests import factories as f

pytestmark = pytest.mark.django_db
FORMULAS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    '"=1+1',
    "  =1+1",
    "\u200b=1+1",
    "'=1+1",
)
BEGINNINGS = tuple("=+-@\t\r\n＝＋－＠")


def taken(client, form: str) -> bytes:
    answer = client.get(reverse("impact_proposals_file", args=["kocaeli", form]))
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.fixture
def titles(kocaeli, ulasim):
    for title in FORMULAS:
        f.ProposalFactory(council=kocaeli, addressed_to=ulasim, title=title, summary="=1+1")
    recount_all()
    return list(FORMULAS)


def test_118_no_cell_of_an_export_is_a_formula(client, titles, selin):
    client.force_login(selin)
    rows = list(csv.reader(StringIO(taken(client, "csv").decode("utf-8-sig"), newline="")))
    cells = [cell for row in rows for cell in row]
    assert len(rows) == 1 + len(titles)
    assert not [cell for cell in cells if cell.lstrip("\"' \u200b").startswith(BEGINNINGS) and not cell.startswith("'")]
    assert [original(row[1]) for row in rows[1:]] == titles


def test_118_a_workbook_holds_texts_and_no_formulas_or_links(client, titles, selin):
    client.force_login(selin)
    with ZipFile(BytesIO(taken(client, "xlsx"))) as book:
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
        texts = ET.fromstring(book.read("xl/sharedStrings.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert not list(sheet.iter(f"{space}f"))
    assert not list(sheet.iter(f"{space}hyperlink"))
    found = ["".join(part.text or "" for part in each.iter(f"{space}t")) for each in texts.iter(f"{space}si")]
    assert not [text for text in found if text.startswith(BEGINNINGS)]


def test_118_ones_own_export_is_imported_as_it_was_written(client, titles, selin):
    client.force_login(selin)
    file = StringIO(taken(client, "csv").decode("utf-8-sig"), newline="")
    columns = ColumnMap.from_pairs(["id=Numara", "title=Başlık", "text=Özet"])
    rows = list(read(file, columns))
    assert [row.text for row in rows] == ["=1+1"] * len(titles)
    assert [row.title for row in rows] == [plain_text(title) for title in titles]
