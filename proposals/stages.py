"""The stages of a proposal and its legal moves. Plain data, no ORM."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _l


class Stage(models.TextChoices):
    """Where a proposal stands (aşama)."""

    DRAFT = "draft", _l("Taslak")
    SUBMITTED = "submitted", _l("Sunuldu")
    INADMISSIBLE = "inadmissible", _l("Uygun bulunmadı")
    GATHERING = "gathering", _l("Destek topluyor")
    UNSUPPORTED = "unsupported", _l("Süresinde desteklenmedi")
    IN_GROUP = "in_group", _l("Görüşülüyor")
    BALLOT = "ballot", _l("Oylanıyor")
    ADOPTED = "adopted", _l("Kabul edildi")
    DECLINED = "declined", _l("Kabul edilmedi")
    WITHDRAWN = "withdrawn", _l("Geri çekildi")


# The one table of legal moves. A ballot without quorum or with a tie gives the proposal back to its body.
MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.DRAFT: frozenset({Stage.SUBMITTED}),
    Stage.SUBMITTED: frozenset({Stage.GATHERING, Stage.INADMISSIBLE, Stage.WITHDRAWN}),
    Stage.INADMISSIBLE: frozenset(),
    Stage.GATHERING: frozenset({Stage.IN_GROUP, Stage.UNSUPPORTED, Stage.WITHDRAWN}),
    Stage.UNSUPPORTED: frozenset(),
    Stage.IN_GROUP: frozenset({Stage.BALLOT, Stage.DECLINED, Stage.WITHDRAWN}),
    Stage.BALLOT: frozenset({Stage.ADOPTED, Stage.DECLINED, Stage.IN_GROUP}),
    Stage.ADOPTED: frozenset(),
    Stage.DECLINED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
}
# Moves that carry a reason the author and every supporter read.
NEED_REASON = frozenset({Stage.INADMISSIBLE, Stage.DECLINED, Stage.WITHDRAWN})
ENDED = frozenset(stage for stage, moves in MOVES.items() if not moves)
# The straight way, drawn as the path; exits are drawn in place of the step they left from.
PATH = (Stage.SUBMITTED, Stage.GATHERING, Stage.IN_GROUP, Stage.BALLOT, Stage.ADOPTED)


def is_legal(old: Stage | str, new: Stage | str) -> bool:
    """Whether a proposal may move from one stage to another."""
    return Stage(new) in MOVES[Stage(old)]
