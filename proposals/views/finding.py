"""Finding the proposal a page is about. What the reader may not see is not found."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpRequest

from proposals.models import Proposal, StageChange
from proposals.stages import Stage


def find_proposal(request: HttpRequest, number: str) -> Proposal:
    """A submitted proposal of the page's council that the reader may see; 404 for any other."""
    found = Proposal.objects.visible_to(request.user).with_names().select_related("thread").defer("search")
    proposal = found.filter(council=request.council, number=number).exclude(stage=Stage.DRAFT).first()
    if proposal is None:
        raise Http404
    proposal.council = request.council
    return proposal


def has_just_moved(proposal: Proposal, actor_id: int | None, *stages: Stage) -> bool:
    """Whether the newest move is this person's own into one of the stages: their second click, nothing to refuse."""
    last = StageChange.objects.filter(proposal=proposal).order_by("-pk").first()
    return last is not None and last.actor_id == actor_id and last.new in stages


def own_drafts(request: HttpRequest) -> Q:
    return Q(council=request.council, author_id=request.user.pk)
