"""A council's procedure: versions of steps, read by everybody, changed by the secretary, contradictions told all at once."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ballots.models import Majority
from councils.actions import set_procedure, start_procedures
from councils.actions.procedures import Contradictory, rules_of
from councils.models import BodyKind, Holder, Procedure, ProcedureStep, Role, Route, Step
from councils.procedures import HOLDERS, PRESETS, VOTING, StepRule, contradictions
from journal.models import Entry
from people.verdicts import Refused
from proposals.routes import stages_of
from proposals.stages import PATH, Stage, is_legal
from tests import factories as f
from tests.proposals.test_races import at_once

NOW = timezone.now()
WHY = "Genel kurul kararı 2026/7, madde 4"
FULL = PRESETS[Route.WORKING_GROUP]


def codes(route, rules):
    return [each.code for each in contradictions(route, rules)]


def without(*steps):
    return [rule for rule in FULL if rule.step not in steps]


@pytest.mark.parametrize("route", Route)
def test_a_preset_contradicts_nothing(route):
    assert codes(route, PRESETS[route]) == []


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (without(Step.SUBMITTED), ["no_admissibility"]),
        (without(Step.BALLOT), ["discussion_without_vote", "assembly_without_body"]),
        (without(Step.IN_GROUP, Step.BALLOT), ["no_discussion", "assembly_without_body"]),
        (without(Step.OPINION), ["assembly_without_opinion", "sent_without_opinion"]),
        (without(Step.SENT), ["opinion_not_sent", "decision_without_sending", "implementation_without_decision"]),
        (without(Step.IMPLEMENTATION), ["review_without_implementation"]),
        (without(Step.GATHERING), []),
        (without(Step.BOARD, Step.IN_COMMISSION), []),
        ([*FULL, StepRule(Step.DIRECTORATE, Holder.DIRECTORATE, 5)], ["not_on_this_route"]),
        ([], ["no_admissibility", "no_discussion"]),
    ],
)
def test_what_cannot_work_is_told_with_every_reason(rules, expected):
    assert codes(Route.WORKING_GROUP, rules) == expected


def test_the_directorate_s_route_passes_through_no_organ():
    assert set(codes(Route.DIRECTORATE, FULL)) == {"no_directorate", "not_on_this_route"}


@pytest.mark.parametrize(
    ("step", "change", "code"),
    [
        (Step.SUBMITTED, {"holder": Holder.DIRECTORATE}, "wrong_holder"),
        (Step.SUBMITTED, {"days": None}, "no_days"),
        (Step.IN_GROUP, {"days": 3651}, "days_out_of_range"),
        (Step.GATHERING, {"threshold": 0}, "threshold_out_of_range"),
        (Step.BALLOT, {"majority": ""}, "no_majority"),
        (Step.GENERAL_ASSEMBLY, {"quorum_percent": 101}, "quorum_out_of_range"),
        (Step.IN_GROUP, {"threshold": 5}, "not_used_here"),
        (Step.BOARD, {"quorum_percent": 50}, "not_used_here"),
        (Step.OPINION, {"majority": Majority.SIMPLE}, "not_used_here"),
    ],
)
def test_a_wrong_value_is_told_beside_its_step(step, change, code):
    rules = [replace(rule, **change) if rule.step == step else rule for rule in FULL]
    (found,) = contradictions(Route.WORKING_GROUP, rules)
    assert (found.step, found.code) == (step, code)


any_rule = st.builds(
    StepRule,
    step=st.sampled_from(Step),
    holder=st.sampled_from(Holder),
    days=st.none() | st.integers(1, 400),
    is_working_days=st.booleans(),
    threshold=st.none() | st.integers(1, 10_000),
    quorum_percent=st.none() | st.integers(0, 100),
    majority=st.sampled_from(["", *Majority.values]),
)


@given(st.sampled_from(Route), st.lists(any_rule, unique_by=lambda rule: rule.step))
def test_a_procedure_without_contradictions_leads_from_submission_to_an_end(route, rules):
    """Whatever is chosen, what is let through is a chain of legal moves that any holder can make."""
    if contradictions(route, rules):
        return
    steps = {rule.step for rule in rules}
    stages = [stage for stage in PATH if stage in steps]
    assert stages[0] == Stage.SUBMITTED
    for old, new in itertools.pairwise(stages):
        assert is_legal(old, new) or (old, new) == (Stage.IN_COMMISSION, Stage.IMPLEMENTATION)
    assert all(rule.holder in HOLDERS[rule.step] for rule in rules)
    assert all(rule.majority for rule in rules if rule.step in VOTING)


@pytest.fixture
def organs(kocaeli):
    for kind in (BodyKind.GENERAL_ASSEMBLY, BodyKind.EXECUTIVE_BOARD):
        f.BodyFactory(council=kocaeli, kind=kind, name=str(kind.label))


def change(actor, council, *, days=12, reason=WHY, rules=FULL):
    rules = [replace(rule, days=days) if rule.step == Step.SUBMITTED else rule for rule in rules]
    return set_procedure(actor=actor, council=council, route=Route.WORKING_GROUP, rules=rules, reason=reason, at=NOW)


def test_the_secretary_s_version_is_in_force_and_the_old_one_stays(kocaeli, hakan, organs):
    before = Procedure.objects.in_force(kocaeli, Route.WORKING_GROUP)
    made = change(hakan, kocaeli)
    again = change(hakan, kocaeli)
    now = Procedure.objects.in_force(kocaeli, Route.WORKING_GROUP)
    assert made == again == now
    assert (now.number, now.admissibility_days, now.actor) == (before.number + 1, 12, hakan)
    assert stages_of(now)[-1] == Stage.REVIEWED
    entry = Entry.objects.get(kind="councils.procedure_changed")
    assert (entry.facts["number"], entry.facts["reason"]) == (2, WHY)


@pytest.mark.parametrize("who", ["ayse", "derya", "nermin", "selin", "superuser"])
def test_nobody_else_writes_the_procedure(request, kocaeli, organs, who):
    with pytest.raises(Refused, match="konsey sekreteri"):
        change(request.getfixturevalue(who), kocaeli)
    assert (Procedure.objects.count(), Entry.objects.count()) == (3, 0)


def test_a_contradictory_one_and_one_without_ground_leave_no_trace(kocaeli, hakan, organs):
    with pytest.raises(Contradictory):
        change(hakan, kocaeli, rules=without(Step.SENT))
    with pytest.raises(Exception, match="Dayanağı"):
        change(hakan, kocaeli, reason="Öyle.")
    assert (Procedure.objects.count(), Entry.objects.count()) == (3, 0)


def test_an_organ_that_does_not_exist_holds_nothing(kocaeli, hakan):
    with pytest.raises(Contradictory) as error:
        change(hakan, kocaeli)
    assert {each.code for each in error.value.found} == {"no_such_organ"}


def test_versions_and_their_steps_are_added_and_never_change(kocaeli):
    for rows in (Procedure.objects.all(), ProcedureStep.objects.all()):
        for wrong in (lambda rows=rows: rows.update(id=0), lambda rows=rows: rows._raw_delete(rows.db)):
            with pytest.raises(IntegrityError), transaction.atomic():
                wrong()


def test_a_council_without_any_starts_from_the_presets_with_its_own_values(db):
    council = f.CouncilFactory()
    made = start_procedures(council=council, values={"support_threshold": 77}, at=NOW)
    assert [each.route for each in made] == list(Route)
    assert rules_of(made[2]) == PRESETS[Route.DIRECTORATE]
    assert made[0].support_threshold == 77


@pytest.mark.django_db(transaction=True)
def test_those_who_start_and_change_a_procedure_at_once_write_each_number_once(db):
    council = f.CouncilFactory()
    secretary = f.MembershipFactory(body__council=council, body__kind=BodyKind.SECRETARIAT, role=Role.SECRETARY).person
    answers = at_once([lambda: start_procedures(council=council, at=NOW)] * 4)
    assert sorted(len(made) for made in answers) == [0, 0, 0, len(Route)]
    rules = PRESETS[Route.DIRECTORATE]

    def set_days(days):
        changed = [replace(rule, days=days) if rule.step == Step.SUBMITTED else rule for rule in rules]
        return set_procedure(
            actor=secretary, council=council, route=Route.DIRECTORATE, rules=changed, reason=WHY, at=NOW
        )

    made = at_once([lambda days=days: set_days(days) for days in (7, 8, 9)])
    assert sorted(each.number for each in made) == [2, 3, 4]


# --- Pages ------------------------------------------------------------------------------------------------------------
def typed(rules=FULL, **more):
    data = {"reason": WHY}
    for rule in rules:
        data |= {
            f"{rule.step}-applies": "on",
            f"{rule.step}-holder": rule.holder,
            f"{rule.step}-days": rule.days or "",
            f"{rule.step}-counts": "working" if rule.is_working_days else "calendar",
        }
        if rule.threshold:
            data[f"{rule.step}-threshold"] = rule.threshold
        if rule.majority:
            data |= {f"{rule.step}-majority": rule.majority, f"{rule.step}-quorum_percent": rule.quorum_percent}
    return {name: str(value) for name, value in (data | more).items()}


def test_everybody_reads_the_ways_and_their_history(client, kocaeli, hakan, organs, django_assert_num_queries):
    for days in (9, 10, 11, 12):
        change(hakan, kocaeli, days=days)
    with django_assert_num_queries(4):
        page = client.get(reverse("procedures", args=[kocaeli.slug])).content.decode()
    assert "12 iş günü" in page
    assert "Değiştir" not in page
    with django_assert_num_queries(4):
        history = client.get(reverse("procedure_detail", args=[kocaeli.slug, "calisma-grubu"])).content.decode()
    assert WHY in history
    assert "1. sürüm" in history
    assert client.get(reverse("procedure_detail", args=[kocaeli.slug, "baska"])).status_code == 404


def test_the_preview_draws_and_saves_nothing(client, kocaeli, hakan, organs):
    client.force_login(hakan)
    url = reverse("procedure_set", args=[kocaeli.slug, "calisma-grubu"])
    data = typed(**{"submitted-days": "9", "preview": "1", "gathering-threshold": "5000"})
    answer = client.post(url, data)
    page = answer.content.decode()
    assert (answer.status_code, Procedure.objects.count()) == (200, 3)
    assert "9 iş günü" in page
    assert "Eşik 5.000 destek" in page  # more than there are residents: a caution, no refusal


def test_what_contradicts_stands_beside_its_step_and_nothing_typed_is_lost(client, kocaeli, hakan, organs):
    client.force_login(hakan)
    url = reverse("procedure_set", args=[kocaeli.slug, "calisma-grubu"])
    answer = client.post(url, typed(without(Step.SENT), **{"submitted-days": "8"}))
    page = answer.content.decode()
    assert (answer.status_code, Procedure.objects.count()) == (422, 3)
    assert "Gönderilen görüş belediye meclisine ulaşır" in page
    assert 'value="8"' in page
    assert WHY in page


def test_it_is_put_in_force_from_the_page(client, kocaeli, hakan, organs):
    client.force_login(hakan)
    url = reverse("procedure_set", args=[kocaeli.slug, "calisma-grubu"])
    assert client.post(url, typed(**{"submitted-days": "8"})).status_code == 302
    assert Procedure.objects.in_force(kocaeli, Route.WORKING_GROUP).admissibility_days == 8
