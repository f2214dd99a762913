"""A council whose proposals went all kinds of ways, counted."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from impact.actions import recount_all
from proposals import actions
from proposals.actions import Said
from proposals.actions.moving import locked, move
from proposals.budget import actions as budget
from proposals.budget.importing import read_lines, read_objectives
from proposals.journal_kinds import ProposalKind
from proposals.models import BudgetLine, Objective
from proposals.stages import MOVES, Stage
from tests import factories as f
from tests.proposals.municipal import AUGUST, EVENING, SENT_AT, decision_fields, meetings, proposals_of, sent_opinion

REASON = "Aynı iş geçen yıl bitti."


@pytest.fixture
def history(kocaeli, ulasim, korfez):
    """Forty proposals in three years and three places, each moved on by chance; the same in every run."""
    chance = random.Random(7)
    now = timezone.now()
    author = f.PersonFactory()
    districts = [f.DistrictFactory(council=kocaeli, name=name) for name in ("İzmit", "Gebze", "Kandıra")]
    themes = [f.ThemeFactory(council=kocaeli, name=name) for name in ("Ulaşım", "Kültür")]
    sink = f.ProposalFactory(council=kocaeli, author=author, addressed_to=ulasim, created_at=now - timedelta(days=30))
    for n in range(39):
        at = now - timedelta(days=chance.randint(40, 900))
        proposal = f.ProposalFactory(
            council=kocaeli,
            author=author,
            addressed_to=ulasim,
            on_behalf_of=korfez if n % 4 == 0 else None,
            district=districts[n % 3] if n % 5 else None,
            theme=themes[n % 2],
            created_at=at,
            support_closes_at=now + timedelta(days=90),
            title=f"Öneri {n}",
        )
        for _step in range(chance.randint(0, 9)):
            ways = sorted(MOVES[Stage(proposal.stage)])
            if not ways:
                break
            at = min(now, at + timedelta(days=chance.randint(1, 60)))
            with transaction.atomic():
                moved = locked(proposal)
                new = Stage(chance.choice(ways))
                moved.merged_into = sink if new == Stage.MERGED else None
                move(moved, new, kind=ProposalKind.REVISED, actor=None, at=at, reason=REASON, reason_code="other")
            proposal = moved
    recount_all()
    return kocaeli


@pytest.fixture
def decided(kocaeli, ulasim, hakan, selin):
    """An opinion whose four proposals met four ends in decision 2037/118: the first is done, the second begun."""
    calendar = meetings(kocaeli)
    opinion = sent_opinion(kocaeli, ulasim, count=4)
    actions.put_on_municipal_agenda(actor=hakan, opinion=opinion, meeting=calendar[0], number=7, at=SENT_AT)
    first, second, third, fourth = proposals_of(opinion)
    outcomes = [
        Said(first, "accepted"),
        Said(second, "partly", accepted_parts="Yalnızca sahil kesimi."),
        Said(third, "declined", reason_code="no_budget"),
        Said(fourth, "deferred", deferred_to=calendar[1]),
    ]
    decision = actions.enter_decision(
        actor=hakan, opinion=opinion, said=decision_fields(calendar[0]), outcomes=outcomes, at=EVENING
    )
    actions.confirm_decision(actor=selin, decision=decision, at=EVENING)
    fields = decision_fields(calendar[1], serial=131)
    waiting = [Said(fourth, "accepted")]
    later = calendar[1].starts_at + timedelta(hours=3)
    actions.enter_decision(actor=selin, opinion=opinion, said=fields, outcomes=waiting, at=later)
    for proposal in (first, second):
        actions.plan_implementation(
            actor=selin, proposal=proposal, unit="Park ve Bahçeler", contact="Birim amiri", at=EVENING
        )
    day = AUGUST.date() + timedelta(days=30)
    actions.add_milestone(actor=selin, proposal=second, title="İhale yapılacak", planned_on=day, at=EVENING)
    actions.finish_implementation(actor=selin, proposal=first, outcome="Yol bitti, açıldı.", at=EVENING)
    recount_all()
    return proposals_of(opinion)


@pytest.fixture
def funded(kocaeli, decided, selin):
    """The first of `decided` is paid by two lines, the second by one of them; the second serves an objective and its aim."""
    first, second, *_rest = decided
    lines = "yıl;kod;ad;birim;tutar\n2037;1.1;=Yol yapımı;Fen İşleri;1.000.000\n2037;1.2;Proje;;\n2036;1.1;Eski yol;;5"
    budget.import_budget_lines(actor=selin, council=kocaeli, rows=read_lines(lines), at=EVENING)
    plan = "dönem;kod;ad\n2035-2039;A1;Ulaşım\n2035-2039;H1.2;Bisiklet yolları"
    budget.import_objectives(actor=selin, council=kocaeli, rows=read_objectives(plan), at=EVENING)
    road, project = BudgetLine.objects.filter(year=2037).order_by("code")
    for proposal, line, amount in ((first, road, "600000"), (first, project, None), (second, road, "250000.50")):
        value = None if amount is None else Decimal(amount)
        actions.fund_implementation(actor=selin, proposal=proposal, line=line.pk, amount=value, at=EVENING)
    for objective in Objective.objects.all():
        actions.serve_objective(actor=selin, proposal=second, objective=objective.pk, at=EVENING)
    return decided
