"""Opening, voting, closing and declaring, one thing at a time. Races are in test_races."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from ballots import actions
from ballots.journal_kinds import BallotKind
from ballots.models import Ballot, Choice, EarlyClosing, Elector, Majority, Outcome, ResultsVisibility, Vote
from journal import subscriptions
from journal.models import Entry
from people.verdicts import Refused
from tests.factories import PersonFactory

EARLY = "Oy hakkı olan herkes oyunu verdi."

pytestmark = pytest.mark.django_db


def refused(code, function, **arguments):
    with pytest.raises(Refused) as caught:
        function(**arguments)
    assert caught.value.code == code
    assert caught.value.reason.endswith(".")


def invalid(field, function, **arguments):
    with pytest.raises(ValidationError) as caught:
        function(**arguments)
    assert list(caught.value.message_dict) == [field]


def pass_time(ballot, *, closes_in: float):
    """Let the closing come nearer, or lie in the past; the database allows it to move to an earlier moment only."""
    Ballot.objects.filter(pk=ballot.pk).update(closes_at=actions.database_now() + timedelta(seconds=closes_in))
    ballot.refresh_from_db()


def vote_all(ballot, electors, choices):
    for person, choice in zip(electors, choices, strict=False):
        actions.cast_vote(actor=person, ballot=ballot, paper=choice)


# --- Opening ----------------------------------------------------------------------------------------------------------
def test_opening_freezes_question_rule_and_roll_and_is_told(opened, electors, owner):
    ballot = opened(quorum=3, majority=Majority.ABSOLUTE)

    assert set(ballot.electors.values_list("person_id", flat=True)) == {person.pk for person in electors}
    assert ballot.electorate_size == 5
    entry = Entry.objects.get()
    assert (entry.kind, entry.topic, entry.actor_id) == (BallotKind.OPENED, f"ballot:{ballot.pk}", owner.manager.pk)
    assert entry.facts["quorum"] == 3


def test_a_person_stands_on_the_roll_once(opened, electors):
    assert opened(people=[electors[0], electors[0]]).electorate_size == 1


def test_what_cannot_be_a_ballot_is_refused_and_leaves_no_trace(opened, owner, electors):
    refused("no_electors", opened, people=[])
    refused("quorum_out_of_reach", opened, quorum=6)
    invalid("closes_at", opened, in_=-120, lasts=60)
    invalid("closes_at", opened, lasts=0)
    invalid("majority", opened, majority="loudest")
    arguments = {
        "actor": owner.manager,
        "policy": "tests.owner",
        "electors": [electors[0].pk],
        "closes_at": timezone.now() + timedelta(days=1),
        "at": timezone.now(),
    }
    invalid("question", actions.open_ballot, question="  ", **arguments)
    invalid("question", actions.open_ballot, question="?" * 301, **arguments)

    assert (Ballot.objects.count(), Elector.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_without_a_moment_a_ballot_opens_at_once(owner, electors):
    ballot = actions.open_ballot(
        actor=electors[0],
        policy="tests.owner",
        question="Şimdi mi?",
        electors=[electors[1].pk],
        closes_at=timezone.now() + timedelta(days=1),
        at=timezone.now(),
    )

    assert actions.cast_vote(actor=electors[1], ballot=ballot, paper="yes").times == 1


# --- Voting -----------------------------------------------------------------------------------------------------------
def test_a_vote_is_stored_with_a_receipt_and_can_be_changed_until_closing(opened, electors):
    ballot = opened()

    first = actions.cast_vote(actor=electors[0], ballot=ballot, paper=Choice.YES)
    second = actions.cast_vote(actor=electors[0], ballot=ballot, paper=Choice.NO)

    vote = Vote.objects.get()
    assert (vote.paper, vote.times, vote.pk) == ("no", 2, second.vote_id)
    assert (first.is_change, second.is_change) == (False, True)
    assert second.cast_at == first.cast_at <= second.changed_at == vote.changed_at < ballot.closes_at


def test_the_same_choice_again_changes_nothing(opened, electors):
    ballot = opened()

    first = actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes")

    assert actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes") == first


def test_votes_are_rows_and_no_journal_entries(opened, electors):
    ballot = opened()
    vote_all(ballot, electors, ["yes"] * 5)

    assert list(Entry.objects.values_list("kind", flat=True)) == [BallotKind.OPENED]


def test_screens_are_told_after_the_commit_of_each_vote(
    opened, electors, monkeypatch, django_capture_on_commit_callbacks
):
    told = []
    monkeypatch.setattr(subscriptions, "_touch_handlers", [lambda topic: 1 / 0, told.append])
    ballot = opened()

    with django_capture_on_commit_callbacks(execute=True):
        actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes")
        assert told == []

    assert told == [f"state:ballot:{ballot.pk}"]


def test_a_vote_before_opening_is_refused_by_the_databases_clock(opened, electors):
    refused("not_open_yet", actions.cast_vote, actor=electors[0], ballot=opened(in_=60), paper="yes")
    assert not Vote.objects.exists()


def test_a_vote_a_second_after_closing_is_refused_and_a_second_before_is_counted(opened, electors):
    ballot = opened()
    pass_time(ballot, closes_in=1)
    actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes")
    pass_time(ballot, closes_in=-1)

    refused("closed", actions.cast_vote, actor=electors[1], ballot=ballot, paper="yes")
    refused("closed", actions.cast_vote, actor=electors[0], ballot=ballot, paper="no")
    assert list(Vote.objects.values_list("person_id", "paper")) == [(electors[0].pk, "yes")]


@pytest.mark.parametrize("wrong_by", [timedelta(days=-400), timedelta(minutes=-10), timedelta(minutes=10)])
def test_the_clock_of_the_web_server_makes_no_difference(opened, electors, monkeypatch, wrong_by):
    early, late = opened(in_=3600), opened()
    pass_time(late, closes_in=-1)
    ballot = opened()
    real = datetime.now(UTC)
    monkeypatch.setattr(timezone, "now", lambda: real + wrong_by)

    refused("not_open_yet", actions.cast_vote, actor=electors[0], ballot=early, paper="yes")
    refused("closed", actions.cast_vote, actor=electors[0], ballot=late, paper="yes")
    assert abs(actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes").cast_at - real) < timedelta(minutes=1)


def test_a_stale_ballot_in_memory_makes_no_difference(opened, electors):
    ballot = opened()
    stale = Ballot.objects.get(pk=ballot.pk)
    pass_time(ballot, closes_in=-1)
    stale.opens_at, stale.closes_at = timezone.now() - timedelta(1), timezone.now() + timedelta(1)

    refused("closed", actions.cast_vote, actor=electors[0], ballot=stale, paper="yes")


def test_who_is_not_on_the_roll_does_not_vote(opened, electors):
    ballot = opened(people=electors[:4])

    refused("not_on_roll", actions.cast_vote, actor=PersonFactory(), ballot=ballot, paper="yes")
    refused("not_on_roll", actions.cast_vote, actor=electors[4], ballot=ballot, paper="yes")
    assert not Vote.objects.exists()


def test_an_elector_of_one_ballot_is_a_stranger_to_another(opened, electors):
    mine, other = opened(people=electors[:1]), opened(people=electors[1:])

    refused("not_on_roll", actions.cast_vote, actor=electors[0], ballot=other, paper="yes")
    assert actions.cast_vote(actor=electors[0], ballot=mine, paper="yes").paper == "yes"


@pytest.mark.parametrize("choice", ["", "maybe", "YES", "0", "yes ", "-1", str(2**63)])
def test_an_unknown_choice_stores_nothing(opened, electors, choice):
    ballot = opened()

    invalid("paper", actions.cast_vote, actor=electors[0], ballot=ballot, paper=choice)
    assert not Vote.objects.exists()


def test_one_vote_per_person_is_a_constraint_of_the_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'one_vote_per_person'")
        assert cursor.fetchall() == [("UNIQUE (ballot_id, person_id)",)]


# --- Declaring --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("choices", "rule", "expected"),
    [
        (["yes", "yes", "no"], {}, Outcome.PASSED),
        (["yes", "no", "no"], {}, Outcome.REJECTED),
        (["yes", "no", "abstain"], {}, Outcome.TIED),
        (["yes", "yes"], {"quorum": 3}, Outcome.NO_QUORUM),
        (["abstain"] * 5, {"quorum": 3}, Outcome.TIED),
        ([], {}, Outcome.NO_QUORUM),
        (["yes", "yes"], {"majority": Majority.ABSOLUTE}, Outcome.REJECTED),
    ],
)
def test_the_outcome_is_counted_from_the_rows_and_the_owner_is_told_once(
    opened, electors, owner, choices, rule, expected
):
    ballot = opened(**rule)
    vote_all(ballot, electors, choices)
    pass_time(ballot, closes_in=-1)

    declared = actions.declare_outcome(ballot)
    actions.declare_outcome(ballot)

    assert declared.outcome == expected
    assert (declared.yes_votes, declared.no_votes, declared.abstentions) == tuple(
        choices.count(choice) for choice in ("yes", "no", "abstain")
    )
    assert owner.told == [(ballot.pk, expected)]
    entry = Entry.objects.get(kind=BallotKind.DECLARED)
    assert (entry.facts["yes"], entry.facts["outcome"]) == (choices.count("yes"), expected)


def test_an_open_ballot_is_not_declared(opened, owner):
    refused("still_open", actions.declare_outcome, ballot=opened())
    assert owner.told == []


def test_closing_early_declares_at_once_and_only_by_who_manages(opened, electors, owner):
    ballot = opened()
    vote_all(ballot, electors, ["yes"])
    refused("not_facilitator", actions.close_ballot_now, actor=electors[0], ballot=ballot, reason=EARLY)

    closed = actions.close_ballot_now(actor=owner.manager, ballot=ballot, reason=EARLY)

    assert (closed.outcome, closed.yes_votes) == (Outcome.PASSED, 1)
    assert closed.closes_at <= closed.declared_at
    refused("closed", actions.cast_vote, actor=electors[1], ballot=ballot, paper="no")
    refused("closed", actions.close_ballot_now, actor=owner.manager, ballot=ballot, reason=EARLY)


def test_closing_early_says_who_why_and_what_had_been_announced_and_that_stays(opened, owner):
    ballot = opened()
    announced = ballot.closes_at
    for reason in ("", "   kısa   ", "x" * 1001):
        invalid("reason", actions.close_ballot_now, actor=owner.manager, ballot=ballot, reason=reason)
    assert not EarlyClosing.objects.exists()

    closed = actions.close_ballot_now(actor=owner.manager, ballot=ballot, reason=f"  {EARLY} ")

    early = closed.early_closing
    assert (early.actor, early.reason, early.announced_closes_at) == (owner.manager, EARLY, announced)
    assert early.at == closed.closes_at
    entries = list(Entry.objects.exclude(kind=BallotKind.OPENED).order_by("pk"))
    assert [entry.kind for entry in entries] == [BallotKind.CLOSED_EARLY, BallotKind.DECLARED]
    assert (entries[0].actor_id, entries[0].facts["reason"]) == (owner.manager.pk, EARLY)
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        EarlyClosing.objects.update(reason="Başka bir gerekçe.")


def test_a_ballot_that_has_not_opened_cannot_be_closed(opened, owner):
    refused("not_open_yet", actions.close_ballot_now, actor=owner.manager, ballot=opened(in_=60), reason=EARLY)


def test_ended_ballots_are_declared_and_a_failing_owner_stops_no_other(opened, electors, owner):
    broken, ended, running = opened(), opened(), opened()
    for ballot in (broken, ended):
        pass_time(ballot, closes_in=-1)
    tell = owner.declared

    def declared(ballot, *, at):
        if ballot.pk == broken.pk:
            raise RuntimeError("the owner's fault")
        tell(ballot, at=at)

    owner.declared = declared

    assert actions.declare_ended_ballots() == [ended.pk]
    owner.declared = tell
    assert actions.declare_ended_ballots() == [broken.pk]
    assert actions.declare_ended_ballots() == []
    assert Ballot.objects.filter(declared_at__isnull=True).get() == running
    assert Entry.objects.filter(kind=BallotKind.DECLARED).count() == 2


def test_the_task_declares_what_has_ended(opened, owner):
    from ballots.tasks import declare_ended_ballots

    ballot = opened()
    pass_time(ballot, closes_in=-1)

    declare_ended_ballots(from_a_newer_release=True)

    assert owner.told == [(ballot.pk, Outcome.NO_QUORUM)]


# --- Past ballots -----------------------------------------------------------------------------------------------------
def past(owner, electors, **changes):
    opens_at = timezone.now() - timedelta(days=9)
    arguments = {
        "actor": electors[0],
        "policy": "tests.owner",
        "question": "Geçen ay ne dedik?",
        "electors": [person.pk for person in electors],
        "votes": {
            person.pk: (choice, opens_at + timedelta(hours=hour))
            for hour, (person, choice) in enumerate(zip(electors, ["yes", "yes", "no"], strict=False))
        },
        "opens_at": opens_at,
        "closes_at": opens_at + timedelta(days=7),
        "quorum": 3,
    } | changes
    return actions.record_past_ballot(**arguments)


def test_a_past_ballot_is_counted_like_any_other_and_says_what_it_is(owner, electors):
    linked = []

    ballot = past(owner, electors, link=linked.append, tell_owner=True)

    assert (ballot.outcome, ballot.yes_votes, ballot.no_votes) == (Outcome.PASSED, 2, 1)
    assert ballot.is_recorded_afterwards
    assert ballot.declared_at == ballot.closes_at
    assert linked == [ballot]
    assert owner.told == [(ballot.pk, Outcome.PASSED)]
    assert [entry.at for entry in Entry.objects.order_by("pk")] == [ballot.opens_at, ballot.closes_at]


def test_a_past_ballot_must_be_past_and_its_votes_must_fit(owner, electors):
    invalid("closes_at", past, owner=owner, electors=electors, closes_at=timezone.now() + timedelta(days=1))
    for votes in (
        {PersonFactory().pk: ("yes", timezone.now() - timedelta(days=8))},
        {electors[0].pk: ("maybe", timezone.now() - timedelta(days=8))},
        {electors[0].pk: ("yes", timezone.now())},
    ):
        invalid("votes", past, owner=owner, electors=electors, votes=votes)
    assert not Ballot.objects.exists()


# --- What the database refuses ----------------------------------------------------------------------------------------
def violates(name, sql, parameters=()):
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
    assert caught.value.__cause__.diag.constraint_name == name


@pytest.mark.parametrize(
    "change",
    [
        "question = 'Başka bir soru?'",
        "majority = 'absolute'",
        "quorum = 0",
        "visibility = 'after_closing'",
        "opens_at = opens_at - interval '1 day'",
        "electorate_size = 99",
        "policy = 'proposals.proposal'",
        "opened_in = '1'::xid8",
        "is_recorded_afterwards = true",
        "created_at = clock_timestamp()",
    ],
)
def test_what_is_frozen_cannot_be_changed_even_by_hand(opened, change):
    ballot = opened(quorum=2)

    violates("ballot_is_frozen_when_opened", f"UPDATE ballots_ballot SET {change} WHERE id = %s", [ballot.pk])


def test_closing_moves_only_to_an_earlier_moment(opened):
    ballot = opened()

    violates(
        "ballot_closes_never_later",
        "UPDATE ballots_ballot SET closes_at = closes_at + interval '1 second' WHERE id = %s",
        [ballot.pk],
    )
    Ballot.objects.filter(pk=ballot.pk).update(closes_at=ballot.closes_at - timedelta(seconds=1))


def test_an_outcome_is_written_once_after_closing_and_stays(opened, owner):
    ballot = opened()
    outcome = "declared_at = clock_timestamp(), outcome = 'passed', yes_votes = 5, no_votes = 0, abstentions = 0"
    violates("ballot_is_declared_after_closing", f"UPDATE ballots_ballot SET {outcome} WHERE id = %s", [ballot.pk])
    actions.close_ballot_now(actor=owner.manager, ballot=ballot, reason=EARLY)

    violates("ballot_is_final_when_declared", f"UPDATE ballots_ballot SET {outcome} WHERE id = %s", [ballot.pk])
    violates(
        "ballot_is_final_when_declared",
        "UPDATE ballots_ballot SET declared_at = NULL, outcome = '', yes_votes = NULL WHERE id = %s",
        [ballot.pk],
    )
    violates("ballot_is_kept", "DELETE FROM ballots_ballot WHERE id = %s", [ballot.pk])


@pytest.mark.django_db(transaction=True)
def test_the_roll_cannot_change_after_opening(opened, electors):
    ballot = opened(people=electors[:3])
    name = "roll_is_frozen_when_opened"

    violates(name, "INSERT INTO ballots_elector (ballot_id, person_id) VALUES (%s, %s)", [ballot.pk, electors[4].pk])
    violates(name, "DELETE FROM ballots_elector WHERE person_id = %s", [electors[0].pk])
    violates(name, "UPDATE ballots_elector SET person_id = %s WHERE person_id = %s", [electors[4].pk, electors[0].pk])


@pytest.mark.django_db(transaction=True)
def test_an_administrator_cannot_add_change_or_delete_votes(opened, electors, owner):
    ballot, other = opened(people=electors[:3]), opened()
    actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes")
    columns = "(ballot_id, person_id, paper, cast_at, changed_at, times)"
    insert = f"INSERT INTO ballots_vote {columns} VALUES (%s, %s, 'yes', now(), now(), 1)"

    violates("vote_is_by_somebody_on_the_roll", insert, [ballot.pk, electors[4].pk])
    violates("vote_is_kept", "DELETE FROM ballots_vote")
    violates("vote_stays_in_place", "UPDATE ballots_vote SET ballot_id = %s", [other.pk])
    violates("vote_stays_in_place", "UPDATE ballots_vote SET person_id = %s", [electors[1].pk])
    actions.close_ballot_now(actor=owner.manager, ballot=ballot, reason=EARLY)
    violates("vote_is_cast_while_open", "UPDATE ballots_vote SET paper = 'no'")
    violates("vote_is_cast_while_open", insert, [ballot.pk, electors[1].pk])
    assert list(Vote.objects.values_list("person_id", "paper")) == [(electors[0].pk, "yes")]


def test_a_recorded_ballot_takes_no_votes_after_it_was_written(owner, electors):
    ballot = past(owner, electors)

    refused("closed", actions.cast_vote, actor=electors[4], ballot=ballot, paper="yes")
    moment = ballot.opens_at
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(ballot=ballot, person=electors[4], paper="no", cast_at=moment, changed_at=moment)


def test_results_are_told_by_visibility_and_declaration(opened, owner):
    live, hidden = opened(), opened(visibility=ResultsVisibility.AFTER_CLOSING)

    assert (live.shows_results, hidden.shows_results) == (True, False)
    assert actions.close_ballot_now(actor=owner.manager, ballot=hidden, reason=EARLY).shows_results
