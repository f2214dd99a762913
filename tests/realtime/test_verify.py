"""Old page + what was received = fresh page, for every kind of entry and every touch that has a live effect.

The cases are held against the registries of `realtime.reactions` and against the calls of `journal.actions.touch` in the
code: whoever adds a kind, or a touch, without a case here fails a test.
"""

from __future__ import annotations

import ast
import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from ballots import actions as voting
from ballots import roll
from ballots.chairing import decide_tie
from ballots.journal_kinds import BallotKind
from ballots.models import Ballot, BallotOption, ResultsVisibility
from councils.balloting import open_council_ballot
from councils.models import BodyKind, CouncilBallot, Role
from discussions import actions as talking
from discussions.journal_kinds import CommentKind
from journal import subscriptions
from journal.models import Entry
from people.models import Person
from proposals import actions
from proposals.actions.managing import hand_over
from proposals.actions.opinions.tallying import Figures as AssemblyFigures
from proposals.journal_kinds import ProposalKind
from proposals.models import Proposal
from proposals.municipal_kinds import MunicipalKind
from proposals.stages import Stage
from realtime import frames, states
from realtime.reactions.proposals import FETCHED, OF_IMPLEMENTATION
from tests import factories as f
from tests.proposals.opinions import assembly, minutes
from tests.realtime.screens import Screen

ROOT = Path(__file__).resolve().parents[2]
APPS = "proposals workinggroups councils organisations ballots discussions people".split()
PARKS = ("Seka Parkı", "Kuruçeşme Sahili")
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


# --- Discussions -----------------------------------------------------------------------------------------------------------


def said(world: World, proposal: Proposal, parent: Any = None, text: str = "Kavşaklar **çok** tehlikeli.") -> Any:
    return talking.add_comment(
        actor=world.resident(), thread=proposal.thread, text=text, key=uuid.uuid4(), parent=parent, at=world.now
    )


@case(CommentKind.ADDED)
def comments_and_an_answer(world):
    proposal = world.proposal(Stage.GATHERING)
    first = said(world, proposal)

    def act():
        said(world, proposal, text="İkinci söz.")
        said(world, proposal, first, "Katılıyorum.")
        said(world, proposal, text="Üçüncü söz.")

    return page(proposal), act


@case("first comment")
def the_first_comment(world):
    proposal = world.proposal(Stage.GATHERING)
    return page(proposal), lambda: said(world, proposal)


@case(CommentKind.EDITED)
def a_correction_above_answers(world):
    proposal = world.proposal(Stage.GATHERING)
    comment = said(world, proposal)
    said(world, proposal, comment, "Yanıt.")
    return page(proposal), lambda: talking.edit_comment(
        actor=comment.author, comment=comment, text="Düzelttim.", at=world.now
    )


@case(CommentKind.DELETED)
def a_deleted_comment_with_answers(world):
    proposal = world.proposal(Stage.GATHERING)
    comment = said(world, proposal)
    said(world, proposal, comment, "Yanıt.")
    return page(proposal), lambda: talking.delete_comment(actor=comment.author, comment=comment, at=world.now)


@case(CommentKind.HIDDEN)
def a_hidden_comment(world):
    proposal = world.proposal(Stage.GATHERING)
    comment, leader = said(world, proposal), world.leader(proposal)
    return page(proposal), lambda: talking.hide_comment(
        actor=leader, comment=comment, reason="Hakaret içeriyor.", at=world.now
    )


@case(CommentKind.RESTORED)
def a_restored_comment(world):
    proposal = world.proposal(Stage.GATHERING)
    comment, leader = said(world, proposal), world.leader(proposal)
    talking.hide_comment(actor=leader, comment=comment, reason="Hakaret içeriyor.", at=world.now)
    comment.refresh_from_db()
    return page(proposal), lambda: talking.restore_comment(actor=leader, comment=comment, at=world.now)


# --- Proposals -------------------------------------------------------------------------------------------------------------


@case(ProposalKind.FOUND_ADMISSIBLE)
def found_admissible(world):
    proposal = world.proposal(Stage.SUBMITTED)
    return page(proposal), lambda: actions.find_admissible(actor=world.secretary(), proposal=proposal, at=world.now)


@case(ProposalKind.FOUND_INADMISSIBLE)
def found_inadmissible(world):
    proposal = world.proposal(Stage.SUBMITTED)
    return page(proposal), lambda: actions.find_inadmissible(
        actor=world.secretary(), proposal=proposal, reason=REASON, at=world.now
    )


@case("proposals.supporting.write")
def a_support(world):
    proposal = world.proposal(Stage.GATHERING, support_threshold=5)
    return page(proposal), lambda: actions.support_proposal(
        actor=world.resident(), proposal=proposal, shows_name=False, at=world.now
    )


@case("proposals.supporting.withdraw_support")
def a_support_taken_back(world):
    proposal = world.proposal(Stage.GATHERING, support_threshold=5)
    person = world.resident()
    actions.support_proposal(actor=person, proposal=proposal, shows_name=False, at=world.now)
    return page(proposal), lambda: actions.withdraw_support(actor=person, proposal=proposal, at=world.now)


@case(ProposalKind.SUPPORT_REACHED)
def enough_support(world):
    proposal = world.proposal(Stage.GATHERING, support_threshold=1)
    return page(proposal), lambda: actions.support_proposal(
        actor=world.resident(), proposal=proposal, shows_name=True, at=world.now
    )


@case(ProposalKind.SUPPORT_MISSED)
def support_missed(world):
    long_ago = world.now - timedelta(days=400)
    proposal = world.proposal(Stage.GATHERING, created_at=long_ago, due_at=long_ago + timedelta(days=60))
    return page(proposal), lambda: actions.end_support_periods(at=world.now)


def on_the_whole_way(world, stage):
    proposal = world.proposal(Stage.SUBMITTED, procedure=f.whole_way(world.council), created_at=world.now)
    return f.carry(proposal, stage, at=world.now)


def of_organ(world, kind):
    body = f.BodyFactory(council=world.council, kind=kind, name="Organ")
    return f.MembershipFactory(body=body, role=Role.PRESIDENT).person


@case(ProposalKind.ADMITTED_TO_BODY)
def admitted_to_the_body(world):
    proposal = world.proposal(Stage.SUBMITTED, way=["submitted", "in_group", "ballot"])
    return page(proposal), lambda: actions.find_admissible(actor=world.secretary(), proposal=proposal, at=world.now)


@case(ProposalKind.ADMITTED_TO_DIRECTORATE)
def admitted_to_the_directorate(world):
    proposal = world.proposal(Stage.SUBMITTED, way=["submitted", "directorate"])
    return page(proposal), lambda: actions.find_admissible(actor=world.secretary(), proposal=proposal, at=world.now)


@case(ProposalKind.SUPPORTED_TO_DIRECTORATE)
def enough_support_for_the_directorate(world):
    way = ["submitted", "gathering", "directorate"]
    proposal = world.proposal(Stage.GATHERING, support_threshold=1, way=way)
    return page(proposal), lambda: actions.support_proposal(
        actor=world.resident(), proposal=proposal, shows_name=True, at=world.now
    )


def voted_for(world, way):
    proposal = world.proposal(Stage.IN_GROUP, way=way)
    voter = f.MembershipFactory(body=proposal.addressed_to).person
    closes = world.now + timedelta(days=1)
    ballot = actions.open_ballot(actor=world.leader(proposal), proposal=proposal, closes_at=closes, at=world.now)
    voting.cast_vote(actor=voter, ballot=ballot, paper="yes")
    return page(proposal), lambda: world.close(ballot)


@case(ProposalKind.PASSED_TO_BOARD)
def passed_to_the_board(world):
    return voted_for(world, ["submitted", "in_group", "ballot", "board", "general_assembly"])


@case(ProposalKind.PASSED_TO_ASSEMBLY)
def passed_to_the_assembly(world):
    return voted_for(world, ["submitted", "in_group", "ballot", "general_assembly"])


@case(ProposalKind.PUT_ON_ASSEMBLY_AGENDA)
def put_on_the_agenda(world):
    proposal = on_the_whole_way(world, Stage.BOARD)
    chair = of_organ(world, BodyKind.EXECUTIVE_BOARD)
    return page(proposal), lambda: actions.put_on_agenda(actor=chair, proposal=proposal, at=world.now)


@case(ProposalKind.GIVEN_BACK)
def given_back(world):
    proposal = on_the_whole_way(world, Stage.BOARD)
    chair = of_organ(world, BodyKind.EXECUTIVE_BOARD)
    return page(proposal), lambda: actions.give_back(
        actor=chair, proposal=proposal, reason=REASON, reason_code="incomplete", at=world.now
    )


# --- Opinions ---------------------------------------------------------------------------------------------------------------


def drafted(world):
    """A proposal in the draft of an opinion, the secretary, and the members of the general assembly."""
    proposal = on_the_whole_way(world, Stage.GENERAL_ASSEMBLY)
    _, members = assembly(world.council, members=1)
    secretary = world.secretary()
    opinion = actions.prepare_opinion(actor=secretary, council=world.council, proposals=[proposal], at=world.now)
    return proposal, opinion, secretary, members


def put_to_vote(world, paper):
    proposal, opinion, secretary, members = drafted(world)
    closes = world.now + timedelta(days=1)
    ballot = actions.open_opinion_ballot(actor=secretary, opinion=opinion, closes_at=closes, at=world.now)
    if paper:
        voting.cast_vote(actor=members[0], ballot=ballot, paper=paper)
    return page(proposal), lambda: world.close(ballot)


def tally_entered(world):
    proposal, opinion, secretary, _members = drafted(world)
    said = AssemblyFigures(timezone.localdate(), 1, 1, 0, 0)
    tally = actions.enter_tally(actor=secretary, opinion=opinion, figures=said, upload=minutes(), at=world.now)
    return proposal, tally, f.OfficerFactory(council=world.council).person


@case(ProposalKind.TAKEN_INTO_OPINION)
def taken_into_an_opinion_that_was_voted_on_before(world):
    """A draft that was never put to the assembly shows nowhere; one after a vote without result does."""
    proposal = on_the_whole_way(world, Stage.GENERAL_ASSEMBLY)
    secretary = world.secretary()
    opinion = f.OpinionFactory(
        council=world.council, state="draft", number="KOC-G-2026-0001", year=2026, serial=1, prepared_by=secretary
    )
    return page(proposal), lambda: actions.edit_opinion(
        actor=secretary, opinion=opinion, title="Kıyı", text="Görüş.", proposals=[proposal], base=1, at=world.now
    )


@case(ProposalKind.OPINION_PUT_TO_VOTE)
def an_opinion_put_to_vote(world):
    proposal, opinion, secretary, _members = drafted(world)
    closes = world.now + timedelta(days=1)
    return page(proposal), lambda: actions.open_opinion_ballot(
        actor=secretary, opinion=opinion, closes_at=closes, at=world.now
    )


@case(ProposalKind.OPINION_WITHOUT_RESULT)
def an_opinion_without_result(world):
    return put_to_vote(world, "")


@case(ProposalKind.BECAME_OPINION)
def an_opinion_adopted(world):
    return put_to_vote(world, "yes")


@case("an opinion declined")
def an_opinion_declined(world):
    return put_to_vote(world, "no")


@case(ProposalKind.OPINION_TALLY_ENTERED)
def a_tally_entered(world):
    proposal, opinion, secretary, _members = drafted(world)
    said = AssemblyFigures(timezone.localdate(), 1, 1, 0, 0)
    return page(proposal), lambda: actions.enter_tally(
        actor=secretary, opinion=opinion, figures=said, upload=minutes(), at=world.now
    )


@case(ProposalKind.OPINION_TALLY_REJECTED)
def a_tally_rejected(world):
    proposal, tally, officer = tally_entered(world)
    return page(proposal), lambda: actions.reject_tally(actor=officer, tally=tally, reason=REASON, at=world.now)


@case(ProposalKind.OPINION_SENT)
def an_opinion_sent(world):
    proposal, tally, officer = tally_entered(world)
    opinion = actions.confirm_tally(actor=officer, tally=tally, at=world.now)
    secretary, day = world.secretary(), timezone.localdate()
    return page(proposal), lambda: actions.send_opinion(
        actor=secretary, opinion=opinion, sent_on=day, registry_number="E-4821", at=world.now
    )


@case(ProposalKind.ACCEPTED_BY_DIRECTORATE)
def accepted_by_the_directorate(world):
    proposal = world.proposal(Stage.DIRECTORATE, way=["submitted", "directorate", "implementation"])
    officer = f.OfficerFactory(council=world.council).person
    return page(proposal), lambda: actions.accept_directly(
        actor=officer, proposal=proposal, reason=REASON, at=world.now
    )


def merged(world, which):
    old, new = (world.proposal(Stage.GATHERING, support_threshold=9) for _ in range(2))
    f.SupportFactory(proposal=old, person=world.resident(), shows_name=True)
    secretary = world.secretary()
    return page((old, new)[which]), lambda: actions.merge_proposals(
        actor=secretary, proposal=old, into=new, reason=REASON, at=world.now
    )


@case(ProposalKind.MERGED)
def merged_into_another(world):
    return merged(world, 0)


@case(ProposalKind.TOOK_IN)
def took_in_another(world):
    return merged(world, 1)


@case(ProposalKind.SPLIT)
def taken_apart(world):
    proposal, secretary = world.proposal(Stage.GATHERING, support_threshold=9), world.secretary()
    parts = [actions.Part("Işık", "", "Işık konsun."), actions.Part("Yol", "", "Yol birleşsin.")]
    return page(proposal), lambda: actions.split_proposal(
        actor=secretary, proposal=proposal, parts=parts, reason=REASON, at=world.now
    )


def counted(world):
    proposal = world.proposal(Stage.SUBMITTED, created_at=world.now - timedelta(days=60))
    how = {"start": "2026-01-05", "days": 5, "is_working": True, "skipped": [], "weekend_days": 2, "ends_early": ""}
    Proposal.objects.filter(pk=proposal.pk).update(due_at=world.now + timedelta(days=90), due_how=how)
    return proposal


@case(ProposalKind.HANDED_OVER)
def handed_over_to_the_directorate(world):
    proposal, secretary = world.proposal(Stage.SUBMITTED), world.secretary()
    office = f.BodyFactory(council=world.council, kind=BodyKind.DIRECTORATE, name="Müdürlük")
    return page(proposal), lambda: hand_over(actor=secretary, proposal=proposal, body=office, at=world.now)


@case(ProposalKind.DUE_MOVED)
def a_due_date_is_counted_anew(world):
    proposal = counted(world)
    return page(proposal), lambda: actions.recount_due_dates(council=world.council, at=world.now)


@case(ProposalKind.DECLINED)
def declined_in_the_group(world):
    proposal = world.proposal(Stage.IN_GROUP)
    return page(proposal), lambda: actions.decline_in_group(
        actor=world.leader(proposal), proposal=proposal, reason=REASON, at=world.now
    )


@case(ProposalKind.WITHDRAWN)
def withdrawn(world):
    proposal = world.proposal(Stage.GATHERING)
    return page(proposal), lambda: actions.withdraw_proposal(
        actor=proposal.author, proposal=proposal, reason=REASON, at=world.now
    )


@case(ProposalKind.REVISED)
def a_new_version(world):
    proposal = world.proposal(Stage.IN_GROUP)
    return page(proposal), lambda: actions.revise_proposal(
        actor=proposal.author,
        proposal=proposal,
        title=proposal.title,
        summary=proposal.summary,
        text=f"{proposal.text} Işıklar da yenilensin.",
        note="Işıkları ekledim, soruldu.",
        at=world.now,
    )


def amended(world: World) -> Any:
    """An open amendment, and what asks for another one."""
    text = "Sahil yolu üç yerde kesiliyor ve bisikletliler yola iniyor.\n\nParçalar birleştirilsin."
    proposal = world.proposal(Stage.IN_GROUP, text=text)

    def ask(text: str = "Dört parça birleştirilsin.") -> Any:
        return actions.propose_amendment(
            actor=world.resident(),
            proposal=proposal,
            kind="replace",
            position=2,
            text=text,
            reason=REASON,
            at=world.now,
        )

    return proposal, ask


@case(ProposalKind.AMENDMENT_PROPOSED)
def an_amendment(world):
    proposal, ask = amended(world)
    return page(proposal), ask


@case(ProposalKind.AMENDMENT_ACCEPTED, ProposalKind.AMENDMENT_OVERTAKEN)
def an_amendment_accepted_and_another_overtaken(world):
    proposal, ask = amended(world)
    amendment, _other = ask(), ask("Hepsi birleştirilsin.")
    return page(proposal), lambda: actions.accept_amendment(actor=proposal.author, amendment=amendment, at=world.now)


@case(ProposalKind.AMENDMENT_DECLINED)
def an_amendment_declined(world):
    proposal, ask = amended(world)
    amendment, leader = ask(), world.leader(proposal)
    return page(proposal), lambda: actions.decline_amendment(
        actor=leader, amendment=amendment, reason=REASON, at=world.now
    )


@case(ProposalKind.AMENDMENT_WITHDRAWN)
def an_amendment_withdrawn(world):
    proposal, ask = amended(world)
    amendment = ask()
    return page(proposal), lambda: actions.withdraw_amendment(actor=amendment.author, amendment=amendment, at=world.now)


def attach(world: World, proposal: Proposal) -> Any:
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, "PNG")
    upload = SimpleUploadedFile("kavşak.png", content.getvalue(), "image/png")
    return actions.add_attachment(actor=proposal.author, proposal=proposal, upload=upload, at=world.now)


@case(ProposalKind.ATTACHMENT_ADDED)
def an_attachment(world):
    proposal = world.proposal(Stage.IN_GROUP)
    return page(proposal), lambda: attach(world, proposal)


@case(ProposalKind.ATTACHMENT_REMOVED)
def an_attachment_removed(world):
    proposal = world.proposal(Stage.IN_GROUP)
    attachment = attach(world, proposal)
    return page(proposal), lambda: actions.remove_attachment(actor=proposal.author, attachment=attachment, at=world.now)


# --- Ballots ---------------------------------------------------------------------------------------------------------------


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


NOBODY_IS_THERE = {
    ProposalKind.SUBMITTED: "a draft is read by its author alone, who is led to the new page",
    ProposalKind.IMPORTED: "the proposal comes into being with it",
    ProposalKind.SPLIT_OFF: "the part comes into being with it",
    ProposalKind.THEME_CHANGED: "the theme stands in the head of the page, read with the next visit",
    ProposalKind.DISTRICT_CHANGED: "so does the district",
    ProposalKind.OVERDUE: "the page knows by the clock that the step is late",
    ProposalKind.ESCALATED: "the office alone is told",
}
"""Kinds before which no page exists that others could have open."""


# --- The cases are complete --------------------------------------------------------------------------------------------------


def test_every_kind_with_a_live_effect_has_a_case():
    known = {*frames._renderers, *frames._touches}
    assert known - set(CASES) - {str(kind) for kind in NOBODY_IS_THERE} - WHOLE_PARTS == set()


WHOLE_PARTS = {str(kind) for kind in (*MunicipalKind, *OF_IMPLEMENTATION)}
"""Kinds after which a page fetches the whole part they are about, whatever it holds."""


@pytest.mark.parametrize("part", ["council", "implementation"])
def test_a_part_that_is_fetched_whole_stands_on_every_page_of_a_proposal(client, kocaeli, part):
    proposal = f.ProposalFactory(council=kocaeli, stage=Stage.IN_GROUP)
    page = client.get(proposal.get_absolute_url()).content.decode()
    assert f'data-live-replace="{proposal.topic}#{part}"' in page
    assert all(part in FETCHED[kind] for kind in (MunicipalKind if part == "council" else OF_IMPLEMENTATION))


def test_every_touch_has_a_case():
    found = set()
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            for function in ast.walk(ast.parse(path.read_text())):
                if isinstance(function, ast.FunctionDef) and any(
                    isinstance(node, ast.Call) and getattr(node.func, "id", "") == "touch"
                    for node in ast.walk(function)
                ):
                    found.add(f"{app}.{path.stem}.{function.name}")
    assert found - set(CASES) == set()


# --- Old page + what was received = fresh page --------------------------------------------------------------------------------


def received(
    act: Callable[[], object], topics: list[str], capture: Any
) -> tuple[list[Entry], set[str], dict[str, Any]]:
    """What happens: the entries, the states that were marked, and those states as they were before."""
    last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    before = {name: states.read(name).data for name in topics if name.startswith("state:")}
    touched: set[str] = set()
    handlers = list(subscriptions._touch_handlers)
    subscriptions._touch_handlers[:] = [touched.add]
    try:
        with capture(execute=True):
            act()
    finally:
        subscriptions._touch_handlers[:] = handlers
    entries = list(Entry.objects.filter(pk__gt=last).order_by("pk"))
    for entry in entries:
        touched |= frames.touched_by(entry)
    return entries, touched, before


@pytest.mark.parametrize("name", sorted(set(CASES)))
def test_an_old_page_and_what_was_received_are_a_fresh_page(
    name, kocaeli, client, django_capture_on_commit_callbacks, settings, tmp_path
):
    settings.MEDIA_ROOT = str(tmp_path)
    addresses, act = CASES[name](World(kocaeli))
    screens = {address: Screen(client.get(address).content.decode()) for address in addresses}
    topics = sorted({topic for screen in screens.values() for topic in screen.topics})
    entries, touched, before = received(act, topics, django_capture_on_commit_callbacks)
    if name in frames._renderers:
        assert name in {entry.kind for entry in entries}
    for address, screen in screens.items():
        fresh = Screen(client.get(address).content.decode())
        old = screen.live_parts()
        for entry in entries:
            screen.take_entry(orjson.loads(frames.render(entry).text), fresh)
        for topic in sorted(touched):
            if topic in topics:
                screen.take_state(topic, states.read(topic).data, before.get(topic), fresh)
        assert screen.live_parts() == fresh.live_parts()
        assert fresh.live_parts() != old
