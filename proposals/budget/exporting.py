"""Budget lines and objectives as tables that the import reads back; no cell is calculated."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from documents.cells import neutral
from proposals.budget.lira import in_a_cell
from proposals.models import BudgetLine, Objective

LINE_HEADER = ("Yıl", "Kod", "Ad", "Birim", "Tutar", "Durum")
OBJECTIVE_HEADER = ("Dönem", "Kod", "Ad", "Birim", "Durum")
STATE_WORDS = {False: "kullanımda", True: "kullanılmıyor"}


def lines_csv(lines: Iterable[BudgetLine]) -> bytes:
    """Budget lines with their units."""
    rows = (
        (
            str(line.year),
            line.code,
            line.name,
            line.unit.name if line.unit else "",
            in_a_cell(line.amount),
            STATE_WORDS[line.is_retired],
        )
        for line in lines
    )
    return _table(LINE_HEADER, rows)


def objectives_csv(objectives: Iterable[Objective]) -> bytes:
    """Aims and objectives with their plans and units."""
    rows = (
        (
            each.plan.key,
            each.code,
            each.name,
            each.unit.name if each.unit else "",
            STATE_WORDS[each.is_retired],
        )
        for each in objectives
    )
    return _table(OBJECTIVE_HEADER, rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """With semicolons and the mark of UTF-8, as spreadsheets here expect it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(header)
    for row in rows:
        writer.writerow([neutral(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")
