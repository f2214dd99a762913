"""What the record keeps in Turkish is said in the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from turkish.kept import in_words


@pytest.mark.parametrize(
    ("kept", "turkish", "english"),
    [
        ("12.11.2026", "12 Kasım 2026", "12 November 2026"),
        ("99.99.2026", "99.99.2026", "99.99.2026"),
        ("Ağustos 2026 birleşimi", "Ağustos 2026 birleşimi", "Meeting of August 2026"),
        ("Bütçe birleşimi", "Bütçe birleşimi", "Bütçe birleşimi"),
        ("41 kabul, 12 ret, 2 çekimser", "41 kabul, 12 ret, 2 çekimser", "41 for, 12 against, 2 abstaining"),
        (
            "Oy birliği (41 kabul, 0 ret, 0 çekimser)",
            "Oy birliği (41 kabul, 0 ret, 0 çekimser)",
            "Unanimous (41 for, 0 against, 0 abstaining)",
        ),
        ("Oy birliği", "Oy birliği", "Unanimous"),
        (7, 7, 7),
    ],
)
def test_a_kept_fact_is_said_in_the_readers_language(kept, turkish, english):
    assert in_words(kept) == turkish
    with translation.override("en"):
        assert in_words(kept) == english
