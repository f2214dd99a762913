"""Texts in cells of tables that people open with a spreadsheet: none of them is taken for a formula, and none is lost.

CWE-1236. A text that a spreadsheet could take for a formula gets an apostrophe in front, the spreadsheets' own sign for
text; so does one that begins with an apostrophe, so that taking the first one away always gives back what was there.
"""

from __future__ import annotations

import unicodedata

FORMULA = frozenset("=+-@")
CONTROLS = frozenset("\t\r\n\0")
MARK = "'"


def is_risky(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula, also behind quotes or spaces and with full-width letters."""
    if text[:1] in CONTROLS and text:
        return True
    for letter in text:
        if letter in "\"'" or letter.isspace() or unicodedata.category(letter) in {"Cf", "Cc"}:
            continue
        return unicodedata.normalize("NFKC", letter)[:1] in FORMULA
    return False


def neutral(text: str) -> str:
    """The text as it may stand in a cell."""
    return MARK + text if text.startswith(MARK) or is_risky(text) else text


def original(cell: str) -> str:
    """What `neutral` made a cell of; any other cell as it is."""
    rest = cell[1:]
    return rest if cell.startswith(MARK) and (rest.startswith(MARK) or is_risky(rest)) else cell
