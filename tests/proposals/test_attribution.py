"""Paragraphs, where they went and what came from whom: any history, against a model that kept notes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from proposals.amending import AmendmentKind, apply, digest_of, paragraphs_of, places, text_of
from proposals.attribution import Origin, Text, origins

LINE = st.text("abç `~\t", min_size=1, max_size=6)
TEXTS = st.lists(st.one_of(LINE, st.sampled_from(["", " ", "```", "~~~~", "- a", "\r"])), max_size=14).map("\n".join)
WORD = st.text("abcçdefgğhıi", min_size=1, max_size=6)
PARAGRAPH = st.lists(WORD, min_size=1, max_size=5).map(" ".join)
PARAGRAPHS = st.lists(PARAGRAPH, max_size=8)
EDITS = st.lists(st.tuples(st.sampled_from(AmendmentKind.values), st.integers(0, 9), PARAGRAPHS), max_size=8)


@given(TEXTS)
def test_a_text_put_together_of_its_paragraphs_has_the_same_paragraphs(text):
    found = paragraphs_of(text)
    assert paragraphs_of(text_of(found)) == found
    assert all(paragraph.strip() for paragraph in found)


def test_a_block_of_code_is_one_paragraph_with_its_blank_lines():
    assert paragraphs_of("bir\n\n```\na\n\nb\n```\n\niki") == ["bir", "```\na\n\nb\n```", "iki"]
    assert paragraphs_of("````\n```\n\n````\n\nson") == ["````\n```\n\n````", "son"]


@given(PARAGRAPHS, EDITS)
def test_amendments_say_exactly_what_came_with_which_version(first, edits):
    """The model carries the versions along with each paragraph; nothing is guessed, however alike the paragraphs are."""
    model = [(paragraph, (1,)) for paragraph in first]
    texts = [Text(1, first)]
    for number, (kind, position, brought) in enumerate(edits, start=2):
        paragraphs = [paragraph for paragraph, _versions in model]
        try:
            changed, change = apply(paragraphs, kind, position, text_of(brought))
        except IndexError:
            continue
        fresh = [(paragraph, (number,)) for paragraph in ([] if kind == AmendmentKind.REMOVE else brought)]
        if kind == AmendmentKind.INSERT:
            model[position:position] = fresh
        else:
            if fresh and kind == AmendmentKind.REPLACE:
                fresh[0] = (fresh[0][0], (*model[position - 1][1], number))
            model[position - 1 : position] = fresh
        assert [paragraph for paragraph, _versions in model] == changed
        texts.append(Text(number, changed, change))
    assert origins(texts) == [Origin(*each) for each in model]


@given(PARAGRAPHS, st.lists(PARAGRAPHS, max_size=6), PARAGRAPH.map(lambda text: f"{text} KALAN"), st.data())
def test_a_paragraph_that_stays_keeps_its_origin_whatever_happens_around_it(first, rewritten, kept, data):
    """Also where everything else was rewritten by hand and the paragraph moved."""
    texts = []
    for number, around in enumerate([first, *rewritten], start=1):
        place = data.draw(st.integers(0, len(around)))
        texts.append(Text(number, [*around[:place], kept, *around[place:]]))
    found = origins(texts)
    assert [origin.versions for origin in found if origin.paragraph == kept] == [(1,)]
    assert [origin.paragraph for origin in found] == texts[-1].paragraphs


@given(PARAGRAPHS, PARAGRAPHS, st.booleans())
def test_places_are_those_of_equal_paragraphs_and_no_place_is_taken_twice(old, new, is_sure):
    found = places(old, new, is_sure=is_sure)
    assert all(old[before - 1] == new[after - 1] for before, after in found.items())
    assert len(set(found.values())) == len(found)


@given(PARAGRAPHS, st.randoms())
def test_paragraphs_that_only_moved_are_all_found(old, random):
    new = random.sample(old, len(old))
    assert len(places(old, new, is_sure=True)) == len(old)


def test_a_paragraph_of_which_there_is_one_fewer_is_nowhere_for_sure():
    old, new = ["a", "---", "b", "---", "c"], ["x", "---", "y"]
    assert places(old, new) == {2: 2}
    assert places(old, new, is_sure=True) == {}


def test_a_new_wording_by_hand_is_told_from_a_new_paragraph():
    texts = [
        Text(1, ["Körfezin kuzey kıyısında yol üç yerde kesiliyor.", "Işık konsun."]),
        Text(2, ["Giriş.", "Körfezin kuzey kıyısında yol dört yerde kesiliyor.", "Bambaşka bir cümle geldi."]),
    ]
    assert [origin.versions for origin in origins(texts)] == [(2,), (1, 2), (2,)]


def test_long_texts_of_alike_paragraphs_take_no_time_to_speak_of():
    """Twenty thousand letters, a paragraph in every third: linear, or this would take minutes."""
    one, other = ["a"] * 6_600, ["b", *["a"] * 6_500, "c"]
    assert len(places(one, other)) == 6_500
    assert len(origins([Text(1, one), Text(2, other), Text(3, one)])) == 6_600


def test_a_digest_is_that_of_the_letters():
    assert digest_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
