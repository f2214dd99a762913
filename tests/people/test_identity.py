from __future__ import annotations

import pytest

from people.identity import InvalidNumber, checked_number, number_hash

# The examples of python-stdnum's documentation of tr.tckimlik.
VALID = "17291716060"


@pytest.mark.parametrize("typed", [VALID, f"  {VALID} ", "172 917 160 60", "１７２９１７１６０６０"])
def test_one_number_has_one_form_however_it_was_typed(typed):
    assert checked_number(typed) == VALID
    assert number_hash(typed, key="k") == number_hash(VALID, key="k")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("17291716050", "digits"),
        ("1729171606", "length"),
        ("172917160601", "length"),
        ("07291716092", "digits"),
        ("", "digits"),
        ("on bir rakam", "digits"),
        ("١٧٢٩١٧١٦٠٦٠", "digits"),
    ],
)
def test_a_wrong_number_is_named_by_a_code_and_never_repeated(typed, code):
    with pytest.raises(InvalidNumber) as refused:
        number_hash(typed, key="k")
    assert refused.value.code == code
    assert str(refused.value) == code
    assert refused.value.__context__ is None or refused.value.__suppress_context__


def test_the_hash_depends_on_the_key_and_does_not_hold_the_number():
    first, second = number_hash(VALID, key="one"), number_hash(VALID, key="two")
    assert len(first) == 64
    assert first != second
    assert VALID not in first
