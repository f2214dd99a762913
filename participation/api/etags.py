"""Entity tags (RFC 9110, section 8.8): what has not changed is not sent again, and nobody overwrites what they did not read."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from people.verdicts import Refused

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description=_l("Okuduğunuz sürümün ETag’i; değiştiyse 412 gelir")
)


class PreconditionRequired(APIException):
    """RFC 6585, section 3."""

    status_code = 428
    default_code = "precondition_required"
    default_detail = "precondition required"


def tagged(response: Response, tag: str) -> Response:
    """The response with a strong tag of its own."""
    response["ETag"] = tag
    return response


def tag_of_moment(key: object, *moments: Any) -> str:
    """A strong tag of something whose every change leaves a moment or a number."""
    return f'"{hashlib.sha256(repr((str(key), *map(str, moments))).encode()).hexdigest()[:32]}"'


def matched(request: Request, tag: str, *, is_required: bool = False) -> None:
    """Refuse with 412 unless `If-Match` names the tag, and with 428 when it is needed and was not sent."""
    given = request.headers.get("If-Match")
    if given is None:
        if is_required:
            raise PreconditionRequired
        return
    tags = parse_etags(given)
    if tag not in tags and tags != ["*"]:
        raise Refused(_("Siz yazarken başkası değiştirdi. Yeniden okuyup farkı gözden geçirin."), "changed_meanwhile")


def conditional(request: Request, response: Response) -> None:
    """Give what was read a tag of its content, unless it has one, and answer 304 when the reader holds it already."""

    def judge(rendered: Response) -> HttpResponse | None:
        if not rendered.has_header("ETag"):
            rendered["ETag"] = f'"{hashlib.sha256(rendered.content).hexdigest()[:32]}"'
        answer: HttpResponse | None = get_conditional_response(
            request._request, etag=rendered["ETag"], response=rendered
        )
        return answer if answer is not rendered else None

    response.add_post_render_callback(judge)
