"""Opinions, decisions and implementation: second persons, other parents, what waits, files of offices, and heavy texts."""

from __future__ import annotations

import io
from itertools import count

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.urls import reverse
from django.utils import timezone

from councils.meetings.exporting import as_csv
from councils.meetings.importing import read_csv
from councils.meetings.rules import CalendarRule
from councils.models import Body, BodyKind
from proposals import actions
from proposals.actions.opinions.tallying import Figures
from proposals.models import (
    AssemblyTally,
    Attachment,
    Decision,
    DecisionDocument,
    DecisionState,
    Milestone,
    OpinionProposal,
    Proposal,
    TallyState,
)
from proposals.opinions.documents import opinion_pdf
from proposals.reading import amendments as reading
from proposals.stages import Stage
from tests import factories as f
from tests.attacks.test_exports import BEGINNINGS, FORMULAS
from tests.attacks.test_uploads import blank, when_a_page_opens
from tests.proposals.municipal import meetings, proposals_of
from tests.proposals.opinions import assembly, before_the_assembly, minutes

pytestmark = pytest.mark.django_db
K, A = "kocaeli", "adana"
OUTSIDE = ("visitor", "outsider", "ayse", "member", "facilitator", "president", "centre", "neighbour", "superuser")


def program(person, *scopes) -> Client:
    return Client(headers={"Authorization": f"Bearer {f.token(person, *scopes)}"})


# --- The second person ------------------------------------------------------------------------------------------------
def test_019_a_decision_is_confirmed_by_a_second_person_alone(world):
    """Case 19: not by who entered it, by page, API or action, nor by anybody outside the two offices."""
    waiting = world.things.waiting
    page, api = reverse("decision_settle", args=[K, waiting.pk]), reverse("api-confirm-decision", args=[K, waiting.pk])
    for role in (*OUTSIDE, "directorate"):
        client = world.client(role)
        for address, body in ((page, {"confirm": "1"}), (api, {})):
            with _no_fault():
                client.post(address, body, content_type="application/json" if address == api else MULTIPART_CONTENT)
        assert Decision.objects.get(pk=waiting.pk).state == DecisionState.PENDING, role
    assert {proposal.stage for proposal in proposals_of(world.things.opinion)} == {Stage.SENT}
    world.client("secretary").post(page, {"confirm": "1"})
    assert Decision.objects.get(pk=waiting.pk).state == DecisionState.CONFIRMED


def test_019_a_tally_is_confirmed_by_a_second_person_alone(world):
    """Case 19: an assembly’s vote counts once somebody else has compared it with the minutes."""
    council = world.things.council
    opinion = f.OpinionFactory(
        council=council, state="voting", proposals=[before_the_assembly(council, world.things.group)]
    )
    tally = f.AssemblyTallyFactory(opinion=opinion, entered_by=world.people["secretary"])
    page = reverse("opinion_settle", args=[K, opinion.number])
    api = reverse("api-settle-opinion-tally", args=[K, opinion.number])
    for role in (*(set(OUTSIDE) - {"ayse"}), "secretary"):
        client = world.client(role)
        for address, body in ((page, {"decision": "confirm"}), (api, {"confirm": True})):
            with _no_fault():
                client.post(address, body, content_type="application/json" if address == api else MULTIPART_CONTENT)
        assert AssemblyTally.objects.get(pk=tally.pk).state == TallyState.PENDING, role
    world.client("directorate").post(page, {"decision": "confirm"})
    assert AssemblyTally.objects.get(pk=tally.pk).state == TallyState.CONFIRMED


class _no_fault:
    """What the database refuses is refused too."""

    def __enter__(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, kind, fault, trace):
        self.atomic.__exit__(kind, fault, trace)
        return isinstance(fault, IntegrityError)


# --- Other parents ----------------------------------------------------------------------------------------------------
def test_054_what_belongs_to_an_opinion_is_found_through_its_council(world):
    """Case 54: opinions, decisions and their files of Kocaeli do not exist at Adana’s addresses, for Adana’s secretary."""
    t, client = world.things, world.client("neighbour")
    there = [
        reverse("opinion_detail", args=[A, t.opinion_voting.number]),
        reverse("opinion_minutes", args=[A, t.opinion_voting.number]),
        reverse("opinion_pdf", args=[A, t.opinion_adopted.number]),
        reverse("opinion_draft", args=[A, t.opinion_draft.key]),
        reverse("decision_detail", args=[A, t.waiting.pk]),
        reverse("decision_detail", args=[A, t.decision.pk]),
        reverse("decision_enter", args=[A, t.opinion.number]),
        reverse("opinion_in_council", args=[A, t.opinion.number]),
        reverse("impact_report_file", args=[A, t.annual_report.pk]),
        reverse("api-opinion-draft", args=[A, t.opinion_draft.key]),
        reverse("api-decision", args=[A, t.waiting.pk]),
        reverse("api-opinion-in-council", args=[A, t.opinion.number]),
    ]
    assert {address: client.get(address).status_code for address in there} == dict.fromkeys(there, 404)


def test_054_a_step_of_another_proposal_is_neither_moved_nor_finished(world):
    """Case 54: the number of a step counts within its proposal, by page and by action."""
    officer, at = world.people["directorate"], timezone.now()
    other = f.ProposalFactory(council=world.things.council, stage=Stage.IMPLEMENTATION)
    step = actions.add_milestone(
        actor=officer, proposal=other, title="Yol çizgileri çizilir", planned_on=at.date(), at=at
    )
    told = {"done_on": at.date().isoformat(), "evidence": "Çizgiler iki gün içinde çizildi."}
    form = {"do": "finish", "milestone": step.pk} | {f"finish{step.pk}-{name}": text for name, text in told.items()}
    world.client("directorate").post(reverse("proposal_implementation", args=[K, world.things.at_work.number]), form)
    assert Milestone.objects.get(pk=step.pk).done_on is None
    with pytest.raises(ValidationError):
        actions.finish_milestone(
            actor=officer,
            proposal=world.things.at_work,
            milestone=step.pk,
            done_on=at.date(),
            evidence=told["evidence"],
            at=at,
        )


def test_060_an_opinion_takes_in_no_proposal_of_another_council(world, adana):
    """Case 60: Adana’s secretary prepares no opinion from Kocaeli’s proposals, by page, API or action."""
    here = before_the_assembly(world.things.council, world.things.group)
    neighbour = world.people["neighbour"]
    client = world.client("neighbour")
    client.post(reverse("opinion_new", args=[A]), {"proposals": [here.pk]})
    client.post(reverse("api-opinion-drafts", args=[A]), {"proposals": [here.number]}, content_type="application/json")
    with pytest.raises(ValidationError):
        actions.prepare_opinion(actor=neighbour, council=adana, proposals=[here], at=timezone.now())
    assert not OpinionProposal.objects.filter(proposal=here).exists()


def test_060_proposals_of_two_councils_are_not_put_together(world, adana):
    """Case 60: supports of one city do not count in another, also where one person leads in both."""
    secretary, at = world.people["secretary"], timezone.now()
    secretariat = Body.objects.get(council=adana, kind=BodyKind.SECRETARIAT)
    f.MembershipFactory(body=secretariat, person=secretary, role="secretary")
    here = world.things.gathering
    there = f.ProposalFactory(council=adana, stage=Stage.GATHERING)
    f.SupportFactory(proposal=here)
    sent = {
        "into": there.number,
        "reason": "İkisi de aynı yolu istiyor, birleştiriyoruz.",
        "reason_code": "same_request",
    }
    for number in (there.number, there.pk):
        world.client("secretary").post(reverse("proposal_merge", args=[K, here.number]), sent | {"into": number})
    with pytest.raises(ValidationError):
        actions.merge_proposals(actor=secretary, proposal=here, into=there, reason=sent["reason"], at=at)
    assert Proposal.objects.get(pk=here.pk).stage == Stage.GATHERING
    assert not there.supports.exists()


# --- What waits -------------------------------------------------------------------------------------------------------
def test_057_what_waits_for_its_second_person_is_read_by_its_offices_alone(world):
    """Case 57: entries, files and minutes before they are confirmed, drafts by their keys, reports not published."""
    t, at = world.things, timezone.now()
    document = actions.add_decision_document(
        actor=world.people["directorate"], decision=t.waiting, kind="decision", upload=minutes(), at=at
    )
    hidden = [
        reverse("decision_detail", args=[K, t.waiting.pk]),
        reverse("decision_document", args=[K, t.waiting.pk, document.pk]),
        reverse("opinion_minutes", args=[K, t.opinion_voting.number]),
        reverse("impact_report_file", args=[K, t.annual_report.pk]),
        reverse("opinion_draft", args=[K, t.opinion_draft.key]),
        reverse("api-decision", args=[K, t.waiting.pk]),
        reverse("api-decision-file", args=[K, t.waiting.pk, document.pk]),
        reverse("api-opinion-minutes", args=[K, t.opinion_voting.number]),
        reverse("api-opinion-draft", args=[K, t.opinion_draft.key]),
    ]
    for role in set(OUTSIDE) - {"ayse"}:  # she entered the tally
        client = world.client(role)
        got = {address: client.get(address).status_code for address in hidden}
        assert {address: code for address, code in got.items() if code not in (302, 401, 403, 404)} == {}, role
    secretary = world.client("secretary")
    assert {address: secretary.get(address).status_code for address in hidden} == dict.fromkeys(hidden, 200)


def test_066_a_token_without_the_desk_neither_reads_nor_decides_what_is_the_desks(world):
    """Case 66: its owner's office opens nothing that the token was not made for."""
    t = world.things
    hidden = [
        reverse("api-decision", args=[K, t.waiting.pk]),
        reverse("api-opinion-minutes", args=[K, t.opinion_voting.number]),
        reverse("api-opinion-draft", args=[K, t.opinion_draft.key]),
    ]
    reader = program(world.people["secretary"], "proposals:read")
    assert {reader.get(address).status_code for address in hidden} <= {403, 404}
    listed = reader.get(reverse("api-decisions", args=[K])).json()["results"]
    assert [row["id"] for row in listed] == [t.decision.pk]
    writer = program(world.people["facilitator"], "proposals:write")
    decline = reverse("api-decline-amendment", args=[K, t.in_group.number, t.in_group_amendment.number])
    sent = {"reason": "Grup bu paragrafı olduğu gibi bırakıyor.", "reason_code": "other"}
    assert writer.post(decline, sent, content_type="application/json").status_code == 403
    t.in_group_amendment.refresh_from_db()
    assert t.in_group_amendment.is_open
    desk = program(world.people["secretary"], "proposals:read", "desk:read")
    assert {desk.get(address).status_code for address in hidden} == {200}


# --- Files ------------------------------------------------------------------------------------------------------------
def _of_a_decision(world, upload):
    actor, at = world.people["directorate"], timezone.now()
    return actions.add_decision_document(
        actor=actor, decision=world.things.decision, kind="decision", upload=upload, at=at
    ).file


def _of_a_tally(world, upload):
    group, at = world.things.group_there, timezone.now()
    council = group.council
    assembly(council)
    opinion = f.OpinionFactory(council=council, state="draft", proposals=[before_the_assembly(council, group)])
    figures = Figures(held_on=timezone.localdate(), present=5, votes_for=4, votes_against=1, votes_abstain=0)
    tally = actions.enter_tally(actor=world.people["neighbour"], opinion=opinion, figures=figures, upload=upload, at=at)
    return tally.file


def _of_a_step(world, upload):
    officer, at, proposal = world.people["directorate"], timezone.now(), world.things.at_work
    day = timezone.localdate()
    step = actions.add_milestone(actor=officer, proposal=proposal, title="Yol çizilir", planned_on=day, at=at)
    done = actions.finish_milestone(
        actor=officer, proposal=proposal, milestone=step.pk, done_on=day, evidence="Yol çizildi.", file=upload, at=at
    )
    return done.file.file


PLACES = {"decision": _of_a_decision, "tally": _of_a_tally, "step": _of_a_step}
WRONG = {
    "page": b"<!doctype html><script>alert(1)</script>",
    "drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "archive": b"PK\x03\x04" + b"\0" * 60,
}


@pytest.mark.parametrize("place", PLACES)
def test_114_files_of_offices_pass_the_check_of_every_upload(world, place, media):
    """Cases 114 and 116: what is no PDF leaves no row and no file; what runs in one is gone when it is kept."""
    for name, content in WRONG.items():
        rows = (DecisionDocument.objects.count(), AssemblyTally.objects.count(), Attachment.objects.count())
        kept = sorted(media.rglob("*.*"))
        with pytest.raises(ValidationError), transaction.atomic():
            PLACES[place](world, SimpleUploadedFile(f"{name}.pdf", content, content_type="application/pdf"))
        now = (DecisionDocument.objects.count(), AssemblyTally.objects.count(), Attachment.objects.count())
        assert (now, sorted(media.rglob("*.*"))) == (rows, kept), name
    document, given = blank(), io.BytesIO()
    when_a_page_opens(document)
    document.save(given)
    with PLACES[place](world, SimpleUploadedFile("../belge.pdf", given.getvalue())).open("rb") as file:
        assert b"alert" not in file.read()


def test_118_a_table_of_meetings_holds_no_formula_and_gives_every_name_back(kocaeli):
    """Case 118: a calendar from elsewhere may name its meetings as it likes."""
    meeting = meetings(kocaeli)[0]
    for text in FORMULAS:
        meeting.name = " ".join(text.split())
        data = as_csv([meeting]).decode("utf-8-sig")
        cell = data.splitlines()[1].split(";")[3].strip('"').replace('""', '"')
        assert not cell.lstrip("\"' \u200b").startswith(BEGINNINGS) or cell.startswith("'"), text
        assert read_csv(data, CalendarRule())[0].name == meeting.name


def test_122_a_letter_no_font_can_draw_takes_no_document_from_anybody(world):
    """Case 122: emoji, other scripts and control letters stand as a sign; the rest is read as it was written."""
    council = world.things.council
    opinion = f.OpinionFactory(
        council=council,
        state="adopted",
        title="Sahilde 🌳 ağaç \u4eac 👨\u200d👩\u200d👧 \x07",
        text="".join(chr(0x4E00 + n) for n in range(500)) + "\n\nSon söz.",
        proposals=[f.ProposalFactory(council=council, stage=Stage.OPINION)],
    )
    answer = world.client("visitor").get(reverse("opinion_pdf", args=[K, opinion.number]))
    assert answer.status_code == 200
    assert opinion_pdf(opinion).startswith(b"%PDF-")


def test_124_heavy_differences_of_one_page_share_one_time(world, monkeypatch):
    """Case 124: twenty amendments that are hard to compare cost a reader little more than one."""
    proposal, spent = world.things.gathering, []
    moments = count()
    monkeypatch.setattr(reading.time, "monotonic", lambda: sum(spent) + next(moments) / 1e6)

    def slow(old, new, *, seconds=0.5):
        spent.append(seconds)

    monkeypatch.setattr(reading, "compare", slow)
    reading.dress([world.things.amendment] * 20, proposal)
    assert len(spent) == 20
    assert sum(spent) < 2
