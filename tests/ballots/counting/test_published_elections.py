"""Real elections, counted again: every stage as the returning officers published it."""

import json
import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest

from ballots.counting import Default, count_schulze, count_stv, debian_quorum
from ballots.counting.files import read_election
from tests.data import real

WARDS = [
    "aberdeen_2017_ward1",
    "aberdeenshire_2017_ward17",
    "dundee_2017_ward4",
    "east_renfrewshire_2017_ward3",
    "edinburgh_2017_ward9",
    "fife_2017_ward9",
    "glasgow_2017_ward16",
    "inverclyde_2017_ward1",
    "north_ayrshire_2017_ward9",
    "perth_kinross_2017_ward2",
]


def as_published(votes, published):
    """Equal to all the decimals that were published; some councils round to two, or leave out zeros."""
    places = Decimal(published).as_tuple().exponent
    return Decimal(votes).quantize(Decimal(1).scaleb(places), ROUND_HALF_UP) == Decimal(published)


@pytest.mark.parametrize("ward", WARDS)
def test_scottish_wards_of_2017_come_out_as_declared_at_every_stage(ward):
    election = read_election(real(f"ranked/scotland_2017/{ward}.blt").read_text())
    everything = json.loads(real("ranked/scotland_2017/official_results.json").read_text())
    official = next(result for result in everything if result["file"] == f"{ward}.blt")

    count = count_stv(election.papers.items(), election.options, seats=election.seats)

    told = json.loads(json.dumps(count.as_json()))
    stages = {
        option: {str(stage["number"]): stage["votes"][option] for stage in told["stages"]}
        for option in official["stages"]
    }
    elected_at = {str(one["option"]): stage["number"] for stage in told["stages"] for one in stage["elected"]}
    excluded_at = {str(stage["excluded"]): stage["number"] for stage in told["stages"] if stage["excluded"]}
    assert list(election.options.values()) == official["candidates"]
    assert election.seats == official["seats"]
    assert count.quota == official["quota"]
    assert {option: dict.fromkeys(votes) for option, votes in stages.items()} == {
        option: dict.fromkeys(votes) for option, votes in official["stages"].items()
    }
    for option, votes in official["stages"].items():
        for stage, published in votes.items():
            assert as_published(stages[option][stage], published), (option, stage)
    assert elected_at == official["elected_at_stage"]
    assert excluded_at == official["excluded_at_stage"]
    assert sorted(count.winners) == official["elected"]
    assert count.unresolved is None
    assert all(
        sum(stage.votes.values()) + stage.non_transferable + stage.rounding == count.valid for stage in count.stages
    )


@pytest.mark.parametrize(("vote", "quorum"), [("gr_non_free", 908), ("leader2004", 911), ("leader2005", 965)])
def test_debian_votes_come_out_as_published_with_all_their_defeats(vote, quorum):
    election = read_election(real(f"ranked/debian/{vote}_tally.txt").read_text(encoding="latin-1"))
    published = real(f"ranked/debian/{vote}_results.txt").read_text(encoding="latin-1")

    count = count_schulze(
        election.papers.items(),
        election.options,
        default=Default(election.default, debian_quorum(quorum), election.majorities),
    )

    table = [
        [int(number) for number in row.split()]
        for row in re.findall(r"^Option \d+ +((?: *\d+)+) *$", published, re.MULTILINE)
    ]
    tally = [[count.pairwise[a][b] for b in count.options if b != a] for a in count.options]
    dropped = [int(number) for number in re.findall(r"Dropping Option (\d+) because", published)]
    passed = [int(number) for number in re.findall(r"Option (\d+) passes Majority", published)]
    defeats = re.findall(r"Option (\d+) defeats Option (\d+) by .*?(\d+)(?: votes\.)?$", published, re.MULTILINE)
    winners = re.findall(r"^\s+Option (\d+)", published.partition("The winners are:")[2], re.MULTILINE)
    assert tally == table
    assert list(count.dropped) == dropped
    assert [test.option for test in count.tests if test.passes] == passed
    standing = {(d.winner, d.loser, d.votes_for - d.votes_against) for d in count.defeats}
    of_dropped = {(d.winner, d.loser, d.votes_for - d.votes_against) for d in count.defeats_of_dropped}
    # Until 2004 the project's program also listed the defeats of what had been dropped.
    assert {(int(winner), int(loser), int(margin)) for winner, loser, margin in defeats} == (
        standing if vote == "leader2005" else standing | of_dropped
    )
    assert list(count.winners) == [int(winner) for winner in winners]
    assert (count.ties, count.unresolved) == ((), None)


def test_a_name_says_that_an_option_needs_three_to_one():
    election = read_election(real("ranked/debian/gr_non_free_tally.txt").read_text(encoding="latin-1"))

    assert election.majorities == {1: Fraction(3)}
    assert election.default == 3
