"""Live cases of a proposal: its stages up to the general assembly, its texts, and who takes part."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from ballots import actions as voting
from councils.models import BodyKind, Role
from proposals import actions
from proposals.actions.managing import hand_over
from proposals.journal_kinds import ProposalKind
from proposals.models import Proposal
from proposals.stages import Stage
from tests import factories as f
from tests.realtime.cases import REASON, World, case, on_the_whole_way, page


@case(ProposalKind.FOUND_ADMISSIBLE)
def found_admissible(world):
    proposal = world.proposal(Stage.SUBMITTED)
    return page(proposal), lambda: actions.find_admissible(actor=world.secretary(), proposal=proposal, at=world.now)


@case(ProposalKind.FOUND_INADMISSIBLE)
def found_inadmissible(world):
    proposal = world.proposal(Stage.SUBMITTED)
    return page(proposal), lambda: actions.find_inadmissible(
        actor=world.secretary(), proposal=proposal, reason=REASON, reason_code="other", at=world.now
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
        actor=world.leader(proposal), proposal=proposal, reason=REASON, reason_code="other", at=world.now
    )


@case(ProposalKind.WITHDRAWN)
def withdrawn(world):
    proposal = world.proposal(Stage.GATHERING)
    return page(proposal), lambda: actions.withdraw_proposal(
        actor=proposal.author, proposal=proposal, reason=REASON, reason_code="other", at=world.now
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
