"""Preparing an opinion: which proposals it is made of, and its text, until the general assembly is asked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from councils.models import Council
from discussions.markup import clean
from people.models import Person
from people.verdicts import no
from proposals.actions.moving import all_locked
from proposals.actions.opinions.common import locked_opinion, rule_of, tell
from proposals.journal_kinds import ProposalKind
from proposals.models import MAX_BODY_LENGTH, Opinion, OpinionProposal, Proposal
from proposals.opinions.permissions import may_edit_opinion, may_prepare_opinions
from proposals.opinions.wording import first_text, first_title
from proposals.stages import Stage

MOST_PROPOSALS = 40
"""How many proposals one opinion may be made of."""


@transaction.atomic
def prepare_opinion(*, actor: Person, council: Council, proposals: Collection[Proposal], at: datetime) -> Opinion:
    """Start an opinion from proposals that wait for the general assembly; its text begins with theirs, each with its source.

    Refuses who does not prepare opinions. `ValidationError` on ``proposals`` when one cannot be taken in.
    """
    may_prepare_opinions(actor, council, at=at).require()
    taken = _locked_for(council, proposals)
    rule_of(taken)
    opinion = Opinion.objects.create(
        council=council,
        title=first_title(taken),
        text=clean(first_text(taken))[:MAX_BODY_LENGTH],
        prepared_by=actor,
        created_at=at,
        state_since=at,
    )
    _take_in(opinion, taken, actor=actor, at=at)
    return opinion


@transaction.atomic
def edit_opinion(
    *,
    actor: Person,
    opinion: Opinion,
    title: str,
    text: str,
    proposals: Collection[Proposal],
    base: int,
    at: datetime,
) -> Opinion:
    """Save title, text and proposals of a draft. `base` is the revision the person started from.

    Refuses who does not prepare opinions, and an opinion the general assembly has been asked about. `ValidationError` on
    ``title``, ``text``, ``proposals``, or ``base`` when somebody else has saved meanwhile.
    """
    opinion, before = locked_opinion(opinion)
    may_edit_opinion(actor, opinion, at=at).require()
    if base != opinion.revision:
        raise ValidationError(
            {"base": _("Bu taslağı bu arada başkası değiştirdi. Metninizi kopyalayın ve sayfayı yenileyin.")},
            code="changed_meanwhile",
        )
    opinion.title, opinion.text = " ".join(title.split()), clean(text)
    if not opinion.title:
        raise ValidationError({"title": _("Başlık yazın.")})
    if not opinion.text:
        raise ValidationError({"text": _("Görüşün metnini yazın.")})
    opinion.clean_fields(exclude=["number", "registry_number", "prepared_by", "council", "sent_by"])
    kept = {proposal.pk for proposal in before}
    wanted = {proposal.pk for proposal in proposals}
    added = _locked_for(opinion.council, [proposal for proposal in proposals if proposal.pk not in kept])
    together = [*(proposal for proposal in before if proposal.pk in wanted), *added]
    if len(together) > MOST_PROPOSALS:
        _too_many()
    rule_of(together)
    _let_go(opinion, kept - wanted)
    _take_in(opinion, added, actor=actor, at=at)
    opinion.revision += 1
    opinion.save()
    return opinion


@transaction.atomic
def discard_opinion(*, actor: Person, opinion: Opinion, at: datetime) -> None:
    """Delete a draft that was never put to the general assembly; its proposals wait on. A second call changes nothing."""
    may_prepare_opinions(actor, opinion.council, at=at).require()
    found = Opinion.objects.select_for_update(of=("self",)).select_related("council").filter(pk=opinion.pk).first()
    if found is None:
        return
    may_edit_opinion(actor, found, at=at).require()
    if found.number:
        no(_("Genel kurula sunulmuş bir görüş silinmez; önerileri başka bir görüşe alın."), code="has_number").require()
    found.delete()


def let_go_of(proposal: Proposal) -> None:
    """A locked proposal leaves the draft it stands in; refuses with ``opinion_in_vote`` while the assembly is asked.

    Every move of an opinion holds the locks of its proposals, so what is read here stays true until the commit.
    """
    link = OpinionProposal.objects.select_related("opinion").filter(proposal=proposal, is_current=True).first()
    if link is None:
        return
    if link.opinion.state != "draft":
        no(
            _("Öneri, genel kurula sunulan bir görüşün içinde; karardan önce geri verilmez."), code="opinion_in_vote"
        ).require()
    _let_go(link.opinion, {proposal.pk})


def _too_many() -> None:
    raise ValidationError(
        {"proposals": _("Bir görüş en çok %(n)d öneriden oluşabilir.") % {"n": MOST_PROPOSALS}}, code="too_many"
    )


def _locked_for(council: Council, proposals: Collection[Proposal]) -> list[Proposal]:
    """The proposals, locked; `ValidationError` for what is not waiting for this council's general assembly, or is taken."""
    if len(proposals) > MOST_PROPOSALS:
        _too_many()
    taken = list(all_locked({proposal.pk for proposal in proposals}).values())
    for proposal in taken:
        if proposal.council_id != council.pk or proposal.stage != Stage.GENERAL_ASSEMBLY:
            raise ValidationError(
                {"proposals": _("%(number)s numaralı öneri genel kurulda beklemiyor.") % {"number": proposal.number}}
            )
    held = OpinionProposal.objects.filter(proposal__in=taken, is_current=True).select_related("proposal").first()
    if held is not None:
        raise ValidationError(
            {"proposals": _("%(number)s numaralı öneri başka bir görüşte.") % {"number": held.proposal.number}}
        )
    return taken


def _take_in(opinion: Opinion, proposals: Collection[Proposal], *, actor: Person, at: datetime) -> None:
    for proposal in proposals:
        OpinionProposal.objects.update_or_create(
            opinion=opinion, proposal=proposal, defaults={"version": proposal.version, "is_current": True}
        )
    tell(ProposalKind.TAKEN_INTO_OPINION, opinion, proposals, actor=actor, at=at)


def _let_go(opinion: Opinion, pks: Collection[int]) -> None:
    """Out of the draft; where the assembly has been asked before, it stays on record that they were in it."""
    links = opinion.links.filter(proposal__in=pks)
    if opinion.number:
        links.update(is_current=False)
    else:
        links.delete()
