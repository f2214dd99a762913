"""Differences between two texts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proposals.differences import compare


def parts(old: str, new: str) -> list[tuple[str, str]]:
    return [(part.kind, part.text) for paragraph in compare(old, new).paragraphs for part in paragraph]


def test_a_difference_never_cuts_inside_a_word():
    assert parts("Üç yerde kesiliyor.", "Dört yerde kesilecek.") == [
        ("removed", "Üç"),
        ("added", "Dört"),
        ("same", " yerde "),
        ("removed", "kesiliyor"),
        ("added", "kesilecek"),
        ("same", "."),
    ]


def test_words_are_counted_and_equal_texts_have_no_difference():
    found = compare("bir iki üç", "bir dört beş üç")
    assert (found.added, found.removed) == (2, 1)
    assert bool(found)
    assert not compare("aynı metin", "aynı metin")


def test_line_ends_of_another_kind_are_no_difference():
    assert not compare("bir\r\niki", "bir\niki")


@given(st.text(max_size=200), st.text(max_size=200))
def test_what_stayed_and_came_is_the_new_text_without_line_ends(old, new):
    found = compare(old, new)
    kept = "".join(part.text for paragraph in found.paragraphs for part in paragraph if part.kind != "removed")
    gone = "".join(part.text for paragraph in found.paragraphs for part in paragraph if part.kind != "added")
    plain = str.maketrans("", "", "\r\n")
    assert kept.translate(plain) == new.translate(plain)
    assert gone.translate(plain) == old.translate(plain)


@pytest.mark.parametrize("size", [20_000])
def test_the_longest_texts_are_compared_soon(size):
    old = " ".join(f"kelime{n}" for n in range(size // 9))
    new = " ".join(f"sözcük{n}" for n in range(size // 9))
    started = time.process_time()
    compare(old, new)
    assert time.process_time() - started < 5  # seconds of this process; what grows with the square takes minutes
