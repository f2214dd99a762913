"""Rolls that move by their published rule, and votes by proxy. Attack cases 8 and 11."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from ballots import actions, roll
from ballots.models import Ballot, Elector, Outcome, Proxy, Vote
from ballots.proxies import give_proxy, proxies_held, revoke_proxy
from participation.express import lane
from people.verdicts import Refused
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
EARLY = "Toplantı bitti, herkes oy verdi."


@pytest.fixture
def right(owner, electors):
    """The ids of those who have the right to vote, which tests change behind the roll's back."""
    entitled = {person.pk for person in electors}
    owner.has_the_right = lambda ballot, person_id, *, at: person_id in entitled
    owner.people_with_the_right = lambda ballot, *, at: set(entitled)
    return entitled


def refused(code, function, /, **arguments):
    with pytest.raises(Refused) as refusal:
        function(**arguments)
    assert refusal.value.code == code


def violates(name, statement, values=()):
    with pytest.raises(IntegrityError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    assert error.value.__cause__.diag.constraint_name == name


# --- Rolls ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("rule", "may_lose", "may_gain"), [("fixed", 0, 0), ("strikes", 1, 0), ("follows", 1, 1)])
def test_who_loses_or_gains_the_right_after_the_page_loaded_is_judged_by_the_rule(
    opened, electors, owner, right, rule, may_lose, may_gain
):
    ballot, late = opened(roll_rule=rule), PersonFactory()
    right.discard(electors[0].pk)
    right.add(late.pk)

    for person, may_vote in ((electors[0], not may_lose), (late, bool(may_gain)), (electors[1], True)):
        if may_vote:
            assert actions.cast_vote(actor=person, ballot=ballot, paper="yes").paper == "yes"
        else:
            refused("not_on_roll", actions.cast_vote, actor=person, ballot=ballot, paper="yes")
    ballot = actions.close_ballot_now(actor=owner.manager, ballot=ballot, reason=EARLY)
    assert (ballot.electorate_size, ballot.members) == (5, 5 - may_lose + may_gain)
    assert ballot.yes_votes == 2 - may_lose + may_gain


def test_a_vote_cast_with_the_right_stays_when_its_voter_loses_it(opened, electors, owner, right):
    ballot = opened(roll_rule="strikes", majority="absolute")
    actions.cast_vote(actor=electors[0], ballot=ballot, paper="yes")
    right.clear()

    roll.follow_rolls()
    refused("not_on_roll", actions.cast_vote, actor=electors[0], ballot=ballot, paper="no")
    ballot = actions.close_ballot_now(actor=owner.manager, ballot=ballot, reason=EARLY)
    assert (ballot.yes_votes, ballot.members, ballot.outcome) == (1, 1, Outcome.PASSED)


def test_who_gains_the_right_back_votes_again_only_where_the_roll_follows(opened, electors, right):
    ballots = {rule: opened(roll_rule=rule) for rule in ("strikes", "follows")}
    right.discard(electors[0].pk)
    roll.follow_rolls()
    right.add(electors[0].pk)

    refused("not_on_roll", actions.cast_vote, actor=electors[0], ballot=ballots["strikes"], paper="yes")
    assert actions.cast_vote(actor=electors[0], ballot=ballots["follows"], paper="yes").times == 1


@pytest.mark.django_db(transaction=True)
def test_the_database_lets_a_roll_move_no_further_than_its_rule(opened, electors, owner):
    fixed, strikes, follows = (opened(roll_rule=rule) for rule in ("fixed", "strikes", "follows"))
    late, frozen = PersonFactory(), "roll_is_frozen_when_opened"
    insert = "INSERT INTO ballots_elector (ballot_id, person_id, added_at) VALUES (%s, %s, now())"
    strike = "UPDATE ballots_elector SET struck_at = now() WHERE ballot_id = %s AND person_id = %s"

    for ballot in (fixed, strikes):
        violates(frozen, insert, [ballot.pk, late.pk])
    violates(frozen, strike, [fixed.pk, electors[0].pk])
    violates(frozen, "INSERT INTO ballots_elector (ballot_id, person_id) VALUES (%s, %s)", [follows.pk, late.pk])
    violates(frozen, "DELETE FROM ballots_elector WHERE ballot_id = %s", [follows.pk])
    violates(frozen, "UPDATE ballots_elector SET person_id = %s WHERE ballot_id = %s", [late.pk, follows.pk])
    with connection.cursor() as cursor:
        cursor.execute(strike, [strikes.pk, electors[0].pk])
        cursor.execute(insert, [follows.pk, late.pk])
    violates(frozen, "UPDATE ballots_elector SET struck_at = NULL WHERE ballot_id = %s", [strikes.pk])
    moment = actions.database_now()
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Vote.objects.create(ballot=strikes, person=electors[0], paper="yes", cast_at=moment, changed_at=moment)
    assert error.value.__cause__.diag.constraint_name == "vote_is_by_somebody_not_struck"
    actions.close_ballot_now(actor=owner.manager, ballot=follows, reason=EARLY)
    violates(frozen, strike, [follows.pk, electors[0].pk])


@pytest.mark.django_db(transaction=True)
def test_a_vote_and_its_voters_strike_at_once_leave_one_of_the_two(opened, electors, owner, right, side_by_side):
    for person in electors[:3]:
        ballot = opened(roll_rule="strikes")

        def strike(ballot=ballot, person=person):
            roll._write(ballot, add=set(), strike={person.pk})

        def vote(ballot=ballot, person=person):
            return actions.cast_vote(actor=person, ballot=ballot, paper="yes")

        _struck, answer = side_by_side([strike, vote])
        voted = Vote.objects.filter(ballot=ballot).exists()
        assert voted == (not isinstance(answer, Exception))
        assert Ballot.objects.get(pk=ballot.pk).members == 4 + voted


@pytest.mark.parametrize("rule", ["fixed", "strikes", "follows"])
def test_the_express_lane_leaves_rolls_that_move_to_the_way_that_asks_their_owner(opened, rule):
    assert lane.fits(opened(roll_rule=rule), "yes") == (rule == "fixed")


# --- Proxies ----------------------------------------------------------------------------------------------------------
def test_a_holder_votes_for_the_giver_and_the_roll_knows_by_whom(opened, electors):
    ballot = opened(proxy_limit=1)
    giver, holder = electors[:2]
    give_proxy(actor=giver, ballot=ballot, holder=holder)

    actions.cast_vote(actor=holder, ballot=ballot, paper="no")
    actions.cast_vote(actor=holder, ballot=ballot, paper="yes", giver=giver)
    assert set(Vote.objects.values_list("person_id", "paper", "cast_by_id")) == {
        (holder.pk, "no", None),
        (giver.pk, "yes", holder.pk),
    }
    assert [proxy.giver for proxy in proxies_held(ballot, holder)] == [giver]
    refused("given_away", actions.cast_vote, actor=giver, ballot=ballot, paper="no")


def test_a_revoked_proxy_casts_no_more_and_the_giver_may_change_the_vote(opened, electors):
    ballot = opened(proxy_limit=1)
    giver, holder = electors[:2]
    give_proxy(actor=giver, ballot=ballot, holder=holder)
    actions.cast_vote(actor=holder, ballot=ballot, paper="yes", giver=giver)

    revoke_proxy(actor=giver, ballot=ballot)
    revoke_proxy(actor=giver, ballot=ballot)
    refused("no_proxy", actions.cast_vote, actor=holder, ballot=ballot, paper="no", giver=giver)
    assert Vote.objects.get().paper == "yes"
    assert actions.cast_vote(actor=giver, ballot=ballot, paper="yes").times == 2
    assert (Vote.objects.get().cast_by, Proxy.objects.get().revoked_at is None) == (None, False)


def test_nobody_votes_for_another_without_a_proxy(opened, electors):
    with_proxies, without = opened(proxy_limit=2), opened()

    for ballot in (with_proxies, without):
        refused("no_proxy", actions.cast_vote, actor=electors[1], ballot=ballot, paper="yes", giver=electors[0])
    moment = actions.database_now()
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Vote.objects.create(
            ballot=without, person=electors[0], paper="yes", cast_at=moment, changed_at=moment, cast_by=electors[1]
        )
    assert error.value.__cause__.diag.constraint_name == "vote_is_cast_by_who_holds_it"
    assert Vote.objects.count() == 0


def test_a_proxy_has_a_limit_and_makes_no_chain_no_loop_and_no_self(opened, electors, owner):
    """Attack case 11."""
    ballot = opened(proxy_limit=1)
    a, b, c, d, e = electors

    def give(giver, holder, ballot=ballot):
        return {"actor": giver, "ballot": ballot, "holder": holder}

    refused("self", give_proxy, **give(a, a))
    refused("not_on_roll", give_proxy, **give(a, PersonFactory()))
    refused("not_on_roll", give_proxy, **give(PersonFactory(), a))
    refused("no_proxies", give_proxy, **give(a, b, opened()))
    give_proxy(**give(a, b))
    refused("given", give_proxy, **give(a, c))
    refused("limit", give_proxy, **give(c, b))
    refused("chain", give_proxy, **give(b, c))
    refused("chain", give_proxy, **give(b, a))
    refused("chain", give_proxy, **give(c, a))
    actions.cast_vote(actor=d, ballot=ballot, paper="yes")
    refused("has_voted", give_proxy, **give(d, e))
    actions.close_ballot_now(actor=owner.manager, ballot=ballot, reason=EARLY)
    refused("closed", give_proxy, **give(c, e))
    refused("closed", revoke_proxy, actor=a, ballot=ballot)
    assert list(Proxy.objects.values_list("giver_id", "holder_id", "revoked_at")) == [(a.pk, b.pk, None)]


def test_a_proxy_is_kept_as_it_was_given(opened, electors):
    ballot = opened(proxy_limit=1)
    give_proxy(actor=electors[0], ballot=ballot, holder=electors[1])

    violates("proxy_is_kept", "DELETE FROM ballots_proxy")
    violates("proxy_is_revoked_once", "UPDATE ballots_proxy SET holder_id = %s", [electors[2].pk])
    revoke_proxy(actor=electors[0], ballot=ballot)
    violates("proxy_is_revoked_once", "UPDATE ballots_proxy SET revoked_at = NULL")


@pytest.mark.django_db(transaction=True)
def test_proxies_given_at_once_break_no_rule_together(opened, electors, side_by_side):
    for _round in range(3):
        ballot = opened(proxy_limit=1)
        a, b, c, d, _e = electors
        deeds = [
            lambda pair=pair, ballot=ballot: give_proxy(actor=pair[0], ballot=ballot, holder=pair[1])
            for pair in ((a, b), (b, a), (c, b), (d, b), (b, c))
        ]

        answers = side_by_side(deeds)
        assert all(isinstance(answer, Proxy | Refused) for answer in answers)
        given = list(Proxy.objects.filter(ballot=ballot).values_list("giver_id", "holder_id"))
        holders = [holder for _giver, holder in given]
        assert given
        assert not {giver for giver, _holder in given} & set(holders)
        assert len(holders) == len(set(holders))


def test_an_elector_is_struck_with_the_proxy_they_gave(opened, electors, right):
    ballot = opened(proxy_limit=1, roll_rule="strikes")
    give_proxy(actor=electors[0], ballot=ballot, holder=electors[1])
    right.discard(electors[0].pk)

    refused("not_on_roll", actions.cast_vote, actor=electors[1], ballot=ballot, paper="yes", giver=electors[0])
    assert Elector.objects.get(ballot=ballot, person=electors[0]).struck_at
