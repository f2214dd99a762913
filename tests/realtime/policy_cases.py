"""Live cases of the way to policy: opinions, the municipal council, implementation and review."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from ballots import actions as voting
from proposals import actions
from proposals.actions import Said
from proposals.actions.opinions.tallying import Figures as AssemblyFigures
from proposals.journal_kinds import ProposalKind
from proposals.models import BudgetLine, Objective, StrategicPlan
from proposals.municipal_kinds import MunicipalKind
from proposals.stages import Stage
from tests import factories as f
from tests.proposals import municipal
from tests.proposals.opinions import assembly, minutes
from tests.realtime.cases import REASON, case, on_the_whole_way, page

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


# --- The municipal council ---------------------------------------------------------------------------------------------------


def sent(world):
    """A proposal whose opinion was sent, the council's meetings of August and September, and an officer."""
    opinion = municipal.sent_opinion(world.council, f.BodyFactory(council=world.council))
    proposal = municipal.proposals_of(opinion)[0]
    return proposal, opinion, municipal.meetings(world.council), f.OfficerFactory(council=world.council).person


def on_agenda(world):
    proposal, opinion, (august, september), officer = sent(world)
    actions.put_on_municipal_agenda(actor=officer, opinion=opinion, meeting=august, number=7, at=municipal.SENT_AT)
    proposal.refresh_from_db()
    return proposal, opinion, september, officer


@case(MunicipalKind.ON_AGENDA)
def on_the_agenda_of_the_council(world):
    proposal, opinion, (august, _september), officer = sent(world)
    return page(proposal), lambda: actions.put_on_municipal_agenda(
        actor=officer, opinion=opinion, meeting=august, number=7, at=municipal.SENT_AT
    )


@case(MunicipalKind.ON_LATER_AGENDA)
def on_a_later_agenda(world):
    proposal, opinion, september, officer = on_agenda(world)
    return page(proposal), lambda: actions.put_on_municipal_agenda(
        actor=officer, opinion=opinion, meeting=september, number=3, at=municipal.AUGUST
    )


@case(MunicipalKind.TAKEN_OFF)
def taken_off_the_agenda(world):
    proposal, opinion, _september, officer = on_agenda(world)
    return page(proposal), lambda: actions.take_off_municipal_agenda(
        actor=officer, opinion=opinion, reason=REASON, at=municipal.AUGUST
    )


def refer(opinion, officer):
    return actions.refer_to_commission(
        actor=officer, opinion=opinion, commission="Ulaşım Komisyonu", at=municipal.AUGUST
    )


@case(MunicipalKind.IN_COMMISSION)
def sent_to_a_commission(world):
    proposal, opinion, _september, officer = on_agenda(world)
    return page(proposal), lambda: refer(opinion, officer)


@case(MunicipalKind.BACK_FROM_COMMISSION)
def back_from_a_commission(world):
    proposal, opinion, _september, officer = on_agenda(world)
    refer(opinion, officer)
    return page(proposal), lambda: actions.take_back_from_commission(
        actor=officer, opinion=opinion, report="Komisyon görüşü yerinde buldu.", at=municipal.SEPTEMBER
    )


@case(MunicipalKind.MEETING_MISSED)
def a_meeting_passes_without_it(world):
    proposal, *_ = sent(world)
    return page(proposal), lambda: actions.note_missed_meetings(at=municipal.MIDNIGHT)


def entered(world, outcome="accepted", **more):
    """A decision of August that waits for the person who comes last."""
    proposal, opinion, (august, september), officer = sent(world)
    if outcome == "deferred":
        more["deferred_to"] = september
    decision = actions.enter_decision(
        actor=officer,
        opinion=opinion,
        said=municipal.decision_fields(august),
        outcomes=[Said(proposal, outcome, **more)],
        at=municipal.EVENING,
    )
    return proposal, decision, f.OfficerFactory(council=world.council).person


def confirmed(world, outcome, **more):
    proposal, decision, second = entered(world, outcome, **more)
    return page(proposal), lambda: actions.confirm_decision(actor=second, decision=decision, at=municipal.EVENING)


@case(MunicipalKind.DECISION_ENTERED)
def a_decision_waits(world):
    proposal, opinion, (august, _september), officer = sent(world)
    return page(proposal), lambda: actions.enter_decision(
        actor=officer,
        opinion=opinion,
        said=municipal.decision_fields(august),
        outcomes=[Said(proposal, "accepted")],
        at=municipal.EVENING,
    )


@case(MunicipalKind.DECISION_WITHDRAWN)
def a_decision_that_waited_is_taken_back(world):
    proposal, decision, second = entered(world)
    return page(proposal), lambda: actions.withdraw_decision(actor=second, decision=decision, at=municipal.EVENING)


@case(MunicipalKind.DECISION_DOCUMENT_ADDED)
def a_document_of_a_decision(world):
    proposal, decision, second = entered(world)
    actions.confirm_decision(actor=second, decision=decision, at=municipal.EVENING)
    return page(proposal), lambda: actions.add_decision_document(
        actor=second, decision=decision, kind="decision", upload=minutes("karar.pdf"), at=municipal.EVENING
    )


@case(MunicipalKind.DECIDED_ACCEPTED)
def decided_to_accept(world):
    return confirmed(world, "accepted")


@case(MunicipalKind.DECIDED_PARTLY)
def decided_to_accept_a_part(world):
    return confirmed(world, "partly", accepted_parts="Yalnızca sahil kesimi.")


@case(MunicipalKind.DECIDED_DECLINED)
def decided_to_decline(world):
    return confirmed(world, "declined", reason_code="no_budget")


@case(MunicipalKind.DECIDED_DEFERRED)
def decided_to_defer(world):
    return confirmed(world, "deferred")


# --- Implementation and review ------------------------------------------------------------------------------------------------


def carried_out(world):
    """A proposal that is being carried out, a step of it, and the officer who writes."""
    proposal = on_the_whole_way(world, Stage.IMPLEMENTATION)
    officer = f.OfficerFactory(council=world.council).person
    step = actions.add_milestone(
        actor=officer, proposal=proposal, title="Proje ihalesi", planned_on=timezone.localdate(world.now), at=world.now
    )
    return proposal, step, officer


@case(ProposalKind.UNIT_NAMED)
def a_unit_is_named(world):
    proposal, _step, officer = carried_out(world)
    return page(proposal), lambda: actions.plan_implementation(
        actor=officer, proposal=proposal, unit="Ulaşım Dairesi", contact="Proje sorumlusu", at=world.now
    )


@case(ProposalKind.MILESTONE_ADDED)
def a_step_is_planned(world):
    proposal, _step, officer = carried_out(world)
    day = timezone.localdate(world.now) + timedelta(days=30)
    return page(proposal), lambda: actions.add_milestone(
        actor=officer, proposal=proposal, title="Yapım", planned_on=day, at=world.now
    )


@case(ProposalKind.MILESTONE_MOVED)
def a_step_is_moved(world):
    proposal, step, officer = carried_out(world)
    return page(proposal), lambda: actions.move_milestone(
        actor=officer,
        proposal=proposal,
        milestone=step.pk,
        planned_on=step.planned_on + timedelta(days=7),
        reason=REASON,
        at=world.now,
    )


def paid(world):
    """A proposal that a budget line pays and that serves an aim, and another line."""
    proposal, _step, officer = carried_out(world)
    first, other = (
        BudgetLine.objects.create(council=world.council, year=2026, code=code, name="Kıyı yolu") for code in "12"
    )
    plan = StrategicPlan.objects.create(council=world.council, first_year=2025, last_year=2029)
    aim = Objective.objects.create(plan=plan, aim=1, name="Ulaşımı güvenli kılmak")
    about = {"actor": officer, "proposal": proposal, "at": world.now}
    actions.fund_implementation(line=first.pk, amount=Decimal(100), **about)
    return about, first, other, aim


@case(ProposalKind.FUNDED)
def a_line_pays(world):
    about, _first, other, _aim = paid(world)
    return page(about["proposal"]), lambda: actions.fund_implementation(line=other.pk, amount=Decimal(7), **about)


@case(ProposalKind.FUNDING_CHANGED)
def a_line_pays_more(world):
    about, first, _other, _aim = paid(world)
    return page(about["proposal"]), lambda: actions.fund_implementation(line=first.pk, amount=Decimal(200), **about)


@case(ProposalKind.FUNDING_ENDED)
def a_line_pays_no_more(world):
    about, first, _other, _aim = paid(world)
    return page(about["proposal"]), lambda: actions.stop_funding(line=first.pk, **about)


@case(ProposalKind.OBJECTIVE_SERVED)
def an_aim_is_served(world):
    about, _first, _other, aim = paid(world)
    return page(about["proposal"]), lambda: actions.serve_objective(objective=aim.pk, **about)


@case(ProposalKind.OBJECTIVE_LEFT)
def an_aim_is_served_no_more(world):
    about, _first, _other, aim = paid(world)
    actions.serve_objective(objective=aim.pk, **about)
    return page(about["proposal"]), lambda: actions.stop_serving(objective=aim.pk, **about)


@case(ProposalKind.MILESTONE_DONE)
def a_step_is_done(world):
    proposal, step, officer = carried_out(world)
    return page(proposal), lambda: actions.finish_milestone(
        actor=officer,
        proposal=proposal,
        milestone=step.pk,
        done_on=step.planned_on,
        evidence="Sözleşme imzalandı.",
        at=world.now,
    )


@case(ProposalKind.PROGRESS_TOLD)
def how_the_work_goes(world):
    proposal, _step, officer = carried_out(world)
    return page(proposal), lambda: actions.write_progress(
        actor=officer, proposal=proposal, text="Yolun ilk bölümü açıldı.", at=world.now
    )


def finish(world, at: datetime):
    proposal, _step, officer = carried_out(world)
    why = "İhale yıl sonunda yapılacak."
    return proposal, lambda: actions.finish_implementation(
        actor=officer, proposal=proposal, outcome="Bisiklet yolu kullanıma açıldı.", why_open=why, at=at
    )


@case(ProposalKind.IMPLEMENTED)
def carried_out_to_the_end(world):
    proposal, act = finish(world, world.now)
    return page(proposal), act


@case(ProposalKind.ABANDONED)
def not_carried_out(world):
    proposal, _step, officer = carried_out(world)
    return page(proposal), lambda: actions.abandon_implementation(
        actor=officer, proposal=proposal, reason=REASON, reason_code="other", at=world.now
    )


def a_year_later(world):
    proposal, act = finish(world, world.now)
    act()
    return proposal, world.now + timedelta(days=400)


@case(ProposalKind.REVIEW_OPENED)
def those_who_asked_for_it_are_asked(world):
    proposal, later = a_year_later(world)
    return page(proposal), lambda: actions.open_reviews(at=later)


@case(ProposalKind.REVIEWED)
def what_they_said_is_counted(world):
    proposal, later = a_year_later(world)
    actions.open_reviews(at=later)
    actions.answer_review(
        actor=proposal.author, proposal=proposal, answer="partly", sentence="Işıklar eksik.", at=later
    )
    return page(proposal), lambda: actions.close_reviews(at=later + timedelta(days=31))
