"""Live cases of ballots."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from ballots import actions as voting
from ballots import roll
from ballots.journal_kinds import BallotKind
from ballots.models import ResultsVisibility
from proposals import actions
from proposals.journal_kinds import ProposalKind
from proposals.stages import Stage
from tests import factories as f
from tests.realtime.cases import case, page, pages

PARKS = ("Seka Parkı", "Kuruçeşme Sahili")


@case(ProposalKind.BALLOT_OPENED, BallotKind.OPENED)
def a_ballot_opens(world):
    proposal = world.proposal(Stage.IN_GROUP)
    f.MembershipFactory.create_batch(3, body=proposal.addressed_to)
    leader = world.leader(proposal)
    return page(proposal), lambda: actions.open_ballot(
        actor=leader, proposal=proposal, closes_at=world.now + timedelta(days=1), at=world.now
    )


@case("ballots.casting.write")
def votes_in_a_live_tally(world):
    proposal, ballot, voters = world.ballot("yes", "no")

    def act():
        voting.cast_vote(actor=voters[2], ballot=ballot, paper="yes")
        voting.cast_vote(actor=voters[1], ballot=ballot, paper="abstain")

    return pages(proposal, ballot), act


@case("ballots.roll._write")
def a_roll_that_follows(world):
    proposal = world.proposal(Stage.BALLOT)
    voters = f.PersonFactory.create_batch(3)
    ballot = f.BallotFactory(electors=voters, roll_rule="follows", visibility=ResultsVisibility.LIVE)
    f.ProposalBallotFactory(proposal=proposal, ballot=ballot)
    late = f.PersonFactory.create_batch(2)
    return pages(proposal, ballot), lambda: roll._write(
        ballot, add={person.pk for person in late}, strike={voters[0].pk}
    )


@case("votes in a hidden tally")
def votes_in_a_hidden_tally(world):
    proposal, ballot, voters = world.ballot("yes", visibility=ResultsVisibility.AFTER_CLOSING)
    return pages(proposal, ballot), lambda: voting.cast_vote(actor=voters[1], ballot=ballot, paper="no")


@case(BallotKind.CLOSED_EARLY, BallotKind.DECLARED, ProposalKind.ADOPTED)
def adopted(world):
    proposal, ballot, _ = world.ballot("yes", "yes", "no")
    return pages(proposal, ballot), lambda: world.close(ballot)


@case("a hidden tally is declared")
def a_hidden_tally_is_declared(world):
    proposal, ballot, _ = world.ballot("no", "no", "yes", visibility=ResultsVisibility.AFTER_CLOSING)
    return pages(proposal, ballot), lambda: world.close(ballot)


@case(ProposalKind.BALLOT_WITHOUT_RESULT)
def without_a_quorum(world):
    proposal, ballot, _ = world.ballot("abstain")
    return pages(proposal, ballot), lambda: world.close(ballot)


@case(BallotKind.ELECTED)
def elected(world):
    ballot, act = world.election("1", "1", "2")
    return [reverse("ballot_detail", args=[ballot.pk])], act


@case(BallotKind.UNDECIDED)
def a_tie(world):
    ballot, act = world.election("1", "2")
    return [reverse("ballot_detail", args=[ballot.pk])], act


@case(BallotKind.AWAITS_CHAIR)
def a_tie_waits_for_the_chair(world):
    ballot = world.tie("1", "2", options=PARKS, closed=False)
    return [reverse("ballot_detail", args=[ballot.pk])], lambda: world.close(ballot)


@case(BallotKind.QUESTION_AWAITS_CHAIR)
def a_question_waits_for_the_chair(world):
    ballot = world.tie("yes", "no", closed=False)
    return [reverse("ballot_detail", args=[ballot.pk])], lambda: world.close(ballot)


@case(BallotKind.CHAIR_ELECTED)
def the_chair_chooses(world):
    ballot = world.tie("1", "2", options=PARKS)
    return [reverse("ballot_detail", args=[ballot.pk])], lambda: world.decide(ballot, "2")


@case(BallotKind.CHAIR_PASSED)
def the_chair_says_yes(world):
    ballot = world.tie("yes", "no")
    return [reverse("ballot_detail", args=[ballot.pk])], lambda: world.decide(ballot, "yes")


@case(BallotKind.CHAIR_REJECTED)
def the_chair_says_no(world):
    ballot = world.tie("yes", "no")
    return [reverse("ballot_detail", args=[ballot.pk])], lambda: world.decide(ballot, "no")
