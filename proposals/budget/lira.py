"""Amounts of money as people write them in Turkish tables. Plain data in, plain data out."""

from __future__ import annotations

import re
from decimal import Decimal

_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+(,\d{1,2})?", re.ASCII)
_PLAIN = re.compile(r"\d{1,13}([.,]\d{1,2})?", re.ASCII)


def read_lira(text: str) -> Decimal:
    """1.250.000,50 or 1250000,50 or 1250000.50, with or without the sign of the lira.

    A dot before three digits groups them; what could mean two amounts, such as "1,250", raises `ValueError`.
    """
    text = "".join(text.removesuffix("₺").removesuffix("TL").split())
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", "."))
    raise ValueError(text)


def in_a_cell(amount: Decimal | None) -> str:
    """1250000,50: as spreadsheets here read a number."""
    return "" if amount is None else f"{amount:.2f}".replace(".", ",")


def in_the_record(amount: Decimal | None) -> str:
    """1.250.000,50 ₺ in whatever language it is written down; "?" where it is not known."""
    if amount is None:
        return "?"
    text = f"{amount:,.0f}" if amount == int(amount) else f"{amount:,.2f}"
    return text.translate(str.maketrans(",.", ".,")) + " ₺"
