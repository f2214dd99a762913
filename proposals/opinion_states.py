"""The states of an opinion and its legal moves. Plain data, no ORM."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _l


class OpinionState(models.TextChoices):
    """Where an opinion stands (görüşün durumu)."""

    DRAFT = "draft", _l("Hazırlanıyor")
    VOTING = "voting", _l("Genel kurulda")
    ADOPTED = "adopted", _l("Kabul edildi")
    DECLINED = "declined", _l("Kabul edilmedi")
    SENT = "sent", _l("Belediye meclisine gönderildi")


# The one table of legal moves; migration 0075 keeps it too. A vote without result gives the opinion back to who wrote it.
OPINION_MOVES: dict[OpinionState, frozenset[OpinionState]] = {
    OpinionState.DRAFT: frozenset({OpinionState.VOTING}),
    OpinionState.VOTING: frozenset({OpinionState.ADOPTED, OpinionState.DECLINED, OpinionState.DRAFT}),
    OpinionState.ADOPTED: frozenset({OpinionState.SENT}),
    OpinionState.DECLINED: frozenset(),
    OpinionState.SENT: frozenset(),
}


def is_legal_for_opinions(old: OpinionState | str, new: OpinionState | str) -> bool:
    """Whether an opinion may move from one state to another."""
    return OpinionState(new) in OPINION_MOVES[OpinionState(old)]
