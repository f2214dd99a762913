"""The language of a browser: a cookie, kept for a year."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

YEAR = 60 * 60 * 24 * 365


def speak(request: HttpRequest, language: str) -> None:
    """From here on this request speaks the language, and its answer tells the browser to keep it."""
    request.language_to_keep = language  # type: ignore[attr-defined]
    request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
    translation.activate(language)


def keep(response: HttpResponseBase, language: str) -> None:
    """Tell the browser to keep the language."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
