"""The desk brings a need and an offer together; both sides answer; what came of it is noted."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from discussions.markup import clean
from people.models import Person
from people.verdicts import no
from solidarity.actions.posting import locked, tell
from solidarity.actions.telling import note_telling
from solidarity.journal_kinds import SolidarityKind
from solidarity.models import Match, Post, Side
from solidarity.permissions import is_on_board, may_keep, represents


@transaction.atomic
def propose_match(*, actor: Person, need: Post, offer: Post, at: datetime) -> Match:
    """Bring a need and an offer of the board together; again it is the same match."""
    need, offer = locked(need), locked(offer)
    may_keep(actor, need.council).require()
    fits = (need.side, offer.side) == (Side.NEED, Side.OFFER) and need.council_id == offer.council_id
    if not fits or need.organisation_id == offer.organisation_id:
        raise ValidationError({"offer": _("Başka bir kuruluşun desteğini seçin.")})
    before = Match.objects.filter(need=need, offer=offer).first()
    if before is not None:
        return before
    if not (is_on_board(need, at=at) and is_on_board(offer, at=at)):
        raise ValidationError({"offer": _("İlanlardan biri artık panoda değil.")})
    match = Match.objects.create(need=need, offer=offer, proposed_by=actor, proposed_at=at)
    for each in (need, offer):
        note_telling(each, each.organisation, "matched", at)
    tell(SolidarityKind.MATCHED, need, actor, at)
    return match


def _locked(match: Match) -> Match:
    rows = Match.objects.select_for_update(of=("self",))
    return rows.select_related("need__council", "need__organisation", "offer__organisation", "offer__council").get(
        pk=match.pk
    )


@transaction.atomic
def answer_match(*, actor: Person, match: Match, accepts: bool, at: datetime) -> Match:
    """Say yes or no for the side one represents; a no ends it, and may be changed until it is fulfilled."""
    match = _locked(match)
    sides = [side for side in ("need", "offer") if represents(actor, getattr(match, side).organisation_id, at=at)]
    if not sides:
        no(_("Eşleşmeyi iki kuruluşun temsilcileri yanıtlar."), code="not_representative").require()
    if match.fulfilled_at is not None:
        no(_("Bu ihtiyaç karşılandı."), code="over").require()
    for side in sides:
        setattr(match, f"{side}_says", accepts)
    match.save(update_fields=["need_says", "offer_says"])
    for side, other in (("need", match.offer), ("offer", match.need)):
        if side in sides and len(sides) == 1:
            note_telling(other, other.organisation, "answered", at)
    tell(SolidarityKind.ANSWERED, match.need, actor, at, accepts=accepts)
    return match


@transaction.atomic
def fulfil(*, actor: Person, match: Match, outcome: str, at: datetime) -> Match:
    """Note what came of a match both sides accepted; the need leaves the board. Again it changes nothing."""
    match = _locked(match)
    need = locked(match.need)
    may_keep(actor, need.council).require()
    if match.fulfilled_at is not None:
        return match
    outcome = clean(outcome)
    if not 3 <= len(outcome) <= 500:
        raise ValidationError({"outcome": _("Sonucu yazın, en çok 500 harf.")})
    if not match.is_accepted:
        raise ValidationError({"outcome": _("İki kuruluş da kabul etmedi.")})
    if Match.objects.filter(need=need, fulfilled_at__isnull=False).exists():
        raise ValidationError({"outcome": _("Bu ihtiyaç başka bir destekle karşılandı.")})
    match.fulfilled_at, match.outcome = at, outcome
    match.save(update_fields=["fulfilled_at", "outcome"])
    if need.closed_at is None:
        need.closed_at = at
        need.save(update_fields=["closed_at"])
    tell(SolidarityKind.FULFILLED, need, actor, at)
    return match
