"""What every endpoint shares: who asks, in which language, and that nothing unknown is asked."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework import authentication, exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from councils.models import Council
from proposals.models import Proposal
from proposals.stages import Stage


class SessionAuthentication(authentication.SessionAuthentication):
    """The session of the site. Without one the answer is 401; writing needs the token of the forms too."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied:
            raise exceptions.PermissionDenied(code="csrf_failed") from None


class LengthRequired(exceptions.APIException):
    status_code = 411
    default_code = "length_required"
    default_detail = "length required"


class AlwaysJSON(BaseContentNegotiation):
    """There is one format, whatever the client says it accepts."""

    def select_parser(self, request: Request, parsers: list[Any]) -> Any:
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(self, request: Request, renderers: list[Any], format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Endpoint(APIView):
    """An address of the API. `asks` names the query parameters it knows; any other is a mistake and told as one."""

    authentication_classes: ClassVar[list[Any]] = [SessionAuthentication]
    content_negotiation_class = AlwaysJSON
    metadata_class = None
    asks: ClassVar[frozenset[str]] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # The cookie of the site wins; a program that has none may name its language in the usual header.
        translation.activate(translation.get_language_from_request(request._request))
        super().initial(request, *args, **kwargs)
        if "Transfer-Encoding" in request.headers and not request.META.get("CONTENT_LENGTH"):
            raise LengthRequired  # a body whose end is not known would be taken for none
        given = request.query_params
        wrong = {name: _("Böyle bir parametre yok.") for name in sorted(set(given) - self.asks)[:20]}
        wrong |= {
            name: _("Bu değer okunamıyor.")
            for name in self.asks & set(given)
            if any("\0" in value or len(value) > 1000 for value in given.getlist(name))
        }
        if wrong:
            raise exceptions.ValidationError(wrong)

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Which methods there are; they stand in `Allow`."""
        return Response(status=204)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Content-Language"] = translation.get_language()
        patch_vary_headers(response, ["Accept-Language"])
        return response

    # --- Finding ------------------------------------------------------------------------------------------------------
    def find_council(self) -> Council:
        """The council of the address; nothing of another council is ever reached through it."""
        council = Council.objects.filter(slug=self.kwargs["council"]).first()
        if council is None:
            raise exceptions.NotFound
        return council

    def find_proposal(self) -> Proposal:
        """The submitted proposal of the address, if the one who asks may see it."""
        visible = Proposal.objects.visible_to(self.request.user).exclude(stage=Stage.DRAFT).with_names()
        found = (
            visible.select_related("thread")
            .defer("search")
            .filter(council__slug=self.kwargs["council"], number=self.kwargs["number"])
            .first()
        )
        if found is None:
            raise exceptions.NotFound
        return found
