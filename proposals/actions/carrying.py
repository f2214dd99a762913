"""Open amendments after a new version: they follow their paragraph, or are overtaken where it changed."""

from __future__ import annotations

from datetime import datetime

from journal.actions import Happening, record_many
from proposals.amending import AmendmentState, paragraphs_of, places
from proposals.journal_kinds import ProposalKind
from proposals.models import Amendment, AmendmentDecision, Proposal, ProposalVersion


def follow_paragraphs(
    proposal: Proposal,
    old: ProposalVersion,
    new: ProposalVersion,
    *,
    accepted: Amendment | None,
    at: datetime,
) -> None:
    """Take the open amendments of a locked proposal from one version to the next.

    One whose paragraph stands unchanged somewhere keeps its place there. Every other is overtaken: nothing is ever put into
    a text that its author has not seen.
    """
    others = Amendment.objects.filter(proposal=proposal, state=AmendmentState.OPEN).order_by("number")
    waiting = [each for each in others if accepted is None or each.pk != accepted.pk]
    if not waiting:
        return
    change = accepted.change if accepted is not None else None
    found = places(paragraphs_of(old.text), paragraphs_of(new.text), change, is_sure=True)
    found[0] = 0  # before everything is before everything
    follow = [each for each in waiting if each.version == old.number and each.position in found]
    overtaken = [each for each in waiting if each not in follow]
    for each in follow:
        each.version, each.position = new.number, found[each.position]
    Amendment.objects.bulk_update(follow, ["version", "position"])
    AmendmentDecision.objects.bulk_create(
        [AmendmentDecision(amendment=each, outcome=AmendmentState.OVERTAKEN, version=new, at=at) for each in overtaken]
    )
    record_many(
        [
            Happening(
                ProposalKind.AMENDMENT_OVERTAKEN,
                actor=None,
                subject=proposal,
                topic=proposal.topic,
                council=proposal.council,
                body=proposal.addressed_to,
                at=at,
                facts={
                    "number": proposal.number,
                    "title": proposal.title,
                    "amendment": each.number,
                    "concerns": each.author_id,
                    "version": new.number,
                },
            )
            for each in overtaken
        ]
    )
