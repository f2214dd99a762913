"""Files of one's own requests: listed, given out, added."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from documents.attachment_content import check
from documents.attachment_files import file_answer
from participation.api import serializers as shapes
from participation.api.describing import described
from participation.api.parsers import BoundedMultiPartParser
from participation.api.views.requests.own import APPLICANT, SIDES, OneRequest
from servicerequests import actions
from servicerequests.models import RequestFile
from servicerequests.reading import files_to_read


class RequestFileSerializer(serializers.ModelSerializer[RequestFile]):
    """A document or picture of a request; `file` gives it."""

    kind = serializers.ChoiceField(choices=["pdf", "image"])
    file = serializers.SerializerMethodField()

    class Meta:
        model = RequestFile
        fields = ["id", "kind", "name", "size", "added_at", "file"]

    def get_file(self, file: RequestFile) -> str:
        request = file.request
        return shapes.address(f"/api/v1/councils/{request.council.slug}/requests/{request.number}/files/{file.pk}/")


class RequestUploadSerializer(shapes.Strict):
    """A PDF or a picture, sent as multipart/form-data; it is checked by its content."""

    file = serializers.FileField()

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(data.dict() if hasattr(data, "dict") else data)


class RequestFileList(OneRequest):
    parser_classes: ClassVar[list[Any]] = [BoundedMultiPartParser]

    @described(
        "list_request_files",
        _l("Başvurunun ve iletilerinin dosyaları; iç notlarınkini yalnız müdürlük görür"),
        answer=RequestFileSerializer(many=True),
        tag="requests",
        who=SIDES,
        refusals=(401, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        files = files_to_read(self.find_request(), request.user, at=timezone.now()).select_related("request__council")
        return Response(RequestFileSerializer(files, many=True).data)

    @described(
        "add_request_file",
        _l("Açık başvurunuza bir dosya ekler; aynı dosya ikinci kez eklenmez"),
        answer=RequestFileSerializer,
        tag="requests",
        who=APPLICANT,
        request={"multipart/form-data": RequestUploadSerializer},
        status=201,
        refusals=(400, 401, 403, 404, 413, 415),
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, upload = self.find_request(), self.sent(RequestUploadSerializer)["file"]
        try:
            file = check(upload, upload.name or "", max_bytes=settings.ATTACHMENT_MAX_BYTES)
        except ValidationError as error:
            raise ValidationError({"file": error.error_list}) from None
        kept = actions.add_file(actor=request.user, request=found, file=file, at=timezone.now())
        return Response(RequestFileSerializer(kept).data, status=201)


class RequestFileContent(OneRequest):
    @described(
        "download_request_file",
        _l("Başvurunun bir dosyası"),
        answer=OpenApiTypes.BINARY,
        kinds=("application/pdf", "image/webp"),
        tag="requests",
        who=SIDES,
        refusals=(401, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        file = (
            files_to_read(self.find_request(), request.user, at=timezone.now()).filter(pk=self.kwargs["file"]).first()
        )
        if file is None:
            raise NotFound
        return file_answer(file, as_attachment=True)
