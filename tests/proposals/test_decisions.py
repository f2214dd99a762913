"""The municipal council's decision: one person enters it, another confirms it, and only then do proposals move."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from journal.kinds import sentence
from journal.models import Entry
from people.verdicts import Refused
from proposals import actions
from proposals.actions import Said
from proposals.models import AgendaItem, Decision, DecisionDocument, DecisionOutcome
from proposals.stages import Stage
from tests import factories as f
from tests.proposals.municipal import (
    AUGUST,
    EVENING,
    SENT_AT,
    SEPTEMBER,
    WHY,
    decision_fields,
    meetings,
    proposals_of,
    sent_opinion,
)
from tests.proposals.test_attachments import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def calendar(kocaeli):
    return meetings(kocaeli)


@pytest.fixture
def opinion(kocaeli, ulasim, calendar, hakan):
    opinion = sent_opinion(kocaeli, ulasim, count=4)
    actions.put_on_municipal_agenda(actor=hakan, opinion=opinion, meeting=calendar[0], number=7, at=SENT_AT)
    return opinion


@pytest.fixture
def outcomes(opinion, calendar):
    """Of four proposals each meets another end."""
    first, second, third, fourth = proposals_of(opinion)
    return [
        Said(first, "accepted"),
        Said(second, "partly", accepted_parts="Yalnızca sahil kesimi."),
        Said(third, "declined", reason_code="no_budget"),
        Said(fourth, "deferred", deferred_to=calendar[1]),
    ]


@pytest.fixture
def enter(opinion, outcomes, calendar, hakan):
    def enter_(*, actor=hakan, said=(), **fields):
        given = decision_fields(fields.pop("meeting", calendar[0]), **fields)
        return actions.enter_decision(actor=actor, opinion=opinion, said=given, outcomes=said or outcomes, at=EVENING)

    return enter_


def stages(opinion):
    return [Stage(proposal.stage) for proposal in proposals_of(opinion)]


def test_the_desk_leads_from_an_opinion_to_the_decision_that_awaits_confirmation(client, enter, kocaeli, hakan):
    client.force_login(hakan)

    def waiting():
        sections = client.get(reverse("desk", args=[kocaeli.slug])).context["sections"]
        return [task.action for section in sections if section.key == "meclis" for task in section.tasks]

    assert waiting() == ["Adımı girin"]
    enter()
    assert waiting() == ["Karara bakın"]


def test_the_entry_moves_nothing_and_the_second_person_moves_everything(enter, opinion, selin):
    decision = enter()
    assert (decision.number, decision.agenda_number, stages(opinion)) == ("2037/118", 7, [Stage.ON_AGENDA] * 4)
    assert Decision.objects.visible_to(selin).count() == 0

    actions.confirm_decision(actor=selin, decision=decision, at=EVENING)
    actions.confirm_decision(actor=selin, decision=decision, at=EVENING)
    assert stages(opinion) == [Stage.IMPLEMENTATION, Stage.IMPLEMENTATION, Stage.DECLINED, Stage.ON_AGENDA]
    first, second, third, fourth = proposals_of(opinion)
    assert fourth.due_at == SEPTEMBER
    assert third.moves.get(new=Stage.DECLINED).reason_code == "no_budget"
    last = [Entry.objects.filter(topic=p.topic).latest("pk") for p in (first, second, third, fourth)]
    assert [sentence(entry.kind, entry.facts) for entry in last] == [
        f"Belediye meclisi öneriyi kabul etti: {first.title}. Karar 2037/118, 13 Ağustos 2037; 41 kabul, 12 ret, 2 çekimser.",
        (
            f"Belediye meclisi önerinin bir bölümünü kabul etti: {second.title}. Karar 2037/118, 13 Ağustos 2037; 41 kabul, "
            "12 ret, 2 çekimser. Kabul edilen: Yalnızca sahil kesimi."
        ),
        (
            f"Belediye meclisi öneriyi kabul etmedi: {third.title}. Karar 2037/118, 13 Ağustos 2037; 41 kabul, 12 ret, "
            f"2 çekimser. Gerekçe: {WHY}"
        ),
        (
            f"Belediye meclisi öneriyi erteledi: {fourth.title}. Karar 2037/118, 13 Ağustos 2037. "
            "Sonraki toplantı: Eylül 2037 birleşimi"
        ),
    ]
    assert list(Decision.objects.visible_to(selin)) == [decision]


def test_the_deferred_rest_is_decided_at_a_later_meeting(enter, opinion, calendar, hakan, selin):
    actions.confirm_decision(actor=selin, decision=enter(), at=EVENING)
    rest = [Said(proposals_of(opinion)[3], "accepted")]
    later = SEPTEMBER + timedelta(hours=3)
    said = decision_fields(calendar[1], serial=131)
    second = actions.enter_decision(actor=selin, opinion=opinion, said=said, outcomes=rest, at=later)
    actions.confirm_decision(actor=hakan, decision=second, at=later)
    assert stages(opinion)[3] == Stage.IMPLEMENTATION
    assert not AgendaItem.objects.filter(ended_at__isnull=True).exists()


def test_a_decision_of_another_meeting_does_not_keep_the_first_agenda_s_number(opinion, calendar, hakan):
    given = decision_fields(calendar[1])
    outcomes = [Said(proposal, "accepted") for proposal in proposals_of(opinion)]
    at = SEPTEMBER + timedelta(hours=3)
    decision = actions.enter_decision(actor=hakan, opinion=opinion, said=given, outcomes=outcomes, at=at)
    assert decision.agenda_number is None


def test_nobody_confirms_what_they_entered(enter, opinion, hakan, selin):
    decision = enter()
    with pytest.raises(Refused) as refusal:
        actions.confirm_decision(actor=hakan, decision=decision, at=EVENING)
    assert (refusal.value.code, stages(opinion)) == ("own_entry", [Stage.ON_AGENDA] * 4)
    with pytest.raises(IntegrityError, match="nobody_confirms_what_they_entered"), transaction.atomic():
        Decision.objects.update(state="confirmed", confirmed_by=hakan, confirmed_at=EVENING)


@pytest.mark.parametrize("who", ["derya", "ayse", "nermin", "murat"])
def test_nobody_but_secretary_and_directorate_decides_anything(enter, opinion, request, who):
    actor = request.getfixturevalue(who)
    with pytest.raises(Refused):
        enter(actor=actor)
    decision = enter()
    before = Entry.objects.count()
    for deed in (actions.confirm_decision, actions.withdraw_decision):
        with pytest.raises(Refused) as refusal:
            deed(actor=actor, decision=decision, at=EVENING)
        assert refusal.value.code == "not_officer"
    assert (Entry.objects.count(), Decision.objects.get().state) == (before, "pending")


def test_a_correction_withdraws_the_entry_and_gives_its_number_back(enter, opinion, hakan, selin):
    first = enter()
    with pytest.raises(Refused) as refusal:
        enter(serial=119)
    assert refusal.value.code == "already_entered"
    actions.withdraw_decision(actor=hakan, decision=first, at=EVENING)
    actions.withdraw_decision(actor=hakan, decision=first, at=EVENING)
    with pytest.raises(Refused) as refusal:
        actions.confirm_decision(actor=selin, decision=first, at=EVENING)
    assert refusal.value.code == "withdrawn"
    actions.confirm_decision(actor=selin, decision=enter(), at=EVENING)
    with pytest.raises(Refused) as refusal:
        actions.withdraw_decision(actor=hakan, decision=Decision.objects.get(state="confirmed"), at=EVENING)
    assert refusal.value.code == "confirmed"


# --- What cannot be ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"serial": 0}, "serial"),
        ({"serial": 100_000}, "serial"),
        ({"decided_on": date(2037, 8, 12)}, "decided_on"),
        ({"decided_on": date(2037, 8, 14)}, "decided_on"),
        ({"votes_for": 3}, "votes_for"),
        ({"votes_for": None}, "votes_for"),
        ({"is_unanimous": True}, "votes_for"),
        ({"reasons": "Uygun değil."}, "reasons"),
        ({"reasons": "a" * 2001}, "reasons"),
    ],
)
def test_an_entry_that_cannot_be_true_says_so_and_leaves_no_trace(enter, wrong, field):
    before = Entry.objects.count()
    with pytest.raises(ValidationError) as error:
        enter(**wrong)
    assert set(error.value.message_dict) == {field}
    assert (Decision.objects.count(), DecisionOutcome.objects.count(), Entry.objects.count()) == (0, 0, before)


@pytest.mark.parametrize("which", ["ahead", "called off", "before", "elsewhere"])
def test_a_decision_is_of_a_meeting_that_was_held(enter, calendar, kocaeli, adana, which):
    meeting = {
        "ahead": lambda: calendar[1],
        "called off": lambda: f.MunicipalMeetingFactory(
            council=kocaeli, starts_at=AUGUST, state="cancelled", note="Yok"
        ),
        "before": lambda: f.MunicipalMeetingFactory(council=kocaeli, starts_at=SENT_AT - timedelta(days=1)),
        "elsewhere": lambda: f.MunicipalMeetingFactory(council=adana, starts_at=AUGUST),
    }[which]()
    with pytest.raises(ValidationError) as error:
        enter(meeting=meeting, decided_on=meeting.starts_at.date())
    assert "meeting" in error.value.message_dict


@pytest.mark.parametrize(
    "broken",
    [
        lambda said, later: said[:3],
        lambda said, later: [*said, said[0]],
        lambda said, later: [Said(said[0].proposal, "maybe"), *said[1:]],
        lambda said, later: [Said(said[0].proposal, "partly"), *said[1:]],
        lambda said, later: [Said(said[0].proposal, "accepted", accepted_parts="Sahil"), *said[1:]],
        lambda said, later: [Said(said[0].proposal, "declined"), *said[1:]],
        lambda said, later: [Said(said[0].proposal, "declined", reason_code="personal"), *said[1:]],
        lambda said, later: [Said(said[0].proposal, "accepted", reason_code="no_budget"), *said[1:]],
        lambda said, later: [Said(said[0].proposal, "deferred"), *said[1:]],
        lambda said, later: [Said(said[0].proposal, "accepted", deferred_to=later[1]), *said[1:]],
        lambda said, later: [Said(said[0].proposal, "deferred", deferred_to=later[0]), *said[1:]],
    ],
)
def test_every_proposal_of_the_bundle_has_one_outcome_with_what_it_needs(enter, outcomes, calendar, broken):
    with pytest.raises(ValidationError):
        enter(said=broken(outcomes, calendar))
    assert Decision.objects.count() == 0


def test_a_number_is_used_once_in_a_municipality_and_year(enter, kocaeli, ulasim, calendar, hakan, selin):
    actions.confirm_decision(actor=selin, decision=enter(), at=EVENING)
    other = sent_opinion(kocaeli, ulasim)
    said = [Said(proposals_of(other)[0], "accepted")]
    with pytest.raises(ValidationError, match="2037/118"):
        actions.enter_decision(actor=hakan, opinion=other, said=decision_fields(calendar[0]), outcomes=said, at=EVENING)


def test_a_proposal_that_went_on_meanwhile_stops_the_confirmation(enter, opinion, selin):
    decision = enter()
    proposal = proposals_of(opinion)[0]
    type(proposal).objects.filter(pk=proposal.pk).update(stage=Stage.DECLINED)
    with pytest.raises(Refused) as refusal:
        actions.confirm_decision(actor=selin, decision=decision, at=EVENING)
    assert (refusal.value.code, Decision.objects.get().state) == ("moved_meanwhile", "pending")


# --- What the database keeps ------------------------------------------------------------------------------------------
def test_of_an_entry_nothing_changes_but_that_it_is_settled(enter, selin):
    decision = enter()
    for deed in (
        lambda: Decision.objects.update(serial=119),
        lambda: Decision.objects.update(state="confirmed", confirmed_by=selin, confirmed_at=EVENING, votes_for=54),
        lambda: Decision.objects.all().delete(),
        lambda: DecisionOutcome.objects.update(outcome="accepted"),
        lambda: DecisionOutcome.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
    actions.confirm_decision(actor=selin, decision=decision, at=EVENING)
    for change in ({"state": "pending", "confirmed_by": None, "confirmed_at": None}, {"reasons": "Başka bir gerekçe."}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.update(**change)
    with pytest.raises(IntegrityError, match="outcomes are written while"), transaction.atomic():
        DecisionOutcome.objects.create(decision=decision, proposal=f.ProposalFactory(), outcome="accepted")


def test_nobody_writes_a_decision_that_is_confirmed_already(enter, hakan, selin):
    decision = enter()
    actions.withdraw_decision(actor=selin, decision=decision, at=EVENING)
    decision.refresh_from_db()
    decision.pk, decision.state = None, "confirmed"
    decision.confirmed_by, decision.confirmed_at, decision.withdrawn_by, decision.withdrawn_at = (
        selin,
        EVENING,
        None,
        None,
    )
    with pytest.raises(IntegrityError, match="waits for its second person"), transaction.atomic():
        decision.save(force_insert=True)


# --- Two at once ------------------------------------------------------------------------------------------------------
def test_two_who_confirm_at_once_move_the_proposals_once(
    transactional_db, kocaeli, enter, opinion, selin, side_by_side
):
    another = f.PersonFactory(display_name="Zehra Memur")
    f.OfficerFactory(council=kocaeli, person=another)
    decision = enter()
    results = side_by_side(
        [lambda p=p: actions.confirm_decision(actor=p, decision=decision, at=EVENING) for p in (selin, another)]
    )
    assert [type(result) for result in sorted(results, key=str)].count(Refused) == 1
    assert stages(opinion) == [Stage.IMPLEMENTATION, Stage.IMPLEMENTATION, Stage.DECLINED, Stage.ON_AGENDA]
    assert proposals_of(opinion)[0].moves.filter(new=Stage.IMPLEMENTATION).count() == 1


def test_of_confirming_and_withdrawing_at_once_one_holds(transactional_db, enter, opinion, hakan, selin, side_by_side):
    decision = enter()
    results = side_by_side(
        [
            lambda: actions.confirm_decision(actor=selin, decision=decision, at=EVENING),
            lambda: actions.withdraw_decision(actor=hakan, decision=decision, at=EVENING),
        ]
    )
    assert sum(isinstance(result, Refused) for result in results) == 1
    moved = stages(opinion) != [Stage.ON_AGENDA] * 4
    assert Decision.objects.get().state == ("confirmed" if moved else "withdrawn")


def test_two_who_enter_at_once_leave_one_entry(transactional_db, enter, hakan, selin, side_by_side):
    results = side_by_side([lambda p=p, n=n: enter(actor=p, serial=n) for p, n in ((hakan, 118), (selin, 119))])
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert Decision.objects.count() == 1


# --- Documents --------------------------------------------------------------------------------------------------------
def test_the_document_is_a_pdf_checked_by_its_content(settings, tmp_path, enter, hakan, selin):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}},
    }
    decision = enter()
    for wrong in (b"%PDF-1.7 bozuk", b"merhaba", b""):
        upload = SimpleUploadedFile("karar.pdf", wrong, content_type="application/pdf")
        with pytest.raises(ValidationError):
            actions.add_decision_document(actor=hakan, decision=decision, kind="decision", upload=upload, at=EVENING)
    assert DecisionDocument.objects.count() == 0
    for _twice in range(2):
        upload = SimpleUploadedFile("../karar 118.pdf", pdf(), content_type="text/html")
        document = actions.add_decision_document(
            actor=selin, decision=decision, kind="decision", upload=upload, at=EVENING
        )
    assert (document.name, DecisionDocument.objects.count()) == ("karar 118.pdf", 1)
    assert sum(path.is_file() for path in tmp_path.rglob("*")) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionDocument.objects.update(name="baska.pdf")
