"""Versions of a proposal's text: those there are, and a new one."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.etags import IF_MATCH, matched, tagged
from participation.api.pagination import PARAMETERS, Order
from participation.api.views.proposals import detail
from people.tokens import Area
from proposals import actions
from proposals.models import Proposal, ProposalVersion
from proposals.permissions import may_revise

BIGGEST_NUMBER = 32_767


class VersionSerializer(serializers.ModelSerializer[ProposalVersion]):
    """The text as it stood from a moment on."""

    author = serializers.CharField(source="author.display_name")

    class Meta:
        model = ProposalVersion
        fields = ["number", "title", "summary", "note", "author", "created_at"]


class VersionDetailSerializer(VersionSerializer):
    class Meta(VersionSerializer.Meta):
        fields = [*VersionSerializer.Meta.fields, "text"]


def tag_of(proposal: Proposal, number: int) -> str:
    """A version never changes, so its number is a strong tag."""
    return f'"{proposal.number}.v{number}"'


class VersionList(Endpoint, generics.ListAPIView[ProposalVersion]):
    area = Area.PROPOSALS
    permission_classes: ClassVar[list[Any]] = [IsAuthenticatedOrReadOnly]
    serializer_class = VersionSerializer
    queryset = ProposalVersion.objects.none()
    order = Order("number")
    asks = PARAMETERS

    def get_queryset(self) -> QuerySet[ProposalVersion]:
        return ProposalVersion.objects.filter(proposal=self.find_proposal()).select_related("author").defer("text")

    @described(
        "list_versions",
        _l("Öneri metninin sürümleri, en yeni önce"),
        answer=VersionSerializer(many=True),
        tag="proposals",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @described(
        "revise_proposal",
        _l("Metnin yeni sürümünü yayımlar; If-Match ile hangi sürümü değiştirdiğiniz bildirilir"),
        answer=shapes.ProposalDetailSerializer,
        tag="proposals",
        who=_l("Önerinin yazarı"),
        request=shapes.RevisionSerializer,
        parameters=[IF_MATCH],
        refusals=(400, 401, 403, 404, 412, 428),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = self.sent(shapes.RevisionSerializer)
        proposal = self.find_proposal()
        may_revise(request.user, proposal, at=timezone.now()).require()
        matched(request, tag_of(proposal, proposal.version), is_required=True)
        actions.revise_proposal(actor=request.user, proposal=proposal, base=proposal.version, at=timezone.now(), **sent)
        return detail(self)


class VersionDetail(Endpoint):
    area = Area.PROPOSALS

    @described(
        "get_version",
        _l("Bir sürümün metni; hiç değişmez, ETag’i If-Match’te kullanılır"),
        answer=VersionDetailSerializer,
        tag="proposals",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        proposal, number = self.find_proposal(), min(self.kwargs["version"], BIGGEST_NUMBER)
        version = ProposalVersion.objects.filter(proposal=proposal, number=number).select_related("author").first()
        if version is None:
            raise NotFound
        return tagged(Response(VersionDetailSerializer(version).data), tag_of(proposal, number))
