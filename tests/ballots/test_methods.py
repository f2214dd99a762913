"""Ballots with options: what is frozen when they open, what a vote may say, what is counted when they close."""

from __future__ import annotations

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from ballots import actions, counting, deciding
from ballots.deciding import Figures, decide_question, needed
from ballots.models import Ballot, BallotOption, Majority, Outcome, SealedLot, TieRule, Vote
from ballots.results import recount
from journal.models import Entry

pytestmark = pytest.mark.django_db
PARKS = ["Seka Parkı", "Doğu Kışla Parkı", "Kuruçeşme Sahili"]


def write(statement, values=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def write_and_check(statement, values):
    write(statement, values)
    write("SET CONSTRAINTS ALL IMMEDIATE")


def violates(name, statement, values=()):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write_and_check(statement, values)
    assert error.value.__cause__.diag.constraint_name == name


@pytest.fixture
def held(opened, electors, owner):
    """Hold a ballot: `held(["1", "2"], method="single")` opens it, casts the papers and closes it."""

    def hold(papers, **rule):
        ballot = opened(options=rule.pop("options", PARKS), **rule)
        for person, paper in zip(electors, papers, strict=False):
            actions.cast_vote(actor=person, ballot=ballot, paper=paper)
        return actions.close_ballot_now(actor=owner.manager, ballot=ballot, reason="Toplantı bitti, herkes oy verdi.")

    return hold


@pytest.mark.django_db(transaction=True)
def test_options_and_rule_are_frozen_when_the_ballot_opens(opened):
    ballot = opened(method="approval", options=PARKS, least=1, most=2, allows_blank=True)

    assert list(ballot.options.values_list("number", "text")) == list(enumerate(PARKS, 1))
    facts = Entry.objects.get().facts
    assert (facts["method"], facts["options"], facts["most"]) == ("approval", PARKS, 2)
    options = "options_are_frozen_when_opened"
    violates(options, "UPDATE ballots_ballotoption SET text = 'Başka'")
    violates(options, "DELETE FROM ballots_ballotoption WHERE number = 3")
    insert = "INSERT INTO ballots_ballotoption (ballot_id, number, text) VALUES (%s, 4, 'Dördüncü')"
    violates(options, insert, [ballot.pk])
    for change in (
        "most = 3",
        "least = 2",
        "allows_blank = false",
        "method = 'single'",
        "option_count = 2",
        "seats = 2",
    ):
        violates("ballot_is_frozen_when_opened", f"UPDATE ballots_ballot SET {change}")


def test_a_ballot_without_its_options_is_not_written(opened):
    ballot = opened(method="single", options=PARKS)
    columns = ", ".join(field.column for field in Ballot._meta.concrete_fields if field.name != "id")
    copied = columns.replace("option_count", "option_count + 1")
    violates(
        "ballot_has_its_options",
        f"INSERT INTO ballots_ballot ({columns}) SELECT {copied} FROM ballots_ballot WHERE id = %s",
        [ballot.pk],
    )


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"method": "lottery"}, "method"),
        ({"method": "single", "options": ["Seka Parkı"]}, "options"),
        ({"method": "single", "options": ["Işık", "IŞIK"]}, "options"),
        ({"method": "single", "options": ["Bir", "x" * 201]}, "options"),
        ({"options": PARKS}, "options"),
        ({"method": "approval", "options": PARKS, "least": 4}, "least"),
        ({"method": "approval", "options": PARKS, "least": 2, "most": 1}, "most"),
        ({"method": "approval", "options": PARKS, "most": 4}, "most"),
        ({"method": "score", "options": PARKS, "highest": 0}, "highest"),
        ({"method": "score", "options": PARKS, "highest": 101}, "highest"),
        ({"method": "stv", "options": PARKS, "seats": 3}, "seats"),
        ({"method": "irv", "options": PARKS, "seats": 2}, "seats"),
        ({"seats": 2}, "seats"),
        ({"method": "single", "options": PARKS, "tie_rule": "earlier"}, "tie_rule"),
        ({"tie_rule": "lot"}, "tie_rule"),
        ({"majority": ""}, "majority"),
        ({"method": "stv", "options": PARKS, "majority": "simple"}, "majority"),
        ({"method": "approval", "options": PARKS, "seats": 2, "majority": "simple"}, "majority"),
        ({"quorum_base": "members"}, "quorum_base"),
        ({"threshold_base": "present"}, "present"),
        ({"method": "schulze", "options": PARKS, "visibility": "live"}, "visibility"),
    ],
)
def test_a_rule_that_does_not_fit_together_opens_nothing(opened, rule, field):
    with pytest.raises(ValidationError) as wrong:
        opened(**rule)

    assert field in wrong.value.message_dict
    assert Ballot.objects.count() == 0


@pytest.mark.parametrize(
    ("method", "papers"),
    [
        ("single", ["4", "0", "-1", str(2**63), "1,2", "yes", "abstain"]),
        ("approval", ["1,1", "2,1", "1,2,3", "9", "blank", ""]),
        ("stv", ["1=2", "1>1", "1>9", "blank"]),
    ],
)
def test_a_paper_that_does_not_fit_is_refused_by_the_action_and_by_the_database(opened, electors, method, papers):
    """Attack case 7."""
    rule = {"most": 2} if method == "approval" else {}
    ballot = opened(method=method, options=PARKS, **rule)
    moment = actions.database_now()

    for paper in papers:
        with pytest.raises(ValidationError) as wrong:
            actions.cast_vote(actor=electors[0], ballot=ballot, paper=paper)
        assert wrong.value.error_dict["paper"][0].code
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            Vote.objects.create(ballot=ballot, person=electors[0], paper=paper, cast_at=moment, changed_at=moment)
        assert error.value.__cause__.diag.constraint_name == "vote_paper_fits_its_ballot"
    assert Vote.objects.count() == 0


@pytest.mark.parametrize(
    ("rule", "papers", "outcome", "winners"),
    [
        ({"method": "single"}, ["1", "1", "2"], Outcome.ELECTED, [1]),
        ({"method": "single", "majority": "simple"}, ["1", "1", "2", "3"], Outcome.UNDECIDED, [1]),
        ({"method": "single", "majority": "simple"}, ["1", "1", "2"], Outcome.ELECTED, [1]),
        ({"method": "single", "majority": "absolute"}, ["1", "1"], Outcome.UNDECIDED, [1]),
        ({"method": "single", "quorum": 3}, ["1", "1"], Outcome.NO_QUORUM, [1]),
        ({"method": "approval", "seats": 2}, ["1,3", "1,2", "3"], Outcome.ELECTED, [1, 3]),
        ({"method": "score"}, ["1:5,2:0", "1:1,2:5", "2:3"], Outcome.ELECTED, [2]),
        ({"method": "schulze"}, ["1>2>3", "2>1=3", "2>3"], Outcome.ELECTED, [2]),
        ({"method": "irv"}, ["1>2", "1", "2>1", "3>2", "2"], Outcome.ELECTED, [2]),
        ({"method": "stv", "seats": 2}, ["1>2", "1>2", "1>2", "3"], Outcome.ELECTED, [1, 2]),
    ],
)
def test_each_method_counts_what_was_voted_and_says_who_won(held, owner, rule, papers, outcome, winners):
    ballot = held(papers, **rule)

    assert ballot.outcome == outcome
    if rule["method"] != "stv":
        assert ballot.result["winners"] == winners
    assert ballot.result["papers"] == len(papers)
    assert (ballot.yes_votes, owner.told) == (None, [(ballot.pk, outcome)])
    assert Entry.objects.last().kind == ("ballots.elected" if outcome == Outcome.ELECTED else "ballots.undecided")
    again = recount(Ballot.objects.get())
    assert (again.outcome, again.result) == (ballot.outcome, ballot.result)


@pytest.mark.parametrize("method", ["single", "approval", "score", "schulze", "irv", "stv"])
def test_no_vote_at_all_and_only_blank_papers_have_a_defined_result(held, electors, method):
    """Attack case 13."""
    nobody = held([], method=method)
    blank = held(["abstain" if method == "single" else "blank"] * 2, method=method, allows_blank=True)

    assert (nobody.outcome, nobody.result["winners"]) == (Outcome.NO_QUORUM, [])
    assert (blank.outcome, blank.result["papers"], blank.result["valid"]) == (Outcome.UNDECIDED, 2, 0)


@pytest.mark.parametrize("method", ["single", "approval", "schulze", "irv", "stv"])
def test_a_tie_is_told_as_a_tie_and_never_resolved_by_the_number_of_an_option(held, method):
    ballot = held(["2", "3"], method=method, tie_rule=TieRule.OPEN)

    assert (ballot.outcome, ballot.result["unresolved"]) == (Outcome.TIED, True)
    assert {2, 3} <= set(ballot.result["ties"][-1]["between"]) | {2, 3}
    assert ballot.result["winners"] == []


def test_a_lot_is_sealed_at_opening_and_can_be_repeated_by_anybody_afterwards(opened, electors, owner):
    ballot = opened(method="single", options=PARKS, tie_rule=TieRule.LOT)
    lot = SealedLot.objects.get(ballot=ballot)

    assert ballot.lot_digest == hashlib.sha256(lot.seed.encode()).hexdigest()
    assert Entry.objects.get().facts["lot_digest"] == ballot.lot_digest
    violates("options_are_frozen_when_opened", "UPDATE ballots_sealedlot SET seed = 'seçtiğim'")
    actions.cast_vote(actor=electors[0], ballot=ballot, paper="1")
    actions.cast_vote(actor=electors[1], ballot=ballot, paper="3")
    ballot = actions.close_ballot_now(actor=owner.manager, ballot=ballot, reason="Toplantı bitti, herkes oy verdi.")
    expected = min((1, 3), key=lambda option: hashlib.sha256(f"{lot.seed}|seat|{option}".encode()).digest())
    assert (ballot.outcome, ballot.result["winners"]) == (Outcome.ELECTED, [expected])
    assert ballot.result["ties"][0]["broken_by"] == "lot"


def test_a_vote_for_an_option_of_another_ballot_counts_for_nobody(opened, electors):
    opened(method="single", options=[*PARKS, "Dördüncü"])
    smaller = opened(method="single", options=PARKS[:2])

    with pytest.raises(ValidationError, match="olmayan bir seçenek"):
        actions.cast_vote(actor=electors[0], ballot=smaller, paper="4")
    assert BallotOption.objects.filter(ballot=smaller).count() == 2


# --- Bases ------------------------------------------------------------------------------------------------------------
@given(
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 20),
    st.sampled_from(Majority),
)
def test_with_the_usual_bases_a_question_is_decided_as_it_always_was(yes, no, abstain, silent, quorum, majority):
    count = counting.Tally(yes, no, abstain)
    members = count.turnout + silent
    quorum = min(quorum, members)
    base = "members" if majority == Majority.ABSOLUTE else "valid"

    decided = decide_question(
        count,
        Figures(members=members, cast=count.turnout, valid=yes + no),
        quorum=quorum,
        quorum_base="cast",
        majority=majority,
        threshold_base=base,
    )
    assert decided == counting.outcome(
        yes=yes, no=no, abstain=abstain, electorate=members, quorum=quorum, majority=majority
    )


@pytest.mark.parametrize(
    ("rule", "papers", "outcome"),
    [
        ({"threshold_base": "cast"}, ["yes", "abstain"], Outcome.REJECTED),
        ({"threshold_base": "valid"}, ["yes", "abstain"], Outcome.PASSED),
        ({"threshold_base": "members"}, ["yes", "yes"], Outcome.REJECTED),
        ({"threshold_base": "present", "present": 3}, ["yes", "yes"], Outcome.PASSED),
        ({"threshold_base": "present", "present": 4}, ["yes", "yes"], Outcome.REJECTED),
        ({"quorum": 2, "quorum_base": "valid"}, ["yes", "abstain"], Outcome.NO_QUORUM),
        ({"quorum": 2, "quorum_base": "cast"}, ["yes", "abstain"], Outcome.PASSED),
        ({"quorum": 4, "quorum_base": "present", "present": 4}, ["yes"], Outcome.PASSED),
        ({"quorum": 4, "quorum_base": "present", "present": 3}, ["yes"], Outcome.NO_QUORUM),
    ],
)
def test_quorum_and_threshold_are_measured_by_the_base_the_rule_names(held, rule, papers, outcome):
    assert held(papers, options=(), **rule).outcome == outcome


def test_a_base_that_nobody_counted_is_an_error_and_never_zero():
    with pytest.raises(ValueError, match="present"):
        Figures(members=5, cast=2, valid=2).of("present")
    assert (needed("simple", 4), needed("two_thirds", 4), needed("two_thirds", 0)) == (3, 3, 1)
    assert not deciding.meets_quorum(Figures(members=5, cast=0, valid=0), quorum=0, base="cast")
