"""From every stage, every move by everybody that is not theirs or not its time is refused and leaves no trace.

What may be done is said here once more, as a small table of its own: stage, deed, who. Everything else must be refused.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from councils.models import BodyKind, Role
from journal.models import Entry
from people.verdicts import Refused
from proposals import actions
from proposals.models import Proposal, ProposalVersion, StageChange, Support
from proposals.stages import ENDED, Stage
from tests import factories as f

NOW = timezone.now()
WHY = {"reason": "Gerekçesi uzun uzun yazıldı.", "reason_code": "other"}
PARTS = [actions.Part("Işık", "", "Işık konsun."), actions.Part("Yol", "", "Yol birleşsin.")]


def revise(*, actor, proposal, at):
    return actions.revise_proposal(
        actor=actor,
        proposal=proposal,
        title=proposal.title,
        summary=proposal.summary,
        text=f"{proposal.text}\n\nBir bölüm daha.",
        note="Bir bölüm daha yazdım.",
        at=at,
    )


DEEDS: dict[str, Callable[..., Any]] = {
    "submit": actions.submit_proposal,
    "admit": actions.find_admissible,
    "reject": lambda **given: actions.find_inadmissible(**given, **WHY),
    "support": actions.support_proposal,
    "revise": revise,
    "withdraw": lambda **given: actions.withdraw_proposal(**given, **WHY),
    "decline": lambda **given: actions.decline_in_group(**given, **WHY),
    "open_ballot": lambda **given: actions.open_ballot(**given, closes_at=NOW + timedelta(days=2)),
    "put_on_agenda": actions.put_on_agenda,
    "give_back": lambda **given: actions.give_back(**given, **WHY),
    "accept_directly": lambda **given: actions.accept_directly(**given, reason=WHY["reason"]),
    "decline_directly": lambda **given: actions.decline_directly(**given, **WHY),
    "merge": None,  # into a proposal that stands beside it; see `deed`
    "split": lambda **given: actions.split_proposal(**given, parts=PARTS, **WHY),
}
MODERATORS = {"secretary", "facilitator"}
# The stages that differ by who may do what; in all the others nobody may do anything of this list.
MAY: dict[Stage, dict[str, set[str]]] = {
    Stage.DRAFT: {"submit": {"author"}},
    Stage.SUBMITTED: {
        "admit": {"secretary"},
        "reject": {"secretary"},
        "revise": {"author"},
        "withdraw": {"author"},
        "merge": MODERATORS,
        "split": MODERATORS,
    },
    Stage.GATHERING: {
        "support": {"author", "resident", "facilitator"},
        "revise": {"author"},
        "withdraw": {"author"},
        "merge": MODERATORS,
        "split": MODERATORS,
    },
    Stage.IN_GROUP: {
        "open_ballot": {"facilitator"},
        "decline": {"facilitator"},
        "revise": {"author"},
        "withdraw": {"author"},
        "merge": MODERATORS,
        "split": MODERATORS,
    },
    Stage.BOARD: {"put_on_agenda": {"board"}, "give_back": {"board"}},
    Stage.GENERAL_ASSEMBLY: {"give_back": {"secretary", "assembly"}},
    Stage.DIRECTORATE: {
        "accept_directly": {"officer"},
        "decline_directly": {"officer"},
        "withdraw": {"author"},
    },
}
# A second click on what one has just done oneself is no refusal and does nothing; here nobody has done anything before.


@pytest.fixture
def cast(kocaeli, adana, ulasim, ayse, mehmet, derya, hakan, selin, murat, outsider, superuser):
    def leads(kind):
        body = f.BodyFactory(council=kocaeli, kind=kind, name=str(kind.label))
        return f.MembershipFactory(body=body, role=Role.PRESIDENT).person

    secretariat = f.BodyFactory(council=adana, kind=BodyKind.SECRETARIAT, name="Adana Sekreterliği")
    return {
        "author": ayse,
        "resident": mehmet,
        "facilitator": derya,
        "secretary": hakan,
        "officer": selin,
        "centre": murat,
        "board": leads(BodyKind.EXECUTIVE_BOARD),
        "assembly": leads(BodyKind.GENERAL_ASSEMBLY),
        "neighbour": f.MembershipFactory(body=secretariat, role=Role.SECRETARY).person,
        "outsider": outsider,
        "superuser": superuser,
    }


def traces() -> tuple[Any, ...]:
    rows = Proposal.objects.order_by("pk").values_list("pk", "stage", "holder", "due_at", "support_count", "version")
    counts = (Entry, StageChange, Support, ProposalVersion)
    return (*rows, *(model.objects.count() for model in counts))


@pytest.mark.parametrize("stage", Stage)
def test_everything_that_is_not_in_the_table_is_refused_and_leaves_no_trace(stage, cast, kocaeli, ulasim):
    author = cast["author"]
    proposal = f.ProposalFactory(
        council=kocaeli, addressed_to=ulasim, author=author, stage=stage, support_threshold=50, created_at=NOW
    )
    beside = f.ProposalFactory(council=kocaeli, addressed_to=ulasim, stage=Stage.GATHERING, support_threshold=50)
    wrong = []
    before = traces()
    for (name, deed), (role, person) in itertools.product(DEEDS.items(), cast.items()):
        if name == "merge":
            deed = merging_into(beside)
        expected = role in MAY.get(stage, {}).get(name, set())
        if name == "submit" and stage != Stage.DRAFT and role == "author":
            continue  # answers with what was submitted, and does nothing
        if name == "withdraw" and stage == Stage.WITHDRAWN and role == "author":
            continue  # likewise
        given = {"actor": person, "proposal": Proposal.objects.get(pk=proposal.pk), "at": NOW}
        try:
            if expected:  # done, and taken back
                with transaction.atomic():
                    deed(**given)
                    transaction.set_rollback(True)
            else:
                deed(**given)
                wrong.append(f"{role} may {name}")
        except (Refused, ValidationError):
            if expected:
                wrong.append(f"{role} may not {name}")
    assert traces() == before
    assert wrong == []


def merging_into(other: Proposal) -> Callable[..., Any]:
    return lambda **given: actions.merge_proposals(into=other, **given, **WHY)


def test_the_table_speaks_of_stages_that_go_on():
    assert not set(MAY) & ENDED
    assert set(DEEDS) == set(itertools.chain.from_iterable(MAY.values()))
