"""Opinions: prepared from proposals, adopted by the general assembly here or in a meeting, sent to the municipality."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from ballots.actions import cast_vote, close_ballot_now
from ballots.models import Majority, Outcome
from councils.actions.procedures import write_procedure
from councils.models import BodyKind, Procedure, Role, Route, Step
from councils.procedures import PRESETS
from journal.models import Entry
from people.verdicts import Refused
from proposals import actions
from proposals.actions.opinions.tallying import Figures
from proposals.models import AssemblyTally, Opinion, OpinionProposal, TallyState
from proposals.opinion_states import OPINION_MOVES, OpinionState, is_legal_for_opinions
from proposals.opinions.rule import AssemblyRule, common_rule
from proposals.stages import Stage
from tests import factories as f
from tests.proposals.opinions import NOW, assembly, before_the_assembly, minutes
from tests.proposals.test_races import at_once

TODAY = timezone.localtime(NOW).date()
REASON = "Tutanakta ret oyları iki, girilen bir."


@pytest.fixture
def members(kocaeli):
    return assembly(kocaeli)[1]


@pytest.fixture
def two(kocaeli, ulasim):
    return [before_the_assembly(kocaeli, ulasim) for _ in range(2)]


@pytest.fixture
def opinion(kocaeli, hakan, members, two):
    return actions.prepare_opinion(actor=hakan, council=kocaeli, proposals=two, at=NOW)


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}},
    }
    return tmp_path


@pytest.fixture
def officer(kocaeli):
    return f.OfficerFactory(council=kocaeli).person


def figures(*, held_on=TODAY, present=5, yes=4, no=1, abstain=0):
    return Figures(held_on, present, yes, no, abstain)


def entered(hakan, opinion, **said):
    return actions.enter_tally(actor=hakan, opinion=opinion, figures=figures(**said), upload=minutes(), at=NOW)


def stages(proposals):
    for proposal in proposals:
        proposal.refresh_from_db()
    return [proposal.stage for proposal in proposals]


# --- Preparing --------------------------------------------------------------------------------------------------------
def test_an_opinion_begins_with_its_proposals_texts_and_where_they_come_from(opinion, two):
    assert (opinion.state, opinion.number, opinion.title) == (OpinionState.DRAFT, "", two[0].title)
    for proposal in two:
        assert f"## {proposal.title}" in opinion.text
        assert f"Kaynak: {proposal.number}, 1. sürüm; {proposal.author.display_name}" in opinion.text
    assert [link.proposal for link in opinion.links.all()] == two


def test_the_secretary_and_who_leads_the_board_prepare_opinions_and_nobody_else(kocaeli, derya, members, two):
    with pytest.raises(Refused, match="hazırlar"):
        actions.prepare_opinion(actor=derya, council=kocaeli, proposals=two, at=NOW)
    board = f.BodyFactory(council=kocaeli, kind=BodyKind.EXECUTIVE_BOARD, name="Yürütme Kurulu")
    chair = f.PersonFactory()
    f.MembershipFactory(body=board, person=chair, role=Role.PRESIDENT)
    assert actions.prepare_opinion(actor=chair, council=kocaeli, proposals=two, at=NOW).prepared_by == chair


def test_a_proposal_stands_in_one_living_opinion(kocaeli, hakan, opinion, two):
    with pytest.raises(ValidationError, match="başka bir görüşte"):
        actions.prepare_opinion(actor=hakan, council=kocaeli, proposals=two[:1], at=NOW)
    with pytest.raises(IntegrityError, match="one_living_opinion_per_proposal"), transaction.atomic():
        f.OpinionFactory(council=kocaeli, state=OpinionState.DRAFT, proposals=two[:1])


def test_only_what_waits_for_this_councils_assembly_is_taken_in(kocaeli, adana, hakan, ulasim, members):
    voting = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.BALLOT)
    theirs = before_the_assembly(adana, f.BodyFactory(council=adana))
    for proposal in (voting, theirs):
        with pytest.raises(ValidationError, match="genel kurulda beklemiyor"):
            actions.prepare_opinion(actor=hakan, council=kocaeli, proposals=[proposal], at=NOW)
    assert not Opinion.objects.exists()


def test_two_who_edit_at_once_do_not_write_over_one_another(hakan, opinion, two):
    said = {"actor": hakan, "opinion": opinion, "title": "Yeni başlık", "proposals": two, "base": 1, "at": NOW}
    saved = actions.edit_opinion(**said, text="Genel kurul şu görüştedir.")
    assert (saved.title, saved.revision) == ("Yeni başlık", 2)
    with pytest.raises(ValidationError, match="başkası değiştirdi"):
        actions.edit_opinion(**said, text="Öteki metin.")


def test_a_proposal_that_is_given_back_leaves_the_draft(hakan, opinion, two):
    actions.give_back(
        actor=hakan, proposal=two[0], reason="Bütçe hesabı eksik kaldı.", reason_code="incomplete", at=NOW
    )
    assert stages(two) == [Stage.IN_GROUP, Stage.GENERAL_ASSEMBLY]
    assert [link.proposal for link in opinion.links.all()] == two[1:]


def test_a_draft_can_be_discarded_and_its_number_was_never_taken(hakan, opinion, two, kocaeli):
    actions.discard_opinion(actor=hakan, opinion=opinion, at=NOW)
    actions.discard_opinion(actor=hakan, opinion=opinion, at=NOW)
    assert not Opinion.objects.exists()
    assert stages(two) == [Stage.GENERAL_ASSEMBLY] * 2


# --- A ballot here ----------------------------------------------------------------------------------------------------
def opened(hakan, opinion):
    return actions.open_opinion_ballot(actor=hakan, opinion=opinion, closes_at=NOW + timedelta(days=7), at=NOW)


def voted(hakan, ballot, papers):
    for person, paper in papers:
        cast_vote(actor=person, ballot=ballot, paper=paper)
    close_ballot_now(actor=hakan, ballot=ballot, reason="Herkes oyunu verdi.")


def test_the_assembly_adopts_by_a_ballot_and_all_proposals_go_on_together(hakan, opinion, two, members):
    ballot = opened(hakan, opinion)
    opinion.refresh_from_db()
    assert (opinion.state, opinion.number) == (OpinionState.VOTING, f"KOC-G-{TODAY.year}-0001")
    assert (ballot.electorate_size, ballot.quorum, ballot.majority) == (5, 3, Majority.SIMPLE)
    voted(hakan, ballot, [(person, "yes") for person in members])
    opinion.refresh_from_db()
    assert opinion.state == OpinionState.ADOPTED
    assert stages(two) == [Stage.OPINION] * 2
    kinds = Entry.objects.filter(kind="proposals.became_opinion")
    assert [entry.facts["opinion"] for entry in kinds] == [opinion.number] * 2


def test_what_the_assembly_rejects_ends_with_the_reason(hakan, opinion, two, members):
    voted(hakan, opened(hakan, opinion), [(person, "no") for person in members])
    opinion.refresh_from_db()
    assert opinion.state == OpinionState.DECLINED
    assert stages(two) == [Stage.DECLINED] * 2
    last = two[0].moves.last()
    assert (last.reason_code, "çoğunluk sağlanmadı" in last.reason) == ("no_majority", True)


def test_a_vote_without_quorum_gives_the_opinion_back_to_a_draft_that_keeps_its_number(hakan, opinion, two, members):
    ballot = opened(hakan, opinion)
    number = Opinion.objects.get().number
    voted(hakan, ballot, [(members[0], "yes")])
    opinion.refresh_from_db()
    assert (opinion.state, opinion.number) == (OpinionState.DRAFT, number)
    assert stages(two) == [Stage.GENERAL_ASSEMBLY] * 2
    second = opened(hakan, opinion)
    opinion.refresh_from_db()
    assert (opinion.number, second.pk != ballot.pk) == (number, True)


def test_what_was_put_to_the_assembly_keeps_its_words_and_its_proposals(hakan, opinion, two):
    opened(hakan, opinion)
    with pytest.raises(Refused, match="değişmez"):
        actions.edit_opinion(actor=hakan, opinion=opinion, title="B", text="M", proposals=two, base=1, at=NOW)
    with pytest.raises(Refused, match="karardan önce geri verilmez"):
        actions.give_back(actor=hakan, proposal=two[0], reason="Yeni bilgi geldi bize.", reason_code="other", at=NOW)
    with pytest.raises(IntegrityError, match="keeps its words"), transaction.atomic():
        Opinion.objects.update(text="Başka bir metin.")
    OpinionProposal.objects.all().delete()
    with pytest.raises(IntegrityError, match="with a number stays"), transaction.atomic():
        Opinion.objects.all()._raw_delete("default")


def test_proposals_under_different_rules_are_not_bundled(kocaeli, hakan, ulasim, members):
    one = before_the_assembly(kocaeli, ulasim)
    rules = [
        replace(rule, majority=Majority.TWO_THIRDS) if rule.step == Step.GENERAL_ASSEMBLY else rule
        for rule in PRESETS[Route.WORKING_GROUP]
    ]
    number = one.procedure.number + 1
    write_procedure(kocaeli, Route.WORKING_GROUP, number, rules, reason="Üçte iki", actor=None, at=NOW)
    procedure = Procedure.objects.in_force(kocaeli, Route.WORKING_GROUP)
    other = before_the_assembly(kocaeli, ulasim, procedure=procedure)
    with pytest.raises(ValidationError, match="ayrı görüşler"):
        actions.prepare_opinion(actor=hakan, council=kocaeli, proposals=[one, other], at=NOW)


# --- A meeting elsewhere ----------------------------------------------------------------------------------------------
def test_a_tally_counts_once_a_second_person_confirms_it(media, hakan, officer, opinion, two):
    tally = entered(hakan, opinion)
    opinion.refresh_from_db()
    assert (opinion.state, tally.outcome, tally.members, tally.quorum) == (OpinionState.VOTING, Outcome.PASSED, 5, 3)
    with pytest.raises(Refused, match="ikinci bir kişi"):
        actions.confirm_tally(actor=hakan, tally=tally, at=NOW)
    with pytest.raises(IntegrityError, match="settled_by_a_second_person"), transaction.atomic():
        AssemblyTally.objects.update(state="confirmed", settled_by=hakan, settled_at=NOW)
    assert stages(two) == [Stage.GENERAL_ASSEMBLY] * 2
    actions.confirm_tally(actor=officer, tally=tally, at=NOW)
    actions.confirm_tally(actor=officer, tally=tally, at=NOW)
    opinion.refresh_from_db()
    assert opinion.state == OpinionState.ADOPTED
    assert stages(two) == [Stage.OPINION] * 2


@pytest.mark.parametrize("deed", ["figures", "file", "confirmed again", "delete", "born confirmed"])
def test_a_tally_stays_as_it_was_entered_for_the_database_too(media, hakan, officer, opinion, two, deed):
    tally = entered(hakan, opinion)
    rows = AssemblyTally.objects.filter(pk=tally.pk)
    if deed in {"confirmed again", "born confirmed"}:
        actions.confirm_tally(actor=officer, tally=tally, at=NOW)
    tally.refresh_from_db()
    wrong = {
        "figures": lambda: rows.update(votes_for=5, state="confirmed", settled_by=officer, settled_at=NOW),
        "file": lambda: rows.update(digest="0" * 64),
        "confirmed again": lambda: rows.update(state="rejected", reason=REASON),
        "delete": rows.delete,
        "born confirmed": lambda: AssemblyTally.objects.bulk_create([copied(tally)]),
    }[deed]
    with pytest.raises(IntegrityError, match=r"a tally (is confirmed or rejected once|waits)"), transaction.atomic():
        wrong()


def copied(tally):
    tally.pk, tally.outcome = None, "tied"
    return tally


def test_a_meeting_below_the_quorum_is_refused_with_the_sentence_why_and_leaves_no_trace(media, hakan, opinion):
    before = Entry.objects.count()
    with pytest.raises(
        Refused, match=r"5 üyesi var; karar için en az 3 üyenin katılması gerekir\. Tutanakta 2 üye var"
    ):
        entered(hakan, opinion, present=2, yes=2, no=0)
    opinion.refresh_from_db()
    assert (opinion.state, opinion.number, AssemblyTally.objects.count(), Entry.objects.count()) == (
        OpinionState.DRAFT,
        "",
        0,
        before,
    )
    assert not [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"yes": 5, "no": 1}, "katılanlardan çok"),
        ({"present": 6}, "daha çok olamaz"),
        ({"yes": 0, "no": 0}, "Kullanılan oyları"),
        ({"held_on": TODAY + timedelta(days=1)}, "gelecekte"),
        ({"held_on": TODAY - timedelta(days=400)}, "bir yıl önce"),
    ],
)
def test_figures_that_cannot_be_are_told(hakan, opinion, said, wrong):
    with pytest.raises(ValidationError, match=wrong):
        entered(hakan, opinion, **said)


def test_the_minutes_are_a_pdf_by_their_content(hakan, opinion):
    upload = minutes()
    upload.file.seek(0)
    upload.file.truncate()
    upload.file.write(b"<html>tutanak</html>")
    upload.file.seek(0)
    with pytest.raises(ValidationError):
        actions.enter_tally(actor=hakan, opinion=opinion, figures=figures(), upload=upload, at=NOW)


def test_a_tally_that_does_not_fit_its_minutes_goes_back(media, hakan, officer, opinion, two):
    tally = entered(hakan, opinion)
    actions.reject_tally(actor=officer, tally=tally, reason=REASON, at=NOW)
    opinion.refresh_from_db()
    assert (opinion.state, AssemblyTally.objects.get().state) == (OpinionState.DRAFT, TallyState.REJECTED)
    assert stages(two) == [Stage.GENERAL_ASSEMBLY] * 2
    assert entered(hakan, opinion, yes=3, no=2).votes_against == 2


def test_a_meeting_that_votes_no_ends_the_proposals_and_a_tie_decides_nothing(media, hakan, officer, opinion, two):
    actions.confirm_tally(actor=officer, tally=entered(hakan, opinion, yes=2, no=2, abstain=1), at=NOW)
    assert stages(two) == [Stage.GENERAL_ASSEMBLY] * 2
    actions.confirm_tally(actor=officer, tally=entered(hakan, opinion, yes=1, no=4), at=NOW)
    assert stages(two) == [Stage.DECLINED] * 2


@pytest.mark.parametrize(
    ("majority", "yes", "no", "outcome"),
    [
        (Majority.SIMPLE, 3, 2, Outcome.PASSED),
        (Majority.SIMPLE, 2, 2, Outcome.TIED),
        (Majority.ABSOLUTE, 5, 0, Outcome.REJECTED),
        (Majority.ABSOLUTE, 6, 0, Outcome.PASSED),
        (Majority.TWO_THIRDS, 4, 2, Outcome.PASSED),
        (Majority.TWO_THIRDS, 3, 2, Outcome.REJECTED),
    ],
)
def test_the_majority_is_that_of_the_procedure(majority, yes, no, outcome):
    rule = AssemblyRule(50, majority)
    assert rule.outcome(members=10, present=6, yes=yes, no=no, abstain=0) == outcome
    assert common_rule([rule, rule]) == rule
    assert common_rule([rule, AssemblyRule(51, majority)]) is None


# --- Sending ----------------------------------------------------------------------------------------------------------
def test_an_adopted_opinion_is_sent_with_day_and_registry_number(media, hakan, derya, officer, opinion, two):
    actions.confirm_tally(actor=officer, tally=entered(hakan, opinion), at=NOW)
    said = {"opinion": opinion, "sent_on": TODAY, "registry_number": " E-4821 ", "at": NOW}
    with pytest.raises(Refused, match="sekreteri gönderir"):
        actions.send_opinion(actor=derya, **said)
    for wrong in ({"registry_number": " "}, {"sent_on": TODAY + timedelta(1)}, {"sent_on": TODAY - timedelta(1)}):
        with pytest.raises(ValidationError):
            actions.send_opinion(actor=hakan, **said | wrong)
    sent = actions.send_opinion(actor=hakan, **said)
    assert (sent.state, sent.registry_number, sent.sent_at) == (OpinionState.SENT, "E-4821", NOW)
    assert stages(two) == [Stage.SENT] * 2
    assert actions.send_opinion(actor=hakan, **said).sent_at == NOW
    assert Entry.objects.filter(kind="proposals.opinion_sent").count() == 2


# --- States -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("old", "new"), list(product(OpinionState, OpinionState)))
def test_every_move_of_an_opinion_is_by_the_table_for_the_database_too(kocaeli, old, new):
    opinion = f.OpinionFactory(council=kocaeli, state=old)
    facts = {
        "adopted_at": NOW if new in {OpinionState.ADOPTED, OpinionState.SENT} else None,
        "sent_at": NOW if new == OpinionState.SENT else None,
        "sent_on": TODAY if new == OpinionState.SENT else None,
        "sent_by": opinion.prepared_by if new == OpinionState.SENT else None,
        "registry_number": "E-1" if new == OpinionState.SENT else "",
    }
    if not opinion.number:
        facts |= {"number": "KOC-G-2026-0001", "year": 2026, "serial": 1}
    try:
        with transaction.atomic():
            Opinion.objects.filter(pk=opinion.pk).update(state=new, **facts)
        moved = True
    except IntegrityError:
        moved = False
    assert moved == (old == new or is_legal_for_opinions(old, new))
    assert set(OPINION_MOVES) == set(OpinionState)


# --- Together ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_opinions_made_of_the_same_proposal_at_once_leave_one(kocaeli, hakan, ulasim):
    assembly(kocaeli)
    proposal = before_the_assembly(kocaeli, ulasim)

    def prepare():
        try:
            actions.prepare_opinion(actor=hakan, council=kocaeli, proposals=[proposal], at=timezone.now())
        except ValidationError as taken:
            return taken

    assert sum(isinstance(answer, ValidationError) for answer in at_once([prepare] * 4)) == 3
    assert Opinion.objects.count() == OpinionProposal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_numbers_of_opinions_put_to_vote_at_once_have_no_gap(kocaeli, hakan, ulasim):
    assembly(kocaeli)
    drafts = [
        actions.prepare_opinion(
            actor=hakan, council=kocaeli, proposals=[before_the_assembly(kocaeli, ulasim)], at=timezone.now()
        )
        for _ in range(6)
    ]
    closes = timezone.now() + timedelta(days=2)
    at_once(
        [
            lambda d=d: actions.open_opinion_ballot(actor=hakan, opinion=d, closes_at=closes, at=timezone.now())
            for d in drafts
        ]
    )
    assert sorted(Opinion.objects.values_list("serial", flat=True)) == [1, 2, 3, 4, 5, 6]


@pytest.mark.django_db(transaction=True)
def test_confirming_and_rejecting_at_once_settle_a_tally_once(media, kocaeli, hakan, ulasim):
    assembly(kocaeli)
    opinion = actions.prepare_opinion(
        actor=hakan, council=kocaeli, proposals=[before_the_assembly(kocaeli, ulasim)], at=NOW
    )
    tally = entered(hakan, opinion)
    one, other = (f.OfficerFactory(council=kocaeli).person for _ in range(2))
    at_once(
        [
            lambda: actions.confirm_tally(actor=one, tally=tally, at=timezone.now()),
            lambda: actions.reject_tally(actor=other, tally=tally, reason=REASON, at=timezone.now()),
        ]
    )
    tally.refresh_from_db()
    opinion.refresh_from_db()
    assert (tally.state, opinion.state) in {
        (TallyState.CONFIRMED, OpinionState.ADOPTED),
        (TallyState.REJECTED, OpinionState.DRAFT),
    }
