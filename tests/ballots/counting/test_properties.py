"""What holds for every ballot: order and numbering do not matter, nothing vanishes, a Condorcet winner wins Schulze."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballots.counting import count_approval, count_runoff, count_schulze, count_single, count_stv
from ballots.counting.papers import parse_ranking, write_ranking

FEW = settings(max_examples=60)
SIZE = 5
OPTIONS = range(1, SIZE + 1)


@st.composite
def strict_papers(draw):
    orders = st.lists(st.sampled_from(OPTIONS), unique=True, max_size=SIZE)
    drawn = draw(st.lists(st.tuples(orders, st.integers(1, 9)), max_size=12))
    return [(write_ranking([option] for option in order), count) for order, count in drawn]


@st.composite
def weak_papers(draw):
    ranks = st.lists(st.integers(0, 3), min_size=SIZE, max_size=SIZE)  # 0: unranked
    drawn = draw(st.lists(st.tuples(ranks, st.integers(1, 9)), max_size=12))
    return [
        (write_ranking([o for o in OPTIONS if given[o - 1] == rank] for rank in sorted(set(given) - {0})), count)
        for given, count in drawn
    ]


def renumber(papers, numbers):
    def again(paper):
        if paper == "blank":
            return paper
        return write_ranking([numbers[option - 1] for option in rank] for rank in parse_ranking(paper))

    return [(again(paper), count) for paper, count in papers]


def stv(papers):
    return count_stv(papers, OPTIONS, seats=2)


def runoff(papers):
    return count_runoff(papers, OPTIONS)


def schulze(papers):
    return count_schulze(papers, OPTIONS)


def shape(count, numbers=tuple(OPTIONS)):
    """A count with its options renumbered, sets where order means nothing."""

    def new(options):
        return frozenset(numbers[option - 1] for option in options)

    return (
        new(count.winners),
        [new(rank) for rank in count.ranking],
        [(tie.about, new(tie.between), new(tie.chosen), tie.by_stage) for tie in count.ties],
        [
            (stage.kind, {numbers[option - 1]: votes for option, votes in stage.votes.items()}, stage.non_transferable)
            for stage in getattr(count, "stages", ())
        ],
    )


@FEW
@given(strict_papers(), st.randoms(use_true_random=False))
@pytest.mark.parametrize("count", [stv, runoff, schulze])
def test_the_order_and_grouping_of_papers_do_not_matter(count, papers, random):
    split = [(paper, 1) for paper, many in papers for _ in range(many)]
    random.shuffle(split)

    assert count(split) == count(papers)


@FEW
@given(strict_papers(), st.permutations(OPTIONS))
@pytest.mark.parametrize("count", [stv, runoff, schulze])
def test_the_numbers_of_the_options_do_not_matter(count, papers, numbers):
    assert shape(count(papers), numbers) == shape(count(renumber(papers, numbers)))


@FEW
@given(weak_papers(), st.permutations(OPTIONS))
def test_the_numbers_do_not_matter_to_schulze_with_equal_ranks(papers, numbers):
    assert shape(schulze(papers), numbers) == shape(schulze(renumber(papers, numbers)))


@FEW
@given(strict_papers())
@pytest.mark.parametrize("count", [stv, runoff])
def test_every_stage_keeps_all_votes(count, papers):
    result = count(papers)

    for stage in result.stages:
        assert sum(stage.votes.values()) + stage.non_transferable + stage.rounding == result.valid
        assert min(stage.votes.values()) >= 0
        assert 0 <= stage.rounding < max(1, result.valid) * Fraction(len(result.stages), 100_000)
    assert result.valid + result.blank == sum(many for _, many in papers)


@FEW
@given(strict_papers())
def test_stv_fills_the_seats_or_says_why_not(papers):
    result = stv(papers)

    assert len(result.winners) == (2 if result.valid and result.unresolved is None else len(result.winners))
    assert len(result.winners) <= 2
    assert (len(result.winners) < 2) <= (result.valid == 0 or result.unresolved is not None)


@FEW
@given(strict_papers())
def test_a_majority_of_first_preferences_wins_runoff_and_schulze(papers):
    valid = sum(many for paper, many in papers if paper != "blank")
    for option in OPTIONS:
        first = sum(many for paper, many in papers if paper.split(">")[0] == str(option))
        if 2 * first > valid:
            assert runoff(papers).winners == schulze(papers).winners == (option,)


@FEW
@given(weak_papers())
def test_a_condorcet_winner_wins_schulze(papers):
    result = schulze(papers)

    for option in OPTIONS:
        others = [other for other in OPTIONS if other != option]
        if all(result.pairwise[option][other] > result.pairwise[other][option] for other in others):
            assert result.winners == (option,)


def sequential_dropping(pairwise):
    """Constitution for the Debian Project, A.6.5 to A.6.8, word by word: another way to the same winners."""
    defeats = {
        (a, b): (pairwise[a][b], -pairwise[b][a])
        for a in OPTIONS
        for b in OPTIONS
        if a != b and pairwise[a][b] > pairwise[b][a]
    }
    while True:
        reach = {a: {b for x, b in defeats if x == a} for a in OPTIONS}
        for middle in OPTIONS:
            for a in OPTIONS:
                if middle in reach[a]:
                    reach[a] |= reach[middle]
        schwartz = {a for a in OPTIONS if all(b in reach[a] for b in OPTIONS if a in reach[b])}
        inside = {pair: strength for pair, strength in defeats.items() if set(pair) <= schwartz}
        if not inside:
            return schwartz
        weakest = min(inside.values())
        defeats = {pair: strength for pair, strength in defeats.items() if inside.get(pair) != weakest}


@settings(max_examples=150)
@given(weak_papers())
def test_schulze_elects_whom_debian_elects_by_dropping_defeats(papers):
    result = schulze(papers)

    if result.valid:
        assert set(result.ranking[0]) == sequential_dropping(result.pairwise)


@FEW
@given(strict_papers())
def test_schulze_reversed_papers_turn_the_ranking_round(papers):
    full = [
        (">".join(map(str, [*order, *(o for o in OPTIONS if o not in order)])), many)
        for paper, many in papers
        if paper != "blank" and (order := [int(word) for word in paper.split(">")])
    ]
    back = [(">".join(reversed(paper.split(">"))), many) for paper, many in full]
    first, last = schulze(full), schulze(back)

    if len(first.ranking) > 1 and len(first.ranking[0]) == 1:
        assert first.ranking[0][0] not in last.ranking[0]


@FEW
@given(st.lists(st.tuples(st.sampled_from(OPTIONS), st.integers(1, 9)), max_size=12))
def test_one_approval_is_single_choice_and_one_first_preference(pairs):
    papers = [(str(option), many) for option, many in pairs]
    single, approval = count_single(papers, OPTIONS), count_approval(papers, OPTIONS, most=1)

    assert (single.votes, single.winners, single.ties) == (approval.votes, approval.winners, approval.ties)
    assert single.votes == stv(papers).stages[0].votes
