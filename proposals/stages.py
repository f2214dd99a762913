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
    BOARD = "board", _l("Yürütme kurulunda")
    GENERAL_ASSEMBLY = "general_assembly", _l("Genel kurulda")
    OPINION = "opinion", _l("Görüş oldu")
    SENT = "sent", _l("Belediye meclisine gönderildi")
    ON_AGENDA = "on_agenda", _l("Belediye meclisi gündeminde")
    IN_COMMISSION = "in_commission", _l("Meclis komisyonunda")
    DIRECTORATE = "directorate", _l("Müdürlükte")
    IMPLEMENTATION = "implementation", _l("Uygulanıyor")
    DONE = "done", _l("Yapıldı")
    REVIEWED = "reviewed", _l("Değerlendirildi")
    ABANDONED = "abandoned", _l("Uygulanamadı")
    ADOPTED = "adopted", _l("Kabul edildi")
    DECLINED = "declined", _l("Kabul edilmedi")
    WITHDRAWN = "withdrawn", _l("Geri çekildi")
    MERGED = "merged", _l("Birleştirildi")
    SPLIT = "split", _l("Ayrıldı")


# The one table of legal moves. Which of them a proposal takes is said by its procedure (`routes.py`).
# A ballot without quorum or with a tie gives the proposal back to its body.
MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.DRAFT: frozenset({Stage.SUBMITTED}),
    Stage.SUBMITTED: frozenset(
        {
            Stage.GATHERING,
            Stage.IN_GROUP,
            Stage.DIRECTORATE,
            Stage.INADMISSIBLE,
            Stage.WITHDRAWN,
            Stage.MERGED,
            Stage.SPLIT,
        }
    ),
    Stage.INADMISSIBLE: frozenset(),
    Stage.GATHERING: frozenset(
        {Stage.IN_GROUP, Stage.DIRECTORATE, Stage.UNSUPPORTED, Stage.WITHDRAWN, Stage.MERGED, Stage.SPLIT}
    ),
    Stage.UNSUPPORTED: frozenset(),
    Stage.IN_GROUP: frozenset({Stage.BALLOT, Stage.DECLINED, Stage.WITHDRAWN, Stage.MERGED, Stage.SPLIT}),
    Stage.BALLOT: frozenset({Stage.ADOPTED, Stage.BOARD, Stage.GENERAL_ASSEMBLY, Stage.DECLINED, Stage.IN_GROUP}),
    Stage.BOARD: frozenset({Stage.GENERAL_ASSEMBLY, Stage.IN_GROUP}),
    Stage.GENERAL_ASSEMBLY: frozenset({Stage.OPINION, Stage.DECLINED, Stage.IN_GROUP}),
    Stage.OPINION: frozenset({Stage.SENT}),
    Stage.SENT: frozenset({Stage.ON_AGENDA, Stage.IMPLEMENTATION, Stage.DECLINED}),
    Stage.ON_AGENDA: frozenset({Stage.IN_COMMISSION, Stage.IMPLEMENTATION, Stage.DECLINED, Stage.SENT}),
    Stage.IN_COMMISSION: frozenset({Stage.ON_AGENDA, Stage.IMPLEMENTATION, Stage.DECLINED}),
    Stage.DIRECTORATE: frozenset({Stage.IMPLEMENTATION, Stage.DECLINED, Stage.WITHDRAWN}),
    Stage.IMPLEMENTATION: frozenset({Stage.DONE, Stage.ABANDONED}),
    Stage.DONE: frozenset({Stage.REVIEWED}),
    Stage.REVIEWED: frozenset(),
    Stage.ABANDONED: frozenset(),
    Stage.ADOPTED: frozenset(),
    Stage.DECLINED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
    Stage.MERGED: frozenset(),
    Stage.SPLIT: frozenset(),
}
# Moves that carry a reason the author and every supporter read.
NEED_REASON = frozenset(
    {Stage.INADMISSIBLE, Stage.DECLINED, Stage.WITHDRAWN, Stage.MERGED, Stage.SPLIT, Stage.ABANDONED}
)
# Moves back to the body that discusses; they carry a reason too.
GIVEN_BACK = frozenset({(Stage.BOARD, Stage.IN_GROUP), (Stage.GENERAL_ASSEMBLY, Stage.IN_GROUP)})
ENDED = frozenset(stage for stage, moves in MOVES.items() if not moves)
# The whole way in its order. A procedure leaves some steps out; exits are drawn in place of the step they left from.
PATH = (
    Stage.SUBMITTED,
    Stage.GATHERING,
    Stage.IN_GROUP,
    Stage.BALLOT,
    Stage.BOARD,
    Stage.GENERAL_ASSEMBLY,
    Stage.OPINION,
    Stage.SENT,
    Stage.ON_AGENDA,
    Stage.IN_COMMISSION,
    Stage.DIRECTORATE,
    Stage.IMPLEMENTATION,
    Stage.DONE,
    Stage.REVIEWED,
)
# Accepted by the body it was addressed to, whatever became of it later.
PASSED = frozenset({Stage.ADOPTED, *PATH[PATH.index(Stage.BOARD) :], Stage.ABANDONED} - {Stage.DIRECTORATE})
# Ended because it was not taken up; the author may write it anew.
REFUSED = frozenset({Stage.INADMISSIBLE, Stage.UNSUPPORTED, Stage.DECLINED})
# Where the text, the author and the place of a proposal may still change hands: merged, split, withdrawn.
BEFORE_A_VOTE = frozenset({Stage.SUBMITTED, Stage.GATHERING, Stage.IN_GROUP})
# Before the municipal council, and after its answer.
IN_MUNICIPAL_COUNCIL = frozenset({Stage.SENT, Stage.ON_AGENDA, Stage.IN_COMMISSION})
LONGEST_STAGE = 20


def is_legal(old: Stage | str, new: Stage | str) -> bool:
    """Whether a proposal may move from one stage to another."""
    return Stage(new) in MOVES[Stage(old)]
