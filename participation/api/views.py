"""The open interface. Each endpoint finds what the person may see, calls one action and answers."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ballots import actions as ballot_actions
from ballots.models import Ballot, Vote
from ballots.reading import tally
from councils.models import Body, BodyKind, Council
from discussions import actions as discussion_actions
from discussions.models import Comment, Thread
from participation.api import serializers as shapes
from proposals import actions
from proposals.models import Proposal, Support
from proposals.stages import Stage
from turkish.functions import as_tsquery, search_query


class CouncilMixin:
    """Finds the council of the address; nothing of another council is ever reached through it."""

    kwargs: dict[str, Any]
    request: Request

    @property
    def council(self) -> Council:
        return get_object_or_404(Council, slug=self.kwargs["council"])

    def visible_proposal(self) -> Proposal:
        visible = Proposal.objects.visible_to(self.request.user).exclude(stage=Stage.DRAFT).with_names()
        found: Proposal = get_object_or_404(
            visible.select_related("thread"), council__slug=self.kwargs["council"], number=self.kwargs["number"]
        )
        return found


@extend_schema(tags=["councils"])
class CouncilList(generics.ListAPIView[Council]):
    """All councils."""

    serializer_class = shapes.CouncilSerializer
    queryset = Council.objects.all()
    filter_backends: ClassVar[list[Any]] = []


@extend_schema(tags=["councils"])
class CouncilDetail(generics.RetrieveAPIView[Council]):
    """One council with its districts and themes."""

    serializer_class = shapes.CouncilDetailSerializer
    queryset = Council.objects.prefetch_related("districts", "themes")
    lookup_field = "slug"
    lookup_url_kwarg = "council"


@extend_schema(
    tags=["bodies"], parameters=[OpenApiParameter("kind", enum=BodyKind.values, description="Only bodies of a kind")]
)
class BodyList(CouncilMixin, generics.ListAPIView[Body]):
    """The bodies of a council."""

    serializer_class = shapes.BodySerializer
    queryset = Body.objects.none()

    def get_queryset(self) -> QuerySet[Body]:
        found = Body.objects.visible_to(self.request.user).filter(council=self.council).select_related("council")
        kind = self.request.query_params.get("kind")
        if kind is not None:
            if kind not in BodyKind.values:
                raise ValidationError({"kind": ["Bilinmeyen tür."]})
            found = found.filter(kind=kind)
        return found


@extend_schema(tags=["bodies"])
class BodyDetail(CouncilMixin, generics.RetrieveAPIView[Body]):
    """One body of a council."""

    serializer_class = shapes.BodySerializer
    queryset = Body.objects.none()

    def get_object(self) -> Body:
        bodies = Body.objects.visible_to(self.request.user).select_related("council")
        return get_object_or_404(bodies, council__slug=self.kwargs["council"], slug=self.kwargs["body"])


FILTERS = {"theme": "theme__slug", "district": "district__slug", "body": "addressed_to__slug"}


@extend_schema(
    tags=["proposals"],
    parameters=[
        OpenApiParameter("q", description="Words to search, without regard to Turkish diacritics"),
        OpenApiParameter("stage", enum=[s for s in Stage.values if s != Stage.DRAFT]),
        *[OpenApiParameter(name, description="Slug") for name in FILTERS],
        OpenApiParameter("ordering", enum=["newest", "supports"]),
    ],
)
class ProposalList(CouncilMixin, generics.ListAPIView[Proposal]):
    """Public proposals of a council."""

    serializer_class = shapes.ProposalSerializer
    queryset = Proposal.objects.none()

    def get_queryset(self) -> QuerySet[Proposal]:
        given = self.request.query_params
        known = {"q", "stage", "ordering", "cursor", "page_size", *FILTERS}
        unknown = sorted(set(given) - known)
        if unknown:
            raise ValidationError({name: ["Bilinmeyen süzgeç."] for name in unknown})
        found = Proposal.objects.visible_to(self.request.user).exclude(stage=Stage.DRAFT).filter(council=self.council)
        for name, lookup in FILTERS.items():
            if name in given:
                found = found.filter(**{lookup: given[name]})
        if "stage" in given:
            if given["stage"] not in Stage.values:
                raise ValidationError({"stage": ["Bilinmeyen aşama."]})
            found = found.filter(stage=given["stage"])
        if given.get("q"):
            query = search_query(given["q"])
            found = found.filter(search=as_tsquery(query)) if query else found.none()
        orderings = {"newest": ("-submitted_at", "-pk"), "supports": ("-support_count", "-pk")}
        if given.get("ordering", "newest") not in orderings:
            raise ValidationError({"ordering": ["Bilinmeyen sıralama."]})
        self.ordering = orderings[given.get("ordering", "newest")]
        return found.with_names().select_related("thread")

    def paginate_queryset(self, queryset: QuerySet[Proposal]) -> Any:
        self.paginator.ordering = self.ordering
        return super().paginate_queryset(queryset)


@extend_schema(tags=["proposals"])
class ProposalDetail(CouncilMixin, generics.RetrieveAPIView[Proposal]):
    """One proposal with its text, its way so far, attachments and ballots."""

    serializer_class = shapes.ProposalDetailSerializer
    queryset = Proposal.objects.none()

    def get_object(self) -> Proposal:
        return self.visible_proposal()


@extend_schema(tags=["drafts"])
class DraftList(CouncilMixin, generics.ListAPIView[Proposal]):
    """The drafts of the person who asks. POST begins one."""

    serializer_class = shapes.DraftSerializer
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]
    queryset = Proposal.objects.none()

    def get_queryset(self) -> QuerySet[Proposal]:
        return Proposal.objects.filter(
            council=self.council, author=self.request.user, stage=Stage.DRAFT
        ).select_related("theme", "district", "addressed_to", "on_behalf_of")

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "council": self.council}

    @extend_schema(request=shapes.DraftSerializer, responses={201: shapes.DraftSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        body = self.get_serializer(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        at = timezone.now()
        draft = actions.start_draft(actor=request.user, council=self.council, at=at)
        draft = actions.save_draft(actor=request.user, proposal=draft, changes=body.validated_data, at=at)
        return Response(self.get_serializer(draft).data, status=status.HTTP_201_CREATED)


class DraftMixin(CouncilMixin):
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    def draft(self) -> Proposal:
        own = Proposal.objects.filter(author=self.request.user).with_names()
        return get_object_or_404(own, council__slug=self.kwargs["council"], key=self.kwargs["key"])


@extend_schema(tags=["drafts"])
class DraftDetail(DraftMixin, generics.GenericAPIView[Proposal]):
    """One draft of the person who asks."""

    serializer_class = shapes.DraftSerializer
    queryset = Proposal.objects.none()

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "council": self.council}

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.draft()).data)

    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        body = self.get_serializer(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        draft = actions.save_draft(
            actor=request.user, proposal=self.draft(), changes=body.validated_data, at=timezone.now()
        )
        return Response(self.get_serializer(draft).data)

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        actions.discard_draft(actor=request.user, proposal=self.draft())
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["drafts"], request=None, responses={200: shapes.ProposalDetailSerializer})
class DraftSubmit(DraftMixin, APIView):
    """Submit a draft: it gets its number and becomes public."""

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        proposal = actions.submit_proposal(actor=request.user, proposal=self.draft(), at=timezone.now())
        return Response(shapes.ProposalDetailSerializer(proposal).data)


@extend_schema(tags=["supports"], responses={200: shapes.SupportStateSerializer})
class SupportView(CouncilMixin, APIView):
    """The support of the person who asks: read, give (PUT), take back (DELETE)."""

    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    def _answer(self, proposal: Proposal) -> Response:
        proposal.refresh_from_db()
        support = Support.objects.filter(proposal=proposal, person=self.request.user).first()
        return Response(
            {
                "supported": support is not None,
                "shows_name": bool(support and support.shows_name),
                "support_count": proposal.support_count,
                "support_threshold": proposal.support_threshold,
                "stage": proposal.stage,
            }
        )

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._answer(self.visible_proposal())

    @extend_schema(request=shapes.SupportSerializer)
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        body = shapes.SupportSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        proposal = self.visible_proposal()
        actions.support_proposal(actor=request.user, proposal=proposal, at=timezone.now(), **body.validated_data)
        return self._answer(proposal)

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        proposal = self.visible_proposal()
        actions.withdraw_support(actor=request.user, proposal=proposal, at=timezone.now())
        return self._answer(proposal)


class ProposalAct(CouncilMixin, APIView):
    """A step of a proposal: POST runs one action and answers with the proposal."""

    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]
    body: ClassVar[Any] = None

    def act(self, proposal: Proposal, **fields: Any) -> Any:
        raise NotImplementedError

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        fields: dict[str, Any] = {}
        if self.body is not None:
            body = self.body(data=request.data)
            body.is_valid(raise_exception=True)
            fields = body.validated_data
        proposal = self.visible_proposal()
        self.act(proposal, actor=request.user, at=timezone.now(), **fields)
        return Response(shapes.ProposalDetailSerializer(self.visible_proposal()).data)


def act_view(name: str, action: Any, body: Any = None, summary: str = "") -> Any:
    """An endpoint that runs one action on a proposal."""

    class Act(ProposalAct):
        def act(self, proposal: Proposal, **fields: Any) -> Any:
            return action(proposal=proposal, **fields)

    Act.body = body
    Act.__name__ = Act.__qualname__ = name
    Act.__doc__ = summary
    described = extend_schema(
        tags=["proposals"],
        operation_id=name,
        request=body,
        responses={200: shapes.ProposalDetailSerializer},
        description=summary,
    )
    return described(Act)


Admit = act_view("proposal_admit", actions.find_admissible, summary="The secretary finds the proposal admissible.")
Reject = act_view(
    "proposal_reject",
    actions.find_inadmissible,
    shapes.ReasonSerializer,
    "The secretary finds the proposal inadmissible, with a reason.",
)
Withdraw = act_view(
    "proposal_withdraw", actions.withdraw_proposal, shapes.ReasonSerializer, "The author withdraws the proposal."
)
Decline = act_view(
    "proposal_decline",
    actions.decline_in_group,
    shapes.ReasonSerializer,
    "The facilitator enters that the group declines the proposal.",
)
Revise = act_view(
    "proposal_revise", actions.revise_proposal, shapes.RevisionSerializer, "The author publishes a new version."
)
OpenBallot = act_view(
    "proposal_open_ballot",
    actions.open_ballot,
    shapes.OpenBallotSerializer,
    "The facilitator puts the proposal to a ballot of the body's voting members.",
)


def readable_ballot(request: Request, pk: int) -> Ballot:
    ballot = get_object_or_404(Ballot, pk=pk)
    if not ballot.rules.may_read(request.user, ballot):
        raise Http404
    return ballot


@extend_schema(tags=["ballots"], responses={200: shapes.BallotSerializer})
class BallotDetail(APIView):
    """One ballot; the tally holds votes only when they may be read."""

    def get(self, request: Request, pk: int) -> Response:
        ballot = readable_ballot(request, pk)
        return Response(shapes.BallotSerializer(ballot, context={"tallies": {ballot.pk: tally(ballot.pk)}}).data)


@extend_schema(tags=["votes"], responses={200: shapes.ReceiptSerializer})
class VoteView(APIView):
    """The vote of the person who asks: read, cast or change (PUT)."""

    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    def get(self, request: Request, pk: int) -> Response:
        vote = get_object_or_404(Vote, ballot=readable_ballot(request, pk), person=request.user)
        return Response(shapes.ReceiptSerializer(vote).data)

    @extend_schema(request=shapes.VoteSerializer)
    def put(self, request: Request, pk: int) -> Response:
        body = shapes.VoteSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        receipt = ballot_actions.cast_vote(
            actor=request.user, ballot=readable_ballot(request, pk), **body.validated_data
        )
        return Response(shapes.ReceiptSerializer(receipt).data)


@extend_schema(tags=["ballots"], request=None, responses={200: shapes.BallotSerializer})
class BallotClose(APIView):
    """The facilitator closes the ballot now; its outcome is declared."""

    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]

    def post(self, request: Request, pk: int) -> Response:
        ballot = ballot_actions.close_ballot_now(actor=request.user, ballot=readable_ballot(request, pk))
        return Response(shapes.BallotSerializer(ballot, context={"tallies": {ballot.pk: tally(ballot.pk)}}).data)


def readable_thread(request: Request, pk: int) -> Thread:
    thread = get_object_or_404(Thread, pk=pk)
    if not thread.rules.may_read(request.user, thread):
        raise Http404
    return thread


@extend_schema(
    tags=["comments"],
    parameters=[
        OpenApiParameter("root", int, description="Only the replies below a first-level comment, oldest first")
    ],
)
class CommentList(generics.ListAPIView[Comment]):
    """First-level comments of a thread, newest first; with `root` the replies below one. POST adds a comment."""

    serializer_class = shapes.CommentSerializer
    queryset = Comment.objects.none()

    def get_queryset(self) -> QuerySet[Comment]:
        thread = readable_thread(self.request, self.kwargs["pk"])
        found = Comment.objects.filter(thread=thread).select_related("author")
        root = self.request.query_params.get("root")
        if root is None:
            self.paginator.ordering = ("-pk",)
            return found.filter(depth=0)
        if not root.isdecimal() or len(root) > 18:
            raise ValidationError({"root": ["Yorum bulunamadı."]})
        self.paginator.ordering = ("pk",)
        return found.filter(root_id=int(root))

    @extend_schema(request=shapes.NewCommentSerializer, responses={201: shapes.CommentSerializer})
    def post(self, request: Request, pk: int) -> Response:
        body = shapes.NewCommentSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        thread = readable_thread(request, pk)
        fields = dict(body.validated_data)
        parent = fields.pop("parent")
        comment = discussion_actions.add_comment(
            actor=request.user,
            thread=thread,
            parent=get_object_or_404(Comment, thread=thread, pk=parent) if parent else None,
            at=timezone.now(),
            **fields,
        )
        return Response(shapes.CommentSerializer(comment).data, status=status.HTTP_201_CREATED)

    def get_permissions(self) -> list[Any]:
        return [IsAuthenticated()] if self.request.method == "POST" else super().get_permissions()


@extend_schema(tags=["comments"], responses={200: shapes.CommentSerializer})
class CommentDetail(APIView):
    """One comment: read, edit (PATCH) or delete one's own."""

    def _comment(self) -> Comment:
        comment = get_object_or_404(Comment.objects.select_related("author", "thread"), pk=self.kwargs["pk"])
        readable_thread(self.request, comment.thread_id)
        return comment

    def get(self, request: Request, pk: int) -> Response:
        return Response(shapes.CommentSerializer(self._comment()).data)

    @extend_schema(request=shapes.EditCommentSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        comment = self._comment()
        body = shapes.EditCommentSerializer(data={"text": comment.text, "mark": comment.mark, **request.data})
        body.is_valid(raise_exception=True)
        comment = discussion_actions.edit_comment(
            actor=request.user, comment=comment, at=timezone.now(), **body.validated_data
        )
        return Response(shapes.CommentSerializer(comment).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        discussion_actions.delete_comment(actor=request.user, comment=self._comment(), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
