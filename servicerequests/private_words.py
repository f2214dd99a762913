"""What in a text looks like personal data: a help for whoever publishes, never a guarantee. Plain data in, plain data out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from stdnum.tr import tckimlik

from turkish.text import fold

MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\d.])(?:\+?90[\s.-]?)?0?\s?\(?\d{3}\)?[\s.-]?\d{3}[\s.-]?\d{2}[\s.-]?\d{2}(?!\d)")
IBAN = re.compile(r"\bTR\s?\d{2}(?:\s?\d){22}\b", re.IGNORECASE)
PLATE = re.compile(r"\b(?:0[1-9]|[1-7]\d|8[01])\s?[A-ZÇĞİÖŞÜ]{1,3}\s?\d{2,4}\b")
NUMBER = re.compile(r"(?<!\d)[1-9]\d{10}(?!\d)")
PLACE = re.compile(
    r"\b[^\s,.;:]+\s(?:mah(?:allesi|\.)?|sok(?:ak|ağı|\.)|cad(?:desi|\.)|apt\.?|bulvarı)(?=[\s,.;:]|$)", re.IGNORECASE
)
SHORTEST_NAME = 3


def private_words(text: str, names: Iterable[str] = ()) -> list[str]:
    """Identity numbers with right check digits, phone numbers, mail addresses, IBANs, plates, streets, parts of given names.

    Each once, in the order in which it stands in the text.
    """
    found = sorted(_found(text, names))
    return list(dict.fromkeys(word for _place, word in found))


def _found(text: str, names: Iterable[str]) -> Iterator[tuple[int, str]]:
    for pattern in (MAIL, PHONE, IBAN, PLATE, PLACE):
        for hit in pattern.finditer(text):
            yield hit.start(), hit.group().strip()
    for hit in NUMBER.finditer(text):
        if tckimlik.is_valid(hit.group()):
            yield hit.start(), hit.group()
    parts = {fold(part) for name in names for part in name.split() if len(part) >= SHORTEST_NAME}
    for hit in re.finditer(r"\w+", text):
        if fold(hit.group()) in parts:
            yield hit.start(), hit.group()
