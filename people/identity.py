"""The national identity number (T.C. kimlik no): checked, turned into a keyed hash, and forgotten.

Plain values in, plain values out. The algorithm of the check digits is python-stdnum's `tr.tckimlik`.
"""

from __future__ import annotations

import hashlib
import hmac

from django.views.decorators.debug import sensitive_variables
from stdnum.exceptions import InvalidLength
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.tr import tckimlik


class InvalidNumber(ValueError):
    """The text is not an identity number. `code` is `length` or `digits`; the text itself is not repeated."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@sensitive_variables()
def checked_number(text: str) -> str:
    """The eleven digits, spaces left out; raises `InvalidNumber` unless length and both check digits are right."""
    try:
        number = tckimlik.validate("".join(text.split()))
    except InvalidLength:
        raise InvalidNumber("length") from None
    except (StdnumError, IndexError):
        raise InvalidNumber("digits") from None
    if not number.isascii():
        raise InvalidNumber("digits")
    return number


@sensitive_variables()
def number_hash(text: str, *, key: str) -> str:
    """HMAC-SHA256 of the checked number as 64 hexadecimal digits; without the key it cannot be tried out.

    There are only about 9 x 10^8 valid numbers, so a plain hash would hide nothing.
    """
    return hmac.new(key.encode(), checked_number(text).encode(), hashlib.sha256).hexdigest()
