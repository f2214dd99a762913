"""Tables as files for spreadsheets: CSV line by line, XLSX through files, both safe against formulas (`proposals.cells`)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO
from zoneinfo import ZoneInfo

import xlsxwriter

from proposals.cells import neutral

Cell = str | int | float | datetime | None
ISTANBUL = ZoneInfo("Europe/Istanbul")
BOM = "\ufeff"
"""Spreadsheets read UTF-8 only behind it."""
LONGEST_CELL = 32_767


class _Echo:
    def write(self, line: str) -> str:
        return line


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """A table as lines of CSV, made one by one."""
    writer = csv.writer(_Echo())
    yield BOM + writer.writerow([neutral(title) for title in head])
    for row in rows:
        yield writer.writerow([_plain(cell) for cell in row])


def _plain(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.astimezone(ISTANBUL).strftime("%Y-%m-%d %H:%M")
        case str():
            return neutral(cell)
    return cell


def workbook(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> IO[bytes]:
    """An open file with one sheet, written row by row. Texts stay texts: no formula and no link is made of them."""
    target = TemporaryFile()  # noqa: SIM115  whoever answers with it closes it
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(target, options)
    bold = book.add_format({"bold": True})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet(name[:31])
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(head):
        sheet.write_string(0, column, neutral(title), bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            match cell:
                case None | "":
                    continue
                case str():
                    sheet.write_string(number, column, neutral(cell)[:LONGEST_CELL])
                case datetime():
                    sheet.write_datetime(number, column, cell.astimezone(ISTANBUL).replace(tzinfo=None), moment)
                case _:
                    sheet.write_number(number, column, cell)
    book.close()
    target.seek(0)
    return target
