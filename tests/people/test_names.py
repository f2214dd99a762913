from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from people.names import clean_display_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ayşe   Demir ", "Ayşe Demir"),
        ("I\u0307brahim", "İbrahim"),
        ("Ayşe-Nur O’Neill", "Ayşe-Nur O’Neill"),
        ("M. Kemal", "M. Kemal"),
        ("Ñusta Гражданка 市民", "Ñusta Гражданка 市民"),
        ("Al", "Al"),
        ("a" * 80, "a" * 80),
    ],
)
def test_a_name_is_kept_with_single_spaces_in_composed_form(typed, kept):
    assert clean_display_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ayse@ornek.invalid", "is_address"),
        ("Ayşe\u202eriD", "unexpected_sign"),
        ("Ayşe\u200bDemir", "unexpected_sign"),
        ("Ayşe\u2066Demir", "unexpected_sign"),
        ("Ayşe\x00Demir", "unexpected_sign"),
        ("\x1b[31mAyşe", "unexpected_sign"),
        ("<script>alert(1)</script>", "unexpected_sign"),
        ("Ayşe ✓ Görevli", "unexpected_sign"),
        ("a" + "\u0301" * 9, "unexpected_sign"),
        ("A", "length"),
        ("a" * 81, "length"),
        ("12345", "length"),
        ("--", "length"),
    ],
)
def test_a_name_hides_nothing_and_is_no_address(typed, code):
    with pytest.raises(ValidationError) as refused:
        clean_display_name(typed)
    assert refused.value.code == code
