"""What every endpoint shares: who asks, in which language, and that nothing unknown is asked."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar
from uuid import UUID

from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.exceptions import ErrorDetail
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from councils.models import Body, Council
from participation.api import idempotency
from participation.api.authentication import SessionAuthentication, TokenAuthentication, token_of
from participation.api.etags import conditional
from people.tokens import Area, scope_of, suffices
from people.verdicts import Refused
from proposals.models import Proposal
from proposals.stages import Stage


class LengthRequired(exceptions.APIException):
    status_code = 411
    default_code = "length_required"
    default_detail = "length required"


READS = frozenset({"GET", "HEAD", "OPTIONS"})


class NeedsScope(Refused):
    """A token that was not made for this."""

    def __init__(self, scope: str) -> None:
        super().__init__(_("Anahtarınızın bunun için izni yok: %(scope)s") % {"scope": scope}, "insufficient_scope")
        self.scope = scope


class AlwaysJSON(BaseContentNegotiation):
    """There is one format, whatever the client says it accepts."""

    def select_parser(self, request: Request, parsers: list[Any]) -> Any:
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(self, request: Request, renderers: list[Any], format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Endpoint(APIView):
    """An address of the API.

    `area` and the method say which scope a token needs. `asks` names the query parameters it knows; any other is a mistake
    and told as one. `remembers` says that answers to writes are kept by idempotency key here; an endpoint whose action
    keeps the key itself sets it to False.
    """

    authentication_classes: ClassVar[list[Any]] = [TokenAuthentication, SessionAuthentication]
    area: ClassVar[Area]
    remembers: ClassVar[bool] = True
    # Methods that are an office's work and so need the scope of the desk.
    office_methods: ClassVar[frozenset[str]] = frozenset()
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
        unknown = ErrorDetail(_("Böyle bir parametre yok."), code="unknown_parameter")
        wrong = {name[:100]: unknown for name in sorted(set(given) - self.asks)[:20]}
        wrong |= {
            name: ErrorDetail(_("Bu değer okunamıyor."), code="unreadable")
            for name in self.asks & set(given)
            if any("\0" in value or len(value) > 1000 for value in given.getlist(name))
        }
        if wrong:
            raise exceptions.ValidationError({name: [found] for name, found in wrong.items()})
        if request.method not in READS and self.remembers and request.user.is_authenticated:
            self._remember(request)

    def _remember(self, request: Request) -> None:
        """Put the keeper of answers in front of the handler that `dispatch` looks up after this."""
        key, method = idempotency.key_of(request), str(request.method).lower()
        if key is not None and method in self.http_method_names and hasattr(self, method):
            setattr(self, method, self._once(key, getattr(self, method)))

    def _once(self, key: UUID, handler: idempotency.Handler) -> idempotency.Handler:
        def answer(request: Request, *args: Any, **kwargs: Any) -> Response:
            return idempotency.once(key, request, handler, *args, **kwargs)

        return answer

    @classmethod
    def scope_of(cls, method: str) -> str:
        """The scope a token needs for a method."""
        method = method.upper()
        return scope_of(Area.DESK if method in cls.office_methods else cls.area, writes=method not in READS)

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if token_of(request) is not None:
            self.need(self.scope_of(str(request.method)))

    def opens(self, scope: str) -> bool:
        """Whether the token opens a scope; a session opens every one."""
        token = token_of(self.request)
        return token is None or suffices(token.scopes, scope)

    def need(self, scope: str) -> None:
        """Refuse a token that was not made for this."""
        if not self.opens(scope):
            raise NeedsScope(scope)

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Which methods there are; they stand in `Allow`."""
        return Response(status=204)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Content-Language"] = translation.get_language()
        patch_vary_headers(response, ["Accept-Language", "Authorization"])
        if request.method in {"GET", "HEAD"} and isinstance(response, Response) and response.status_code == 200:
            conditional(request, response)
        return response

    def sent(self, shape: type[BaseSerializer[Any]], **options: Any) -> Any:
        """What was sent, checked by a serializer."""
        serializer = shape(data=self.request.data, **options)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def chosen(self, name: str, words: Collection[str], default: str = "") -> str:
        """A parameter that takes one of a few words."""
        word: str = self.request.query_params.get(name, default)
        if word != default and word not in words:
            raise exceptions.ValidationError({name: [ErrorDetail(_("Bilinmeyen değer."), code="unknown_value")]})
        return word

    # --- Finding ------------------------------------------------------------------------------------------------------
    def find_council(self) -> Council:
        """The council of the address; nothing of another council is ever reached through it."""
        council = Council.objects.filter(slug=self.kwargs["council"]).first()
        if council is None:
            raise exceptions.NotFound
        return council

    def find_body(self, kind: str | None = None) -> Body:
        """The body of the address that the one who asks may see; of one kind, where only that kind has such things."""
        found = Body.objects.visible_to(self.request.user).select_related("council")
        body = found.filter(council__slug=self.kwargs["council"], slug=self.kwargs["body"]).first()
        if body is None or (kind is not None and body.kind != kind):
            raise exceptions.NotFound
        return body

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
