"""Errors as problem documents (RFC 9457): a sentence for people, a stable code for programs."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from people.verdicts import Refused


def problem(code: str, detail: str, status_code: int, errors: list[dict[str, str]] | None = None) -> Response:
    """A problem document; `errors` has one {field, code, detail} for each wrong field."""
    document: dict[str, Any] = {"type": "about:blank", "status": status_code, "code": code, "detail": detail}
    if errors:
        document["errors"] = errors
    return Response(document, status=status_code, content_type="application/problem+json")


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal and every wrong field, with the reader's language and a stable code."""
    if isinstance(error, Refused):
        set_rollback()
        if error.code == "sign_in":
            return problem(error.code, error.reason, status.HTTP_401_UNAUTHORIZED)
        return problem(error.code, error.reason, status.HTTP_403_FORBIDDEN)
    if isinstance(error, ValidationError):
        set_rollback()
        return problem("invalid", _("Bazı alanlar eksik ya da yanlış."), 400, _django_errors(error))
    if isinstance(error, exceptions.ValidationError):
        set_rollback()
        return problem("invalid", _("Bazı alanlar eksik ya da yanlış."), 400, _drf_errors(error.detail))
    if isinstance(error, Http404):
        return problem("not_found", _("Aradığınız kayıt yok ya da size açık değil."), 404)
    if isinstance(error, PermissionDenied):
        return problem("refused", str(error) or _("Bunu yapmaya yetkiniz yok."), 403)
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    codes = error.get_codes()
    answer = problem(codes if isinstance(codes, str) else "error", str(error.detail), response.status_code)
    for name in ("Retry-After", "Allow", "WWW-Authenticate"):
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
        return [found for name, inner in detail.items() for found in _drf_errors(inner, _join(field, name))]
    if isinstance(detail, list):
        return [found for inner in detail for found in _drf_errors(inner, field)]
    return [{"field": field, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}]


def _join(field: str, name: str) -> str:
    name = "" if name == "non_field_errors" else name
    return f"{field}.{name}" if field and name else field or name
