"""What a live case is made of: the people and things of a council, the pages somebody has open, and what then happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from ballots import actions as voting
from ballots.chairing import decide_tie
from ballots.models import Ballot, BallotOption, ResultsVisibility
from councils.balloting import open_council_ballot
from councils.models import BodyKind, CouncilBallot, Role
from people.models import Person
from proposals import actions
from proposals.models import Proposal
from proposals.stages import Stage
from tests import factories as f

REASON = "Belediyenin görev alanı dışında kalıyor, gerekçesi kararda."


@dataclass
class World:
    """The people and things of one case, made when they are asked for."""

    council: Any
    now: Any = field(default_factory=timezone.now)

    def proposal(self, stage: Stage, **fields: Any) -> Proposal:
        return f.ProposalFactory(council=self.council, stage=stage, **fields)

    def leader(self, proposal: Proposal) -> Person:
        return f.MembershipFactory(body=proposal.addressed_to, role=Role.FACILITATOR, has_vote=False).person

    def secretary(self) -> Person:
        body = f.BodyFactory(council=self.council, kind=BodyKind.SECRETARIAT, name="Genel Sekreterlik")
        return f.MembershipFactory(body=body, role=Role.SECRETARY).person

    def resident(self) -> Person:
        return f.ResidenceFactory(person=f.PersonFactory(), council=self.council).person

    def ballot(self, *papers: str, visibility: str = ResultsVisibility.LIVE) -> tuple[Proposal, Ballot, list[Person]]:
        """A proposal that is voted on, one voter more than there are papers cast."""
        proposal = self.proposal(Stage.IN_GROUP)
        voters = [f.MembershipFactory(body=proposal.addressed_to).person for _ in range(len(papers) + 1)]
        ballot = actions.open_ballot(
            actor=self.leader(proposal),
            proposal=proposal,
            closes_at=self.now + timedelta(days=1),
            visibility=visibility,
            at=self.now,
        )
        for voter, paper in zip(voters, papers, strict=False):
            voting.cast_vote(actor=voter, ballot=ballot, paper=paper)
        proposal.refresh_from_db()
        return proposal, ballot, voters

    def close(self, ballot: Ballot) -> None:
        voting.close_ballot_now(actor=ballot.opened_by, ballot=ballot, reason="Herkes oyunu verdi.")

    def election(self, *papers: str) -> tuple[Ballot, Callable[[], object]]:
        voters = f.PersonFactory.create_batch(max(1, len(papers)))
        proposal = self.proposal(Stage.BALLOT)
        leader = self.leader(proposal)
        ballot = f.BallotFactory(electors=voters, method="single", option_count=2, quorum=1, opened_by=leader)
        for number, text in enumerate(("Ayşe Demir", "Mehmet Arslan"), 1):
            BallotOption.objects.create(ballot=ballot, number=number, text=text)
        f.ProposalBallotFactory(proposal=proposal, ballot=ballot)
        for voter, paper in zip(voters, papers, strict=False):
            voting.cast_vote(actor=voter, ballot=ballot, paper=paper)
        return ballot, lambda: self.close(ballot)

    def tie(self, *papers: str, options: tuple[str, ...] = (), closed: bool = True) -> Ballot:
        """A body's ballot whose tie is for its president to decide."""
        body = f.BodyFactory(council=self.council, kind=BodyKind.ASSEMBLY)
        chair = f.MembershipFactory(body=body, role=Role.PRESIDENT, has_vote=False).person
        voters = [f.MembershipFactory(body=body).person for _ in papers]
        ballot = open_council_ballot(
            actor=chair,
            asked=CouncilBallot(council=self.council, electorate="body", body=body),
            question="Önce hangisine başlansın?",
            closes_at=self.now + timedelta(days=1),
            at=self.now,
            method="single" if options else "yes_no",
            options=options,
            tie_rule="chair",
        )
        for voter, paper in zip(voters, papers, strict=True):
            voting.cast_vote(actor=voter, ballot=ballot, paper=paper)
        if closed:
            self.close(ballot)
        return ballot

    def decide(self, ballot: Ballot, *chosen: str) -> None:
        decide_tie(actor=ballot.chair, ballot=ballot, chosen=chosen, reason="Hazırlığı daha ileri.")


Prepared = tuple[list[str], Callable[[], object]]
"""The pages somebody has open, and what then happens."""
CASES: dict[str, Callable[[World], Prepared]] = {}


def case(*names: str) -> Callable[[Callable[[World], Prepared]], Callable[[World], Prepared]]:
    def keep(function: Callable[[World], Prepared]) -> Callable[[World], Prepared]:
        for name in names:
            CASES[str(name)] = function
        return function

    return keep


def page(proposal: Proposal) -> list[str]:
    return [proposal.get_absolute_url()]


def pages(proposal: Proposal, ballot: Ballot) -> list[str]:
    return [proposal.get_absolute_url(), reverse("ballot_detail", args=[ballot.pk])]


def on_the_whole_way(world, stage):
    proposal = world.proposal(Stage.SUBMITTED, procedure=f.whole_way(world.council), created_at=world.now)
    return f.carry(proposal, stage, at=world.now)
