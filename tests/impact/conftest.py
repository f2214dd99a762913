"""A council whose proposals went all kinds of ways, counted."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from impact.actions import recount_all
from proposals.actions.moving import locked, move
from proposals.journal_kinds import ProposalKind
from proposals.stages import MOVES, Stage
from tests import factories as f

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
