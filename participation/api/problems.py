"""Errors as problem documents (RFC 9457): a sentence for people, a stable code for programs."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from participation.api.authentication import CHALLENGE
from people.verdicts import Refused

MEDIA_TYPE = "application/problem+json"

# Refusals that are not about permission; every other verdict answers 403.
STATUS_OF_REFUSAL = {
    "sign_in": HTTPStatus.UNAUTHORIZED,
    "gone": HTTPStatus.NOT_FOUND,
    "key_reused": HTTPStatus.CONFLICT,
    "try_again": HTTPStatus.CONFLICT,
    "too_fast": HTTPStatus.TOO_MANY_REQUESTS,
    "changed_meanwhile": HTTPStatus.PRECONDITION_FAILED,
    "outcome_unknown": HTTPStatus.SERVICE_UNAVAILABLE,
}
RETRY_AFTER_SECONDS = {"too_fast": "60", "try_again": "1", "outcome_unknown": "2"}

SENTENCES: dict[str, str | Promise] = {
    "invalid": _l("Bazı alanlar eksik ya da yanlış."),
    "parse_error": _l("İstek gövdesi okunamadı: UTF-8 ile yazılmış, düzgün bir JSON gönderin."),
    "not_authenticated": _l("Bunun için giriş yapın."),
    "invalid_token": _l("Bu erişim anahtarı geçersiz, süresi dolmuş ya da iptal edilmiş."),
    "token_before_office": _l("Bu anahtar bugünkü görevinizden önce oluşturuldu. Yenisini oluşturun."),
    "insufficient_scope": _l("Anahtarınızın bunun için izni yok."),
    "permission_denied": _l("Bunu yapmaya yetkiniz yok."),
    "csrf_failed": _l("Form belirteci eksik ya da yanlış: X-CSRFToken başlığını ve çerezini birlikte gönderin."),
    "key_reused": _l("Bu anahtar daha önce başka bir istekle kullanıldı."),
    "try_again": _l("Aynı istek hâlâ işleniyor. Biraz sonra yeniden gönderin."),
    "changed_meanwhile": _l("Siz yazarken başkası değiştirdi. Yeniden okuyup farkı gözden geçirin."),
    "precondition_required": _l("Hangi sürümü değiştirdiğinizi If-Match ile bildirin."),
    "not_found": _l("Aradığınız kayıt yok ya da size açık değil."),
    "method_not_allowed": _l("Bu adreste bu yöntem kullanılmaz."),
    "too_large": _l("İstek gövdesi çok büyük."),
    "length_required": _l("İstek gövdesinin uzunluğunu Content-Length ile bildirin."),
    "unsupported_media_type": _l("İstek gövdesini application/json olarak, UTF-8 ile gönderin."),
    "throttled": _l("Çok sık istek gönderdiniz. Biraz bekleyip yeniden deneyin."),
}


def problem(code: str, detail: str, status: int, errors: list[dict[str, str]] | None = None) -> Response:
    """A problem document; `errors` has one {field, code, detail} for each wrong field."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "code": code,
        "detail": detail,
    }
    if errors is not None:
        document["errors"] = errors
    return Response(document, status=status, content_type=MEDIA_TYPE)


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal and every wrong field, with the reader's language and a stable code."""
    if isinstance(error, Refused):
        set_rollback()
        answer = problem(error.code, error.reason, STATUS_OF_REFUSAL.get(error.code, HTTPStatus.FORBIDDEN))
        if error.code in RETRY_AFTER_SECONDS:
            answer["Retry-After"] = RETRY_AFTER_SECONDS[error.code]
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            answer["WWW-Authenticate"] = CHALLENGE
        if error.code == "insufficient_scope":  # RFC 6750, section 3.1
            scope = getattr(error, "scope", "")
            answer["WWW-Authenticate"] = f'{CHALLENGE}, error="insufficient_scope", scope="{scope}"'
        return answer
    if isinstance(error, ValidationError):
        set_rollback()
        return problem("invalid", str(SENTENCES["invalid"]), 400, _django_errors(error))
    if isinstance(error, exceptions.ValidationError):
        set_rollback()
        return problem("invalid", str(SENTENCES["invalid"]), 400, _drf_errors(error.detail))
    if isinstance(error, RequestDataTooBig):
        return problem("too_large", str(SENTENCES["too_large"]), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else "invalid"
    answer = problem(code, str(SENTENCES.get(code) or _("Bu istek yerine getirilemedi.")), response.status_code)
    for name in ("Retry-After", "WWW-Authenticate"):
        if name in response:
            answer[name] = response[name]
    return answer


def _django_errors(error: ValidationError) -> list[dict[str, str]]:
    by_field = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    return [
        {"field": "" if field == "__all__" else field, "code": item.code or "invalid", "detail": message}
        for field, items in by_field.items()
        for item in items
        for message in item.messages
    ]


def _drf_errors(detail: Any, field: str = "") -> list[dict[str, str]]:
    if isinstance(detail, dict):
        return [found for name, inner in detail.items() for found in _drf_errors(inner, _join(field, str(name)))]
    if isinstance(detail, list):
        return [found for inner in detail for found in _drf_errors(inner, field)]
    return [{"field": field[:100], "code": getattr(detail, "code", "invalid"), "detail": str(detail)}]


def _join(field: str, name: str) -> str:
    name = "" if name == "non_field_errors" else name
    return f"{field}.{name}" if field and name else field or name
