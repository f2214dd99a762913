"""One order for many proposals: every row goes through the action of the single page, in a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from councils.models import Body, Council, District, Theme
from people.models import Person
from people.verdicts import YES, Refused, Verdict, no
from proposals.actions.managing import (
    assign_proposal,
    change_district,
    change_theme,
    hand_over,
    tag_proposal,
    untag_proposal,
)
from proposals.actions.moving import find_admissible, find_inadmissible
from proposals.models import Proposal, Tag
from proposals.permissions import may_decide_admissibility, may_hand_over, may_manage_proposals
from proposals.stages import Stage

MOST_AT_ONCE = 100


class Deed(models.TextChoices):
    """What can be done with many proposals at once."""

    ASSIGN = "sorumlu", _l("Sorumlu ver")
    TAG = "etiketle", _l("Etiketle")
    UNTAG = "etiketi-kaldir", _l("Etiketi kaldır")
    THEME = "konu", _l("Konuyu değiştir")
    DISTRICT = "ilce", _l("İlçeyi değiştir")
    HAND_OVER = "devret", _l("Başka gruba ya da meclise devret")
    ADMIT = "uygun", _l("Uygun bul")
    REJECT = "uygun-degil", _l("Uygun bulunmadığını bildir")


ON_ADMISSIBILITY = frozenset({Deed.HAND_OVER, Deed.ADMIT, Deed.REJECT})


@dataclass(frozen=True, slots=True)
class Order:
    """A deed with what it needs; the rest stays empty."""

    deed: Deed
    assignee: Person | None = None
    tag: str = ""
    old_tag: Tag | None = None
    theme: Theme | None = None
    district: District | None = None
    body: Body | None = None
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row; the sentence says why nothing did."""

    proposal: Proposal
    is_done: bool
    sentence: str = ""


def may_do(actor: Person, deed: Deed, proposal: Proposal, *, at: datetime) -> Verdict:
    """The verdict that the deed's own action asks, for the preview; who enters the list was asked before."""
    if deed == Deed.HAND_OVER:
        return may_hand_over(actor, proposal, at=at)
    if deed in ON_ADMISSIBILITY:
        return may_decide_admissibility(actor, proposal, at=at)
    if proposal.stage == Stage.DRAFT:
        return no(_("Taslak henüz sunulmadı."), code="wrong_stage")
    return YES


def may_do_each(actor: Person, deed: Deed, proposals: Sequence[Proposal], *, at: datetime) -> list[Verdict]:
    """`may_do` for proposals of one council, asked once for all that stand at the same place with the same holder."""
    known: dict[tuple[str, str], Verdict] = {}
    for each in proposals:
        if (each.stage, each.holder) not in known:
            known[each.stage, each.holder] = may_do(actor, deed, each, at=at)
    return [known[each.stage, each.holder] for each in proposals]


def carry_out(
    *, actor: Person, council: Council, proposals: Sequence[Proposal], order: Order, at: datetime
) -> list[Outcome]:
    """Do it to each, in their order; a row that fails says why and stops no other.

    Raises `Refused` for who may not use the list at all, `ValidationError` when too many are named, and nothing is done then.
    """
    may_manage_proposals(actor, council, at=at).require()
    if len(proposals) > MOST_AT_ONCE:
        raise ValidationError(_("Bir seferde en çok 100 öneri seçilir."), code="too_many")
    return [_one(actor, council, proposal, order, at=at) for proposal in proposals]


def _one(actor: Person, council: Council, proposal: Proposal, order: Order, *, at: datetime) -> Outcome:
    if proposal.council_id != council.pk:
        return Outcome(proposal, False, _("Bu konseyde böyle bir öneri yok."))
    try:
        _do(actor, proposal, order, at=at)
    except Refused as refusal:
        return Outcome(proposal, False, refusal.reason)
    except ValidationError as error:
        return Outcome(proposal, False, " ".join(error.messages))
    return Outcome(proposal, True)


def _do(actor: Person, proposal: Proposal, order: Order, *, at: datetime) -> None:
    match order.deed:
        case Deed.ASSIGN:
            assign_proposal(actor=actor, proposal=proposal, assignee=order.assignee, at=at)
        case Deed.TAG:
            tag_proposal(actor=actor, proposal=proposal, name=order.tag, at=at)
        case Deed.UNTAG:
            assert order.old_tag is not None
            untag_proposal(actor=actor, proposal=proposal, tag=order.old_tag, at=at)
        case Deed.THEME:
            assert order.theme is not None
            change_theme(actor=actor, proposal=proposal, theme=order.theme, at=at)
        case Deed.DISTRICT:
            change_district(actor=actor, proposal=proposal, district=order.district, at=at)
        case Deed.HAND_OVER:
            assert order.body is not None
            hand_over(actor=actor, proposal=proposal, body=order.body, at=at)
        case Deed.ADMIT:
            find_admissible(actor=actor, proposal=proposal, at=at)
        case Deed.REJECT:
            find_inadmissible(actor=actor, proposal=proposal, reason=order.reason, reason_code=order.reason_code, at=at)
