"""Turkish text: folding, slugs, order and search, the same in Python and in SQL."""

from __future__ import annotations

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tests import factories as f
from turkish.functions import as_tsquery, search_query
from turkish.text import ALPHABET, fold, lower, slugify, sort_key, upper

TURKISH = st.text(alphabet=ALPHABET + ALPHABET.upper() + "İI 0123456789.,-", max_size=60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Çocuk Parkı", "cocuk parki"), ("IŞIK", "isik"), ("İSTANBUL", "istanbul"), ("güzergâhları", "guzergahlari")],
)
def test_folding_forgives_every_turkish_letter(text, expected):
    assert fold(text) == expected


def test_case_follows_turkish_rules_and_never_makes_two_letters_of_one():
    assert (lower("IĞDIR İZMİT"), upper("ığdır izmit")) == ("ığdır izmit", "IĞDIR İZMİT")
    assert len(lower("İSTANBUL")) == 8


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Işık", "isik"),
        ("Demokratik Sivil İradenin Geliştirilmesi", "demokratik-sivil-iradenin-gelistirilmesi"),
        ("—", ""),
    ],
)
def test_slugs_lose_no_letter(text, slug):
    assert slugify(text) == slug


def test_a_long_slug_is_cut_between_words():
    assert slugify("Kentte yaşayan herkes için erişilebilir ve güvenli kaldırımlar çalışması") == (
        "kentte-yasayan-herkes-icin-erisilebilir-ve-guvenli"
    )


def test_words_sort_as_in_a_turkish_dictionary():
    names = ["Şile", "Çınar", "Izgara", "İnci", "Oya", "Ökkeş", "Cem", "Ümit", "Ulaş", "Ğ", "Gül", "Zeki", "Sena"]
    assert sorted(names, key=sort_key) == [
        "Cem",
        "Çınar",
        "Gül",
        "Ğ",
        "Izgara",
        "İnci",
        "Oya",
        "Ökkeş",
        "Sena",
        "Şile",
        "Ulaş",
        "Ümit",
        "Zeki",
    ]


@given(TURKISH)
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.django_db
def test_sql_folds_and_sorts_like_python():
    texts = ["Çocuk Parkı", "IŞIK İĞNE", "güzergâh ÂÎÛ", "Ümraniye", "ğĞ üÜ şŞ öÖ çÇ", "Kâğıt 2026", ""]
    with connection.cursor() as cursor:
        for text in texts:
            cursor.execute("SELECT turkish_fold(%s), turkish_sort_key(%s)", [text, text])
            assert cursor.fetchone() == (fold(text), sort_key(text))


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("cocuk parki", "Çocuk Parkı"),
        ("ÇOCUK PARKI", "çocuk parkları yenilensin"),
        ("çocuk parkları", "Çocuk Parkı"),
        ("cocuk parklarinda", "Çocuk Parkı"),
        ("kütüphanelerin", "Gece açık kütüphane"),
        ("isik", "Kavşaklara bisiklet ışığı"),
        ("kutuphane", "Gebze’de gece açık kütüphaneler"),
        ("bisiklet yol", "Sahil yolunda kesintisiz bisiklet yolu"),
        ("gürültü", "Gece gürültüsü azaltılsın"),
    ],
)
def test_search_finds_what_was_meant(kocaeli, typed, title):
    from proposals.models import Proposal

    wanted = f.ProposalFactory(council=kocaeli, title=title, summary="s" * 30, text="t" * 80)
    f.ProposalFactory(council=kocaeli, title="Bambaşka bir dilek", summary="s" * 30, text="t" * 80)
    found = Proposal.objects.extra(where=["search @@ to_tsquery('simple', %s)"], params=[search_query(typed)])
    assert list(found) == [wanted]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["", "   ", "'", "a & | ! ( )", "\\", ":*", "x" * 100_000, "\x00".strip("\x00"), "' OR 1=1 --"]
)
def test_no_typed_text_breaks_the_query(typed):
    from proposals.models import Proposal

    query = search_query(typed)
    if query:
        list(Proposal.objects.annotate(q=as_tsquery(query)).values_list("q"))
    assert len(query) < 2_000


def test_what_is_wrong_with_a_number_or_a_length_is_said_in_plain_words():
    number = forms.IntegerField(min_value=1, max_value=9)
    words = forms.CharField(min_length=3, max_length=4)
    for field, value, said in (
        (number, "0", "En az 1 olmalı."),
        (number, "10", "En çok 9 olmalı."),
        (words, "ab", "En az 3 harf yazın; şimdi 2 harf var."),
        (words, "abcde", "En çok 4 harf olabilir; şimdi 5 harf var."),
    ):
        with pytest.raises(ValidationError) as wrong:
            field.clean(value)
        assert wrong.value.messages == [said]
