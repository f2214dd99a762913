"""What a display name may look like. Plain text in, plain text out."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MIN_LENGTH, MAX_LENGTH = 2, 80
_SPACES = re.compile(r"\s+")
# Marks that belong to names: O’Neill, Ayşe-Nur, M. Kemal, and the middle dot of Catalan.
_ALLOWED = frozenset(" '’.-·")
_MARKS_IN_A_ROW = 2


def clean_display_name(text: str) -> str:
    """A name with single spaces in composed form; raises `ValidationError` with the sentence for the person.

    Letters, their marks, digits and a few signs of names; no e-mail address, nothing invisible and nothing that
    changes the direction of the text around it.
    """
    name = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    if "@" in name:
        raise ValidationError(_("Görünen ad bir e-posta adresi olamaz; adınızı yazın."), code="is_address")
    if any(not _is_part_of_a_name(sign) for sign in name) or _marks_pile_up(name):
        raise ValidationError(
            _("Görünen adda yalnız harf, rakam, boşluk, nokta, kesme işareti ve kısa çizgi olabilir."),
            code="unexpected_sign",
        )
    if not MIN_LENGTH <= len(name) <= MAX_LENGTH or not any(sign.isalpha() for sign in name):
        raise ValidationError(
            _("Görünen ad %(least)d–%(most)d karakter olmalı ve en az bir harf içermeli.")
            % {"least": MIN_LENGTH, "most": MAX_LENGTH},
            code="length",
        )
    return name


def _is_part_of_a_name(sign: str) -> bool:
    return sign in _ALLOWED or unicodedata.category(sign) in {"Lu", "Ll", "Lt", "Lo", "Lm", "Mn", "Mc", "Nd"}


def _marks_pile_up(name: str) -> bool:
    run = 0
    for sign in name:
        run = run + 1 if unicodedata.category(sign) == "Mn" else 0
        if run > _MARKS_IN_A_ROW:
            return True
    return False
