"""What the schema says of an endpoint: a readable name, who may, what it answers, and how it refuses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from participation.api.problems import MEDIA_TYPE, SENTENCES

ANYBODY = _l("Herkes, girişsiz")
SIGNED_IN = _l("Giriş yapmış herkes")


class SiteSession(OpenApiAuthenticationExtension):
    """The session cookie of the site."""

    target_class = "participation.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class PersonalToken(OpenApiAuthenticationExtension):
    """A personal access token."""

    target_class = "participation.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "mey_…"}


class Schema(AutoSchema):
    """Adds the scope a token needs, which the endpoint's area and the method say."""

    def get_extensions(self) -> dict[str, Any]:
        extensions: dict[str, Any] = super().get_extensions()
        scope_of = getattr(self.view, "scope_of", None)
        return {**extensions, "x-scope": scope_of(self.method)} if scope_of is not None else extensions


class FieldErrorSerializer(serializers.Serializer[Any]):
    """One wrong field."""

    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """Why a request was refused (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text=_l("Programlar için değişmeyen kod"))
    detail = serializers.CharField(help_text=_l("İnsanlar için bir tümce"))
    errors = FieldErrorSerializer(many=True, required=False)


def _example(name: str, status: int, title: str, code: str, detail: str | Promise, **more: Any) -> OpenApiExample:
    document = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail, **more}
    return OpenApiExample(name, value=document, response_only=True, status_codes=[str(status)], media_type=MEDIA_TYPE)


_WRONG_FIELD = {"field": "title", "code": "max_length", "detail": _l("Bu alan 120 harften uzun olmamalı.")}
EXAMPLES = {
    400: _example("invalid", 400, "Bad Request", "invalid", SENTENCES["invalid"], errors=[_WRONG_FIELD]),
    401: _example("not_authenticated", 401, "Unauthorized", "not_authenticated", SENTENCES["not_authenticated"]),
    403: _example(
        "not_resident",
        403,
        "Forbidden",
        "not_resident",
        _l("Destek vermek için hemşehriliğinizin doğrulanmış olması gerekir."),
    ),
    404: _example("not_found", 404, "Not Found", "not_found", SENTENCES["not_found"]),
    409: _example(
        "key_reused",
        409,
        "Conflict",
        "key_reused",
        _l("Bu form daha önce gönderildi. Yeni bir yorum için sayfayı yenileyin."),
    ),
    503: _example(
        "outcome_unknown",
        503,
        "Service Unavailable",
        "outcome_unknown",
        _l("Oyunuzun sayılıp sayılmadığı bilinmiyor. Aynı oyu yeniden gönderin, iki kez sayılmaz."),
    ),
}
EXAMPLES |= {
    412: _example("changed_meanwhile", 412, "Precondition Failed", "changed_meanwhile", SENTENCES["changed_meanwhile"]),
    413: _example("too_large", 413, "Content Too Large", "too_large", SENTENCES["too_large"]),
    415: _example(
        "unsupported_media_type",
        415,
        "Unsupported Media Type",
        "unsupported_media_type",
        SENTENCES["unsupported_media_type"],
    ),
    428: _example(
        "precondition_required",
        428,
        "Precondition Required",
        "precondition_required",
        SENTENCES["precondition_required"],
    ),
}
MEANINGS = {
    400: _l("Bir alan ya da parametre yanlış."),
    401: _l("Giriş yapılmamış."),
    403: _l("Kural izin vermiyor; tümce nedenini söyler."),
    404: _l("Kayıt yok ya da size açık değil."),
    409: _l("Başka bir istekle çelişiyor."),
    503: _l("İstenenin yapılıp yapılmadığı bilinmiyor; aynı anahtarla yeniden gönderin."),
    412: _l("Siz okuduktan sonra değişmiş."),
    413: _l("Gönderilen çok büyük."),
    415: _l("Gönderilenin türü uygun değil."),
    428: _l("If-Match eksik."),
}


def described(
    name: str,
    summary: str | Promise,
    *,
    answer: Any,
    tag: str,
    who: str | Promise = ANYBODY,
    request: Any = None,
    status: int = 200,
    parameters: Iterable[OpenApiParameter] = (),
    refusals: Iterable[int] = (404,),
    kinds: tuple[str, ...] = (),
) -> Any:
    """The schema of one method. `name` is its operation id and never changes; `who` says who may call it.

    `kinds` names the media types of an answer that is no JSON.
    """
    found = {400, *refusals}  # a parameter that nobody knows is told everywhere
    responses: dict[Any, Any] = {(status, kind): answer for kind in kinds} if kinds else {status: answer}
    for code in sorted(found):
        responses[(code, MEDIA_TYPE)] = OpenApiResponse(
            ProblemSerializer, description=MEANINGS[code], examples=[EXAMPLES[code]]
        )
    return extend_schema(
        operation_id=name,
        summary=summary,
        description=summary,
        tags=[tag],
        request=request,
        responses=responses,
        parameters=list(parameters),
        extensions={"x-who-may": who},
    )
