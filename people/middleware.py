"""Language of a request, and privacy of personal pages."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from people.language import keep

Handler = Callable[[HttpRequest], HttpResponseBase]


class LanguageMiddleware:
    """Turkish unless the person chose otherwise: the choice is a cookie, and the account remembers it.

    The browser's preferred language is not asked: a council's site speaks Turkish to everybody first.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        response = self.get_response(request)
        if to_keep := getattr(request, "language_to_keep", ""):
            keep(response, to_keep)
        response.headers.setdefault("Content-Language", to_keep or language)
        return response


class PersonalPagesMiddleware:
    """No shared cache may keep a page made for somebody: pages differ by cookie, personal ones are never stored."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        patch_vary_headers(response, ["Cookie"])
        if "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-cache"
        return response
