"""What a paper may say: the rules in Python and those in the database, side by side."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import connection
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from ballots import counting, papers
from ballots.models import MAX_PAPER, RANKED, Method
from ballots.papers import InvalidPaper, check, from_form


@dataclass
class Rule:
    method: str = Method.SINGLE
    option_count: int = 5
    least: int = 1
    most: int | None = None
    highest: int = 5
    allows_blank: bool = False


def fits(rule, paper):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ballots_paper_fits(%s, %s, %s, %s, %s, %s, %s)",
            [rule.method, paper, rule.option_count, rule.least, rule.most, rule.highest, rule.allows_blank],
        )
        return cursor.fetchone()[0]


def is_taken(rule, paper):
    try:
        return check(rule, paper) == paper
    except InvalidPaper:
        return False


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rule", "paper"),
    [
        (Rule(Method.YES_NO, 0), "abstain"),
        (Rule(), "5"),
        (Rule(allows_blank=True), "abstain"),
        (Rule(Method.APPROVAL), "1,2,3,4,5"),
        (Rule(Method.APPROVAL, least=2, most=2), "2,5"),
        (Rule(Method.SCORE), "1:5,2:0,3:4"),
        (Rule(Method.SCHULZE), "3>1=2>4"),
        (Rule(Method.IRV), "3>1"),
        (Rule(Method.STV, allows_blank=True), "blank"),
    ],
)
def test_a_canonical_paper_is_taken_as_it_is(rule, paper):
    assert (check(rule, paper), fits(rule, paper)) == (paper, True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rule", "paper", "code"),
    [
        (Rule(Method.YES_NO, 0), "1", "unknown_paper"),
        (Rule(), "6", "unknown_option"),
        (Rule(), "0", "unknown_option"),
        (Rule(), "-1", "unknown_option"),
        (Rule(), str(2**63), "unknown_option"),
        (Rule(), "01", "unknown_option"),
        (Rule(), "1,2", "unknown_option"),
        (Rule(), "", "unknown_option"),
        (Rule(), "1\n", "unknown_option"),
        (Rule(), "yes", "unknown_option"),
        (Rule(), "blank", "unknown_option"),
        (Rule(), "abstain", "blank_not_allowed"),
        (Rule(allows_blank=True), "blank", "unknown_option"),
        (Rule(Method.APPROVAL), "1,6", "unknown_option"),
        (Rule(Method.APPROVAL), "2,2", "option_twice"),
        (Rule(Method.APPROVAL), "2,1", "not_canonical"),
        (Rule(Method.APPROVAL, least=2), "1", "too_few"),
        (Rule(Method.APPROVAL, most=2), "1,2,3", "too_many"),
        (Rule(Method.APPROVAL), "blank", "blank_not_allowed"),
        (Rule(Method.SCORE), "1:6", "score_out_of_range"),
        (Rule(Method.SCORE), "1:-1", "score_out_of_range"),
        (Rule(Method.SCORE), "1:1.5", "score_out_of_range"),
        (Rule(Method.SCORE), "1:NaN", "score_out_of_range"),
        (Rule(Method.SCORE), "1:05", "score_out_of_range"),
        (Rule(Method.SCORE), "1:1,1:2", "option_twice"),
        (Rule(Method.SCORE), "2:1,1:2", "not_canonical"),
        (Rule(Method.SCORE), "9:1", "unknown_option"),
        (Rule(Method.SCHULZE), "1>2>1", "option_twice"),
        (Rule(Method.SCHULZE), "2=1", "not_canonical"),
        (Rule(Method.SCHULZE), "1>>2", "unknown_option"),
        (Rule(Method.IRV), "1=2", "equal_ranks"),
        (Rule(Method.STV), "1>6", "unknown_option"),
        (Rule(Method.STV), "1 > 2", "unknown_option"),
        (Rule(Method.STV), "1" * (MAX_PAPER + 1), "too_long"),
    ],
)
def test_any_other_paper_is_refused_with_its_reason_and_by_the_database(rule, paper, code):
    """Attack case 7: unknown, foreign, repeated, out of range, too few and too many."""
    with pytest.raises(InvalidPaper) as wrong:
        check(rule, paper)

    assert (wrong.value.code, fits(rule, paper)) == (code, False)
    assert wrong.value.sentence.endswith(".")


NUMBER = st.integers(0, 7).map(str)
PAPER = st.one_of(
    st.sampled_from(["yes", "no", "abstain", "blank", ""]),
    NUMBER,
    st.lists(NUMBER, min_size=1, max_size=5).map(",".join),
    st.lists(st.tuples(NUMBER, NUMBER).map(":".join), min_size=1, max_size=5).map(",".join),
    st.lists(st.lists(NUMBER, min_size=1, max_size=3).map("=".join), min_size=1, max_size=4).map(">".join),
    st.text(alphabet="0123:,>= ", max_size=8),
)
RULE = st.builds(
    Rule,
    method=st.sampled_from(Method.values),
    option_count=st.integers(2, 6),
    least=st.integers(1, 2),
    most=st.one_of(st.none(), st.integers(2, 4)),
    highest=st.integers(1, 5),
    allows_blank=st.booleans(),
)


@pytest.mark.django_db
@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(RULE, PAPER), min_size=100, max_size=100))
def test_python_and_the_database_agree_on_every_paper(pairs):
    with connection.cursor() as cursor:
        rows = [(r.method, paper, r.option_count, r.least, r.most, r.highest, r.allows_blank) for r, paper in pairs]
        row = "(%s::text, %s::text, %s::int, %s::int, %s::int, %s::int, %s::boolean)"
        cursor.execute(
            f"SELECT ballots_paper_fits(a, b, c, d, e, f, g) FROM (VALUES {', '.join([row] * len(rows))}) "
            "AS papers (a, b, c, d, e, f, g)",
            [value for line in rows for value in line],
        )
        stored = [fit for (fit,) in cursor.fetchall()]

    assert [is_taken(rule, paper) for rule, paper in pairs] == stored


READ = {
    Method.SINGLE: counting.papers.parse_single,
    Method.APPROVAL: counting.papers.parse_approval,
    Method.SCORE: counting.papers.parse_score,
    **dict.fromkeys(RANKED, counting.papers.parse_ranking),
}


@settings(max_examples=300, deadline=None)
@given(RULE, PAPER)
def test_every_paper_that_is_taken_can_be_counted(rule, paper):
    if rule.method in READ and is_taken(rule, paper) and paper not in counting.papers.BLANKS:
        READ[rule.method](paper)


@pytest.mark.parametrize(
    ("rule", "form", "paper"),
    [
        (Rule(Method.YES_NO, 0), "choice=no", "no"),
        (Rule(), "option=3", "3"),
        (Rule(allows_blank=True), "blank=1", "abstain"),
        (Rule(Method.APPROVAL), "option=4&option=1", "1,4"),
        (Rule(Method.APPROVAL, allows_blank=True), "blank=1&option=2", "blank"),
        (Rule(Method.SCORE), "score-3=4&score-1=5&score-2=", "1:5,3:4"),
        (Rule(Method.SCHULZE), "rank-1=2&rank-2=2&rank-3=1&rank-4=&rank-5=5", "3>1=2>5"),
        (Rule(Method.STV), "rank-5=1&rank-2=3", "5>2"),
    ],
)
def test_a_form_becomes_the_canonical_paper(rule, form, paper):
    assert from_form(rule, QueryDict(form)) == paper


@pytest.mark.parametrize(
    ("rule", "form", "code", "field"),
    [
        (Rule(), "", "too_few", "option"),
        (Rule(), "option=1&option=2", "too_many", "option"),
        (Rule(), "blank=1", "blank_not_allowed", "option"),
        (Rule(Method.APPROVAL, least=2), "", "too_few", "option"),
        (Rule(Method.APPROVAL), "option=1&option=1", "option_twice", "option-1"),
        (Rule(Method.SCORE), "", "too_few", "score-1"),
        (Rule(Method.SCORE), "score-2=9", "score_out_of_range", "score-2"),
        (Rule(Method.SCORE), "score-2=1&score-2=2", "option_twice", "score-2"),
        (Rule(Method.IRV), "rank-1=1&rank-4=1", "equal_ranks", "rank-4"),
        (Rule(Method.IRV), "rank-1=9", "rank_out_of_range", "rank-1"),
        (Rule(Method.IRV), "", "too_few", "rank-1"),
    ],
)
def test_what_a_form_lacks_is_said_beside_its_field(rule, form, code, field):
    with pytest.raises(InvalidPaper) as wrong:
        from_form(rule, QueryDict(form))

    assert (wrong.value.code, wrong.value.field) == (code, field)


def test_marks_say_what_a_paper_gives_each_option():
    assert papers.marks(Method.SCORE, "1:5,3:0") == {1: 5, 3: 0}
    assert papers.marks(Method.SCHULZE, "3>1=2") == {3: 1, 1: 2, 2: 2}
    assert papers.marks(Method.APPROVAL, "1,4") == {1: 1, 4: 1}
    assert papers.marks(Method.STV, "blank") == papers.marks(Method.YES_NO, "yes") == {}
