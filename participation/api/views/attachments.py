"""Files of proposals and drafts: listed, given out, added and removed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from documents.attachment_files import file_answer
from participation.api import serializers as shapes
from participation.api.base import Endpoint
from participation.api.describing import described
from participation.api.parsers import BoundedMultiPartParser
from participation.api.views.drafts import OneDraft
from people.tokens import Area
from proposals import actions
from proposals.models import Attachment, Proposal

_AUTHOR = _l("Önerinin yazarı")


class FileSerializer(shapes.AttachmentSerializer):
    """A document or picture; `file` gives it to programs, `url` to browsers."""

    file = serializers.SerializerMethodField()

    class Meta(shapes.AttachmentSerializer.Meta):
        fields = ["id", *shapes.AttachmentSerializer.Meta.fields, "file", "added_at"]

    def get_file(self, attachment: Attachment) -> str:
        slug = attachment.proposal.council.slug
        return shapes.address(f"/api/v1/councils/{slug}/attachments/{attachment.pk}/file/")


class UploadSerializer(shapes.Strict):
    """A PDF or a picture, sent as multipart/form-data; it is checked by its content."""

    file = serializers.FileField()
    description = shapes.TextField(max_length=200, required=False, allow_blank=True, default="")

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(data.dict() if hasattr(data, "dict") else data)


class _Files(Endpoint):
    """The files of one proposal, however it was found."""

    area = Area.PROPOSALS
    parser_classes: ClassVar[list[Any]] = [BoundedMultiPartParser]

    def listed(self, proposal: Proposal) -> Response:
        files = proposal.attachments.select_related("proposal__council")
        return Response(FileSerializer(files, many=True).data)

    def added(self, proposal: Proposal) -> Response:
        sent = self.sent(UploadSerializer)
        upload: UploadedFile = sent["file"]
        attachment = actions.add_attachment(
            actor=self.request.user,
            proposal=proposal,
            upload=upload,
            description=sent["description"],
            at=timezone.now(),
        )
        return Response(FileSerializer(attachment).data, status=201)


_UPLOAD = {"multipart/form-data": UploadSerializer}


class ProposalFiles(_Files):
    permission_classes: ClassVar[list[Any]] = [IsAuthenticatedOrReadOnly]

    @described("list_attachments", _l("Bir önerinin ekleri"), answer=FileSerializer(many=True), tag="attachments")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.listed(self.find_proposal())

    @described(
        "add_attachment",
        _l("Öneriye bir dosya ekler; aynı dosya ikinci kez eklenmez"),
        answer=FileSerializer,
        tag="attachments",
        who=_AUTHOR,
        request=_UPLOAD,
        status=201,
        refusals=(401, 403, 404, 413, 415),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.added(self.find_proposal())


class DraftFiles(_Files, OneDraft):
    @described(
        "list_draft_attachments",
        _l("Bir taslağın ekleri"),
        answer=FileSerializer(many=True),
        tag="attachments",
        who=_l("Taslağın yazarı"),
        refusals=(401, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.listed(self.find_draft())

    @described(
        "add_draft_attachment",
        _l("Taslağa bir dosya ekler; aynı dosya ikinci kez eklenmez"),
        answer=FileSerializer,
        tag="attachments",
        who=_l("Taslağın yazarı"),
        request=_UPLOAD,
        status=201,
        refusals=(401, 403, 404, 413, 415),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.added(self.find_draft())


class OneFile(Endpoint):
    area = Area.PROPOSALS

    def find_file(self) -> Attachment:
        """A file of a proposal the one who asks may see."""
        proposals = Proposal.objects.visible_to(self.request.user).filter(council=self.find_council())
        found = Attachment.objects.select_related("proposal__council").filter(proposal__in=proposals)
        attachment = found.filter(pk=self.kwargs["attachment"]).first()
        if attachment is None:
            raise NotFound
        return attachment


class FileDetail(OneFile):
    permission_classes: ClassVar[list[Any]] = [IsAuthenticatedOrReadOnly]

    @described("get_attachment", _l("Bir ekin bilgisi"), answer=FileSerializer, tag="attachments")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(FileSerializer(self.find_file()).data)

    @described(
        "remove_attachment",
        _l("Eki kaldırır"),
        answer=None,
        tag="attachments",
        who=_AUTHOR,
        status=204,
        refusals=(401, 403, 404),
    )
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        actions.remove_attachment(actor=request.user, attachment=self.find_file(), at=timezone.now())
        return Response(status=204)


class FileContent(OneFile):
    @described(
        "download_attachment",
        _l("Ekin kendisi"),
        answer=OpenApiTypes.BINARY,
        kinds=("application/pdf", "image/webp"),
        tag="attachments",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return file_answer(self.find_file(), as_attachment=True)
