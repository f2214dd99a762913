"""Turkish text in one place: folding, case, slugs and alphabetical order.

Python's and PostgreSQL's own functions get Turkish wrong: ``"İ".lower()`` is two code points, ``slugify("Işık")``
loses the ı, and the C collation sorts ç after z. Everything here is pure; `turkish.functions` has the same rules in SQL.
"""

from __future__ import annotations

import re
import unicodedata

_LOWER = str.maketrans("Iİ", "ıi")
_UPPER = str.maketrans("ıi", "Iİ")
_FOLD = str.maketrans("ıçğöşüâîûêôàáéèäß", "icgosuaiueoaaeeas")
# The Turkish alphabet with q, w, x and the circumflex vowels beside their plain ones.
ALPHABET = "aâbcçdefgğhıiîjklmnoöpqrsştuüûvwxyz"
# Each letter's key is one ASCII character after the digits, so that the C collation orders by the Turkish alphabet.
SORT_CHARACTERS = "".join(chr(ord("A") + i) for i in range(len(ALPHABET)))
_SORT = str.maketrans(ALPHABET, SORT_CHARACTERS)


def lower(text: str) -> str:
    """Lower-case by Turkish rules: I becomes ı and İ becomes i."""
    return unicodedata.normalize("NFC", text).translate(_LOWER).lower()


def upper(text: str) -> str:
    """Upper-case by Turkish rules: i becomes İ and ı becomes I."""
    return unicodedata.normalize("NFC", text).translate(_UPPER).upper()


def fold(text: str) -> str:
    """Lower-case without diacritics, so that "cocuk parki" equals "Çocuk Parkı"."""
    plain = lower(text).translate(_FOLD)
    return "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))


def slugify(text: str, *, max_length: int = 60) -> str:
    """An ASCII slug through `fold`; never cut inside a word unless the first word is longer than the limit."""
    slug = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    if len(slug) > max_length:
        head = slug[: max_length + 1]
        slug = (head.rpartition("-")[0] or slug[:max_length]).strip("-")
    return slug


def sort_key(text: str) -> str:
    """A key whose code point order is Turkish alphabetical order."""
    return lower(text).translate(_SORT)


def year_in(text: str) -> int | None:
    """The year from 1900 to 2199 that four digits write; None for any other text."""
    return int(text) if re.fullmatch(r"(19|20|21)[0-9]{2}", text) else None


def words(text: str) -> list[str]:
    """The folded words of a text, letters and digits only."""
    return [word for word in re.split(r"[^a-z0-9]+", fold(text)) if word]
