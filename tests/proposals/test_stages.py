"""Every pair of stages is either a legal move or refused, here and by the database."""

from __future__ import annotations

import itertools

import pytest
from django.db import IntegrityError, transaction

from proposals.models import Proposal
from proposals.stages import ENDED, MOVES, NEED_REASON, PATH, Stage, is_legal
from tests import factories as f

LEGAL = {
    ("draft", "submitted"),
    ("submitted", "gathering"),
    ("submitted", "inadmissible"),
    ("submitted", "withdrawn"),
    ("gathering", "in_group"),
    ("gathering", "unsupported"),
    ("gathering", "withdrawn"),
    ("in_group", "ballot"),
    ("in_group", "declined"),
    ("in_group", "withdrawn"),
    ("ballot", "adopted"),
    ("ballot", "declined"),
    ("ballot", "in_group"),
}


@pytest.mark.parametrize(("old", "new"), itertools.product(Stage.values, Stage.values))
def test_a_move_is_legal_exactly_when_the_table_says_so(old, new):
    assert is_legal(old, new) == ((old, new) in LEGAL)


def test_every_stage_has_its_row_and_can_be_reached():
    reached = {Stage.DRAFT} | set().union(*MOVES.values())
    assert (set(MOVES), reached) == (set(Stage), set(Stage))


def test_ended_stages_are_those_without_a_way_on_and_every_exit_by_decision_needs_a_reason():
    assert {Stage.INADMISSIBLE, Stage.UNSUPPORTED, Stage.ADOPTED, Stage.DECLINED, Stage.WITHDRAWN} == ENDED
    assert NEED_REASON < ENDED
    assert all(is_legal(a, b) for a, b in itertools.pairwise(PATH))


def test_the_database_refuses_an_unknown_stage_and_a_numberless_submission(db):
    proposal = f.ProposalFactory()
    for wrong in ({"stage": "elsewhere"}, {"number": ""}, {"stage": "draft"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(**wrong)
