"""How the tests of the pages of a ballot ask."""

from django.urls import reverse

from ballots import actions
from proposals.models import ProposalBallot

EARLY = "Oy hakkı olan herkes oyunu verdi."
HTMX = {"HTTP_HX_REQUEST": "true"}


def url(name, ballot):
    return reverse(name, args=[ballot.pk])


def vote(client, ballot, choice, **more):
    return client.post(url("ballot_vote", ballot), {"choice": choice}, **more)


def cast(ballot, members, *choices):
    for person, choice in zip(members, choices, strict=False):
        actions.cast_vote(actor=person, ballot=ballot, paper=choice)


def on_proposal_again(ballot, on_proposal):
    ProposalBallot.objects.filter(ballot=ballot).update(is_current=False)
    return on_proposal()
