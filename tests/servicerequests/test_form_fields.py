"""The form of a type: what is asked depends on what was answered, and wrong answers are told beside their question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicerequests.form_fields import KINDS, WrongForm, questions_of, shown, take
from servicerequests.states import ENDED, MOVES, OPEN, Resolution, Status, goes_with, is_legal

FORM = [
    {
        "name": "yer",
        "label": "Nerede?",
        "kind": "choice",
        "is_required": True,
        "choices": [["salon", "Salon"], ["acik", "Açık alan"]],
    },
    {"name": "kac", "label": "Kaç kişi?", "kind": "number", "is_required": True, "shown_when": ["yer", ["salon"]]},
    {"name": "gun", "label": "Hangi gün?", "kind": "date"},
    {
        "name": "ne",
        "label": "Neler gerekir?",
        "kind": "several",
        "choices": [["ses", "Ses düzeni"], ["perde", "Perde"]],
    },
    {"name": "tasima", "label": "Taşıma gerekir mi?", "kind": "yesno"},
    {"name": "nereden", "label": "Nereden?", "kind": "text", "shown_when": ["tasima", ["yes"]]},
]
QUESTIONS = questions_of(FORM)


def test_answers_are_kept_as_they_are_counted_and_read_as_they_are_said():
    said = {
        "yer": "salon",
        "kac": "1.250,5",
        "gun": "2026-12-31",
        "ne": ["perde", "ses"],
        "tasima": "no",
        "nereden": "Depo",
    }
    answers, wrong = take(QUESTIONS, said)
    assert wrong == {}
    assert answers == {"yer": "salon", "kac": "1250.5", "gun": "2026-12-31", "ne": ["ses", "perde"], "tasima": "no"}
    assert shown(QUESTIONS, answers) == [
        ("Nerede?", "Salon"),
        ("Kaç kişi?", "1250,5"),
        ("Hangi gün?", "31.12.2026"),
        ("Neler gerekir?", "Ses düzeni, Perde"),
        ("Taşıma gerekir mi?", "Hayır"),
    ]


def test_a_question_is_required_only_where_it_is_asked():
    assert take(QUESTIONS, {"yer": "acik"}) == ({"yer": "acik"}, {})
    assert set(take(QUESTIONS, {"yer": "salon"})[1]) == {"kac"}
    assert set(take(QUESTIONS, {})[1]) == {"yer"}


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("yer", "çatı"),
        ("kac", "çok"),
        ("kac", "1e99"),
        ("kac", "NaN"),
        ("gun", "31.12.2026"),
        ("gun", "0001-01-01"),
        ("ne", ["ses", "çay"]),
        ("tasima", "belki"),
        ("nereden", "x" * 201),
        ("kac", ["1", "2"]),
    ],
)
def test_a_wrong_answer_is_told_beside_its_question_and_not_kept(name, given):
    answers, wrong = take(QUESTIONS, {"yer": "salon", "kac": "1", "tasima": "yes", name: given})
    assert name in wrong
    assert name not in answers


@pytest.mark.parametrize(
    "rows",
    [
        [{"name": "A", "label": "Ad?", "kind": "text"}],
        [{"name": "a", "label": "", "kind": "text"}],
        [{"name": "a", "label": "Ad?", "kind": "html"}],
        [{"name": "a", "label": "Ad?", "kind": "choice"}],
        [{"name": "a", "label": "Ad?", "kind": "text", "choices": [["b", "B"]]}],
        [{"name": "a", "label": "Ad?", "kind": "choice", "choices": [["b", "B"], ["b", "C"]]}],
        [{"name": "a", "label": "Ad?", "kind": "text"}] * 2,
        [{"name": "a", "label": "Ad?", "kind": "text", "shown_when": ["b", ["yes"]]}],
        [
            {"name": "a", "label": "Ad?", "kind": "yesno"},
            {"name": "b", "label": "Ad?", "kind": "text", "shown_when": ["a", ["x"]]},
        ],
        [{"name": f"a{number}", "label": "Ad?", "kind": "text"} for number in range(31)],
    ],
)
def test_a_form_that_cannot_be_asked_is_refused(rows):
    with pytest.raises(WrongForm):
        questions_of(rows)


texts = st.one_of(
    st.text(max_size=30),
    st.lists(st.text(max_size=9), max_size=3),
    st.sampled_from(["yes", "salon", "1", "2026-01-01"]),
)


@given(st.dictionaries(st.sampled_from([row["name"] for row in FORM]), texts))
def test_whatever_is_sent_is_kept_or_told_and_what_is_kept_stays_as_it_is(said):
    answers, wrong = take(QUESTIONS, said)
    assert answers.keys().isdisjoint(wrong)
    assert take(QUESTIONS, answers)[0] == answers
    assert all(text for _words, text in shown(QUESTIONS, answers))


def test_every_kind_of_question_is_asked_here():
    assert {each.kind for each in QUESTIONS} | {"long"} == set(KINDS)


# --- States -------------------------------------------------------------------------------------------------------
def test_every_status_has_its_moves_and_only_ends_have_a_resolution():
    assert set(MOVES) == set(Status)
    assert all(any(is_legal(old, new) for old in Status) for new in set(Status) - {Status.NEW})
    assert {status for status in Status if not goes_with(status, "")} == ENDED
    assert all(not goes_with(status, resolution) for status in OPEN for resolution in Resolution)
    assert {resolution for resolution in Resolution if any(goes_with(each, resolution) for each in ENDED)} == set(
        Resolution
    )
