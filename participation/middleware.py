"""Small things every answer carries."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from participation.api.problems import MEDIA_TYPE
from people import second_step
from people.models import Person


class RequestIdMiddleware:
    """The request's id, bound by django-structlog, for error pages and as a response header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = structlog.contextvars.get_contextvars().get("request_id", "")
        request.request_id = request_id  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class SecondStepMiddleware:
    """Whoever may act on the matters of others is led to their second step before anything else.

    Costs no query: the person comes with `holds_office`, and the session says what was proved.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        person = request.user
        if getattr(view, "is_before_second_step", False) or not isinstance(person, Person):
            return None
        if second_step.is_missing(request.session, person, at=timezone.now()):
            return _to_second_step(request, person)
        if not second_step.is_done(request.session, person) and second_step.holds_office(person):
            _ask_in_time(request, person)
        return None


def _ask_in_time(request: HttpRequest, person: Person) -> None:
    """During the time of grace: once in a session a sentence on the page."""
    if not request.session.get("second_step_asked"):
        request.session["second_step_asked"] = True
        Person.objects.filter(pk=person.pk, second_step_asked_at=None).update(second_step_asked_at=timezone.now())
        messages.warning(request, _("Göreviniz için ikinci adım gerekecek. Ayarlar’daki Güvenlik sayfasından kurun."))


def _to_second_step(request: HttpRequest, person: Person) -> HttpResponseBase:
    sentence = _("Göreviniz olduğu için girişte ikinci adım gerekir.")
    if request.path.startswith(("/api/v1/", "/canli/")):
        status = HTTPStatus.FORBIDDEN
        document = {"type": "about:blank", "title": status.phrase, "status": status, "code": "second_step_required"}
        return JsonResponse(document | {"detail": sentence}, status=status, content_type=MEDIA_TYPE)
    back = request.get_full_path() if request.method == "GET" and not request.headers.get("HX-Request") else "/"
    if not second_step.has_one(person):
        address = reverse("mfa_index")
        if request.method != "GET":
            messages.error(request, sentence)
    else:
        address = f"{reverse('mfa_reauthenticate')}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=HTTPStatus.FORBIDDEN, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
