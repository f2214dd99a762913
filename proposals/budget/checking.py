"""What a budget line, a plan and an objective must be before they are written; shared by forms, the API and files."""

from __future__ import annotations

import re
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from discussions.markup import clean
from proposals.models.budget import CODE, FIRST_YEAR, LAST_YEAR, LONGEST_CODE, LONGEST_NAME, LONGEST_PLAN, MOST_LIRA
from turkish.templatetags.turkish_text import lira

_OBJECTIVE = re.compile(r"A([1-9]\d?)|H([1-9]\d?)\.([1-9]\d?)", re.ASCII)
_PERIOD = re.compile(r"(\d{4})\s*[-–—/]\s*(\d{4})", re.ASCII)


def line_code(text: str) -> str:
    """A budget code in capitals with single spaces. `ValidationError` on ``code``."""
    code = " ".join(text.upper().split())
    if not 1 <= len(code) <= LONGEST_CODE or re.fullmatch(CODE, code) is None:
        sentence = _("Kodu bütçedeki gibi yazın: rakam, harf, nokta ve tire; en çok 60 karakter.")
        raise ValidationError({"code": ValidationError(sentence, code="invalid")})
    return code


def plain_name(text: str) -> str:
    """A name with single spaces. `ValidationError` on ``name``."""
    name = " ".join(clean(text).split())
    if not 2 <= len(name) <= LONGEST_NAME:
        raise ValidationError({"name": ValidationError(_("Adı 2–200 harfle yazın."), code="wrong_length")})
    return name


def plausible_year(year: int) -> int:
    """`ValidationError` on ``year``."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValidationError({"year": ValidationError(_("Yılı dört rakamla yazın."), code="out_of_range")})
    return year


def whole_amount(amount: Decimal | None) -> Decimal | None:
    """An amount in lira with two decimals, or None where it is not known. `ValidationError` on ``amount``."""
    if amount is None:
        return None
    if not amount.is_finite() or not 0 <= amount <= MOST_LIRA:
        sentence = _("Tutar sıfırdan küçük olamaz ve en çok 13 basamaklıdır.")
        raise ValidationError({"amount": ValidationError(sentence, code="out_of_range")})
    if amount != (rounded := amount.quantize(Decimal("0.01"))):
        raise ValidationError({"amount": ValidationError(_("Kuruş iki basamaktır."), code="invalid")})
    return rounded


def not_below(amount: Decimal | None, given: Decimal) -> None:
    """`ValidationError` on ``amount`` where a line would have less than it gives to proposals."""
    if amount is not None and amount < given:
        sentence = _("Bu kalemden önerilere %(given)s ayrıldı; tutarı bundan az olamaz.") % {"given": lira(given)}
        raise ValidationError({"amount": ValidationError(sentence, code="already_given")})


def read_objective_code(text: str) -> tuple[int, int]:
    """The numbers of "A1" (1, 0) and "H1.2" (1, 2). `ValidationError` on ``code``."""
    found = _OBJECTIVE.fullmatch("".join(text.split()).upper())
    if found is None:
        sentence = _("Amacı A1, hedefi H1.2 biçiminde yazın.")
        raise ValidationError({"code": ValidationError(sentence, code="invalid")})
    return (int(found[1]), 0) if found[1] else (int(found[2]), int(found[3]))


def read_period(text: str) -> tuple[int, int]:
    """First and last year of "2025–2029". `ValidationError` on ``period``."""
    found = _PERIOD.fullmatch(text.strip())
    if found is None:
        raise ValidationError({"period": ValidationError(_("Dönemi 2025–2029 biçiminde yazın."), code="invalid")})
    return plausible_period(int(found[1]), int(found[2]))


def plausible_period(first: int, last: int) -> tuple[int, int]:
    """`ValidationError` on ``period``."""
    if not FIRST_YEAR <= first <= last <= LAST_YEAR or last - first >= LONGEST_PLAN:
        sentence = _("Dönemin ilk ve son yılını yazın; en çok on yıl.")
        raise ValidationError({"period": ValidationError(sentence, code="out_of_range")})
    return first, last
