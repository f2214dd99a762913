"""What people read when a request cannot be answered: 400, 403, 404, 500 and a form whose token is gone."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from people.verdicts import Refused

log = structlog.get_logger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the browser sent something that cannot be understood."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: a refusal tells its own sentence; any other denial says only that the page is closed."""
    reason = exception.reason if isinstance(exception, Refused) else ""
    return render(request, "403.html", {"reason": reason}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or one that is not open to this reader."""
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was open across a log-in or for very long; nothing was saved."""
    log.info("csrf_failure", reason=reason)
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: asks nothing of the database, the session or the person, because any of them may be what broke."""
    context = {"request_id": getattr(request, "request_id", "")}
    with translation.override("tr"):
        return HttpResponse(render_to_string("500.html", context), status=500)
