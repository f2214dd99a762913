"""Every pair of stages is either a legal move or refused, here and by the database."""

from __future__ import annotations

import itertools

import pytest
from django.db import IntegrityError, transaction

from councils.models import Route
from councils.procedures import PRESETS
from proposals.models import Proposal
from proposals.reasons import REASONS
from proposals.stages import ENDED, GIVEN_BACK, MOVES, NEED_REASON, PATH, Stage, is_legal
from tests import factories as f

LEGAL = {
    "draft": "submitted",
    "submitted": "gathering in_group directorate inadmissible withdrawn merged split",
    "gathering": "in_group directorate unsupported withdrawn merged split",
    "in_group": "ballot declined withdrawn merged split",
    "ballot": "adopted board general_assembly declined in_group",
    "board": "general_assembly in_group",
    "general_assembly": "opinion declined in_group",
    "opinion": "sent",
    "sent": "on_agenda implementation declined",
    "on_agenda": "in_commission implementation declined sent",
    "in_commission": "on_agenda implementation declined",
    "directorate": "implementation declined withdrawn",
    "implementation": "done abandoned",
    "done": "reviewed",
}


@pytest.mark.parametrize(("old", "new"), list(itertools.product(Stage.values, Stage.values)))
def test_a_move_is_legal_exactly_when_the_table_says_so(old, new):
    assert is_legal(old, new) == (new in LEGAL.get(old, "").split())


def test_every_stage_has_its_row_and_can_be_reached():
    reached = {Stage.DRAFT} | set().union(*MOVES.values())
    assert (set(MOVES), reached) == (set(Stage), set(Stage))


def test_ended_stages_are_those_without_a_way_on_and_every_exit_by_decision_needs_a_reason():
    assert set(Stage.values) - set(LEGAL) == ENDED
    assert ENDED - {Stage.UNSUPPORTED, Stage.ADOPTED, Stage.REVIEWED} == NEED_REASON
    assert set(REASONS) == NEED_REASON | {new for _old, new in GIVEN_BACK}


@pytest.mark.parametrize("route", Route.values)
def test_the_way_of_every_preset_is_a_chain_of_legal_moves(route):
    stages = [Stage(rule.step) for rule in PRESETS[Route(route)]]
    assert all(is_legal(a, b) for a, b in itertools.pairwise(stages))
    assert stages == [stage for stage in PATH if stage in stages]


def test_the_database_refuses_an_unknown_stage_and_a_numberless_submission(db):
    proposal = f.ProposalFactory()
    for wrong in ({"stage": "elsewhere"}, {"number": ""}, {"stage": "draft"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(**wrong)
