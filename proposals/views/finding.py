"""Finding the proposal a page is about. What the reader may not see is not found."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest

from proposals.amending import AmendmentState
from proposals.models import Amendment, Attachment, Proposal, ProposalBallot, StageChange, Support
from proposals.reading.municipal import sent_opinion_of
from proposals.reading.opinions import opinion_of_proposal
from proposals.reading.related import is_origin_of_others
from proposals.stages import Stage


def find_proposal(request: HttpRequest, number: str) -> Proposal:
    """A submitted proposal of the page's council that the reader may see; 404 for any other."""
    found = Proposal.objects.visible_to(request.user).with_names().select_related("thread").defer("search")
    proposal = found.filter(council=request.council, number=number).exclude(stage=Stage.DRAFT).first()
    if proposal is None:
        raise Http404
    proposal.council = request.council
    return proposal


def read_proposal(request: HttpRequest, number: str) -> Proposal:
    """The same for the page that shows it: as visitors see it, with whether there is more to read, kept for the next reader."""

    def read() -> Proposal | None:
        here = OuterRef("pk")
        amendments = Amendment.objects.filter(proposal=here).order_by().values("proposal").annotate(n=Count("pk"))
        ballots = ProposalBallot.objects.filter(proposal=here).order_by("-is_current", "-pk")
        rows = (
            Proposal.objects.visible_to(AnonymousUser())
            .select_related("author", "on_behalf_of", "theme", "district", "addressed_to", "thread")
            .defer("search")
            .annotate(
                has_moves=Exists(StageChange.objects.filter(proposal=here)),
                has_attachments=Exists(Attachment.objects.filter(proposal=here)),
                has_supporters_by_name=Exists(Support.objects.filter(proposal=here, shows_name=True)),
                is_origin=is_origin_of_others(),
                amendment_count=Coalesce(Subquery(amendments.values("n")), 0),
                open_amendment_count=Coalesce(Subquery(amendments.filter(state=AmendmentState.OPEN).values("n")), 0),
                opinion_id=opinion_of_proposal(),
                sent_opinion=sent_opinion_of(),
                ballot_link=Subquery(ballots.values("pk")[:1]),
            )
        )
        found = rows.filter(council=request.council, number=number).exclude(stage=Stage.DRAFT).first()
        if found is not None:
            for row in (found, found.addressed_to):
                row.council = request.council  # type: ignore[union-attr]
            found.thread.owner = found  # type: ignore[union-attr]
        return found

    proposal = request.kept.value(("proposal", request.council.pk, number), read)
    if proposal is None:
        raise Http404
    return proposal


def has_just_moved(proposal: Proposal, actor_id: int | None, *stages: Stage) -> bool:
    """Whether the newest move is this person's own into one of the stages: their second click, nothing to refuse."""
    last = StageChange.objects.filter(proposal=proposal).order_by("-pk").first()
    return last is not None and last.actor_id == actor_id and last.new in stages


def own_drafts(request: HttpRequest) -> Q:
    return Q(council=request.council, author_id=request.user.pk)
