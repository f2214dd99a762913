"""Tables as files for spreadsheets: CSV and XLSX, safe against formulas (`documents.cells`)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import xlsxwriter

from documents.cells import neutral

Cell = str | int | float | bool | datetime | None
ISTANBUL = ZoneInfo("Europe/Istanbul")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOM = "\ufeff"
"""Spreadsheets read UTF-8 only behind it."""
LONGEST_CELL = 32_767
LONGEST_NAME = 31


class _Echo:
    def write(self, line: str) -> str:
        return line


def _plain(value: Cell) -> str | int | float:
    match value:
        case None:
            return ""
        case bool():
            return int(value)
        case datetime():
            return value.astimezone(ISTANBUL).strftime("%Y-%m-%d %H:%M")
        case str():
            return neutral(value)
    return value


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """A table as lines of CSV, made one by one."""
    writer = csv.writer(_Echo())
    yield BOM + writer.writerow([_plain(cell) for cell in head])
    for row in rows:
        yield writer.writerow([_plain(cell) for cell in row])


def workbook(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]) -> bytes:
    """A workbook of named sheets, each with a head and rows. Texts stay texts: no formula, no link is made of them."""
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for name, head, rows in sheets:
        sheet = book.add_worksheet(_sheet_name(name))
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(head):
            sheet.write_string(0, column, neutral(title), bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                match cell:
                    case None:
                        continue
                    case str():
                        sheet.write_string(number, column, neutral(cell)[:LONGEST_CELL])
                    case bool():
                        sheet.write_number(number, column, int(cell))
                    case datetime():
                        sheet.write_datetime(number, column, cell.astimezone(ISTANBUL).replace(tzinfo=None), day)
                    case _:
                        sheet.write_number(number, column, cell)
    book.close()
    return target.getvalue()


def _sheet_name(name: str) -> str:
    return "".join(letter for letter in name if letter not in "[]:*?/\\'")[:LONGEST_NAME] or "–"
