"""Who asks, the language of a request, and privacy of personal pages."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from people.language import keep
from people.models import AnyPerson

Handler = Callable[[HttpRequest], HttpResponseBase]


class PersonMiddleware(AuthenticationMiddleware):
    """`request.user`, without a query where the session came with its person.

    Whatever is not exactly in order, Django looks into: an account that is closed, a proof that does not fit.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _person_of(request))  # type: ignore[assignment]


def _person_of(request: HttpRequest) -> AnyPerson:
    session = request.session
    # First of all: it reads the session, and with it the person.
    whose, proof = session.get(auth.SESSION_KEY), session.get(auth.HASH_SESSION_KEY)
    person = session.person
    if person is not None and person.is_active and whose == str(person.pk) and proof:
        is_by_ours = session.get(auth.BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        if is_by_ours and constant_time_compare(proof, person.get_session_auth_hash()):
            return person
    return auth.get_user(request)


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
